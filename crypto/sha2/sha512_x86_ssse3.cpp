// SPDX-License-Identifier: Apache-2.0
// SHA-512 compression with SSSE3, for CPUs without AVX2: the message schedule on xmm registers, the rounds on
// integer registers. Rotations need copies, which cores after Nehalem rename away. On Zen 5 a block takes 500
// cycles, 3.9 per byte: the schedule waits for its own words.
#define ASHLAR_PAIRS_TARGET "ssse3"
#include "sha2/sha2_rounds.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

struct Ssse3 : Pairs512<Ssse3>, Sigmas512<Ssse3> {
  using Round = BaselineRound;
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
