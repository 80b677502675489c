// SPDX-License-Identifier: Apache-2.0
// ECDSA with DER signatures: ECDSA-Sig-Value and SubjectPublicKeyInfo together.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/keys.hpp>

#include "support/wycheproof.hpp"

using namespace ashlar;
using namespace ashlar::test::wycheproof;

namespace {

void check(File& file, const x509::SignatureAlgorithm& algorithm) {
  file.run([&algorithm](const Json& group, const Json& test) {
    const auto spki = bytes(group, "publicKeyDer");
    const auto key = x509::PublicKey::parse_spki(spki, x509::kAllKeys.kinds);
    REQUIRE(key);
    const auto message = bytes(test, "msg");
    const Bytes parts[] = {message};
    return key->verify(algorithm, parts, bytes(test, "sig")) ? Outcome::accepted : Outcome::refused;
  });
}

}  // namespace

TEST_CASE("wycheproof-ecdsa_secp256r1_sha256_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp256r1_sha256_test");
  check(file, x509::kEcdsaSha256);
}
TEST_CASE("wycheproof-ecdsa_secp256r1_sha512_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp256r1_sha512_test");
  check(file, x509::kEcdsaSha512);
}
TEST_CASE("wycheproof-ecdsa_secp384r1_sha256_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp384r1_sha256_test");
  check(file, x509::kEcdsaSha256);
}
TEST_CASE("wycheproof-ecdsa_secp384r1_sha384_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp384r1_sha384_test");
  check(file, x509::kEcdsaSha384);
}
TEST_CASE("wycheproof-ecdsa_secp384r1_sha512_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp384r1_sha512_test");
  check(file, x509::kEcdsaSha512);
}
TEST_CASE("wycheproof-ecdsa_secp521r1_sha512_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp521r1_sha512_test");
  check(file, x509::kEcdsaSha512);
}
