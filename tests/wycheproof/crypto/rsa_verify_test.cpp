// SPDX-License-Identifier: Apache-2.0
#include "crypto/rsa/access.hpp"
#include "support/wycheproof.hpp"
#include "wycheproof/crypto/hash_names.hpp"

#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

using namespace ashlar;
using namespace ashlar::test::wycheproof;
using test::Buffer;

namespace {

crypto::RsaPublicKey public_key(const Json& group) {
  auto key = crypto::RsaPublicKey::create(bytes(group.at("publicKey"), "modulus"),
                                          bytes(group.at("publicKey"), "publicExponent"));
  REQUIRE(key.ok());
  return *key;
}

Outcome verdict(const Result<void>& result) {
  if (!result) {
    CHECK(result.error() == ErrorCode::bad_signature);
  }
  return result ? Outcome::accepted : Outcome::refused;
}

void pkcs1(File& file) {
  // The encoding is compared whole, and RFC 8017 §9.2 writes the NULL.
  file.acceptable("MissingNull", Outcome::refused);
  file.run([](const Json& group, const Json& test) {
    const auto& hash = *hash_named(group.at("sha"));
    const auto digest = crypto::digest(hash, bytes(test, "msg"));
    return verdict(public_key(group).verify_pkcs1(hash, digest.bytes(), bytes(test, "sig")));
  });
}

void pss(File& file) {
  file.run(
      [](const Json& group) -> std::string {
        if (hash_named(group.at("sha")) == nullptr || group.at("mgf") != "MGF1" ||
            hash_named(group.at("mgfSha")) == nullptr) {
          return "SHAKE in place of a hash function and MGF1 (RFC 8702)";
        }
        return "";
      },
      [](const Json& group, const Json& test) {
        const auto& hash = *hash_named(group.at("sha"));
        const auto& mgf = *hash_named(group.at("mgfSha"));
        const std::size_t salt = group.at("sLen");
        const auto digest = crypto::digest(hash, bytes(test, "msg"));
        const auto key = public_key(group);
        const Buffer signature = bytes(test, "sig");
        const Outcome outcome =
            verdict(key.verify_pss(crypto::RsaPssParameters{&hash, &mgf, salt}, digest.bytes(), signature));
        // A signature accepted with the required salt length is also accepted without one.
        const bool any = key.verify_pss({&hash, &mgf}, digest.bytes(), signature).ok();
        CHECK((any || outcome == Outcome::refused));
        return outcome;
      });
}

}  // namespace

#define RSA_FILE(stem, check)     \
  TEST_CASE("wycheproof-" stem) { \
    WYCHEPROOF_FILE(file, stem);  \
    check(file);                  \
  }

RSA_FILE("rsa_signature_2048_sha224_test", pkcs1)
RSA_FILE("rsa_signature_2048_sha256_test", pkcs1)
RSA_FILE("rsa_signature_2048_sha384_test", pkcs1)
RSA_FILE("rsa_signature_2048_sha512_test", pkcs1)
RSA_FILE("rsa_signature_3072_sha256_test", pkcs1)
RSA_FILE("rsa_signature_3072_sha384_test", pkcs1)
RSA_FILE("rsa_signature_3072_sha512_test", pkcs1)
RSA_FILE("rsa_signature_4096_sha256_test", pkcs1)
RSA_FILE("rsa_signature_4096_sha384_test", pkcs1)
RSA_FILE("rsa_signature_4096_sha512_test", pkcs1)
RSA_FILE("rsa_signature_8192_sha256_test", pkcs1)
RSA_FILE("rsa_signature_8192_sha384_test", pkcs1)
RSA_FILE("rsa_signature_8192_sha512_test", pkcs1)
RSA_FILE("rsa_signature_2048_sha3_224_test", pkcs1)
RSA_FILE("rsa_signature_2048_sha3_256_test", pkcs1)
RSA_FILE("rsa_signature_2048_sha3_384_test", pkcs1)
RSA_FILE("rsa_signature_2048_sha3_512_test", pkcs1)
RSA_FILE("rsa_signature_2048_sha512_224_test", pkcs1)
RSA_FILE("rsa_signature_2048_sha512_256_test", pkcs1)
RSA_FILE("rsa_signature_3072_sha3_256_test", pkcs1)
RSA_FILE("rsa_signature_3072_sha3_384_test", pkcs1)
RSA_FILE("rsa_signature_3072_sha3_512_test", pkcs1)
RSA_FILE("rsa_signature_3072_sha512_256_test", pkcs1)
RSA_FILE("rsa_signature_4096_sha512_256_test", pkcs1)

RSA_FILE("rsa_pss_2048_sha256_mgf1_0_params_test", pss)
RSA_FILE("rsa_pss_2048_sha256_mgf1_0_test", pss)
RSA_FILE("rsa_pss_2048_sha256_mgf1_32_params_test", pss)
RSA_FILE("rsa_pss_2048_sha256_mgf1_32_test", pss)
RSA_FILE("rsa_pss_2048_sha384_mgf1_48_test", pss)
RSA_FILE("rsa_pss_2048_sha512_mgf1sha256_32_params_test", pss)
RSA_FILE("rsa_pss_3072_sha256_mgf1_32_params_test", pss)
RSA_FILE("rsa_pss_3072_sha256_mgf1_32_test", pss)
RSA_FILE("rsa_pss_4096_sha256_mgf1_32_test", pss)
RSA_FILE("rsa_pss_4096_sha384_mgf1_48_test", pss)
RSA_FILE("rsa_pss_4096_sha512_mgf1_32_params_test", pss)
RSA_FILE("rsa_pss_4096_sha512_mgf1_32_test", pss)
RSA_FILE("rsa_pss_4096_sha512_mgf1_64_params_test", pss)
RSA_FILE("rsa_pss_4096_sha512_mgf1_64_test", pss)
RSA_FILE("rsa_pss_misc_params_test", pss)
RSA_FILE("rsa_pss_misc_test", pss)
RSA_FILE("rsa_pss_2048_sha1_mgf1_20_params_test", pss)
RSA_FILE("rsa_pss_2048_sha1_mgf1_20_test", pss)
RSA_FILE("rsa_pss_2048_sha256_mgf1sha1_20_test", pss)
RSA_FILE("rsa_pss_2048_sha512_224_mgf1_28_test", pss)
RSA_FILE("rsa_pss_2048_sha512_256_mgf1_32_test", pss)
// Not run: rsa_pss_*_shake*, which use SHAKE as the hash function and instead of MGF1 (RFC 8702).
