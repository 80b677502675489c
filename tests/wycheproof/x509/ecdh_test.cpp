// SPDX-License-Identifier: Apache-2.0
// ECDH on P-256 with keys as files hold them: SubjectPublicKeyInfo in DER or PEM, PKCS#8 in PEM.
#include <ashlar/asn1/pem.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/x509/keys.hpp>

#include <algorithm>

#include "support/test_keys.hpp"
#include "support/wycheproof.hpp"

using namespace ashlar;
using namespace ashlar::test::wycheproof;

namespace {

Outcome agree(const crypto::P256PrivateKey& key, Bytes spki, Bytes expected) {
  constexpr const x509::KeyKind* kKinds[] = {&x509::kP256};
  const auto found = x509::PublicKey::parse_spki(spki, kKinds);
  if (!found) {
    return Outcome::refused;
  }
  std::uint8_t point[crypto::kP256PointSize];
  const auto peer = crypto::P256PublicKey::create(*found->write_bits(point));
  Secret<32> shared;
  if (!key.agree(*peer, shared)) {
    return Outcome::refused;
  }
  return same(shared.reveal(), expected);
}

}  // namespace

TEST_CASE("wycheproof-ecdh_secp256r1_test") {
  WYCHEPROOF_FILE(file, "ecdh_secp256r1_test");
  // Unnamed curves may be refused, and Ashlar refuses them. Compressed points are read.
  file.acceptable("CompressedPoint", Outcome::accepted);
  file.acceptable("CompressedPublic", Outcome::accepted);
  file.acceptable("UnnamedCurve", Outcome::refused);
  file.run([](const Json&, const Json& test) {
    // The scalar as an INTEGER: any number of leading zeros.
    auto scalar = bytes(test, "private");
    scalar.erase(scalar.begin(), std::find_if(scalar.begin(), scalar.end(), [](auto b) { return b != 0; }));
    REQUIRE(scalar.size() <= 32);
    scalar.insert(scalar.begin(), 32 - scalar.size(), 0);
    const auto key = crypto::P256PrivateKey::create(BytesOf<32>(scalar.data(), 32));
    REQUIRE(key);
    return agree(*key, bytes(test, "public"), bytes(test, "shared"));
  });
}

TEST_CASE("wycheproof-ecdh_secp256r1_pem_test") {
  WYCHEPROOF_FILE(file, "ecdh_secp256r1_pem_test");
  file.run([](const Json&, const Json& test) {
    const auto key = x509::PrivateKey::parse_pem(test["private"].get<std::string>());
    REQUIRE(key);
    const std::string pem = test["public"];
    ashlar::test::Buffer der(pem.size());
    const auto block = asn1::PemReader(pem).next(der);
    return block ? agree(*crypto::P256PrivateKey::create(ashlar::test::p256_scalar(*key).reveal()),
                         block->der, bytes(test, "shared"))
                 : Outcome::refused;
  });
}
