// SPDX-License-Identifier: Apache-2.0
// The rules of a path (RFC 5280 §6.1), one broken at a time, and what is told of it.
#include <algorithm>

#include "catch.hpp"
#include "support/describe.hpp"
#include "x509/chain_scene.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

TEST_CASE("verify: a leaf under a root, and through intermediates in any order", "[x509]") {
  CHECK(Scene({leaf_spec()}).verdict() == "ok 0");
  const auto a = ca_spec("a", 3, "root", 2), b = ca_spec("b", 4, "a", 3), leaf = leaf_spec("b", 4);
  CHECK(Scene({leaf, b, a}).verdict() == "ok 0 1 2");
  CHECK(Scene({leaf, a, b}).verdict() == "ok 0 2 1");
  CHECK(Scene({leaf, root_spec(), a, leaf_spec(), b}).verdict() == "ok 0 4 2");
  CHECK(Scene({leaf, b}).verdict() == "unknown_issuer 1");
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
