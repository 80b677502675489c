// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/pbkdf2.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

TEST_CASE("pbkdf2: RFC 6070 and the PBKDF2 answers of RFC 7914 §11", "[pbkdf2]") {
  struct Known {
    const HashAlgorithm* hash;
    const char* passphrase;
    const char* salt;
    std::uint32_t iterations;
    const char* key;
  };
  const Known known[] = {
      {&kSha1, "password", "salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
      {&kSha1, "password", "salt", 4096, "4b007901b765489abead49d926f721d065a429c1"},
      {&kSha1, "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096,
       "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
      {&kSha256, "passwd", "salt", 1,
       "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc4"
       "9ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"},
  };
  for (const Known& k : known) {
    const Buffer expected = test::unhex(k.key);
    Buffer out(expected.size());
    REQUIRE(pbkdf2(*k.hash, bytes_of(k.passphrase), bytes_of(k.salt), k.iterations, out));
    CHECK_BYTES(out, expected);
  }
}

TEST_CASE("pbkdf2: A16 no and too many iterations are refused before any work", "[pbkdf2]") {
  Buffer out(32);
  CHECK(pbkdf2(kSha256, {}, {}, 0, out).error() == ErrorCode::invalid_argument);
  CHECK(pbkdf2(kSha256, {}, {}, kMaxPbkdf2Iterations + 1, out).error() == ErrorCode::invalid_argument);
  CHECK(pbkdf2(kSha256, {}, {}, kMaxPbkdf2Iterations, {}).ok());  // no output, which takes no time
}
