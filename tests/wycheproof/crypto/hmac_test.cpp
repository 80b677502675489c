// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

namespace {

// Tags may be cut short; the file's group gives the number of bits.
void run_hmac(File& file, const crypto::HashAlgorithm& hash) {
  file.run([&](const Json& group, const Json& test) {
    return on_rows(hash.kernels(), [&](const crypto::HashKernel& row) {
      const crypto::HmacKey key(hash, bytes(test, "key"), &row);
      Buffer mac(key.size());
      key.mac(bytes(test, "msg"), mac);
      mac.resize(group.at("tagSize").get<std::size_t>() / 8);
      return mac == bytes(test, "tag") ? Outcome::accepted : Outcome::refused;
    });
  });
}

}  // namespace

TEST_CASE("wycheproof-hmac_sha224_test") {
  WYCHEPROOF_FILE(file, "hmac_sha224_test");
  run_hmac(file, crypto::kSha224);
}

TEST_CASE("wycheproof-hmac_sha256_test") {
  WYCHEPROOF_FILE(file, "hmac_sha256_test");
  run_hmac(file, crypto::kSha256);
}

TEST_CASE("wycheproof-hmac_sha384_test") {
  WYCHEPROOF_FILE(file, "hmac_sha384_test");
  run_hmac(file, crypto::kSha384);
}

TEST_CASE("wycheproof-hmac_sha512_test") {
  WYCHEPROOF_FILE(file, "hmac_sha512_test");
  run_hmac(file, crypto::kSha512);
}

TEST_CASE("wycheproof-hmac_sha512_224_test") {
  WYCHEPROOF_FILE(file, "hmac_sha512_224_test");
  run_hmac(file, crypto::kSha512_224);
}

TEST_CASE("wycheproof-hmac_sha512_256_test") {
  WYCHEPROOF_FILE(file, "hmac_sha512_256_test");
  run_hmac(file, crypto::kSha512_256);
}

TEST_CASE("wycheproof-hmac_sha1_test") {
  WYCHEPROOF_FILE(file, "hmac_sha1_test");
  run_hmac(file, crypto::kSha1);
}

TEST_CASE("wycheproof-hmac_sha3_224_test") {
  WYCHEPROOF_FILE(file, "hmac_sha3_224_test");
  run_hmac(file, crypto::kSha3_224);
}

TEST_CASE("wycheproof-hmac_sha3_256_test") {
  WYCHEPROOF_FILE(file, "hmac_sha3_256_test");
  run_hmac(file, crypto::kSha3_256);
}

TEST_CASE("wycheproof-hmac_sha3_384_test") {
  WYCHEPROOF_FILE(file, "hmac_sha3_384_test");
  run_hmac(file, crypto::kSha3_384);
}

TEST_CASE("wycheproof-hmac_sha3_512_test") {
  WYCHEPROOF_FILE(file, "hmac_sha3_512_test");
  run_hmac(file, crypto::kSha3_512);
}
