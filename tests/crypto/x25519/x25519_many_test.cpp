// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/x25519_many.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace x25519_many_test {
namespace {

struct Batch {
  std::vector<X25519PrivateKey> keys;
  std::vector<Buffer> peers;
  std::vector<Secret<32>> secrets;
  std::vector<X25519Agreement> agreements;

  Batch(std::size_t count, std::uint64_t seed) : secrets(count) {
    for (std::size_t i = 0; i < count; i++) {
      const Buffer scalar = noise(32, seed + 2 * i);
      keys.emplace_back(BytesOf<32>(scalar.data(), 32));
      peers.push_back(noise(32, seed + 2 * i + 1));
    }
    for (std::size_t i = 0; i < count; i++) {
      agreements.push_back({&keys[i], BytesOf<32>(peers[i].data(), 32), &secrets[i]});
    }
  }
  // Whether each result equals that of a separate call.
  bool right() {
    for (std::size_t i = 0; i < keys.size(); i++) {
      Secret<32> alone;
      const auto result = keys[i].agree(BytesOf<32>(peers[i].data(), 32), alone);
      if (result.ok() != agreements[i].result.ok() ||
          test::hex(alone.reveal()) != test::hex(secrets[i].reveal()) ||
          (!result.ok() && result.error() != agreements[i].result.error().code)) {
        return false;
      }
    }
    return true;
  }
};

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("X25519 side by side", x25519_many_kernels(), check);
}

}  // namespace

TEST_CASE("x25519: any number of agreements side by side give what each alone gives", "[x25519]") {
  on_every_row([](const X25519ManyKernel& row) {
    CHECK(row.lanes <= kMaxX25519Lanes);
    for (std::size_t count = 0; count <= 20; count++) {
      INFO(count << " agreements");
      Batch batch(count, 100 * count);
      REQUIRE(x25519_agree_many(batch.agreements, &row).ok());
      CHECK(batch.right());
    }
  });
  Batch batch(13, 7);
  REQUIRE(x25519_agree_many(batch.agreements).ok());
  CHECK(batch.right());
}

TEST_CASE("x25519: many random and awkward operands side by side", "[x25519]") {
  on_every_row([](const X25519ManyKernel& row) {
    for (std::uint64_t round = 0; round < 40; round++) {
      Batch batch(8, 1000 + 100 * round);
      // Runs of ones and zeros, numbers around p and 2^255.
      for (std::size_t i = 0; i < 8; i++) {
        Buffer& peer = batch.peers[i];
        const std::size_t ones = (7 * round + i) % 33;
        if (round % 2 == 0) {
          std::fill(peer.begin(), peer.begin() + static_cast<std::ptrdiff_t>(ones), std::uint8_t{0xff});
        } else if (i < 4) {
          std::fill(peer.begin(), peer.end(), std::uint8_t{0xff});
          peer[0] = static_cast<std::uint8_t>(0xe8 + round / 2 + i);
        }
      }
      REQUIRE(x25519_agree_many(batch.agreements, &row).ok());
      REQUIRE(batch.right());
    }
  });
}

TEST_CASE("E04 x25519: a point of small order in one lane is that lane's affair", "[x25519]") {
  on_every_row([](const X25519ManyKernel& row) {
    for (std::size_t bad = 0; bad < 8; bad++) {
      Batch batch(8, 55);
      std::fill(batch.peers[bad].begin(), batch.peers[bad].end(), std::uint8_t{0});
      batch.peers[bad][0] = bad % 2;
      REQUIRE(x25519_agree_many(batch.agreements, &row).ok());
      CHECK(batch.right());
      for (std::size_t i = 0; i < 8; i++) {
        CHECK(batch.agreements[i].result.ok() == (i != bad));
      }
      CHECK(batch.agreements[bad].result.error() == ErrorCode::all_zero_shared_secret);
    }
  });
}

TEST_CASE("x25519: any number of public keys side by side are those of each alone", "[x25519]") {
  on_every_row([](const X25519ManyKernel& row) {
    for (const X25519ManyKernel* const chosen : {&row, static_cast<const X25519ManyKernel*>(nullptr)}) {
      for (std::size_t count = 0; count <= 20; count++) {
        INFO(count << " keys");
        std::vector<X25519PrivateKey> keys;
        std::vector<Buffer> together(count, Buffer(32));
        for (std::size_t i = 0; i < count; i++) {
          Buffer scalar = noise(32, 100 * count + i);
          if (i % 4 == 1) {
            std::fill(scalar.begin() + static_cast<std::ptrdiff_t>(count), scalar.end(), std::uint8_t{0xff});
          } else if (i % 4 == 2) {
            std::fill(scalar.begin() + static_cast<std::ptrdiff_t>(count), scalar.end(), std::uint8_t{0});
          }
          keys.emplace_back(BytesOf<32>(scalar.data(), 32));
        }
        std::vector<X25519PublicKeyBytes> wanted;
        for (std::size_t i = 0; i < count; i++) {
          wanted.push_back({&keys[i], MutBytesOf<32>(together[i].data(), 32)});
        }
        REQUIRE(x25519_public_keys_many(wanted, chosen).ok());
        for (std::size_t i = 0; i < count; i++) {
          Buffer alone(32);
          keys[i].public_key(MutBytesOf<32>(alone.data(), 32));
          REQUIRE(together[i] == alone);
        }
      }
    }
  });
}

TEST_CASE("S02 x25519: a masked row of several agreements is refused", "[x25519]") {
  cpu::set_mask(cpu::Features());
  for (const X25519ManyKernel& row : x25519_many_kernels()) {
    Batch batch(3, 9);
    const auto result = x25519_agree_many(batch.agreements, &row);
    CHECK(result.ok() == (row.required.bits == 0));
    if (!result) {
      CHECK(result.error() == ErrorCode::kernel_unavailable);
      CHECK_BYTES(batch.secrets[0].reveal(), Buffer(32));
      Buffer bytes(32);
      const X25519PublicKeyBytes keys[] = {{&batch.keys[0], MutBytesOf<32>(bytes.data(), 32)}};
      CHECK(x25519_public_keys_many(keys, &row).error() == ErrorCode::kernel_unavailable);
    }
  }
  Batch batch(9, 10);
  CHECK(x25519_agree_many(batch.agreements).ok());
  cpu::clear_mask();
  CHECK(batch.right());
}

}  // namespace x25519_many_test
