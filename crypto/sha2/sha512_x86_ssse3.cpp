// SPDX-License-Identifier: Apache-2.0
// SHA-512 compression with SSSE3, for CPUs without AVX2: the message schedule on xmm registers, the rounds on
// integer registers. Rotations need a copy each, which cores after Nehalem rename away.
#define ASHLAR_PAIRS_TARGET "ssse3"
#include "sha2/sha2_rounds.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

// The rotations of a Sigma one inside the other: each destroys its source, so separate ones need a copy each.
struct Ssse3 : Pairs512<Ssse3>, Sigmas512<Ssse3> {
  using Word = std::uint64_t;
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static Word big0(Word a) {
    return std::rotr(std::rotr(std::rotr(a, 5) ^ a, 6) ^ a, 28);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static Word big1(Word e) {
    return std::rotr(std::rotr(std::rotr(e, 23) ^ e, 4) ^ e, 14);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static Word ch(Word e, Word f, Word g) {
    Word chosen = (f ^ g) & e;
    keep(chosen);
    return chosen ^ g;
  }
};

ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void blocks_one_by_one(std::uint64_t* state, const std::uint8_t* data, std::size_t blocks) {
  Idle idle;
  for (; blocks != 0; --blocks, data += 128) {
    compress_one<Ssse3>(state, data, idle);
  }
  clear_vectors_sse();
}

}  // namespace

void compress_512_ssse3(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe_sse<kOneStack>(blocks_one_by_one, static_cast<std::uint64_t*>(state), data, blocks);
}

}  // namespace ashlar::crypto::sha2

#endif
