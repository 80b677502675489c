// SPDX-License-Identifier: Apache-2.0
// x509-limbo: chains with verdicts (https://x509-limbo.com). If our verdict differs from the file's, the
// chain is in kDissent with the reason. The test fails for a differing chain that is not listed, and for a
// listed chain that does not differ.
#include <ashlar/asn1/pem.hpp>
#include <ashlar/x509/verify.hpp>

#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "catch.hpp"
#include "support/bytes.hpp"
#include "support/describe.hpp"
#include "support/skip.hpp"
#include "support/vectors.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using Json = nlohmann::json;

namespace {

struct Row {
  const char* id;
  const char* why;
};

constexpr const char* kIdentifiers =
    "key identifiers are hints for building paths: issuers must write them, but verifiers need not demand "
    "them";
constexpr const char* kTrustAnchor =
    "an anchor is trusted by decree: its name, key, times and constraints count, and that it is a CA, "
    "not its other extensions";
constexpr const char* kWebPki = "a rule of the CA/Browser Forum for public CAs, not of RFC 5280";

constexpr const char* kOnlySigns =
    "keyUsage lets the leaf's key sign certificates only, which is not what TLS does with it";
constexpr const char* kNonCritical =
    "constraints bind although they are not critical, as another case of the file wants it";
constexpr const char* kPublicSuffix = "no list of public suffixes is consulted";

constexpr Row kDissent[] = {
    {"pathlen::validation-ignores-pathlen-in-leaf", kOnlySigns},
    {"rfc5280::aki::critical-aki", kTrustAnchor},
    {"rfc5280::aki::leaf-missing-aki", kIdentifiers},
    {"rfc5280::aki::intermediate-missing-aki", kIdentifiers},
    {"rfc5280::aki::cross-signed-root-missing-aki", kIdentifiers},
    {"rfc5280::nc::permitted-dns-match-noncritical", kNonCritical},
    {"rfc5280::ski::critical-ski", kTrustAnchor},
    {"rfc5280::ski::root-missing-ski", kIdentifiers},
    {"rfc5280::ski::intermediate-missing-ski", kIdentifiers},
    {"rfc5280::unknown-critical-extension-root", kTrustAnchor},
    {"rfc5280::root-inconsistent-ca-extensions", kTrustAnchor},
    {"rfc5280::root-non-critical-basic-constraints", kTrustAnchor},
    {"rfc5280::ca-as-leaf", kOnlySigns},
    {"webpki::aki::root-with-aki-missing-keyidentifier", kIdentifiers},
    {"webpki::aki::root-with-aki-authoritycertissuer", kTrustAnchor},
    {"webpki::aki::root-with-aki-authoritycertserialnumber", kTrustAnchor},
    {"webpki::aki::root-with-aki-all-fields", kIdentifiers},
    {"webpki::aki::root-with-aki-ski-mismatch", kIdentifiers},
    {"webpki::cn::ipv4-hex-mismatch", kWebPki},
    {"webpki::cn::ipv4-leading-zeros-mismatch", kWebPki},
    {"webpki::cn::ipv6-uppercase-mismatch", kWebPki},
    {"webpki::cn::ipv6-uncompressed-mismatch", kWebPki},
    {"webpki::cn::ipv6-non-rfc5952-mismatch", kWebPki},
    {"webpki::cn::punycode-not-in-san", kWebPki},
    {"webpki::cn::utf8-vs-punycode-mismatch", kWebPki},
    {"webpki::cn::not-in-san", kWebPki},
    {"webpki::cn::case-mismatch", kWebPki},
    {"webpki::eku::ee-anyeku", kWebPki},
    {"webpki::eku::ee-critical-eku", kWebPki},
    {"webpki::eku::ee-without-eku", kWebPki},
    {"webpki::eku::root-has-eku", kWebPki},
    {"webpki::san::public-suffix-multi-label-wildcard-san", kPublicSuffix},
    {"webpki::san::public-suffix-private-namespace-wildcard-san", kPublicSuffix},
    {"webpki::san::san-critical-with-nonempty-subject", kWebPki},
    {"webpki::forbidden-rsa-not-divisible-by-8-in-root", kWebPki},
    {"webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf", kWebPki},
    {"webpki::ee-basicconstraints-ca", kWebPki},
};

// Unambiguous but wrong, and in use: accepted by default, refused by strict verification. The rows are those
// of docs/x509-strictness.md.
constexpr Row kLenient[] = {
    {"rfc5280::nc::invalid-dnsname-leading-period", "leading-dot-in-constraint"},
    {"rfc5280::pc::ica-noncritical-pc", "not-critical"},
    {"rfc5280::san::underscore-dns", "underscore-in-host-name"},
};

std::vector<test::Buffer> decode(const Json& pems) {
  std::vector<test::Buffer> ders;
  for (const Json& pem : pems) {
    const std::string text = pem;
    test::Buffer der(text.size());
    auto block = asn1::PemReader(text).next(der);
    REQUIRE(block);
    der.resize(block->der.size());
    ders.push_back(der);
  }
  return ders;
}

// "2024-01-01T00:00:00+00:00", fractions cut off.
asn1::Time time_of(const Json& value) {
  if (value.is_null()) {
    return *asn1::Time::parse_generalized_time(bytes_of("20261121030000Z"));
  }
  std::string digits;
  for (const char c : value.get<std::string>().substr(0, 19)) {
    if (c >= '0' && c <= '9') {
      digits += c;
    }
  }
  return *asn1::Time::parse_generalized_time(bytes_of(digits + "Z"));
}

// The error, or nothing.
std::optional<Error> verify(const Json& testcase, bool strict = false) {
  std::vector<test::Buffer> chain = decode({testcase["peer_certificate"]});
  for (auto& der : decode(testcase["untrusted_intermediates"])) {
    chain.push_back(std::move(der));
  }
  const std::vector<test::Buffer> roots = decode(testcase["trusted_certs"]);
  std::vector<TrustAnchor> anchors;
  std::optional<Error> bad_root;
  for (const auto& root : roots) {
    auto certificate = Certificate::parse(root);
    if (certificate) {
      anchors.push_back(TrustAnchor::from(*certificate));
    } else {
      bad_root = certificate.error();
    }
  }
  if (anchors.empty() && bad_root) {
    return bad_root;
  }
  const std::vector<Bytes> views(chain.begin(), chain.end());
  VerifyRequest request;
  request.keys = &kAllKeys;
  request.chain = views;
  request.anchors = AnchorIndex(anchors);
  request.strict = strict;
  request.now = time_of(testcase["validation_time"]);
  request.purpose = testcase["validation_kind"] == "SERVER" ? Purpose::server_auth : Purpose::client_auth;
  if (!testcase["max_chain_depth"].is_null()) {
    request.max_intermediates = testcase["max_chain_depth"];
  }
  std::string name;
  if (!testcase["expected_peer_name"].is_null()) {
    name = testcase["expected_peer_name"]["value"];
  }
  request.name = name;
  auto verified = name.empty() ? verify_chain_without_name(request) : verify_chain(request);
  if (!verified) {
    return verified.error();
  }
  // Client certificates have mailboxes as names. Callers compare these themselves.
  std::set<std::string> emails;
  for (auto names = verified->leaf().subject_alt_names(); auto presented = names.next();) {
    if (presented->type == GeneralName::Type::email) {
      emails.insert(std::string(text_of(presented->value)));
    }
  }
  for (const Json& wanted : testcase["expected_peer_names"]) {
    if (wanted["kind"] == "RFC822" && emails.count(wanted["value"]) == 0) {
      return Error{ErrorCode::name_mismatch};
    }
  }
  return {};
}

std::string not_ours(const Json& testcase) {
  for (const Json& feature : testcase["features"]) {
    if (feature == "has-crl") {
      return "revocation lists are not read yet";
    }
  }
  return "";
}

}  // namespace

TEST_CASE("x509-limbo: our verdicts are the file's, but for those we explain", "[x509]") {
  const auto path = test::vector_file("limbo/limbo.json");
  if (!path) {
    SKIP_CASE(test::why_no_vectors());
  }
  std::ifstream file(*path);
  const Json limbo = Json::parse(file);
  std::map<std::string, std::string> dissent, lenient;
  for (const Row& row : kLenient) {
    lenient[row.id] = row.why;
  }
  for (const Row& row : kDissent) {
    dissent[row.id] = row.why;
  }
  std::size_t agreed = 0, skipped = 0, explained = 0;
  for (const Json& testcase : limbo["testcases"]) {
    const std::string id = testcase["id"];
    if (const std::string why = not_ours(testcase); !why.empty()) {
      skipped++;
      continue;
    }
    const std::optional<Error> error = verify(testcase);
    INFO(id << ": " << (error ? test::sentence(*error) : "verified") << "; in the file "
            << testcase["expected_result"]);
    // Strict verification does not accept more.
    const std::optional<Error> strict = verify(testcase, true);
    CHECK((strict || !error));
    if (const auto found = lenient.find(id); found != lenient.end()) {
      CHECK(!error);
      CHECK(strict);
      CHECK(testcase["expected_result"] == "FAILURE");
      explained++;
      std::cout << "  " << id << ": verified unless strict, as docs/x509-strictness.md says of "
                << found->second << "\n";
      lenient.erase(found);
      continue;
    }
    const bool agree = !error == (testcase["expected_result"] == "SUCCESS");
    if (const auto found = dissent.find(id); found != dissent.end()) {
      CHECK(!agree);
      explained++;
      std::cout << "  " << id << ": " << (error ? "refused" : "verified") << ", because " << found->second
                << "\n";
      dissent.erase(found);
      continue;
    }
    CHECK(agree);
    agreed += agree ? 1u : 0u;
  }
  dissent.merge(lenient);
  for (const auto& [id, why] : dissent) {
    FAIL_CHECK("no such case: " << id);
  }
  std::cout << "x509-limbo: " << agreed << " as in the file, " << explained << " otherwise with a reason, "
            << skipped << " left out (revocation lists are not read yet)" << std::endl;
  CHECK(agreed > 100);
}
