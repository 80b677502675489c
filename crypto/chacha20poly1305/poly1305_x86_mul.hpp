// SPDX-License-Identifier: Apache-2.0
// One block of Poly1305 with MUL, for CPUs without BMI2: as poly1305_x86_bmi2.hpp, with the products in rdx
// and rax.
#pragma once

#include "chacha20poly1305/poly1305_x86_bmi2.hpp"

#if ASHLAR_X86_KERNELS && defined(__x86_64__)

namespace ashlar::crypto::chacha {

#if defined(__OPTIMIZE__)
#define ASHLAR_BLOCK_READ , "m"(*reinterpret_cast<const std::uint8_t(*)[16]>(data))
#define ASHLAR_BLOCK_CLOBBER
#else
#define ASHLAR_BLOCK_READ
#define ASHLAR_BLOCK_CLOBBER , "memory"
#endif

__attribute__((always_inline)) inline void absorb_block_mul(std::uint64_t& h0, std::uint64_t& h1,
                                                            std::uint64_t& h2, MultiplierInMemory m,
                                                            const std::uint8_t* data) {
  std::uint64_t t0, t1, t2, t3;
  __asm__(
      "addq (%[data]), %[h0]\n\t"
      "adcq 8(%[data]), %[h1]\n\t"
      "adcq $1, %[h2]\n\t"
      "movq %[r0], %%rax\n\t"
      "mulq %[h0]\n\t"
      "movq %%rax, %[t0]\n\t"
      "movq %%rdx, %[t1]\n\t"
      "movq %[r1], %%rax\n\t"
      "mulq %[h0]\n\t"
      "movq %%rax, %[t2]\n\t"
      "movq %%rdx, %[t3]\n\t"
      "movq %[s1], %%rax\n\t"
      "mulq %[h1]\n\t"
      "addq %%rax, %[t0]\n\t"
      "adcq %%rdx, %[t1]\n\t"
      "movq %[r0], %%rax\n\t"
      "mulq %[h1]\n\t"
      "addq %%rax, %[t2]\n\t"
      "adcq %%rdx, %[t3]\n\t"
      "movq %[s1], %%rax\n\t"
      "imulq %[h2], %%rax\n\t"
      "imulq %[r0], %[h2]\n\t"
      "addq %%rax, %[t2]\n\t"
      "adcq $0, %[t3]\n\t"
      "addq %[t1], %[t2]\n\t"
      "adcq %[t3], %[h2]\n\t"
      // The part at 2^130 and above comes back times 5: (h2 >> 2) + (h2 & ~3).
      "movq %[h2], %%rax\n\t"
      "movq %[h2], %%rdx\n\t"
      "shrq $2, %%rax\n\t"
      "andq $-4, %%rdx\n\t"
      "andq $3, %[h2]\n\t"
      "addq %%rdx, %%rax\n\t"
      "movq %[t0], %[h0]\n\t"
      "movq %[t2], %[h1]\n\t"
      "addq %%rax, %[h0]\n\t"
      "adcq $0, %[h1]\n\t"
      "adcq $0, %[h2]\n\t"
      : [h0] "+&r"(h0), [h1] "+&r"(h1), [h2] "+&r"(h2), [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2),
        [t3] "=&r"(t3)
      : [r0] "m"(m.r0), [r1] "m"(m.r1), [s1] "m"(m.s1), [data] "r"(data)ASHLAR_BLOCK_READ
      : "rax", "rdx", "cc" ASHLAR_BLOCK_CLOBBER);
}
#undef ASHLAR_BLOCK_READ
#undef ASHLAR_BLOCK_CLOBBER

}  // namespace ashlar::crypto::chacha

#endif
