// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/pbkdf2.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "support/wycheproof.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

namespace {

void run_pbkdf2(File& file, const crypto::HashAlgorithm& hash) {
  file.run([&](const Json&, const Json& test) {
    const Buffer expected = bytes(test, "dk");
    Buffer key(test.at("dkLen").get<std::size_t>());
    const auto iterations = test.at("iterationCount").get<std::uint32_t>();
    if (!crypto::pbkdf2(hash, bytes(test, "password"), bytes(test, "salt"), iterations, key)) {
      return Outcome::refused;
    }
    return same(key, expected);
  });
}

}  // namespace

TEST_CASE("wycheproof-pbkdf2_hmacsha1_test") {
  WYCHEPROOF_FILE(file, "pbkdf2_hmacsha1_test");
  run_pbkdf2(file, crypto::kSha1);
}

TEST_CASE("wycheproof-pbkdf2_hmacsha224_test") {
  WYCHEPROOF_FILE(file, "pbkdf2_hmacsha224_test");
  run_pbkdf2(file, crypto::kSha224);
}

TEST_CASE("wycheproof-pbkdf2_hmacsha256_test") {
  WYCHEPROOF_FILE(file, "pbkdf2_hmacsha256_test");
  run_pbkdf2(file, crypto::kSha256);
}

TEST_CASE("wycheproof-pbkdf2_hmacsha384_test") {
  WYCHEPROOF_FILE(file, "pbkdf2_hmacsha384_test");
  run_pbkdf2(file, crypto::kSha384);
}

TEST_CASE("wycheproof-pbkdf2_hmacsha512_test") {
  WYCHEPROOF_FILE(file, "pbkdf2_hmacsha512_test");
  run_pbkdf2(file, crypto::kSha512);
}
