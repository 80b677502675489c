// SPDX-License-Identifier: Apache-2.0
// Poly1305 with MULX, block by block: for short messages, beside vector ChaCha20.
#include "chacha20poly1305/poly1305_x86_bmi2.hpp"

#if ASHLAR_X86_KERNELS && defined(__x86_64__)

namespace ashlar::crypto::chacha {

void poly1305_blocks_bmi2(Poly1305State& state, const std::uint8_t* data, std::size_t blocks) {
  Multiplier64 multiplier = multiplier64(state);
  std::uint64_t h0 = state.h[0], h1 = state.h[1], h2 = state.h[2];
  for (; blocks != 0; --blocks, data += 16) {
    absorb_block(h0, h1, h2, multiplier, data);
  }
  state.h[0] = h0;
  state.h[1] = h1;
  state.h[2] = h2;
  wipe(&multiplier, sizeof multiplier);
  // Compilers copy pairs of words through vector registers.
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::chacha

#endif
