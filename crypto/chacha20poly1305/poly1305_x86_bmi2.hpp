// SPDX-License-Identifier: Apache-2.0
// One block of Poly1305 with MULX, as straight-line assembly that a vector kernel can place between its own
// instructions: the scalar ports are idle there.
//
// h is two words and a few bits, r is two words. Clamping (RFC 8439 §2.5) clears the low two bits of r1, so
// r1 * 2^128 = (5/4) r1 mod p is the whole number s1 = r1 + (r1 >> 2). A block is four wide and two narrow
// products; from h to h it takes about 16 cycles. It is assembly because g++ keeps each carry in a separate
// register, which doubles the time.
#pragma once

#include "chacha20poly1305/chacha_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::chacha {

struct Multiplier64 {
  std::uint64_t r0, r1, s1;
};

inline Multiplier64 multiplier64(const Poly1305State& state) {
  return {state.r[0], state.r[1], state.r[1] + (state.r[1] >> 2)};
}

#if defined(__x86_64__)
// Without optimisation each operand behind a reference or pointer needs a register for its address, and there
// are not enough. A copy on the stack needs none, and "memory" stands for the block.
#if defined(__OPTIMIZE__)
using MultiplierInMemory = const Multiplier64&;
#define ASHLAR_BLOCK_READ , "m"(*reinterpret_cast<const std::uint8_t(*)[16]>(data))
#define ASHLAR_BLOCK_CLOBBER
#else
using MultiplierInMemory = Multiplier64;
#define ASHLAR_BLOCK_READ
#define ASHLAR_BLOCK_CLOBBER , "memory"
#endif

__attribute__((always_inline)) inline void absorb_block(std::uint64_t& h0, std::uint64_t& h1,
                                                        std::uint64_t& h2, MultiplierInMemory m,
                                                        const std::uint8_t* data) {
  std::uint64_t t0, t1, t2, t3, t4, t5;
  __asm__(
      "addq (%[data]), %[h0]\n\t"
      "adcq 8(%[data]), %[h1]\n\t"
      "adcq $1, %[h2]\n\t"
      "movq %[h0], %%rdx\n\t"
      "mulxq %[r0], %[t0], %[t1]\n\t"
      "mulxq %[r1], %[t2], %[t3]\n\t"
      "movq %[h1], %%rdx\n\t"
      "mulxq %[s1], %[t4], %[t5]\n\t"
      "addq %[t4], %[t0]\n\t"
      "adcq %[t5], %[t1]\n\t"
      "mulxq %[r0], %[t4], %[t5]\n\t"
      "addq %[t4], %[t2]\n\t"
      "adcq %[t5], %[t3]\n\t"
      "movq %[s1], %[t4]\n\t"
      "imulq %[h2], %[t4]\n\t"
      "imulq %[r0], %[h2]\n\t"
      "addq %[t4], %[t2]\n\t"
      "adcq $0, %[t3]\n\t"
      "addq %[t1], %[t2]\n\t"
      "adcq %[t3], %[h2]\n\t"
      // The part at 2^130 and above comes back times 5: (h2 >> 2) + (h2 & ~3).
      "movq %[h2], %[t4]\n\t"
      "movq %[h2], %[t5]\n\t"
      "shrq $2, %[t4]\n\t"
      "andq $-4, %[t5]\n\t"
      "andq $3, %[h2]\n\t"
      "addq %[t5], %[t4]\n\t"
      "movq %[t0], %[h0]\n\t"
      "movq %[t2], %[h1]\n\t"
      "addq %[t4], %[h0]\n\t"
      "adcq $0, %[h1]\n\t"
      "adcq $0, %[h2]\n\t"
      : [h0] "+&r"(h0), [h1] "+&r"(h1), [h2] "+&r"(h2), [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2),
        [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5)
      : [r0] "m"(m.r0), [r1] "m"(m.r1), [s1] "m"(m.s1), [data] "r"(data)ASHLAR_BLOCK_READ
      : "rdx", "cc" ASHLAR_BLOCK_CLOBBER);
}
#undef ASHLAR_BLOCK_READ
#undef ASHLAR_BLOCK_CLOBBER

// The work between a vector kernel's quarter rounds: nothing, or Poly1305.
struct Nothing {
  __attribute__((always_inline)) inline void operator()() {}
};
struct Absorb {
  std::uint64_t h0, h1, h2;
  Multiplier64 multiplier;
  const std::uint8_t* data;  // the next block
  std::size_t left;          // blocks that may be absorbed already
  __attribute__((always_inline)) inline void operator()() {
    if (left != 0) {
      --left;
      absorb_block(h0, h1, h2, multiplier, data);
      data += 16;
    }
  }
};
#endif

}  // namespace ashlar::crypto::chacha

#endif
