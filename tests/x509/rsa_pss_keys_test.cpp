// SPDX-License-Identifier: Apache-2.0
// Keys for RSASSA-PSS alone (RFC 4055 §1.2, §3.3): their parameters limit what they sign.
#include <ashlar/x509/issue.hpp>
#include <ashlar/x509/sign_many.hpp>
#include <ashlar/x509/verify.hpp>

#include "catch.hpp"
#include "support/certificates.hpp"
#include "support/describe.hpp"
#include "support/pss_keys.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

namespace {

PrivateKey pss_key(const Buffer& parameters) {
  auto key = PrivateKey::parse_der(pss_pkcs8(rsa2048_key(), parameters));
  INFO(sentence_of(key));
  REQUIRE(key);
  CHECK(&key->kind() == &kRsaPss);
  return std::move(*key);
}
ErrorCode refusal_of_key(const Buffer& parameters) {
  const auto key = PrivateKey::parse_der(pss_pkcs8(rsa2048_key(), parameters));
  return key ? ErrorCode{} : key.error().code;
}

constexpr const SignatureAlgorithm* kPss[] = {&kRsaPssSha256, &kRsaPssSha384, &kRsaPssSha512};
const asn1::Oid kSha1Oid = asn1::oid("1.3.14.3.2.26");

}  // namespace

TEST_CASE("X14 RSA-PSS keys: they sign by RSASSA-PSS alone, and by the hash that they are limited to",
          "[x509]") {
  struct Row {
    Buffer parameters;
    bool signs[3];
  };
  const Buffer message = noise(100);
  const Bytes parts[] = {message};
  for (const Row& row :
       {Row{{}, {true, true, true}}, Row{pss_parameters(oids::kSha256, 32), {true, false, false}},
        Row{pss_parameters(oids::kSha256, 0), {true, false, false}},
        Row{pss_parameters(oids::kSha384, 48), {false, true, false}},
        Row{pss_parameters(oids::kSha512, 64), {false, false, true}},
        Row{pss_parameters(oids::kSha512, 65), {false, false, false}}}) {
    const PrivateKey key = pss_key(row.parameters);
    const PublicKey peer = key.public_key();
    CHECK(peer.bits() == 2048);
    CHECK(peer.kind().name == "RSA-PSS");
    for (std::size_t i = 0; i < 3; ++i) {
      INFO(kPss[i]->name);
      std::uint8_t storage[kMaxSignatureSize];
      const auto made = key.sign(*kPss[i], parts, crypto::system_random(), storage);
      CHECK(made.ok() == row.signs[i]);
      CHECK(peer.allows(*kPss[i]) == row.signs[i]);
      // The same in a batch.
      const crypto::Digest digest = crypto::digest(*kPss[i]->hash, message);
      Signing batch[] = {{&key, kPss[i], {parts, digest.bytes()}, storage}};
      sign_many(batch, crypto::system_random());
      CHECK(batch[0].result.ok() == row.signs[i]);
      if (!row.signs[i]) {
        CHECK(made.error() == ErrorCode::signature_algorithm_mismatch);
        CHECK(batch[0].result.error() == ErrorCode::signature_algorithm_mismatch);
        const auto plain = rsa2048_key().sign(*kPss[i], parts, crypto::system_random(), storage);
        CHECK(peer.verify(*kPss[i], parts, *plain).error() == ErrorCode::signature_algorithm_mismatch);
        continue;
      }
      CHECK(peer.verify(*kPss[i], parts, *batch[0].result));
      // It is the plain key's signature, too.
      CHECK(rsa2048_key().public_key().verify(*kPss[i], parts, *batch[0].result));
    }
    std::uint8_t storage[kMaxSignatureSize];
    CHECK(key.sign(kRsaPkcs1Sha256, parts, crypto::system_random(), storage).error() ==
          ErrorCode::signature_algorithm_mismatch);
    CHECK(peer.kind().encrypt == nullptr);
    CHECK(key.private_kind().decrypt_premaster == nullptr);
  }
}

TEST_CASE("X14 RSA-PSS keys: a signature's salt may be longer than a key's parameters say, not shorter",
          "[x509]") {
  const PublicKey key = pss_key(pss_parameters(oids::kSha256, 33)).public_key();
  SignatureMethod method = kRsaPssSha256;
  CHECK_FALSE(key.allows(method));
  for (const auto& [size, allowed] : {std::pair<std::size_t, bool>{32, false}, {33, true}, {222, true}}) {
    method.salt_size = size;
    CHECK(key.allows(method) == allowed);
  }
}

TEST_CASE("RSA-PSS keys: they are written as they were read, and are no plain RSA keys", "[x509]") {
  for (const Buffer& parameters :
       {Buffer(), pss_parameters(oids::kSha256, 32), pss_parameters(oids::kSha384, 0)}) {
    const Buffer pkcs8 = pss_pkcs8(rsa2048_key(), parameters);
    const PrivateKey key = pss_key(parameters);
    Buffer again(kMaxPrivateKeySize);
    again.resize(key.write_pkcs8(again)->size());
    CHECK_BYTES(again, pkcs8);
    Buffer spki(kMaxSpkiSize);
    spki.resize(key.public_key().write_spki(spki)->size());
    const auto read = PublicKey::parse_spki(spki, kUsualKeys.kinds);
    REQUIRE(read);
    CHECK(read->equals(key.public_key()));
    CHECK_FALSE(read->equals(rsa2048_key().public_key()));
    CHECK(read->equals(pss_key({}).public_key()) == parameters.empty());
    const KeyKind* const plain[] = {&kRsa};
    CHECK(PublicKey::parse_spki(spki, plain).error() == ErrorCode::unsupported_key);
  }
}

TEST_CASE("RSA-PSS keys: parameters that no signature here has are refused", "[x509]") {
  CHECK(refusal_of_key(pss_parameters(oids::kSha256, 32)) == ErrorCode{});
  CHECK(refusal_of_key(unhex("3000")) == ErrorCode::unsupported_key);  // SHA-1
  CHECK(refusal_of_key(pss_parameters(kSha1Oid, 20)) == ErrorCode::unsupported_key);
  CHECK(refusal_of_key(pss_parameters(oids::kSha256, oids::kSha384, 32)) == ErrorCode::unsupported_key);
  CHECK(refusal_of_key(pss_parameters(oids::kSha256, 1025)) == ErrorCode::unsupported_key);
  CHECK(refusal_of_key(unhex("0500")) == ErrorCode::bad_algorithm_parameters);
  CHECK(refusal_of_key(unhex("3005a303020102")) == ErrorCode::bad_algorithm_parameters);  // another trailer
  CHECK(refusal_of_key(unhex("3002a500")) == ErrorCode::trailing_data);
}

TEST_CASE("RSA-PSS keys: a CA with one signs as the key is limited, and its chains verify", "[x509]") {
  const std::string_view names[] = {"example.com"};
  for (const Buffer& parameters : {Buffer(), pss_parameters(oids::kSha384, 48)}) {
    const PrivateKey key = pss_key(parameters);
    const SignatureAlgorithm& with = parameters.empty() ? kRsaPssSha256 : kRsaPssSha384;
    CHECK(&key.issues_with() == &with);
    CertificateTemplate ca;
    ca.common_name = "PSS CA";
    ca.validity = {at_time("260101000000Z"), at_time("270101000000Z")};
    ca.is_ca = true;
    Buffer root(8192), leaf(8192);
    root.resize(issue(ca, key.public_key(), {{}, {}, key}, crypto::system_random(), root)->size());
    const auto parsed = Certificate::parse(root);
    REQUIRE(parsed);
    CHECK((*parsed->signature_method(kUsualKeys))->algorithm == &with);
    CertificateTemplate own = ca;
    own.is_ca = false;
    own.common_name = "leaf";
    own.names = names;
    own.server_auth = true;
    const Issuer issuer{parsed->subject(), parsed->subject_key_identifier(), key};
    leaf.resize(issue(own, key.public_key(), issuer, crypto::system_random(), leaf)->size());
    const auto read = Certificate::parse(leaf);
    REQUIRE(read);
    CHECK_FALSE(read->allows(KeyUsage::key_encipherment));  // it has no key transport
    TrustAnchor anchors[] = {TrustAnchor::from(*parsed)};
    VerifyRequest request;
    const Bytes chain[] = {leaf};
    request.chain = chain;
    request.anchors = AnchorIndex(anchors);
    request.keys = &kUsualKeys;
    request.now = at_time("260601000000Z");
    request.name = "example.com";
    const auto verified = verify_chain(request);
    INFO(sentence_of(verified));
    REQUIRE(verified);
    CHECK(&verified->leaf_key().kind() == &kRsaPss);
    // Signed by the same key, with a hash that it does not allow.
    if (!parameters.empty()) {
      const PrivateKey free_key = pss_key({});
      Buffer wrong(8192);
      wrong.resize(issue(own, key.public_key(),
                         {parsed->subject(), parsed->subject_key_identifier(), free_key},
                         crypto::system_random(), wrong)
                       ->size());
      const Bytes other[] = {wrong};
      request.chain = other;
      CHECK(verify_chain(request).error() == ErrorCode::issuer_key_mismatch);
    }
  }
}

TEST_CASE("RSA-PSS keys: a new one has no limits", "[x509]") {
  crypto::DeterministicRandom random(77);
  const auto key = PrivateKey::generate(kRsaPssPrivate, 2048, random.random());
  REQUIRE(key);
  CHECK(key->public_key().allows(kRsaPssSha512));
  CHECK(&key->issues_with() == &kRsaPssSha256);
  CHECK(kRsaPssPrivate.sizes[0].name == "rsa-pss:2048");
}
