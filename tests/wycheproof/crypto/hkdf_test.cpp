// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hkdf.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "support/wycheproof.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

namespace {

void run_hkdf(File& file, const crypto::HashAlgorithm& hash) {
  file.run([&](const Json&, const Json& test) {
    const Buffer expected = bytes(test, "okm");
    const Buffer info = bytes(test, "info");
    const Bytes parts[] = {info};
    Buffer okm(test.at("size").get<std::size_t>());
    if (!crypto::hkdf(hash, bytes(test, "salt"), bytes(test, "ikm"), parts, okm)) {
      return Outcome::refused;
    }
    return same(okm, expected);
  });
}

}  // namespace

TEST_CASE("wycheproof-hkdf_sha1_test") {
  WYCHEPROOF_FILE(file, "hkdf_sha1_test");
  run_hkdf(file, crypto::kSha1);
}

TEST_CASE("wycheproof-hkdf_sha256_test") {
  WYCHEPROOF_FILE(file, "hkdf_sha256_test");
  run_hkdf(file, crypto::kSha256);
}

TEST_CASE("wycheproof-hkdf_sha384_test") {
  WYCHEPROOF_FILE(file, "hkdf_sha384_test");
  run_hkdf(file, crypto::kSha384);
}

TEST_CASE("wycheproof-hkdf_sha512_test") {
  WYCHEPROOF_FILE(file, "hkdf_sha512_test");
  run_hkdf(file, crypto::kSha512);
}
