// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/gmac.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;

namespace gmac_test {
namespace {

AesGmacKey make_key(Bytes key, const GcmKernel* row) {
  auto made = AesGmacKey::create(key, row);
  REQUIRE(made.ok());
  return *std::move(made);
}

Buffer mac_of(const AesGmacKey& key, Bytes nonce, Bytes message) {
  std::uint8_t mac[16];
  REQUIRE(key.mac(nonce, message, mac).ok());
  return test::buffer_of(Bytes(mac));
}

BytesOf<16> code(const Buffer& mac) {
  return BytesOf<16>(mac.data(), 16);
}

// IEEE 802.1AE-2018 §C.1: packets that are authenticated only; and NIST's validation vectors of GCM without a
// plaintext (gcmEncryptExtIV128).
const char* const kPacket =
    "d609b1f056637a0d46df998d88e5222ab2c2846512153524c0895e8108000f10"
    "1112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f30313233340001";
struct Known {
  const char* key;
  const char* nonce;
  const char* message;
  const char* mac;
};
const Known kKnown[] = {
    {"ad7a2bd03eac835a6f620fdcb506b345", "12153524c0895e81b2c28465", kPacket,
     "f09478a9b09007d06f46e9b6a1da25dd"},
    {"e3c08a8f06c6e3ad95a70557b23f75483ce33021a9c72b7025666204c69c0b72", "12153524c0895e81b2c28465", kPacket,
     "2f0bc5af409e06d609ea8b7d0fa5ea50"},
    {"77be63708971c4e240d1cb79e8d77feb", "e0e00f19fed7ba0136a797f3", "7a43ec1d9c0a5a78a0b16533a6213cab",
     "209fcc8d3675ed938e9c7166709dd946"},
    {"11754cd72aec309bf52f7687212e8957", "3c819d9a9bed087615030b65", "", "250327c674aaf477aef2675748cf6971"},
};

const std::size_t kKeySizes[] = {16, 24, 32};

}  // namespace

TEST_CASE("gmac: published codes come out of every row", "[gmac]") {
  test::on_every_row("AES-GMAC", gcm_kernels(), [&](const GcmKernel& row) {
    for (const Known& known : kKnown) {
      INFO("mac " << known.mac);
      const AesGmacKey key = make_key(unhex(known.key), &row);
      const Buffer nonce = unhex(known.nonce);
      const Buffer message = unhex(known.message);
      CHECK_BYTES(mac_of(key, nonce, message), known.mac);
      CHECK(key.verify(nonce, message, code(unhex(known.mac))).ok());
    }
  });
}

TEST_CASE("gmac: S10 every row agrees with the portable one at every length to 1100 and in any pieces",
          "[gmac]") {
  const GcmKernel& portable = gcm_kernels().back();
  test::on_every_row("AES-GMAC against portable", gcm_kernels(), [&](const GcmKernel& row) {
    for (std::size_t size = 0; size <= 1100; ++size) {
      const Buffer secret = noise(kKeySizes[size % 3], size);
      const AesGmacKey key = make_key(secret, &row);
      const Buffer room = noise(size + size % 64, size + 3);
      const Bytes message = Bytes(room).subspan(size % 64);
      const Buffer nonce = noise(size % 5 == 0 ? 1 + size % 70 : 12, size);
      const Buffer expected = mac_of(make_key(secret, &portable), nonce, message);
      REQUIRE_BYTES(mac_of(key, nonce, message), expected);
      AesGmac running(key);
      std::uint8_t out[16];
      for (const std::size_t step : {1u, 5u, 16u, 17u, 64u, 333u}) {
        REQUIRE(running.start(nonce).ok());
        for (std::size_t at = 0; at < size; at += step) {
          running.update(message.subspan(at, step < size - at ? step : size - at));
        }
        REQUIRE(running.finish(out).ok());
        REQUIRE_BYTES(out, expected);
      }
      const Bytes parts[] = {message.first(size / 3), Bytes(), message.subspan(size / 3)};
      REQUIRE(key.mac(nonce, parts, out).ok());
      REQUIRE_BYTES(out, expected);
    }
  });
}

TEST_CASE("gmac: S10 rows agree around 4 KiB and 16 KiB", "[gmac]") {
  const AesGmacKey reference = make_key(noise(16), &gcm_kernels().back());
  test::on_every_row("AES-GMAC, long", gcm_kernels(), [&](const GcmKernel& row) {
    const AesGmacKey key = make_key(noise(16), &row);
    for (const std::size_t base : {std::size_t{4096}, std::size_t{16384}}) {
      for (std::size_t size = base - 3; size <= base + 300; size += 43) {
        const Buffer message = noise(size, 5);
        REQUIRE_BYTES(mac_of(key, noise(12), message), mac_of(reference, noise(12), message));
      }
    }
  });
}

TEST_CASE("gmac: S07 a flipped bit of nonce, message or code is refused by every row, at once and in pieces",
          "[gmac]") {
  test::on_every_row("AES-GMAC, flipped bits", gcm_kernels(), [&](const GcmKernel& row) {
    const AesGmacKey key = make_key(noise(32), &row);
    for (const std::size_t size : {0u, 1u, 16u, 45u, 300u}) {
      const Buffer nonce = noise(12, 10);
      const Buffer message = noise(size, 9);
      const Buffer mac = mac_of(key, nonce, message);
      AesGmac running(key);
      const auto verdict = [&](Bytes n, Bytes m, const Buffer& c) {
        const auto at_once = key.verify(n, m, code(c));
        REQUIRE(running.start(n).ok());
        running.update(m.first(m.size() / 2)).update(m.subspan(m.size() / 2));
        const auto in_pieces = running.verify(code(c));
        REQUIRE(at_once.ok() == in_pieces.ok());
        REQUIRE((at_once.ok() ||
                 (at_once.error() == ErrorCode::bad_tag && in_pieces.error() == ErrorCode::bad_tag)));
        return at_once.ok();
      };
      const auto refuse_each = [&](const Buffer& original, std::size_t step, auto check) {
        for (std::size_t bit = 0; bit < original.size() * 8; bit += step) {
          Buffer changed = original;
          changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
          REQUIRE(!check(changed));
        }
      };
      CHECK(verdict(nonce, message, mac));
      refuse_each(mac, 1, [&](const Buffer& c) { return verdict(nonce, message, c); });
      refuse_each(message, 7, [&](const Buffer& m) { return verdict(nonce, m, mac); });
      refuse_each(nonce, 3, [&](const Buffer& n) { return verdict(n, message, mac); });
    }
  });
}

TEST_CASE("gmac: a code in pieces needs a nonce for each message", "[gmac]") {
  const AesGmacKey key = make_key(noise(16), nullptr);
  const Buffer message = noise(50);
  AesGmac running(key);
  std::uint8_t mac[16] = {};
  CHECK(running.update(message).finish(mac).error() == ErrorCode::invalid_argument);
  CHECK(running.verify(mac).error() == ErrorCode::invalid_argument);
  CHECK(running.start({}).error() == ErrorCode::bad_nonce_size);
  CHECK(running.update(message).finish(mac).error() == ErrorCode::invalid_argument);
  REQUIRE(running.start(noise(12)).ok());
  running.update(noise(33));
  // Another start discards the earlier data.
  REQUIRE(running.start(noise(12)).ok());
  REQUIRE(running.update(message).finish(mac).ok());
  CHECK_BYTES(mac, mac_of(key, noise(12), message));
  CHECK(running.update(message).finish(mac).error() == ErrorCode::invalid_argument);
}

TEST_CASE("gmac: keys of 16, 24 and 32 bytes, rows of this CPU and nonces that are not empty", "[gmac]") {
  for (std::size_t size = 0; size <= 40; ++size) {
    CHECK(AesGmacKey::create(noise(size)).ok() == (size == 16 || size == 24 || size == 32));
  }
  const AesGmacKey key = make_key(noise(16), nullptr);
  std::uint8_t mac[16] = {};
  CHECK(key.mac({}, noise(5), mac).error() == ErrorCode::bad_nonce_size);
  CHECK(key.verify({}, noise(5), mac).error() == ErrorCode::bad_nonce_size);
  cpu::set_mask(cpu::Features());
  for (const GcmKernel& row : gcm_kernels()) {
    CHECK(AesGmacKey::create(noise(16), &row).ok() == (row.required.bits == 0));
  }
  cpu::clear_mask();
}

TEST_CASE("gmac: S05 a message of 2^61 bytes is refused, at once and in pieces, and such a nonce", "[gmac]") {
  if constexpr (sizeof(std::size_t) == 8) {
    const AesGmacKey key = make_key(noise(16), nullptr);
    // A message that is too long is not read.
    std::uint8_t byte = 0;
    const Bytes too_long(&byte, static_cast<std::size_t>(std::uint64_t{1} << 61));
    std::uint8_t mac[16] = {};
    CHECK(key.mac(noise(12), too_long, mac).error() == ErrorCode::message_too_long);
    const Bytes in_sum[] = {Bytes(&byte, 1), too_long.first(too_long.size() - 1)};
    CHECK(key.mac(noise(12), in_sum, mac).error() == ErrorCode::message_too_long);
    CHECK(key.verify(noise(12), in_sum, mac).error() == ErrorCode::message_too_long);
    CHECK(key.mac(too_long, noise(5), mac).error() == ErrorCode::bad_nonce_size);
    AesGmac running(key);
    CHECK(running.start(too_long).error() == ErrorCode::bad_nonce_size);
    REQUIRE(running.start(noise(12)).ok());
    CHECK(running.update(too_long).update(noise(3)).finish(mac).error() == ErrorCode::message_too_long);
    REQUIRE(running.start(noise(12)).ok());
    CHECK(running.update(noise(1)).update(too_long.first(too_long.size() - 1)).verify(mac).error() ==
          ErrorCode::message_too_long);
  }
}

TEST_CASE("gmac: S12 a computation leaves its hash and the message nowhere", "[gmac]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  test::on_every_row("AES-GMAC, dead stack", gcm_kernels(), [&](const GcmKernel& row) {
    const AesGmacKey key = make_key(noise(16), &row);
    const Buffer message = noise(45);
    const Buffer mac = mac_of(key, noise(12), message);
    const auto refused = [&] { (void)key.verify(noise(12), message, code(Buffer(16))); };
    CHECK(test::words_left_on_stack(mac, refused) == 0);
    const auto in_pieces = [&] {
      AesGmac running(key);
      (void)running.start(noise(12));
      (void)running.update(message).verify(code(Buffer(16)));
    };
    CHECK(test::words_left_on_stack(mac, in_pieces) == 0);
    CHECK(test::words_left_on_stack(Bytes(message).last(13), in_pieces) == 0);
  });
}

}  // namespace gmac_test
