// SPDX-License-Identifier: Apache-2.0
// Poly1305 with AVX-512 IFMA, without a cipher beside it.
#include "chacha20poly1305/poly1305_x86_ifma.hpp"
#include "cpu/dead_stack.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::chacha {
namespace {

// Below this many blocks the powers cost more than the lanes gain.
constexpr std::size_t kMinBlocks = 16;
// From this many groups on, steps of four are worth their powers.
constexpr std::size_t kMinStepGroups = 8;

// The most stack that absorb takes. It spills powers of r.
template <bool kSteps>
constexpr std::size_t kStack = kSteps ? 1536 : 1024;

template <bool kSteps>
ASHLAR_TARGET(ASHLAR_IFMA)
void absorb(Poly1305State& state, const std::uint8_t* data, std::size_t first, std::size_t groups) {
  WidePowers powers;
  prepare_wide<kSteps>(powers, state);
  Lanes h = begin_wide(state, data, first);
  absorb_wide<kSteps>(powers, h, data + 16 * first, groups);
  finish_wide(powers, h, state);
  clear_vectors_avx512();
}

}  // namespace

void poly1305_blocks_ifma(Poly1305State& state, const std::uint8_t* data, std::size_t blocks) {
  if (blocks < kMinBlocks) {
    poly1305_blocks_bmi2(state, data, blocks);
    return;
  }
  const std::size_t first = (blocks - 1) % 8 + 1;
  const std::size_t groups = (blocks - first) / 8;
  if (groups >= kMinStepGroups) {
    call_and_wipe_avx<kStack<true>>(absorb<true>, state, data, first, groups);
  } else {
    call_and_wipe_avx<kStack<false>>(absorb<false>, state, data, first, groups);
  }
}

}  // namespace ashlar::crypto::chacha

#endif
