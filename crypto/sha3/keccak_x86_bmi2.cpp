// SPDX-License-Identifier: Apache-2.0
// Keccak-f[1600] with ANDN and RORX: chi's "not and" is one instruction and rotations leave their source
// alone, so that a round is about 150 instructions instead of 200. Bound: those, at most four to a cycle on
// 24 rounds, 5.8 cycles per byte of SHA3-256 with the loads and stores of the lanes that no register is left
// for.
#include "sha3/keccak.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha3 {

ASHLAR_TARGET("bmi,bmi2") void permute_bmi2(std::uint64_t lanes[25]) {
  ASHLAR_KECCAK_PERMUTE(lanes);
}

}  // namespace ashlar::crypto::sha3

#endif
