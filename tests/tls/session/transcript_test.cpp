// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"
#include "transcript.hpp"

using namespace ashlar;
using namespace ashlar::test;

TEST_CASE("transcript: all messages so far can be replaced by their hash") {
  tls::Transcript transcript;
  REQUIRE(transcript.start(crypto::kSha256, tls::policy::modern.schemes));
  transcript.add(noise(200, 1));
  transcript.add(noise(100, 2));
  transcript.replace_by_hash();
  transcript.add(noise(50, 3));
  for (const crypto::HashAlgorithm* hash : {&crypto::kSha256, &crypto::kSha384}) {
    // RFC 8446 §4.4.1: message_hash, 00 00, the size of the hash, the hash.
    crypto::Hash first(*hash);
    first.update(noise(200, 1)).update(noise(100, 2));
    Buffer message(4 + hash->digest_size);
    message[0] = 254;
    message[3] = static_cast<std::uint8_t>(hash->digest_size);
    first.finish(MutBytes(message).subspan(4));
    crypto::Hash second(*hash);
    second.update(message).update(noise(50, 3));
    Buffer expected(hash->digest_size);
    second.finish(expected);
    const auto digest = transcript.digest(*hash);
    REQUIRE(digest.ok());
    CHECK_BYTES(digest->bytes(), expected);
  }
}
