// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "support/wycheproof.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;
using ashlar::test::Buffer;

namespace {

void check_p1363(File& file, const HashAlgorithm& hash) {
  file.run([&](const Json& group, const Json& test) {
    const Buffer signature = bytes(test, "sig");
    auto key = P384PublicKey::create(bytes(group.at("publicKey"), "uncompressed"));
    if (!key) {
      throw std::runtime_error("the public key was refused");
    }
    if (signature.size() != kP384SignatureSize) {
      return Outcome::refused;
    }
    const auto verdict = key->verify(digest(hash, bytes(test, "msg")).bytes(),
                                     BytesOf<kP384SignatureSize>(signature.data(), kP384SignatureSize));
    return verdict.ok() ? Outcome::accepted : Outcome::refused;
  });
}

}  // namespace

TEST_CASE("wycheproof-ecdsa_secp384r1_sha384_p1363_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp384r1_sha384_p1363_test");
  check_p1363(file, kSha384);
}

TEST_CASE("wycheproof-ecdsa_secp384r1_sha512_p1363_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp384r1_sha512_p1363_test");
  check_p1363(file, kSha512);
}
