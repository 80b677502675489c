// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/pem.hpp>
#include <ashlar/x509/issue.hpp>
#include <ashlar/x509/verify.hpp>

#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "support/certificates.hpp"
#include "support/command.hpp"
#include "support/describe.hpp"
#include "support/skip.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

namespace {

const asn1::Time kStart = at_time("260101000000Z"), kEnd = at_time("270101000000Z");

Buffer issued(const CertificateTemplate& certificate, const PrivateKey& key, const Issuer& issuer) {
  Buffer out(1 << 14);
  auto der_bytes = issue(certificate, key.public_key(), issuer, crypto::system_random(), out);
  INFO(sentence_of(der_bytes));
  REQUIRE(der_bytes);
  out.resize(der_bytes->size());
  return out;
}

CertificateTemplate ca_template() {
  CertificateTemplate ca;
  ca.common_name = "Test CA";
  ca.organization = "T\xc3\xa4st";
  ca.validity = {kStart, kEnd};
  ca.is_ca = true;
  ca.path_length = 0;
  return ca;
}

CertificateTemplate leaf_template(std::span<const std::string_view> names) {
  CertificateTemplate leaf;
  leaf.common_name = "leaf";
  leaf.validity = {kStart, kEnd};
  leaf.names = names;
  leaf.server_auth = true;
  return leaf;
}

ErrorCode refusal(const CertificateTemplate& certificate) {
  Buffer out(4096);
  auto result =
      issue(certificate, p256_key(1).public_key(), {{}, {}, p256_key(1)}, crypto::system_random(), out);
  return result ? ErrorCode{} : result.error().code;
}

}  // namespace

TEST_CASE("issue: a CA and its leaf verify, with every kind of key", "[x509]") {
  const std::string_view names[] = {"example.com", "*.example.org", "192.0.2.1", "2001:db8::1"};
  for (const PrivateKey* ca_key : {&p256_key(1), &p384_key(), &p521_key(), &rsa2048_key(), &ed25519_key(),
                                   &ed448_key(), &mldsa_key(44), &mldsa_key(65), &mldsa_key(87)}) {
    for (const PrivateKey* leaf_key : {&p256_key(2), &p384_key(), &p521_key(), &rsa2048_key(), &ed25519_key(),
                                       &ed448_key(), &mldsa_key(44), &mldsa_key(65), &mldsa_key(87)}) {
      const Buffer root_der = issued(ca_template(), *ca_key, {{}, {}, *ca_key});
      const auto root = Certificate::parse(root_der);
      INFO(sentence_of(root));
      REQUIRE(root);
      CHECK(root->is_self_issued());
      CHECK(root->basic_constraints().is_ca);
      CHECK(root->basic_constraints().path_length == 0u);
      CHECK(root->allows(KeyUsage::key_cert_sign));
      CHECK(!root->allows(KeyUsage::digital_signature));
      CHECK(root->subject_key_identifier().size() == 20);
      CHECK(root->serial().size() == 16);
      CHECK(root->deviations().empty());
      char shown[100];
      CHECK(format_name(root->subject(), shown) == "O=T\xc3\xa4st, CN=Test CA");

      const Buffer leaf_der =
          issued(leaf_template(names), *leaf_key, {root->subject(), root->subject_key_identifier(), *ca_key});
      const auto leaf = Certificate::parse(leaf_der);
      REQUIRE(leaf);
      CHECK(equal_public(leaf->authority_key_identifier(), root->subject_key_identifier()));
      CHECK(leaf->allows(KeyUsage::digital_signature));
      CHECK(leaf->allows(KeyUsage::key_encipherment) == (leaf_key->kind().encrypt != nullptr));
      CHECK(!leaf->allows(KeyUsage::key_cert_sign));
      CHECK(!leaf->allows_purpose(oids::kClientAuth, false));
      CHECK(!equal_public(leaf->serial(), root->serial()));

      const Bytes chain[] = {leaf_der};
      TrustAnchor anchors[] = {TrustAnchor::from(*root)};
      VerifyRequest request;
      request.keys = &kAllKeys;
      request.chain = chain;
      request.anchors = AnchorIndex(anchors);
      request.now = kStart;
      for (const std::string_view name : {"example.com", "www.example.org", "192.0.2.1", "2001:db8::1"}) {
        request.name = name;
        const auto verified = verify_chain(request);
        INFO(name << ": " << sentence_of(verified));
        CHECK(verified);
      }
      request.purpose = Purpose::client_auth;
      CHECK(verify_chain(request).error() == ErrorCode::wrong_extended_key_usage);
    }
  }
}

TEST_CASE("issue: without a subject the names are critical", "[x509]") {
  const std::string_view names[] = {"example.com"};
  CertificateTemplate leaf = leaf_template(names);
  leaf.common_name = {};
  const Buffer issuer_name = name_of("root");
  const Buffer der_bytes = issued(leaf, p256_key(1), {issuer_name, {}, p256_key(2)});
  const auto parsed = Certificate::parse(der_bytes);
  INFO(sentence_of(parsed));
  REQUIRE(parsed);
  CHECK_BYTES(parsed->subject(), unhex("3000"));
}

TEST_CASE("issue: a name too long for a common name is an alternative name alone", "[x509]") {
  const std::string long_name = std::string(60, 'a') + ".example";
  const std::string_view names[] = {"example.com", long_name};
  CertificateTemplate t = leaf_template(names);
  for (const std::string_view organization : {"", "Test"}) {
    t.common_name = long_name;
    t.organization = organization;
    Buffer out(4096);
    const auto ca = name_of("CA");
    const auto issued =
        issue(t, p256_key(1).public_key(), {ca, {}, p256_key(2)}, crypto::system_random(), out);
    REQUIRE(issued);
    const auto parsed = Certificate::parse(*issued);
    REQUIRE(parsed);
    CHECK(parsed->deviations().empty());
    char subject[100];
    CHECK(format_name(parsed->subject(), subject) == (organization.empty() ? "" : "O=Test"));
    CHECK(match_name(*parsed, long_name));
  }
  // 64 bytes are kept.
  const std::string longest = std::string(56, 'a') + ".example";
  const std::string_view fits[] = {longest};
  t = leaf_template(fits);
  t.common_name = longest;
  Buffer out(4096);
  const auto ca = name_of("CA");
  const auto issued = issue(t, p256_key(1).public_key(), {ca, {}, p256_key(2)}, crypto::system_random(), out);
  REQUIRE(issued);
  char subject[100];
  CHECK(format_name(Certificate::parse(*issued)->subject(), subject) == "CN=" + longest);
}

TEST_CASE("issue: what could not be read back is not written", "[x509]") {
  const std::string_view good[] = {"example.com"};
  CHECK(refusal(leaf_template(good)) == ErrorCode{});
  for (const std::string_view bad : {"", "a b.example", "*.com", "1.2.3", "example.com.", "-x.example"}) {
    const std::string_view names[] = {"example.com", bad};
    CHECK(refusal(leaf_template(names)) == ErrorCode::bad_certificate_name);
  }
  CertificateTemplate t = leaf_template(good);
  t.common_name = "\xff";
  CHECK(refusal(t) == ErrorCode::invalid_argument);
  t = leaf_template(good);
  t.common_name = std::string_view("a\0b", 3);
  CHECK(refusal(t) == ErrorCode::invalid_argument);
  const std::string long_name(65, 'a');
  t.organization = long_name;
  CHECK(refusal(t) == ErrorCode::invalid_argument);
  t = ca_template();
  t.common_name = long_name;
  CHECK(refusal(t) == ErrorCode::invalid_argument);
  t = leaf_template(good);
  t.validity = {kEnd, kStart};
  CHECK(refusal(t) == ErrorCode::invalid_argument);
  t = leaf_template(good);
  t.path_length = 1;
  CHECK(refusal(t) == ErrorCode::invalid_argument);
  t = ca_template();
  t.common_name = t.organization = {};
  CHECK(refusal(t) == ErrorCode::invalid_argument);
  Buffer small(200);
  CHECK(issue(ca_template(), p256_key(1).public_key(), {{}, {}, p256_key(1)}, crypto::system_random(), small)
            .error() == ErrorCode::buffer_too_small);
}

TEST_CASE("issue: openssl verifies what we issue", "[x509]") {
  if (!has_program("openssl")) {
    SKIP_CASE("openssl is not installed");
  }
  const auto folder =
      std::filesystem::temp_directory_path() / ("ashlar-issue-" + std::to_string(std::rand()));
  std::filesystem::create_directory(folder);
  const auto save = [&](const char* file, const Buffer& der_bytes) {
    std::string text(asn1::pem_encoded_size("CERTIFICATE", der_bytes.size()), '?');
    REQUIRE(asn1::write_pem("CERTIFICATE", der_bytes, text));
    std::ofstream(folder / file) << text;
  };
  const std::string_view names[] = {"example.com", "192.0.2.1"};
  const Buffer root_der = issued(ca_template(), p256_key(1), {{}, {}, p256_key(1)});
  const auto root = Certificate::parse(root_der);
  save("root.pem", root_der);
  save("leaf.pem", issued(leaf_template(names), rsa2048_key(),
                          {root->subject(), root->subject_key_identifier(), p256_key(1)}));
  const std::string verify = "cd " + folder.string() + " && openssl verify -x509_strict -attime 1775000000 " +
                             "-purpose sslserver -CAfile root.pem ";
  CHECK(output_of(verify + "-verify_hostname example.com leaf.pem 2>&1") == "leaf.pem: OK\n");
  CHECK(output_of(verify + "-verify_ip 192.0.2.1 leaf.pem 2>&1") == "leaf.pem: OK\n");
  bool refused = false;
  try {
    output_of(verify + "-verify_hostname example.org leaf.pem 2>/dev/null");
  } catch (const std::runtime_error&) {
    refused = true;
  }
  CHECK(refused);
  std::filesystem::remove_all(folder);
}
