// SPDX-License-Identifier: Apache-2.0
// SHA-512 compression with AVX2 and BMI2: all eight working variables in integer registers.
//
// rorx rotates without destroying its source or the flags, andn gives the half of Ch. The chain of e through
// a round is four cycles where the three rotations of Sigma1 find two ports free, 320 per block, 2.5 cycles
// per byte; the 25 instructions of a round on five ports take as long and contend with the schedule.
#define ASHLAR_PAIRS_TARGET "avx2,bmi,bmi2"
#include "sha2/sha2_pairs.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

struct Avx2 : Pairs512<Avx2>, Sigmas512<Avx2> {
  using Word = std::uint64_t;
};

ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void pairs(std::uint64_t* state, const std::uint8_t* data, std::size_t blocks) {
  compress_pairs<Avx2>(state, data, blocks);
  clear_vectors_avx();
}
ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void one(std::uint64_t* state, const std::uint8_t* data) {
  Idle idle;
  compress_one<Avx2>(state, data, idle);
  clear_vectors_avx();
}

}  // namespace

void compress_512_avx2(void* state, const std::uint8_t* data, std::size_t blocks) {
  compress_blocks<Avx2, pairs, one>(state, data, blocks);
}

}  // namespace ashlar::crypto::sha2

#endif
