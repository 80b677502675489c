// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::buffer_of;
using test::noise;
using test::unhex;

namespace hmac_test {
namespace {

// RFC 4231 §4.2 to §4.8.
struct Vector {
  Buffer key;
  Buffer data;
  const char* mac[4];  // SHA-224, SHA-256, SHA-384, SHA-512; of test case 5 the first 16 bytes
};

std::vector<Vector> rfc4231() {
  Buffer counting;
  for (std::uint8_t i = 1; i <= 25; ++i) {
    counting.push_back(i);
  }
  const Buffer long_key(131, 0xaa);
  return {
      {Buffer(20, 0x0b),
       buffer_of("Hi There"),
       {"896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
        "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
        "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"}},
      {buffer_of("Jefe"),
       buffer_of("what do ya want for nothing?"),
       {"a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"}},
      {Buffer(20, 0xaa),
       Buffer(50, 0xdd),
       {"7fb3cb3588c6c1f6ffa9694d7d6ad2649365b0c1f65d69d1ec8333ea",
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
        "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
        "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"}},
      {counting,
       Buffer(50, 0xcd),
       {"6c11506874013cac6a2abc1bb382627cec6a90d86efc012de7afec5a",
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
        "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
        "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd"}},
      {Buffer(20, 0x0c),
       buffer_of("Test With Truncation"),
       {"0e2aea68a90c8d37c988bcdb9fca6fa8", "a3b6167473100ee06e0c796c2955552b",
        "3abf34c3503b2a23a46efc619baef897", "415fad6271580a531d4179bc891d87a6"}},
      {long_key,
       buffer_of("Test Using Larger Than Block-Size Key - Hash Key First"),
       {"95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
        "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"}},
      {long_key,
       buffer_of(
           "This is a test using a larger than block-size key and a larger than block-size data. The key "
           "needs to be hashed before being used by the HMAC algorithm."),
       {"3a854166ac5d9f023f54d517d0b39dbd946770db9c2b95c9f6f565d1",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
        "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
        "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"}},
  };
}

const HashAlgorithm* const kHashes[] = {&kSha224, &kSha256, &kSha384, &kSha512};

}  // namespace

TEST_CASE("hmac: RFC 4231's vectors come out of every row of the hash", "[hmac]") {
  for (const Vector& vector : rfc4231()) {
    for (std::size_t i = 0; i < 4; ++i) {
      test::on_every_row("HMAC-" + std::string(kHashes[i]->name), kHashes[i]->kernels(),
                         [&](const HashKernel& row) {
                           const HmacKey key(*kHashes[i], vector.key, &row);
                           CHECK(key.size() == kHashes[i]->digest_size);
                           Buffer mac(key.size());
                           key.mac(vector.data, mac);
                           const Buffer expected = unhex(vector.mac[i]);
                           mac.resize(expected.size());
                           CHECK_BYTES(mac, expected);
                         });
    }
  }
}

TEST_CASE("hmac: parts, pieces and repetition give the same MAC", "[hmac]") {
  const Buffer secret = noise(40, 1);
  const Buffer message = noise(300, 2);
  for (const HashAlgorithm* hash : kHashes) {
    const HmacKey key(*hash, secret);
    Buffer whole(key.size());
    key.mac(message, whole);
    Hmac running(key);
    for (const std::size_t cut : {0u, 1u, 55u, 64u, 127u, 128u, 129u, 300u}) {
      const Bytes parts[] = {Bytes(message).first(cut), Bytes(), Bytes(message).subspan(cut)};
      Buffer out(key.size());
      CHECK_BYTES(key.mac(std::span<const Bytes>(parts), out), whole);
      CHECK_BYTES(running.update(parts[0]).update(parts[2]).finish(out), whole);
    }
  }
}

TEST_CASE("hmac: a key of one block is used as it is, one byte more is hashed first", "[hmac]") {
  for (const HashAlgorithm* hash : kHashes) {
    const Buffer long_key = noise(hash->block_size + 1, 4);
    const Digest hashed = digest(*hash, long_key);
    Buffer a(hash->digest_size);
    Buffer b(hash->digest_size);
    CHECK_BYTES(HmacKey(*hash, long_key).mac(noise(9), a), HmacKey(*hash, hashed.bytes()).mac(noise(9), b));
    Buffer padded = noise(hash->block_size - 1, 5);
    const Buffer unpadded = padded;
    padded.push_back(0);
    CHECK_BYTES(HmacKey(*hash, padded).mac(noise(9), a), HmacKey(*hash, unpadded).mac(noise(9), b));
  }
}

TEST_CASE("hmac: the output may be the input", "[hmac]") {
  const HmacKey key(kSha256, noise(32));
  Buffer chain = noise(32, 6);
  Buffer apart(32);
  key.mac(chain, apart);
  key.mac(chain, chain);
  CHECK_BYTES(chain, apart);
}

TEST_CASE("hmac: S10 every row agrees with the portable one at every length, between guard pages", "[hmac]") {
  test::Guarded memory(512);
  const Buffer secret = noise(32, 8);
  for (const HashAlgorithm* hash : kHashes) {
    const auto table = hash->kernels();
    const HmacKey portable(*hash, secret, &table.back());
    test::on_every_row("HMAC-" + std::string(hash->name), table, [&](const HashKernel& row) {
      const HmacKey key(*hash, secret, &row);
      for (std::size_t size = 0; size <= 300; ++size) {
        const Buffer message = noise(size, size);
        Buffer expected(key.size());
        Buffer out(key.size());
        // In two parts, which takes the slow path.
        const Bytes parts[] = {Bytes(message).first(size / 2), Bytes(message).subspan(size / 2)};
        portable.mac(std::span<const Bytes>(parts), expected);
        REQUIRE_BYTES(key.mac(memory.at_end(message), out), expected);
        REQUIRE_BYTES(key.mac(memory.at_start(message), out), expected);
      }
    });
  }
}

}  // namespace hmac_test
