// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "sha3/keccak.hpp"
#include "support/bytes.hpp"

#include <array>

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::crypto::sha3;
using test::Buffer;
using test::noise;

namespace keccak_emulated_test {
namespace {

using Lanes = std::array<std::uint64_t, 25>;

// SHA3-512, SHA3-384, SHA3-256 and SHAKE256, SHA3-224, SHAKE128: lanes to a block.
constexpr std::size_t kRates[] = {9, 13, 17, 18, 21};

Lanes random_state(std::uint64_t seed) {
  Lanes state;
  std::memcpy(state.data(), noise(sizeof state, seed).data(), sizeof state);
  return state;
}

// Whole blocks, on the portable permutation.
void absorb_plainly(Lanes& state, Bytes data, std::size_t rate) {
  for (; !data.empty(); data = data.subspan(8 * rate)) {
    for (std::size_t i = 0; i < 8 * rate; ++i) {
      state[i / 8] ^= std::uint64_t{data[i]} << (8 * (i % 8));
    }
    permute_portable(state.data());
  }
}

}  // namespace

TEST_CASE("keccak: the AVX-512 permutation, emulated, agrees with the portable one", "[emulated]") {
  for (std::uint64_t seed = 0; seed <= 100; ++seed) {
    Lanes expected = seed == 0 ? Lanes{} : random_state(seed);
    Lanes state = expected;
    for (int times = 0; times < 3; ++times) {
      permute_portable(expected.data());
      permute_avx512(state.data());
      REQUIRE(state == expected);
    }
  }
}

TEST_CASE(
    "keccak: absorbing and finishing with AVX-512, emulated, agree with the portable permutation at every "
    "rate",
    "[emulated]") {
  for (const std::size_t rate : kRates) {
    INFO("rate of " << rate << " lanes");
    for (std::size_t blocks = 0; blocks <= 4; ++blocks) {
      // A buffer of exactly this size, so that the sanitiser sees a read past its end.
      const Buffer data = noise(8 * rate * blocks, blocks);
      Lanes expected = random_state(rate);
      Lanes state = expected;
      absorb_plainly(expected, data, rate);
      absorb_avx512(state.data(), data.data(), blocks, rate);
      REQUIRE(state == expected);
    }
    // As long as in SHA-3: half of the capacity.
    const std::size_t digest_size = (200 - 8 * rate) / 2;
    for (std::size_t size = 0; size <= 8 * rate * 3; ++size) {
      const Buffer data = noise(size, size);
      Buffer padded = data;
      padded.resize((size / (8 * rate) + 1) * 8 * rate);
      padded[size] ^= 0x06;
      padded.back() ^= 0x80;
      Lanes expected = random_state(rate);
      const Lanes state = expected;
      absorb_plainly(expected, padded, rate);
      Buffer digest(digest_size);
      finish_avx512(state.data(), data.data(), size, rate, digest.data(), digest_size);
      REQUIRE(std::memcmp(digest.data(), expected.data(), digest_size) == 0);
      REQUIRE(state == random_state(rate));
    }
  }
}

TEST_CASE(
    "keccak: eight and four messages side by side, emulated, agree with the portable permutation at every "
    "rate",
    "[emulated]") {
  const auto check = [](auto absorb, std::size_t count, std::size_t rate, std::size_t blocks) {
    alignas(64) std::uint64_t states[25 * 8];
    std::vector<Buffer> messages;
    std::vector<const std::uint8_t*> data;
    std::vector<Lanes> expected;
    for (std::size_t i = 0; i < count; ++i) {
      messages.push_back(noise(8 * rate * blocks, 10 * rate + i));
      expected.push_back(random_state(i));
      for (std::size_t lane = 0; lane < 25; ++lane) {
        states[count * lane + i] = expected[i][lane];
      }
      absorb_plainly(expected[i], messages[i], rate);
    }
    for (const Buffer& message : messages) {
      data.push_back(message.data());
    }
    absorb(states, data.data(), blocks, rate);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t lane = 0; lane < 25; ++lane) {
        REQUIRE(states[count * lane + i] == expected[i][lane]);
      }
    }
  };
  for (const std::size_t rate : kRates) {
    for (std::size_t blocks = 0; blocks <= 4; ++blocks) {
      INFO("rate of " << rate << " lanes, " << blocks << " blocks");
      check(absorb_avx512_8, 8, rate, blocks);
      check(absorb_avx512vl_4, 4, rate, blocks);
    }
  }
}

}  // namespace keccak_emulated_test
