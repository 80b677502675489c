// SPDX-License-Identifier: Apache-2.0
#include <ashlar/x509/verify.hpp>

#include <algorithm>
#include <random>

#include "catch.hpp"
#include "support/certificates.hpp"
#include "support/describe.hpp"
#include "support/sanitiser.hpp"
#include "support/stack.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

namespace {

// Keys: the leaf has number 1, roots 2, intermediates from 3 on.
CertificateSpec leaf_spec(std::string_view issuer = "root", std::uint64_t issuer_key = 2) {
  CertificateSpec spec;
  spec.issuer = name_of(issuer);
  spec.issuer_key = issuer_key;
  spec.extensions = {alt_names({dns("example.com")})};
  return spec;
}

CertificateSpec ca_spec(std::string_view subject, std::uint64_t key, std::string_view issuer,
                        std::uint64_t issuer_key, std::vector<ExtensionSpec> more = {},
                        std::optional<std::uint32_t> path_length = {}) {
  CertificateSpec spec;
  spec.subject = name_of(subject);
  spec.key = key;
  spec.issuer = name_of(issuer);
  spec.issuer_key = issuer_key;
  spec.extensions = std::move(more);
  spec.extensions.push_back(basic_constraints(true, path_length));
  return spec;
}

CertificateSpec root_spec(std::vector<ExtensionSpec> more = {},
                          std::optional<std::uint32_t> path_length = {}) {
  return ca_spec("root", 2, "root", 2, std::move(more), path_length);
}

// A chain and its roots, kept alive, and the verifier's verdict.
struct Scene {
  std::vector<Buffer> chain;
  std::vector<Buffer> roots;
  asn1::Time now = at_time("261121030000Z");
  Purpose purpose = Purpose::server_auth;
  std::string name = "example.com";
  std::size_t max_intermediates = kMaxIntermediates;
  RevocationCheck revocation;
  PathReport* report = nullptr;
  bool leaf_may_be_anchor = false;
  const KeySet* keys = &kAllKeys;

  Scene(std::vector<CertificateSpec> certificates, std::vector<CertificateSpec> trusted = {root_spec()}) {
    for (const auto& spec : certificates) {
      chain.push_back(make(spec));
    }
    for (const auto& spec : trusted) {
      roots.push_back(make(spec));
    }
  }

  template <class Then>
  auto run(Then then) const {
    std::vector<Bytes> views(chain.begin(), chain.end());
    std::vector<TrustAnchor> anchors;
    for (const Buffer& root : roots) {
      anchors.push_back(TrustAnchor::from(*Certificate::parse(root)));
    }
    VerifyRequest request;
    request.keys = keys;
    request.leaf_may_be_anchor = leaf_may_be_anchor;
    request.chain = views;
    request.anchors = AnchorIndex(anchors);
    request.now = now;
    request.purpose = purpose;
    request.name = name;
    request.max_intermediates = max_intermediates;
    request.revocation = revocation;
    request.report = report;
    return then(request);
  }
  // "ok" and the path, or the error's name, with its detail.
  std::string verdict() const {
    return run([&](const VerifyRequest& request) {
      const auto chain = name.empty() ? verify_chain_without_name(request) : verify_chain(request);
      if (!chain) {
        return std::string(error_row(chain.error().code)->name) + " " + std::to_string(chain.error().detail);
      }
      std::string path = "ok";
      for (const std::uint8_t index : chain->path()) {
        path += " " + std::to_string(index);
      }
      return path;
    });
  }
};

}  // namespace

TEST_CASE("verify: a leaf under a root, and through intermediates in any order", "[x509]") {
  CHECK(Scene({leaf_spec()}).verdict() == "ok 0");
  const auto a = ca_spec("a", 3, "root", 2), b = ca_spec("b", 4, "a", 3), leaf = leaf_spec("b", 4);
  CHECK(Scene({leaf, b, a}).verdict() == "ok 0 1 2");
  CHECK(Scene({leaf, a, b}).verdict() == "ok 0 2 1");
  CHECK(Scene({leaf, root_spec(), a, leaf_spec(), b}).verdict() == "ok 0 4 2");
  CHECK(Scene({leaf, b}).verdict() == "unknown_issuer 1");
}

TEST_CASE("verify: a self-signed certificate is trusted when it is an anchor", "[x509]") {
  CertificateSpec own = leaf_spec();
  own.subject = own.issuer;
  own.key = 2;
  CHECK(Scene({own}, {own}).verdict() == "ok 0");
  CHECK(Scene({own}, {}).verdict() == "unknown_issuer 0");
}

TEST_CASE("X01 verify: every signature counts, and an anchor is a name and its key", "[x509]") {
  // Signed by a key that the root of that name does not have.
  CHECK(Scene({leaf_spec("root", 5)}).verdict() == "bad_certificate_signature 0");
  // A leaf with the name of the anchor, or with the anchor's key under another name.
  CertificateSpec same_name = leaf_spec("nobody", 5);
  same_name.subject = name_of("root");
  CHECK(Scene({same_name}).verdict() == "unknown_issuer 0");
  CertificateSpec same_key = leaf_spec("other", 5);
  same_key.key = 2;
  CHECK(Scene({same_key}).verdict() == "unknown_issuer 0");
  // An untrusted intermediate is not an anchor.
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 3, "a", 3)}).verdict() == "unknown_issuer 1");
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 3, "root", 5)}).verdict() == "bad_certificate_signature 1");
  CHECK(Scene({leaf_spec()}, {}).verdict() == "unknown_issuer 0");
  // One flipped bit in the signature, and one in the signed bytes.
  Scene scene({leaf_spec()});
  const Buffer good = scene.chain[0];
  scene.chain[0].back() ^= 1;
  CHECK(scene.verdict() == "bad_certificate_signature 0");
  scene.chain[0] = good;
  const Buffer needle = buffer_of("example.com");
  const auto at = std::search(scene.chain[0].begin(), scene.chain[0].end(), needle.begin(), needle.end());
  *at = 'f';
  scene.name = "fxample.com";
  CHECK(scene.verdict() == "bad_certificate_signature 0");
}

TEST_CASE("X01 verify: two roots of one name, and cross-signed ones", "[x509]") {
  const auto other_root = ca_spec("root", 5, "root", 5);
  CHECK(Scene({leaf_spec("root", 5)}, {root_spec(), other_root}).verdict() == "ok 0");
  // The new root, cross-signed by the old one; only the old one is trusted.
  const auto cross = ca_spec("new root", 6, "root", 2);
  const auto new_root = ca_spec("new root", 6, "new root", 6);
  CHECK(Scene({leaf_spec("new root", 6), new_root, cross}).verdict() == "ok 0 2");
  CHECK(Scene({leaf_spec("new root", 6), new_root, cross}, {new_root}).verdict() == "ok 0");
  // Two intermediates have one name; the second has the right key.
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 4, "root", 2), ca_spec("a", 3, "root", 2)}).verdict() ==
        "ok 0 2");
  // The first leads nowhere.
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 3, "nowhere", 5), ca_spec("a", 3, "root", 2)}).verdict() ==
        "ok 0 2");
}

TEST_CASE("X02 X03 verify: circles end, and work is bounded", "[x509]") {
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 3, "b", 4), ca_spec("b", 4, "a", 3)}).verdict() ==
        "unknown_issuer 2");
  // Sixteen intermediates pass, seventeen do not.
  for (const int count : {16, 17}) {
    std::vector<CertificateSpec> chain = {leaf_spec("1", 3)};
    for (int i = 1; i <= count; i++) {
      const std::string issuer = i == count ? "root" : std::to_string(i + 1);
      const auto key = [](int number) { return static_cast<std::uint64_t>(3 + (number - 1) % 5); };
      chain.push_back(ca_spec(std::to_string(i), key(i), issuer, i == count ? 2 : key(i + 1)));
    }
    CHECK(Scene(chain).verdict() ==
          (count == 16 ? "ok 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16" : "path_too_long 17"));
    // The message contains the limit.
    CHECK(std::string(error_row(ErrorCode::path_too_long)->text).find(std::to_string(kMaxIntermediates)) !=
          std::string::npos);
  }
  // Nobody may ask for longer paths than there can be.
  std::vector<CertificateSpec> longest = {leaf_spec("0", 30)};
  for (std::uint64_t i = 0; i < 17; i++) {
    longest.push_back(
        ca_spec(std::to_string(i), 30 + i, i == 16 ? "root" : std::to_string(i + 1), i == 16 ? 2 : 31 + i));
  }
  Scene asks_for_more(longest);
  asks_for_more.max_intermediates = 100;
  CHECK(asks_for_more.verdict() == "path_too_long 17");
  Scene limited({leaf_spec("a", 3), ca_spec("a", 3, "root", 2)});
  limited.max_intermediates = 0;
  CHECK(limited.verdict() == "path_too_long 1");
  // Intermediates that issued each other in every way. There are many paths, each with other certificates.
  std::vector<CertificateSpec> web = {leaf_spec("n0", 3)};
  for (std::uint64_t i = 0; i < 7; i++) {
    for (std::uint64_t j = 0; j < 7; j++) {
      if (i != j) {
        web.push_back(ca_spec("n" + std::to_string(i), 3 + i, "n" + std::to_string(j), 3 + j));
      }
    }
  }
  CHECK(Scene(web).verdict().find("unknown_issuer") == 0);
  // Each of them is also under the root, which allows none of them on a path.
  for (std::uint64_t i = 0; i < 7; i++) {
    web.push_back(ca_spec("n" + std::to_string(i), 3 + i, "root", 2));
  }
  CHECK(Scene(web).verdict() == "ok 0 1 44");
  CHECK(Scene(web, {root_spec({}, 0)}).verdict() == "verification_budget_exhausted 1024");
  std::vector<CertificateSpec> many(kMaxCandidates + 2, leaf_spec());
  CHECK(Scene(many).verdict() == "too_many_candidates 65");
  many.pop_back();
  CHECK(Scene(many).verdict() == "ok 0");
}

TEST_CASE("D01 X03 verify: bad signatures are counted, and a good one is checked once", "[x509]") {
  // Three have the issuer's name. Two of them did not sign the leaf.
  const auto a = [](std::uint64_t key) { return ca_spec("a", key, "root", 2); };
  CHECK(Scene({leaf_spec("a", 3), a(4), a(5), a(3)}).verdict() == "ok 0 3");
  // If the root vouches for sixteen of one name, all are tried, but no more than that. Key identifiers save
  // this work.
  for (const std::size_t strangers : {15u, 16u, 17u}) {
    std::vector<CertificateSpec> chain = {leaf_spec("a", 3)};
    for (std::size_t i = 0; i < strangers; i++) {
      chain.push_back(a(10 + i));
    }
    chain.push_back(a(3));
    CHECK(Scene(chain).verdict() ==
          (strangers <= 16 ? "ok 0 " + std::to_string(strangers + 1) : "verification_budget_exhausted 16"));
    chain[0].extensions.push_back(authority_key_identifier(Buffer{1, 2, 3}));
    chain.back().extensions.push_back(subject_key_identifier(Buffer{1, 2, 3}));
    PathReport report;
    Scene scene(chain);
    scene.report = &report;
    CHECK(scene.verdict() == "ok 0 " + std::to_string(strangers + 1));
    CHECK(report.steps().size() == 3);
  }
  // Certificates that nobody signed count too.
  CHECK(Scene({leaf_spec("a", 3), a(3), ca_spec("a", 4, "b", 5), ca_spec("a", 5, "b", 7),
               ca_spec("a", 6, "b", 8), ca_spec("b", 9, "root", 2)})
            .verdict() == "ok 0 1");
  CHECK(Scene({leaf_spec("a", 6), ca_spec("a", 3, "b", 5), ca_spec("a", 4, "b", 7), ca_spec("a", 6, "b", 8),
               ca_spec("b", 9, "root", 2)})
            .verdict() == "verification_budget_exhausted 2");
  // Anchors of one name with several keys, as after the renewal of a root, are all tried.
  std::vector<CertificateSpec> renewed;
  for (std::uint64_t key = 4; key < 10; key++) {
    renewed.push_back(ca_spec("root", key, "root", key));
  }
  CHECK(Scene({leaf_spec("root", 9)}, renewed).verdict() == "ok 0");
  CHECK(Scene({leaf_spec("root", 3)}, renewed).verdict() == "bad_certificate_signature 0");
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 3, "root", 10), ca_spec("a", 3, "root", 11)}, renewed)
            .verdict() == "verification_budget_exhausted 7");
  // Every path fails because of a constraint of the root. There are many paths, and no checked signature is
  // bad.
  std::vector<CertificateSpec> web = {leaf_spec("n0", 3)};
  for (std::uint64_t i = 0; i < 3; i++) {
    web.push_back(ca_spec("n" + std::to_string(i), 3 + i, "root", 2));
    for (std::uint64_t j = 0; j < 3; j++) {
      if (i != j) {
        web.push_back(ca_spec("n" + std::to_string(i), 3 + i, "n" + std::to_string(j), 3 + j));
      }
    }
  }
  CHECK(Scene(web, {root_spec({name_constraints({}, {dns("example.com")})})}).verdict() ==
        "name_constraint_violated 0");
}

TEST_CASE("D01 verify: only an anchor, and whom it vouches for, decides what a leaf costs", "[x509]") {
  // A stranger's CA with the anchor's name: neither its key nor its constraints are used.
  std::vector<NameSpec> excluded, names = {dns("example.com")};
  for (int i = 0; i < 1024; i++) {
    excluded.push_back(dns("x" + std::to_string(i) + ".test"));
  }
  for (int i = 0; i < 1023; i++) {
    names.push_back(dns("y" + std::to_string(i) + ".test"));
  }
  CertificateSpec leaf = leaf_spec("a", 3);
  leaf.extensions = {alt_names(names)};
  CertificateSpec stranger = ca_spec("a", 3, "root", 5, {name_constraints({}, excluded)});
  CHECK(Scene({leaf, stranger}).verdict() == "bad_certificate_signature 1");
  stranger.spki = unhex("300b300506032a030403020001");
  CHECK(Scene({leaf, stranger}).verdict() == "bad_certificate_signature 1");
  // Those of the anchor itself are used.
  stranger.issuer_key = 2;
  CHECK(Scene({leaf, stranger}).verdict().find("bad_certificate_signature") == std::string::npos);
  stranger.spki.clear();
  CHECK(Scene({leaf, stranger}).verdict() == "verification_budget_exhausted 0");
  // That nobody vouches for a stranger matters more than what its certificate says.
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 4, "root", 2),
               [] {
                 CertificateSpec spec = ca_spec("a", 3, "root", 2);
                 spec.version = 1;
                 return spec;
               }()})
            .verdict() == "bad_certificate_signature 0");
}

TEST_CASE("X10 verify: issuers are CAs of version 3; older ones are anchors only", "[x509]") {
  CertificateSpec not_ca = leaf_spec("root", 2);
  not_ca.subject = name_of("a");
  not_ca.key = 3;
  CHECK(Scene({leaf_spec("a", 3), not_ca}).verdict() == "not_a_ca 1");
  not_ca.extensions = {basic_constraints(false)};
  CHECK(Scene({leaf_spec("a", 3), not_ca}).verdict() == "not_a_ca 1");
  not_ca.extensions.clear();
  not_ca.version = {};
  CHECK(Scene({leaf_spec("a", 3), not_ca}).verdict() == "not_a_ca 1");
  CertificateSpec old_root = root_spec();
  old_root.version = {};
  old_root.extensions.clear();
  CHECK(Scene({leaf_spec()}, {old_root}).verdict() == "ok 0");
}

TEST_CASE("X10 verify: pathLenConstraint counts intermediates that are not self-issued", "[x509]") {
  const auto leaf = leaf_spec("b", 4);
  const auto a = [](std::uint32_t length) { return ca_spec("a", 3, "root", 2, {}, length); };
  const auto b = ca_spec("b", 4, "a", 3);
  CHECK(Scene({leaf, b, a(1)}).verdict() == "ok 0 1 2");
  CHECK(Scene({leaf, b, a(0)}).verdict() == "path_too_long 2");
  CHECK(Scene({leaf, b, a(5)}, {root_spec({}, 1)}).verdict() == "path_too_long 2");
  CHECK(Scene({leaf, b, a(5)}, {root_spec({}, 2)}).verdict() == "ok 0 1 2");
  // A key roll-over: "a" certifies its new key itself.
  const auto rolled = ca_spec("a", 5, "a", 3);
  CHECK(Scene({leaf_spec("a", 5), rolled, a(0)}).verdict() == "ok 0 1 2");
}

TEST_CASE("X11 verify: keyUsage must allow signing certificates, and TLS", "[x509]") {
  const auto issuer = [](std::initializer_list<KeyUsage> usages) {
    return ca_spec("a", 3, "root", 2, {key_usage(usages)});
  };
  const auto leaf = leaf_spec("a", 3);
  CHECK(Scene({leaf, issuer({KeyUsage::key_cert_sign})}).verdict() == "ok 0 1");
  CHECK(Scene({leaf, issuer({KeyUsage::crl_sign})}).verdict() == "wrong_key_usage 1");
  const auto with_usage = [](KeyUsage usage) {
    CertificateSpec spec = leaf_spec();
    spec.extensions.push_back(key_usage({usage}));
    return spec;
  };
  CHECK(Scene({with_usage(KeyUsage::digital_signature)}).verdict() == "ok 0");
  CHECK(Scene({with_usage(KeyUsage::key_encipherment)}).verdict() == "ok 0");
  CHECK(Scene({with_usage(KeyUsage::crl_sign)}).verdict() == "wrong_key_usage 0");
  CHECK(Scene({with_usage(KeyUsage::key_cert_sign)}).verdict() == "ca_rights_without_ca 0");
  CHECK(Scene({with_usage(KeyUsage::data_encipherment)}).verdict() == "wrong_key_usage 0");
  Scene client({with_usage(KeyUsage::key_encipherment)});
  client.purpose = Purpose::client_auth;
  CHECK(client.verdict() == "wrong_key_usage 0");
}

TEST_CASE("X12 verify: extendedKeyUsage binds the leaf and the CAs that have it", "[x509]") {
  const auto leaf = [](std::initializer_list<asn1::Oid> purposes) {
    CertificateSpec spec = leaf_spec("a", 3);
    spec.extensions.push_back(extended_key_usage(purposes));
    return spec;
  };
  const auto ca = [](std::initializer_list<asn1::Oid> purposes) {
    return ca_spec("a", 3, "root", 2, {extended_key_usage(purposes)});
  };
  const auto plain = ca_spec("a", 3, "root", 2);
  CHECK(Scene({leaf({oids::kServerAuth}), plain}).verdict() == "ok 0 1");
  CHECK(Scene({leaf({oids::kClientAuth}), plain}).verdict() == "wrong_extended_key_usage 0");
  // anyExtendedKeyUsage does not count for a leaf, but may count for a CA.
  CHECK(Scene({leaf({oids::kAnyExtendedKeyUsage}), plain}).verdict() == "wrong_extended_key_usage 0");
  CHECK(Scene({leaf_spec("a", 3), ca({oids::kAnyExtendedKeyUsage})}).verdict() == "ok 0 1");
  CHECK(Scene({leaf_spec("a", 3), ca({oids::kServerAuth})}).verdict() == "ok 0 1");
  CHECK(Scene({leaf_spec("a", 3), ca({oids::kClientAuth})}).verdict() == "wrong_extended_key_usage 1");
  Scene client({leaf({oids::kClientAuth}), ca({oids::kClientAuth})});
  client.purpose = Purpose::client_auth;
  CHECK(client.verdict() == "ok 0 1");
}

TEST_CASE("X13 verify: critical extensions that are not understood are refused on the path only", "[x509]") {
  const ExtensionSpec unknown{asn1::oid("1.3.6.1.4.1.99999.1"), true, {}};
  CertificateSpec leaf = leaf_spec();
  leaf.extensions.push_back(unknown);
  CHECK(Scene({leaf}).verdict() == "unknown_critical_extension 0");
  CHECK(Scene({leaf_spec("a", 3), ca_spec("a", 3, "root", 2, {unknown})}).verdict() ==
        "unknown_critical_extension 1");
  CHECK(Scene({leaf_spec(), ca_spec("a", 3, "root", 2, {unknown})}).verdict() == "ok 0");
}

TEST_CASE("X14 verify: the algorithm is one of ours and fits the issuer's key", "[x509]") {
  CertificateSpec leaf = leaf_spec();
  leaf.inner_algorithm = leaf.outer_algorithm = unhex("300d06092a864886f70d01010b0500");
  CHECK(Scene({leaf}).verdict() == "issuer_key_mismatch 0");
  leaf.inner_algorithm = leaf.outer_algorithm = unhex("300d06092a864886f70d0101050500");
  CHECK(Scene({leaf}).verdict() == "unsupported_signature_algorithm 0");
  // But an anchor may be signed in any way.
  CertificateSpec root = root_spec();
  root.inner_algorithm = root.outer_algorithm = unhex("300d06092a864886f70d0101050500");
  CHECK(Scene({leaf_spec()}, {root}).verdict() == "ok 0");
}

TEST_CASE("X19 verify: times and serial numbers of every certificate but the anchor's", "[x509]") {
  Scene scene({leaf_spec("a", 3), ca_spec("a", 3, "root", 2)});
  scene.now = at_time("200101000000Z");
  CHECK(scene.verdict() == "ok 0 1");
  scene.now = at_time("400101000000Z");
  CHECK(scene.verdict() == "ok 0 1");
  scene.now.seconds++;
  CHECK(scene.verdict() == "certificate_expired 0");
  scene.now = at_time("191231235959Z");
  CHECK(scene.verdict() == "certificate_not_yet_valid 0");
  CertificateSpec old_ca = ca_spec("a", 3, "root", 2);
  old_ca.validity = der([](asn1::DerWriter& w) {
    const auto fields = w.sequence();
    w.time(at_time("100101000000Z"));
    w.time(at_time("250101000000Z"));
  });
  CHECK(Scene({leaf_spec("a", 3), old_ca}).verdict() == "certificate_expired 1");
  // Another path has no expired certificate.
  CHECK(Scene({leaf_spec("a", 3), old_ca, ca_spec("a", 3, "root", 2)}).verdict() == "ok 0 2");
  CertificateSpec zero = leaf_spec();
  zero.serial = {0};
  CHECK(Scene({zero}).verdict().find("bad_serial_number") == 0);
  CertificateSpec root = root_spec();
  root.serial = {0};
  CHECK(Scene({leaf_spec()}, {root}).verdict() == "ok 0");
  // An anchor that has expired is no longer an anchor.
  root = root_spec();
  root.validity = old_ca.validity;
  CHECK(Scene({leaf_spec()}, {root}).verdict() == "anchor_expired 0");
}

TEST_CASE("verify: a certificate that cannot be read is told when no path does without it", "[x509]") {
  Scene scene({leaf_spec("a", 3), ca_spec("a", 3, "root", 2)});
  const Buffer good = scene.chain[1];
  scene.chain[1][1] = 0x80;
  CHECK(scene.verdict().find("der_indefinite_length") == 0);
  scene.chain.push_back(good);
  CHECK(scene.verdict() == "ok 0 2");
  scene.chain[0] = {};
  CHECK(scene.verdict() == "truncated 0");
  scene.chain.clear();
  CHECK(scene.verdict() == "invalid_argument 0");
}

TEST_CASE("X21 verify: without a name only by the call that says so", "[x509]") {
  Scene scene({leaf_spec()});
  scene.run([](VerifyRequest request) {
    request.name = {};
    CHECK(verify_chain(request).error() == ErrorCode::invalid_argument);
    CHECK(verify_chain_without_name(request));
    request.name = "-";
    CHECK(verify_chain(request).error() == ErrorCode::bad_reference_name);
    return 0;
  });
  scene.name = "example.org";
  CHECK(scene.verdict() == "name_mismatch 0");
}

TEST_CASE("X04 X05 verify: name constraints bind every certificate below", "[x509]") {
  const auto verdict = [](const std::vector<NameSpec>& permitted, const std::vector<NameSpec>& excluded,
                          const std::vector<NameSpec>& names) {
    CertificateSpec leaf = leaf_spec("a", 3);
    leaf.extensions = {alt_names(names)};
    Scene scene({leaf, ca_spec("a", 3, "root", 2, {name_constraints(permitted, excluded)})});
    scene.name.clear();
    const std::string in_chain = scene.verdict();
    // An anchor's constraints bind in the same way.
    leaf.issuer = name_of("root");
    leaf.issuer_key = 2;
    Scene anchored({leaf}, {root_spec({name_constraints(permitted, excluded)})});
    anchored.name.clear();
    CHECK((anchored.verdict() == "ok 0") == (in_chain == "ok 0 1"));
    return in_chain == "ok 0 1" ? 1 : in_chain == "name_constraint_violated 0" ? 0 : -1;
  };
  // DNS: the name itself and the names below it, ignoring letter case.
  CHECK(verdict({dns("example.com")}, {}, {dns("example.com")}) == 1);
  CHECK(verdict({dns("example.com")}, {}, {dns("WWW.Example.COM")}) == 1);
  CHECK(verdict({dns("example.com")}, {}, {dns("notexample.com")}) == 0);
  CHECK(verdict({dns("example.com")}, {}, {dns("example.com"), dns("example.org")}) == 0);
  CHECK(verdict({dns("")}, {}, {dns("example.com")}) == 1);
  CHECK(verdict({}, {dns("")}, {dns("example.com")}) == 0);
  CHECK(verdict({}, {dns("EXAMPLE.com")}, {dns("a.b.example.COM")}) == 0);
  CHECK(verdict({}, {dns("example.com")}, {dns("example.org")}) == 1);
  CHECK(verdict({dns("example.com")}, {dns("bad.example.com")}, {dns("x.bad.example.com")}) == 0);
  // A wildcard stands for all names that it can match.
  CHECK(verdict({}, {dns("x.example.com")}, {dns("*.example.com")}) == 0);
  CHECK(verdict({}, {dns("x.y.example.com")}, {dns("*.example.com")}) == 1);
  CHECK(verdict({dns("x.example.com")}, {}, {dns("*.example.com")}) == 0);
  CHECK(verdict({dns("example.com")}, {}, {dns("*.example.com")}) == 1);
  // Names of other forms, and malformed names.
  CHECK(verdict({dns("example.com")}, {}, {ip("c0000201")}) == 1);
  CHECK(verdict({dns("example.com")}, {}, {dns("foo_bar.example.com")}) == 1);
  CHECK(verdict({dns("example.com")}, {}, {dns("foo bar.example.com")}) == 0);
  CHECK(verdict({}, {dns("example.com")}, {dns("foo bar.example.org")}) == 0);
  // IP: address and mask of one family.
  CHECK(verdict({ip("0a000000ff000000")}, {}, {ip("0a010203")}) == 1);
  CHECK(verdict({ip("0a000000ff000000")}, {}, {ip("0b010203")}) == 0);
  CHECK(verdict({ip("0a000000ff000000")}, {}, {ip("0a010203000000000000000000000000")}) == 0);
  CHECK(verdict({}, {ip("0a000000ff000000")}, {ip("0a010203")}) == 0);
  CHECK(verdict({}, {ip("0000000000000000")}, {ip("0a010203")}) == 0);
  CHECK(verdict({ip("20010db8000000000000000000000000ffffffff000000000000000000000000")}, {},
                {ip("20010db8000000000000000000000001")}) == 1);
  // Email: mailbox, host, domain.
  CHECK(verdict({email("a@example.com")}, {}, {email("a@EXAMPLE.com")}) == 1);
  CHECK(verdict({email("a@example.com")}, {}, {email("A@example.com")}) == 0);
  CHECK(verdict({email("example.com")}, {}, {email("b@example.com")}) == 1);
  CHECK(verdict({email("example.com")}, {}, {email("b@x.example.com")}) == 0);
  CHECK(verdict({email(".example.com")}, {}, {email("b@x.example.com")}) == 1);
  CHECK(verdict({email(".example.com")}, {}, {email("b@example.com")}) == 0);
  CHECK(verdict({}, {email("example.com")}, {email("not a mailbox")}) == 0);
  CHECK(verdict({email("example.com")}, {}, {email("a@b@example.com")}) == 0);
  // URI: the host of the authority.
  CHECK(verdict({uri("example.com")}, {}, {uri("https://u:p@example.com:8443/x?y#z")}) == 1);
  CHECK(verdict({uri("example.com")}, {}, {uri("https://www.example.com/")}) == 0);
  CHECK(verdict({uri(".example.com")}, {}, {uri("https://www.example.com/")}) == 1);
  CHECK(verdict({uri("example.com")}, {}, {uri("https://evil.test/@example.com")}) == 0);
  CHECK(verdict({uri("example.com")}, {}, {uri("https://192.0.2.1/")}) == 0);
  CHECK(verdict({}, {uri("example.com")}, {uri("urn:isbn:1")}) == 0);
  // Directory names: the subject, and those in the list.
  CHECK(verdict({directory(name_of("leaf"))}, {}, {dns("a.example")}) == 1);
  CHECK(verdict({directory(name_of("LEAF "))}, {}, {dns("a.example")}) == 1);
  CHECK(verdict({directory(name_of("leaf", asn1::Tag::printable_string))}, {}, {dns("a.example")}) == 1);
  CHECK(verdict({directory(name_of("other"))}, {}, {dns("a.example")}) == 0);
  CHECK(verdict({}, {directory(name_of("Leaf"))}, {dns("a.example")}) == 0);
  CHECK(verdict({directory(name_of("leaf"))}, {}, {directory(name_of("other"))}) == 0);
  CHECK(verdict({}, {directory(name_of("other"))}, {directory(name_of("OTHER"))}) == 0);
  // Forms that are not evaluated: refused if a certificate has such a name.
  const NameSpec other{GeneralName::Type::other, unhex("06022a03a0030c0161")};
  CHECK(verdict({}, {other}, {other}) == 0);
  CHECK(verdict({other}, {}, {other}) == 0);
  CHECK(verdict({}, {other}, {dns("a.example")}) == 1);
}

TEST_CASE("X04 verify: constraints bind intermediates too, but not the self-issued ones", "[x509]") {
  const auto a = ca_spec("a", 3, "root", 2, {name_constraints({dns("example.com")}, {})});
  const auto b = [](std::string_view name) { return ca_spec("b", 4, "a", 3, {alt_names({dns(name)})}); };
  CHECK(Scene({leaf_spec("b", 4), b("ca.example.com"), a}).verdict() == "ok 0 1 2");
  CHECK(Scene({leaf_spec("b", 4), b("ca.example.org"), a}).verdict() == "name_constraint_violated 1");
  CertificateSpec rolled = ca_spec("a", 5, "a", 3, {alt_names({dns("ca.example.org")})});
  CHECK(Scene({leaf_spec("a", 5), rolled, a}).verdict() == "ok 0 1 2");
  // The addresses of old subjects.
  CertificateSpec mail = leaf_spec("a", 3);
  mail.subject = der([](asn1::DerWriter& w) {
    const auto name = w.sequence();
    const auto rdn = w.set();
    const auto attribute = w.sequence();
    w.oid(oids::kEmailAddress);
    w.element(asn1::Tag::ia5_string, bytes_of("x@example.org"));
  });
  const auto mail_ca = ca_spec("a", 3, "root", 2, {name_constraints({}, {email("example.org")})});
  CHECK(Scene({mail, mail_ca}).verdict() == "name_constraint_violated 0");
}

TEST_CASE("X04 verify: comparisons of names with constraints are counted", "[x509]") {
  std::vector<NameSpec> excluded, names;
  for (int i = 0; i < 1024; i++) {
    excluded.push_back(dns("x" + std::to_string(i) + ".test"));
    names.push_back(dns("y" + std::to_string(i) + ".test"));
  }
  CertificateSpec leaf = leaf_spec();
  leaf.extensions = {alt_names(names)};
  Scene scene({leaf}, {root_spec({name_constraints({}, excluded)})});
  scene.name.clear();
  CHECK(scene.verdict() == "verification_budget_exhausted 0");
}

TEST_CASE("X03 verify: names whose RDNs hold sets of attributes cost as many comparisons", "[x509]") {
  const auto verdict = [](std::size_t in_a_set) {
    const auto name = [&](std::size_t number) {
      return directory(der([&](asn1::DerWriter& w) {
        const auto outer = w.sequence();
        for (std::size_t i = 0; i < 16; i += in_a_set) {
          const auto rdn = w.set();
          for (std::size_t j = i; j < i + in_a_set; j++) {
            const auto attribute = w.sequence();
            w.oid(oids::kCommonName);
            w.element(asn1::Tag::utf8_string, bytes_of(std::to_string(j == 15 ? 1000 + number : 10 + j)));
          }
        }
      }));
    };
    std::vector<NameSpec> excluded, names;
    for (std::size_t i = 0; i < 100; i++) {
      excluded.push_back(name(i));
      names.push_back(name(1000 + i));
    }
    CertificateSpec leaf = leaf_spec();
    leaf.extensions = {alt_names(names)};
    Scene scene({leaf}, {root_spec({name_constraints({}, excluded)})});
    scene.name.clear();
    return scene.verdict();
  };
  CHECK(verdict(1) == "ok 0");
  CHECK(verdict(16) == "verification_budget_exhausted 0");
}

TEST_CASE("X04 X10 verify: self-issued intermediates do not count, a self-issued leaf does", "[x509]") {
  // A key that was rolled over twelve times, between four others.
  std::vector<CertificateSpec> chain = {leaf_spec("a", 42)};
  for (std::uint64_t key = 42; key > 30; key--) {
    chain.push_back(ca_spec("a", key, "a", key - 1));
  }
  chain.push_back(ca_spec("a", 30, "root", 2, {}, 0));
  CHECK(Scene(chain).verdict() == "ok 0 1 2 3 4 5 6 7 8 9 10 11 12 13");
  Scene limited(chain);
  limited.max_intermediates = 1;
  CHECK(limited.verdict() == "ok 0 1 2 3 4 5 6 7 8 9 10 11 12 13");
  // A root's new key under its old one, above an intermediate that counts.
  Scene above({leaf_spec("a", 3), ca_spec("a", 3, "root", 5), ca_spec("root", 5, "root", 2)});
  above.max_intermediates = 1;
  CHECK(above.verdict() == "ok 0 1 2");
  // Constraints bind the leaf even if it has its issuer's name.
  const auto a = ca_spec("a", 3, "root", 2, {name_constraints({dns("example.org")}, {})});
  CertificateSpec leaf = leaf_spec("a", 3);
  leaf.subject = name_of("a");
  CHECK(Scene({leaf, a}).verdict() == "name_constraint_violated 0");
  CHECK(Scene({leaf, ca_spec("a", 3, "root", 2)}, {root_spec({name_constraints({dns("example.org")}, {})})})
            .verdict() == "name_constraint_violated 0");
}

TEST_CASE("X03 verify: a mesh of 36 certificates is solved within the budget", "[x509]") {
  // Six CAs that certified each other and themselves; the leaf is of the first, the root is the last.
  const auto node = [](std::uint64_t i) { return "n" + std::to_string(i); };
  for (const bool hostile : {false, true}) {
    std::vector<CertificateSpec> mesh = {leaf_spec("n0", 3)};
    for (std::uint64_t i = 0; i < 6; i++) {
      for (std::uint64_t j = 0; j < 6; j++) {
        std::vector<ExtensionSpec> more;
        // All ways forbid the leaf's name, except one that goes through every CA.
        if (hostile && j != i + 1) {
          more.push_back(name_constraints({}, {dns("example.com")}));
        }
        mesh.push_back(ca_spec(node(i), 3 + i, node(j), 3 + j, more));
      }
    }
    const auto root = ca_spec("n5", 8, "n5", 8);
    CHECK(Scene(mesh, {root}).verdict() == (hostile ? "ok 0 2 9 16 23 30" : "ok 0 6"));
  }
}

TEST_CASE("verify: issuer and subject are one name whatever their string types and letters", "[x509]") {
  CertificateSpec leaf = leaf_spec();
  leaf.issuer = name_of("ROOT ", asn1::Tag::printable_string);
  CHECK(Scene({leaf}).verdict() == "ok 0");
  CertificateSpec a = ca_spec("a b", 3, "root", 2);
  leaf = leaf_spec("A  B", 3);
  CHECK(Scene({leaf, a}).verdict() == "ok 0 1");
  leaf = leaf_spec("a_b", 3);
  CHECK(Scene({leaf, a}).verdict() == "unknown_issuer 0");
}

TEST_CASE("X04 anchor: what is malformed is no anchor", "[x509]") {
  const Buffer der = make(root_spec({name_constraints({dns("example.com")}, {})}));
  const Certificate root = *Certificate::parse(der);
  const TrustAnchor::Parts good = {root.subject(), root.spki(), root.name_constraints()};
  CHECK(TrustAnchor::create(good));
  // Cut short, or with a byte more, at every length.
  Buffer longer;
  for (Bytes TrustAnchor::Parts::*const part :
       {&TrustAnchor::Parts::subject, &TrustAnchor::Parts::spki, &TrustAnchor::Parts::name_constraints}) {
    TrustAnchor::Parts bad = good;
    const bool optional = part == &TrustAnchor::Parts::name_constraints;
    for (std::size_t size = 0; size < (good.*part).size(); size++) {
      bad.*part = (good.*part).first(size);
      CHECK(TrustAnchor::create(bad).ok() == (optional && size == 0));
    }
    longer = buffer_of(good.*part);
    longer.push_back(0);
    bad.*part = longer;
    CHECK_FALSE(TrustAnchor::create(bad));
  }
  TrustAnchor::Parts bad = good;
  const Buffer empty = unhex("3000");
  bad.name_constraints = empty;
  CHECK(TrustAnchor::create(bad).error() == ErrorCode::bad_name_constraints);
  CHECK(TrustAnchor::create(bad).error().place == Place::extension_name_constraints);
}

TEST_CASE("anchors: an index finds those of a name, in one order", "[x509]") {
  std::vector<Buffer> ders;
  for (std::uint64_t i = 0; i < 40; i++) {
    ders.push_back(make(ca_spec("root " + std::to_string(i / 2), 100 + i, "root", 2)));
  }
  std::vector<TrustAnchor> anchors, reversed;
  for (std::size_t i = 0; i < ders.size(); i++) {
    anchors.push_back(TrustAnchor::from(*Certificate::parse(ders[i])));
    reversed.push_back(TrustAnchor::from(*Certificate::parse(ders[ders.size() - 1 - i])));
  }
  const AnchorIndex index(anchors), other(reversed);
  for (std::size_t i = 0; i < ders.size(); i++) {
    CHECK_BYTES(index.all()[i].certificate(), other.all()[i].certificate());
    const auto found = index.named(TrustAnchor::from(*Certificate::parse(ders[i])).subject_digest());
    REQUIRE(found.size() == 2);
    CHECK((equal_public(found[0].certificate(), ders[i]) || equal_public(found[1].certificate(), ders[i])));
  }
  CHECK(index.named({}).empty());
  CHECK(AnchorIndex().named({}).empty());
}

TEST_CASE("anchors: of one name and key they stand in one order as well, however they came", "[x509]") {
  const Buffer plain = make(root_spec()), constrained = make(root_spec({name_constraints({dns("a")}, {})}));
  const Certificate first = *Certificate::parse(plain), second = *Certificate::parse(constrained);
  const TrustAnchor::Parts whole = {first.subject(), first.spki(), {}, {}, first.validity()};
  std::vector<TrustAnchor::Parts> parts(6, whole);
  parts[1].name_constraints = second.name_constraints();
  parts[2].path_length = 0;
  parts[3].validity = {};
  parts[4].validity->not_before.seconds++;
  parts[5].validity->not_after.seconds++;
  std::vector<TrustAnchor> anchors = {TrustAnchor::from(first), TrustAnchor::from(second)};
  for (const TrustAnchor::Parts& each : parts) {
    anchors.push_back(*TrustAnchor::create(each));
  }
  const auto line = [](const TrustAnchor& anchor) {
    return hex(anchor.certificate()) + ' ' + hex(anchor.name_constraints()) + ' ' +
           std::to_string(anchor.path_length() ? *anchor.path_length() + 1 : 0) + ' ' +
           (anchor.validity() ? std::to_string(anchor.validity()->not_before.seconds) + ' ' +
                                    std::to_string(anchor.validity()->not_after.seconds)
                              : "");
  };
  std::mt19937_64 engine(3);
  std::vector<std::string> expected;
  for (int i = 0; i < 20; i++) {
    std::shuffle(anchors.begin(), anchors.end(), engine);
    std::vector<TrustAnchor> sorted = anchors;
    std::vector<std::string> found;
    for (const TrustAnchor& each : AnchorIndex(sorted).all()) {
      found.push_back(line(each));
    }
    expected = i == 0 ? found : expected;
    CHECK(found == expected);
  }
}

TEST_CASE("verify: revocation is asked from the anchor down, of what is genuine", "[x509]") {
  struct Asked {
    std::vector<std::size_t> indexes;
    std::size_t revoked = 99;
    std::vector<std::pair<Buffer, Buffer>> issuers;  // name and key
  } asked;
  const auto a = ca_spec("a", 3, "root", 2), b = ca_spec("b", 4, "a", 3);
  Scene scene({leaf_spec("b", 4), a, b, ca_spec("b", 4, "root", 5)});
  scene.revocation = {[](const void* context, const RevocationCheck::Query& query) -> Result<void> {
                        auto& log = *static_cast<Asked*>(const_cast<void*>(context));
                        log.indexes.push_back(query.index);
                        CHECK(PublicKey::parse_spki(query.issuer_spki, kAllKeys.kinds));
                        log.issuers.emplace_back(buffer_of(query.issuer), buffer_of(query.issuer_spki));
                        return query.index == log.revoked ? Result<void>(ErrorCode::certificate_revoked)
                                                          : Result<void>();
                      },
                      &asked};
  CHECK(scene.verdict() == "ok 0 2 1");
  CHECK(asked.indexes == std::vector<std::size_t>{1, 2, 0});
  const auto identity = [](const Buffer& der) {
    const auto certificate = *Certificate::parse(der);
    return std::pair(buffer_of(certificate.subject()), buffer_of(certificate.spki()));
  };
  REQUIRE(asked.issuers.size() == 3);
  CHECK(asked.issuers[0] == identity(scene.roots[0]));
  CHECK(asked.issuers[1] == identity(scene.chain[1]));
  CHECK(asked.issuers[2] == identity(scene.chain[2]));
  for (const std::size_t revoked : {0u, 1u, 2u}) {
    asked = {{}, revoked, {}};
    CHECK(scene.verdict() == "certificate_revoked " + std::to_string(revoked));
  }
  // Another path does not need the revoked one.
  scene.chain.push_back(make(ca_spec("b", 4, "root", 2)));
  CHECK(scene.verdict() == "ok 0 4");
}

TEST_CASE("verify: the report says what was tried, and why it was given up", "[x509]") {
  PathReport report;
  CertificateSpec no_ca = leaf_spec("root", 2);
  no_ca.subject = name_of("a");
  Scene scene({leaf_spec("a", 3), no_ca, ca_spec("a", 3, "root", 5), ca_spec("a", 4, "b", 4)});
  scene.report = &report;
  CHECK(scene.verdict() == "bad_certificate_signature 2");
  std::string text;
  for (const PathStep& step : report.steps()) {
    text += std::to_string(step.depth) + ":" + std::to_string(step.certificate) +
            (step.anchor != nullptr ? "*" : "") +
            (step.given_up ? " " + std::string(error_row(step.given_up->code)->name) : "") + "; ";
  }
  CHECK(
      text ==
      "0:0; 1:1 not_a_ca; 1:2; 2:2* bad_certificate_signature; 1:2 unknown_issuer; 1:3; 1:3 unknown_issuer; "
      "0:0 unknown_issuer; ");
  CHECK(report.left_out() == 0);
}

TEST_CASE("verify: at most 64 KiB of stack", "[x509]") {
  const auto a = ca_spec("a", 3, "root", 2, {name_constraints({dns("example.com")}, {})});
  const Scene scene({leaf_spec("a", 3), a});
  scene.run([](const VerifyRequest& request) {
    const std::size_t used = stack_used([&] { CHECK(verify_chain(request)); });
    INFO(used << " bytes");
    CHECK(used < (test::kFramesHoldCopies ? 80u : 64u) * 1024);
    return 0;
  });
}

TEST_CASE("X01 verify: a leaf is an anchor where the caller says so, and only that very certificate",
          "[x509]") {
  Scene scene({leaf_spec("nobody", 9)}, {leaf_spec("nobody", 9)});
  CHECK(scene.verdict() == "unknown_issuer 0");
  scene.leaf_may_be_anchor = true;
  CHECK(scene.verdict() == "ok 0");
  // Its signature is not checked; its times, usages and names are.
  scene.chain[0].back() ^= 1;
  CHECK(scene.verdict() == "unknown_issuer 0");
  scene.roots[0].back() ^= 1;
  CHECK(scene.verdict() == "ok 0");
  scene.name = "example.org";
  CHECK(scene.verdict() == "name_mismatch 0");
  scene.name = "example.com";
  scene.now = at_time("410121030000Z");
  CHECK(scene.verdict() == "certificate_expired 0");
  scene.now = at_time("261121030000Z");
  scene.purpose = Purpose::client_auth;
  scene.name.clear();
  CHECK(scene.verdict() == "ok 0");
  CertificateSpec server_only = leaf_spec("nobody", 9);
  server_only.extensions.push_back(extended_key_usage({oids::kServerAuth}));
  Scene for_servers({server_only}, {server_only});
  for_servers.leaf_may_be_anchor = true;
  CHECK(for_servers.verdict() == "ok 0");
  for_servers.purpose = Purpose::client_auth;
  CHECK(for_servers.verdict() == "wrong_extended_key_usage 0");
  // Another certificate with the same name and key is a different one.
  CertificateSpec other = leaf_spec("nobody", 9);
  other.serial = {0x02};
  Scene twin({other}, {leaf_spec("nobody", 9)});
  twin.leaf_may_be_anchor = true;
  CHECK(twin.verdict() == "unknown_issuer 0");
  // A leaf that is an anchor issues nothing, whether it signed itself or not.
  CertificateSpec own = leaf_spec("leaf", 1);
  own.extensions.push_back(basic_constraints(false));
  CertificateSpec child = leaf_spec("leaf", 1);
  child.subject = name_of("child");
  CHECK(Scene({own}, {own}).verdict() == "ok 0");
  CHECK(Scene({child}, {own}).verdict() == "anchor_not_a_ca 0");
  CertificateSpec old = own;
  old.version.reset();
  old.extensions.clear();
  CHECK(Scene({child}, {old}).verdict() == "ok 0");
  // It issues nothing. What it signed is not trusted, because no CA of an anchor's name signed it.
  CertificateSpec pinned = leaf_spec("nobody", 9);
  pinned.key = 3;
  CertificateSpec below = leaf_spec("leaf", 3);
  below.subject = name_of("below");
  Scene under({below, pinned}, {root_spec()});
  under.leaf_may_be_anchor = true;
  CHECK(under.verdict() == "not_a_ca 1");
  // An anchor made from another certificate of the chain than the leaf does not end the path.
  Scene second({leaf_spec("a", 3), leaf_spec("nobody", 9)}, {leaf_spec("nobody", 9)});
  second.leaf_may_be_anchor = true;
  CHECK(second.verdict() == "unknown_issuer 0");
  // What is trusted by decree may deviate as much as roots may.
  CertificateSpec odd = leaf_spec("nobody", 9);
  odd.serial = {0x00};
  Scene deviating({odd}, {odd});
  CHECK(deviating.verdict().find("bad_serial_number") == 0);
  deviating.leaf_may_be_anchor = true;
  CHECK(deviating.verdict() == "ok 0");
  // The report tells the path.
  PathReport report;
  scene.report = &report;
  CHECK(scene.verdict() == "ok 0");
  REQUIRE(report.steps().size() == 2);
  CHECK(report.steps()[1].kind == PathStep::Kind::anchor);
}

TEST_CASE("verify: keys that are too small are refused wherever they stand, with their sizes", "[x509]") {
  const auto rsa_spki = [] {
    Buffer out(kMaxSpkiSize);
    out.resize(rsa2048_key().public_key().write_spki(out)->size());
    return out;
  };
  CertificateSpec leaf = leaf_spec();
  leaf.spki = rsa_spki();
  const MinimumSize sizes[] = {{&kRsa, 2048}, {&kP384, 384}};
  const MinimumSize larger[] = {{&kP256, 256}, {&kRsa, 2049}};
  KeySet keys = kAllKeys;
  Scene scene({leaf});
  scene.keys = &keys;
  keys.minimum_sizes = sizes;
  CHECK(scene.verdict() == "ok 0");
  keys.minimum_sizes = larger;
  CHECK(scene.verdict() == "key_too_small " + std::to_string(2048u << 16 | 2049u));
  CHECK(sentence(Error{ErrorCode::key_too_small, Place::none, sizes_detail(2048, 2049)})
            .find("(found 2048 bits, wanted 2049 or more)") != std::string::npos);
  // Of an intermediate, and of the anchor.
  const MinimumSize curves[] = {{&kP256, 257}};
  keys.minimum_sizes = curves;
  CHECK(Scene({leaf}).verdict() == "ok 0");
  CHECK(scene.verdict() == "key_too_small " + std::to_string(256u << 16 | 257u));
  CertificateSpec small_ca = ca_spec("a", 3, "root", 2);
  small_ca.spki = rsa_spki();
  Scene under({leaf_spec("a", 3), small_ca});
  under.keys = &keys;
  keys.minimum_sizes = larger;
  CHECK(under.verdict() == "key_too_small " + std::to_string(2048u << 16 | 2049u));
}

TEST_CASE("X03 verify: self-issued intermediates fill no array, however many there are", "[x509]") {
  // One name throughout: each certifies the next key of the same CA, as in a rollover. Self-issued ones count
  // only for the limit of candidates.
  for (const std::size_t count : {std::size_t{17}, kMaxCandidates}) {
    std::vector<CertificateSpec> chain = {leaf_spec("root", 3)};
    for (std::size_t i = 0; i < count; i++) {
      const std::uint64_t above = i + 1 == count ? 2 : 4 + i;
      chain.push_back(ca_spec("root", 3 + i, "root", above));
      // Key identifiers save trying one after the other.
      chain.back().extensions.push_back(subject_key_identifier(Buffer{static_cast<std::uint8_t>(3 + i)}));
      chain.back().extensions.push_back(authority_key_identifier(Buffer{static_cast<std::uint8_t>(above)}));
    }
    chain[0].extensions.push_back(authority_key_identifier(Buffer{3}));
    Scene scene(chain);
    INFO(count);
    const std::string verdict = scene.verdict();
    INFO(verdict);
    CHECK((verdict.find("ok 0 1 2 3 ") == 0 || verdict.find("verification_budget_exhausted") == 0));
  }
}
