// SPDX-License-Identifier: Apache-2.0
// SHA-256 compression with AVX2 and BMI2, for CPUs without the SHA extensions.
//
// Four words of the schedule make a step, and the last two of them need the first two. So small sigma 1 is
// computed for two words at a time. Each is doubled into 64 bits, so that a 64-bit shift is a rotation of 32,
// and a byte shuffle puts the two results in place. That is 31 vector instructions for eight words. The
// chains of e and a bound a block at 4 and 5 cycles per round. The 25 instructions of a round take 5.5 on
// Zen 5: 5.5 cycles per byte, with the schedule 5.65.
#define ASHLAR_PAIRS_TARGET "avx2,bmi,bmi2"
#include "sha2/sha2_pairs.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

struct Avx2 : Pairs256<Avx2> {
  using Round = Bmi2Round;
};

ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void pairs(std::uint32_t* state, const std::uint8_t* data, std::size_t blocks) {
  compress_pairs<Avx2>(state, data, blocks);
  clear_vectors_avx();
}

}  // namespace

void compress_256_avx2(void* state, const std::uint8_t* data, std::size_t blocks) {
  compress_blocks<Avx2, pairs>(state, data, blocks);
}

}  // namespace ashlar::crypto::sha2

#endif
