// SPDX-License-Identifier: Apache-2.0
// SHA-512 compression with AVX2 and BMI2: all eight working variables in integer registers.
//
// rorx rotates without destroying its source or the flags, andn gives the half of Ch. The chain of e through
// a round is four cycles, 320 per block, 2.5 cycles per byte. The 23 operations of a round on integers take
// longer: Zen 5 starts six per cycle, three of them rotations, and in such a mixture 4.9. Alone they take 5.4
// cycles, 3.4 cycles per byte, with the schedule 3.5.
#define ASHLAR_PAIRS_TARGET "avx2,bmi,bmi2"
#include "sha2/sha2_pairs.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

struct Avx2 : Pairs512<Avx2>, Sigmas512<Avx2> {
  using Round = Bmi2Round;
};

ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void pairs(std::uint64_t* state, const std::uint8_t* data, std::size_t blocks) {
  compress_pairs<Avx2>(state, data, blocks);
  clear_vectors_avx();
}

}  // namespace

void compress_512_avx2(void* state, const std::uint8_t* data, std::size_t blocks) {
  compress_blocks<Avx2, pairs>(state, data, blocks);
}

}  // namespace ashlar::crypto::sha2

#endif
