// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace mac_test {
namespace {

struct Pair {
  const MacAlgorithm* mac;
  const HashAlgorithm* hash;
};
constexpr Pair kPairs[] = {
    {&kHmacSha1, &kSha1},
    {&kHmacSha224, &kSha224},
    {&kHmacSha256, &kSha256},
    {&kHmacSha384, &kSha384},
    {&kHmacSha512, &kSha512},
    {&kHmacSha512_224, &kSha512_224},
    {&kHmacSha512_256, &kSha512_256},
    {&kHmacSha3_224, &kSha3_224},
    {&kHmacSha3_256, &kSha3_256},
    {&kHmacSha3_384, &kSha3_384},
    {&kHmacSha3_512, &kSha3_512},
};

MacKey key_of(const MacAlgorithm& algorithm, Bytes key, std::string_view kernel = {}) {
  Result<MacKey> made = MacKey::create(algorithm, key, kernel);
  REQUIRE(made.ok());
  return std::move(*made);
}

Buffer mac_of(const MacKey& key, Bytes message) {
  Buffer out(key.size());
  key.mac(message, out);
  return out;
}

}  // namespace

TEST_CASE("mac: HMAC comes out as from the concrete type, on every row, in any pieces", "[mac]") {
  const Buffer message = noise(300, 1);
  for (const Pair& pair : kPairs) {
    CHECK(pair.mac->size == pair.hash->digest_size);
    CHECK(std::string(pair.mac->name) == "HMAC-" + std::string(pair.hash->name));
    test::on_every_row(std::string(pair.mac->name), pair.hash->kernels(), [&](const HashKernel& row) {
      for (const std::size_t key_size : {0u, 20u, 144u, 200u}) {
        const Buffer secret = noise(key_size, 2);
        const MacKey key = key_of(*pair.mac, secret, row.name);
        Buffer expected(key.size());
        HmacKey(*pair.hash, secret, &pair.hash->kernels().back()).mac(message, expected);
        CHECK_BYTES(mac_of(key, message), expected);
        Mac running(key);
        Buffer out(key.size());
        for (const std::size_t cut : {0u, 1u, 64u, 136u, 300u}) {
          const Bytes parts[] = {Bytes(message).first(cut), Bytes(message).subspan(cut)};
          CHECK_BYTES(key.mac(parts, out), expected);
          CHECK_BYTES(running.update(parts[0]).update(parts[1]).finish(out), expected);
          CHECK(running.update(parts[0]).update(parts[1]).verify(expected).ok());
        }
      }
    });
  }
}

TEST_CASE("mac: verify refuses every flipped bit and every other length", "[mac]") {
  const Buffer message = noise(40, 3);
  const MacKey key = key_of(kHmacSha256, noise(32, 4));
  Buffer mac = mac_of(key, message);
  Mac running(key);
  CHECK(key.verify(message, mac).ok());
  for (std::size_t bit = 0; bit < 8 * mac.size(); ++bit) {
    mac[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    CHECK(key.verify(message, mac).error().code == ErrorCode::bad_tag);
    CHECK(running.update(message).verify(mac).error().code == ErrorCode::bad_tag);
    mac[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  }
  for (std::size_t size = 0; size < mac.size(); ++size) {
    CHECK(key.verify(message, Bytes(mac).first(size)).error().code == ErrorCode::bad_tag);
  }
  mac.push_back(0);
  CHECK(key.verify(message, mac).error().code == ErrorCode::bad_tag);
  CHECK(key.verify(Bytes(message).first(39), Bytes(mac).first(32)).error().code == ErrorCode::bad_tag);
}

TEST_CASE("mac: a truncated code is taken at the size that was agreed and at no other", "[mac]") {
  const Buffer message = noise(40, 3);
  const MacKey key = key_of(kHmacSha256, noise(32, 4));
  const Buffer mac = mac_of(key, message);
  Mac running(key);
  for (std::size_t size = 0; size <= 40; ++size) {
    for (std::size_t given = 0; given <= mac.size(); ++given) {
      Buffer cut = mac;
      cut.resize(given);
      const auto verdict = key.verify_truncated(message, cut, size);
      REQUIRE(running.update(message).verify_truncated(cut, size).ok() == verdict.ok());
      if (size < kMinMacSize || size > mac.size()) {
        REQUIRE(verdict.error() == ErrorCode::invalid_argument);
      } else if (given != size) {
        REQUIRE(verdict.error() == ErrorCode::bad_tag);
      } else {
        REQUIRE(verdict.ok());
        for (std::size_t at = 0; at < size; ++at) {
          cut[at] ^= 0x10;
          REQUIRE(key.verify_truncated(message, cut, size).error() == ErrorCode::bad_tag);
          cut[at] ^= 0x10;
        }
      }
    }
  }
}

TEST_CASE("mac: a kernel that does not exist, or not on this CPU, is refused", "[mac]") {
  const Buffer secret = noise(32, 5);
  CHECK(MacKey::create(kHmacSha256, secret, "abacus").error().code == ErrorCode::kernel_unavailable);
  cpu::set_mask(cpu::Features());
  CHECK(MacKey::create(kHmacSha256, secret, "portable").ok());
  CHECK(MacKey::create(kHmacSha256, secret).ok());
  const auto name = kSha256.kernels().front().name;
  CHECK(MacKey::create(kHmacSha256, secret, name).ok() == (name == "portable"));
  cpu::clear_mask();
}

TEST_CASE("mac: a key moves, into an empty place and over another", "[mac]") {
  const Buffer message = noise(100, 6);
  MacKey first = key_of(kHmacSha512, noise(32, 7));
  const Buffer expected = mac_of(first, message);
  MacKey second = std::move(first);
  CHECK_BYTES(mac_of(second, message), expected);
  MacKey third = key_of(kHmacSha1, noise(32, 8));
  third = std::move(second);
  CHECK(&third.algorithm() == &kHmacSha512);
  CHECK_BYTES(mac_of(third, message), expected);
}

}  // namespace mac_test
