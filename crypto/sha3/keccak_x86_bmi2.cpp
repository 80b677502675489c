// SPDX-License-Identifier: Apache-2.0
// Keccak-f[1600] with ANDN and RORX: chi's "not and" is one instruction, and rotations keep their source.
// So a round is about 150 instructions instead of 200. Bound: these, at most four per cycle in 24 rounds.
// That is 5.8 cycles per byte of SHA3-256, with the loads and stores of lanes that do not fit in
// registers.
#include "sha3/keccak.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha3 {

ASHLAR_TARGET("bmi,bmi2") void permute_bmi2(std::uint64_t lanes[25]) {
  ASHLAR_KECCAK_PERMUTE(lanes);
}

}  // namespace ashlar::crypto::sha3

#endif
