// SPDX-License-Identifier: Apache-2.0
// AES-CBC encryption in pieces between the steps of a hash. The file that includes this defines
// ASHLAR_SHA_TARGET.
#pragma once

#include "aes/aesni.hpp"
#include "cbc_hmac/cbc_hmac_kernels.hpp"

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

  // The piece after step `step` of the hash, a constant.
  ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) void operator()(int step) {
    switch (step % Pieces) {
      case 0:
        return piece<0>();
      case 1:
        return piece<1>();
      case 2:
        return piece<2>();
      case 3:
        return piece<3>();
      default:
        return piece<Pieces - 1>();
    }
  }
};

// A hash Sha beside the chain: kPieces of its steps for each block of AES.
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
}

}  // namespace
}  // namespace ashlar::crypto::cbc_hmac

#endif
