// SPDX-License-Identifier: Apache-2.0
// What a call leaves in the vector registers.
#pragma once

#include <ashlar/crypto/cpu.hpp>

#include "cpu/mask.hpp"
#include "support/secrets.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace ashlar::test {

// The vector registers after call(), which starts with all of them zero, in the width that the CPU has.
template <class Call>
std::array<std::uint8_t, 32 * 64> vectors_after(Call call) {
  std::array<std::uint8_t, 32 * 64> left = {};
#if defined(__x86_64__)
// For each n of the first sixteen registers, or of the last sixteen.
#define ASHLAR_FIRST(code) ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n\t" code "\n\t.endr\n\t"
#define ASHLAR_LAST(code) ".irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n\t" code "\n\t.endr\n\t"
#define ASHLAR_TOUCHED                                                                                       \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", \
      "xmm13", "xmm14", "xmm15", "memory"
#define ASHLAR_SAVE(move) move "\\n, 64 * \\n(%0)"
  std::uint8_t* const to = left.data();
  if (cpu::unmasked_features().has(cpu::Feature::avx512f)) {
    __asm__ volatile("vzeroall\n\t" ASHLAR_LAST("vpxord %%zmm\\n, %%zmm\\n, %%zmm\\n") : : : ASHLAR_TOUCHED);
    call();
    __asm__ volatile(ASHLAR_FIRST(ASHLAR_SAVE("vmovdqu64 %%zmm")) ASHLAR_LAST(ASHLAR_SAVE("vmovdqu64 %%zmm"))
                     :
                     : "r"(to)
                     : "memory");
  } else if (cpu::unmasked_features().has(cpu::Feature::avx)) {
    __asm__ volatile("vzeroall" : : : ASHLAR_TOUCHED);
    call();
    __asm__ volatile(ASHLAR_FIRST(ASHLAR_SAVE("vmovdqu %%ymm")) : : "r"(to) : "memory");
  } else {
    __asm__ volatile(ASHLAR_FIRST("pxor %%xmm\\n, %%xmm\\n") : : : ASHLAR_TOUCHED);
    call();
    __asm__ volatile(ASHLAR_FIRST(ASHLAR_SAVE("movdqu %%xmm")) : : "r"(to) : "memory");
  }
#undef ASHLAR_FIRST
#undef ASHLAR_LAST
#undef ASHLAR_SAVE
#undef ASHLAR_TOUCHED
#else
  call();
#endif
  return left;
}

// Whether all of them are zero.
template <class Call>
bool clears_vectors(Call call) {
  const auto left = vectors_after(call);
  return std::all_of(left.begin(), left.end(), [](std::uint8_t byte) { return byte == 0; });
}

// How many 8-byte words of `secret` the call leaves in the registers.
template <class Call>
std::size_t words_left_in_vectors(Bytes secret, Call call) {
  const auto left = vectors_after(call);
  return words_found(secret, left);
}

}  // namespace ashlar::test
