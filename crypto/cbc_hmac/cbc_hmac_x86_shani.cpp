// SPDX-License-Identifier: Apache-2.0
// AES-CBC encryption with the AES instructions between the steps of SHA-1 or SHA-256 with the SHA extensions.
//
// Both are chains of dependent instructions, on different units. A block of SHA-256 takes 32 sha256rnds2 of 4
// cycles. The four blocks of AES-128 beside it take 4 x 10 aesenc of 3 to 4 cycles. One after the other,
// their times add up. Interleaved, only the longer one counts: for 64 bytes 128 cycles of SHA-256 (2.0 cycles
// per byte) against 120 of AES-128 where an aesenc takes 3 cycles, and 160 (2.5) where it takes 4; AES-256
// 168 and 224. A CPU looks a few hundred instructions ahead, so the rounds need to be mixed only roughly: a
// few after each four rounds of the hash. Registers of SHA-256: two of state, two of the state before, four
// of message, one for message with constants, two for the AES block and its input; round keys come from
// memory.
#define ASHLAR_SHA_TARGET "aes,sha,ssse3,sse4.1"
#include "aes/aesni.hpp"
#include "cbc_hmac/cbc_hmac_kernels.hpp"
#include "sha1/sha1_shani.hpp"
#include "sha2/sha256_shani.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::cbc_hmac {
namespace {

using aes::load;
using aes::round_key;
using aes::store;

// A chain of blocks, each in `Pieces` pieces. The next text and the first round key are added to the last
// round key, so that the chain consists of rounds only.
template <int Rounds, int Pieces>
struct Chain {
  const std::uint8_t* keys;
  const std::uint8_t* in;
  const std::uint8_t* last;  // the last block of `in`
  std::uint8_t* out;
  __m128i block;

  template <int I>
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
  void piece() {
    constexpr int kFirst = I * Rounds / Pieces + 1;
    constexpr int kLast = (I + 1) * Rounds / Pieces;
    ASHLAR_UNROLL
    for (int r = kFirst; r <= kLast && r < Rounds; ++r) {
      block = _mm_aesenc_si128(block, round_key(keys, static_cast<std::uint32_t>(r)));
    }
    if constexpr (I == Pieces - 1) {
      // Nothing follows the last block, so it is read twice; its second use is removed below.
      in += in == last ? 0 : 16;
      const __m128i next = _mm_xor_si128(load(in), round_key(keys, 0));
      block = _mm_aesenclast_si128(block, _mm_xor_si128(next, round_key(keys, Rounds)));
      store(out, _mm_xor_si128(block, next));
      out += 16;
    }
  }
};

struct Sha1 {
  static constexpr int kPieces = 5;
  using State = sha1::State;
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) static State load(const void* memory) {
    return sha1::load_state(memory);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) static void store(void* memory, State s) {
    sha1::store_state(memory, s);
  }
  template <class Between>
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
  static void absorb(State& s, const std::uint8_t* data, Between& between) {
    sha1::absorb(s, sha1::load_block(data), between);
  }
};

struct Sha256 {
  static constexpr int kPieces = 4;
  using State = sha2::State;
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) static State load(const void* memory) {
    return sha2::load_state(memory);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) static void store(void* memory, State s) {
    sha2::store_state(memory, s);
  }
  template <class Between>
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
  static void absorb(State& s, const std::uint8_t* data, Between& between) {
    sha2::absorb(s, sha2::load_block(data), between);
  }
};

template <class Sha, int Rounds>
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void pass_rounds(void* state, const std::uint8_t* hashed, const AesSchedule& schedule, std::uint8_t* iv,
                 const std::uint8_t* in, std::uint8_t* out, std::size_t units) {
  if (units == 0) {
    return;
  }
  typename Sha::State s = Sha::load(state);
  const std::uint8_t* const keys = schedule.round_keys;
  Chain<Rounds, Sha::kPieces> chain = {keys, in, in + 64 * units - 16, out,
                                       _mm_xor_si128(load(iv), _mm_xor_si128(load(in), round_key(keys, 0)))};
  for (; units != 0; --units, hashed += 64) {
    Sha::absorb(s, hashed, chain);
  }
  Sha::store(state, s);
  store(iv, load(chain.out - 16));
}

template <class Sha>
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void pass(void* state, const std::uint8_t* hashed, const AesSchedule& schedule, std::uint8_t* iv,
          const std::uint8_t* in, std::uint8_t* out, std::size_t units) {
  if (schedule.rounds == 10) {
    pass_rounds<Sha, 10>(state, hashed, schedule, iv, in, out, units);
  } else if (schedule.rounds == 12) {
    pass_rounds<Sha, 12>(state, hashed, schedule, iv, in, out, units);
  } else {
    pass_rounds<Sha, 14>(state, hashed, schedule, iv, in, out, units);
  }
  clear_vectors_sse();
}

}  // namespace

// Aligned to a cache line. At sixteen bytes behind one, where linking other code may place it, the pass of
// SHA-1 took 9 % more cycles.
[[gnu::aligned(64)]] ASHLAR_TARGET(ASHLAR_SHA_TARGET) void pass_sha1_shani(
    void* state, const std::uint8_t* hashed, const AesSchedule& schedule, std::uint8_t iv[16],
    const std::uint8_t* in, std::uint8_t* out, std::size_t units) {
  pass<Sha1>(state, hashed, schedule, iv, in, out, units);
}

[[gnu::aligned(64)]] ASHLAR_TARGET(ASHLAR_SHA_TARGET) void pass_sha256_shani(
    void* state, const std::uint8_t* hashed, const AesSchedule& schedule, std::uint8_t iv[16],
    const std::uint8_t* in, std::uint8_t* out, std::size_t units) {
  pass<Sha256>(state, hashed, schedule, iv, in, out, units);
}

}  // namespace ashlar::crypto::cbc_hmac

#endif
