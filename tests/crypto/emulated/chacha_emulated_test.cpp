// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "chacha20poly1305/chacha_kernels.hpp"
#include "cpu/forget.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::crypto::chacha;
using test::Buffer;
using test::noise;

// Registers are plain arrays here and need no clearing.
void ashlar::crypto::forget_vectors() {}

namespace {

// h modulo 2^130 - 5, fully reduced.
void reduce(Poly1305State& state) {
  for (int i = 0; i < 2; ++i) {
    unsigned __int128 t = (unsigned __int128){state.h[0]} + (state.h[2] >> 2) * 5;
    state.h[2] &= 3;
    state.h[0] = static_cast<std::uint64_t>(t);
    t = (t >> 64) + state.h[1];
    state.h[1] = static_cast<std::uint64_t>(t);
    state.h[2] += static_cast<std::uint64_t>(t >> 64);
  }
  if (state.h[2] == 3 && state.h[1] == ~std::uint64_t{0} && state.h[0] >= ~std::uint64_t{4}) {
    state = {{state.h[0] + 5, 0, 0}, {state.r[0], state.r[1]}};
  }
}

}  // namespace

TEST_CASE("chacha20: the AVX-512 kernel, emulated, agrees with the portable one at every length to 2100",
          "[emulated]") {
  const Buffer random = noise(44, 1);
  std::uint32_t key[8];
  std::memcpy(key, random.data(), sizeof key);
  const std::uint8_t* const nonce = random.data() + sizeof key;
  const Buffer in = noise(2100);
  Buffer expected(2100), out(2100);
  for (std::size_t size = 0; size <= in.size(); ++size) {
    xor_stream_portable(key, nonce, 0xfffffff0, in.data(), expected.data(), size);
    xor_stream_avx512(key, nonce, 0xfffffff0, in.data(), out.data(), size);
    REQUIRE(equal_public(Bytes(out).first(size), Bytes(expected).first(size)));
  }
}

TEST_CASE(
    "chacha20-poly1305: the AVX-512 kernel, emulated, agrees with the portable one at every length to 3300",
    "[emulated]") {
  const Buffer random = noise(44, 1);
  std::uint32_t key[8];
  std::memcpy(key, random.data(), sizeof key);
  const std::uint8_t* const nonce = random.data() + sizeof key;
  const Buffer in = noise(3300);
  Buffer expected(3300), out(3300);
  for (std::size_t size = 0; size <= in.size(); size += size < 1100 ? 1 : 3) {
    std::uint8_t poly_key[32];
    const std::size_t done = start_avx512(key, nonce, in.data(), out.data(), size, poly_key);
    REQUIRE(done <= ChaChaKernel::kMaxStart);
    xor_stream_portable(key, nonce, 1, in.data(), expected.data(), size);
    Buffer key_stream(32);
    xor_stream_portable(key, nonce, 0, key_stream.data(), key_stream.data(), 32);
    REQUIRE(equal_public(Bytes(poly_key), key_stream));
    if (done < size) {
      Poly1305State a{{1, 2, 3}, {0x0ffffffc0fffffff, 0x0ffffffc0ffffffc}};
      Poly1305State b = a;
      crypt_avx512(key, nonce, static_cast<std::uint32_t>(1 + done / 64), in.data() + done, out.data() + done,
                   size - done, true, a, done / 16);
      poly1305_blocks_portable(b, out.data(), size / 16);
      reduce(a);
      reduce(b);
      REQUIRE(std::memcmp(a.h, b.h, sizeof a.h) == 0);
    }
    REQUIRE(equal_public(Bytes(out).first(size), Bytes(expected).first(size)));
  }
}

TEST_CASE("poly1305: the IFMA kernel, emulated, agrees with the portable one, saturated limbs included",
          "[emulated]") {
  std::mt19937_64 engine(2);
  for (std::size_t blocks = 0; blocks <= 200; ++blocks) {
    for (const bool saturated : {false, true}) {
      const Buffer data = saturated ? Buffer(16 * blocks, 0xff) : noise(16 * blocks, blocks);
      Poly1305State a{{engine(), engine(), engine() & 3},
                      {engine() & 0x0ffffffc0fffffff, engine() & 0x0ffffffc0ffffffc}};
      if (saturated) {
        a = {{~std::uint64_t{0}, ~std::uint64_t{0}, 3}, {0x0ffffffc0fffffff, 0x0ffffffc0ffffffc}};
      }
      Poly1305State b = a;
      poly1305_blocks_portable(a, data.data(), blocks);
      poly1305_blocks_ifma(b, data.data(), blocks);
      reduce(a);
      reduce(b);
      REQUIRE(std::memcmp(a.h, b.h, sizeof a.h) == 0);
    }
  }
}
