// SPDX-License-Identifier: Apache-2.0
// Keccak-f[1600] on plain 64-bit words.
#include "sha3/keccak.hpp"

namespace ashlar::crypto::sha3 {

void permute_portable(std::uint64_t lanes[25]) {
  ASHLAR_KECCAK_PERMUTE(lanes);
}

}  // namespace ashlar::crypto::sha3
