// SPDX-License-Identifier: Apache-2.0
// Multi-precision arithmetic with the plain 64-bit multiplication, which every x86-64 has: its product lies
// in rdx and rax, and every addition writes the one carry there is. A step (bignum_x86_rows.hpp) takes the
// limbs in turn: the product is added to the limb of the sum first, which waits for nothing, and then what
// the limb below left over.
//
// Bound. Two cycles for each limb: what is left over passes an addition and an addition of a carry. In C++ it
// is three, since sums go through memory.
#include "bignum/bignum_x86_rows.hpp"

#ifdef ASHLAR_BIGNUM_X86

namespace ashlar::crypto::bignum {
namespace {

#define ASHLAR_STEP(offset, t) \
  "mov " #offset               \
  "(%[a]), %%rax\n\t"          \
  "mul %[b]\n\t"               \
  "add %%rax, %[" #t           \
  "]\n\t"                      \
  "adc $0, %%rdx\n\t"          \
  "add %[t8], %[" #t           \
  "]\n\t"                      \
  "adc $0, %%rdx\n\t"          \
  "mov %%rdx, %[t8]\n\t"

struct MulRow {
  ASHLAR_INLINE static void row(KernelLimb& t0, KernelLimb& t1, KernelLimb& t2, KernelLimb& t3,
                                KernelLimb& t4, KernelLimb& t5, KernelLimb& t6, KernelLimb& t7,
                                KernelLimb& t8, const KernelLimb* a, KernelLimb b) {
    // The first limb has nothing below it.
    __asm__(
        "mov (%[a]), %%rax\n\t"
        "mul %[b]\n\t"
        "add %%rax, %[t0]\n\t"
        "adc $0, %%rdx\n\t"
        "mov %%rdx, %[t8]\n\t"  //
        ASHLAR_STEP(8, t1) ASHLAR_STEP(16, t2) ASHLAR_STEP(24, t3) ASHLAR_STEP(32, t4) ASHLAR_STEP(40, t5)
            ASHLAR_STEP(48, t6) ASHLAR_STEP(56, t7)
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
          [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "=&r"(t8)
        : [a] "r"(a), [b] "r"(b)
        : "rax", "rdx", "cc", "memory");
  }
};

}  // namespace

ASHLAR_KERNEL void multiply_x86_mul(KernelLimb* product, const KernelLimb* a, const KernelLimb* b,
                                    std::size_t limbs) {
  multiply_rows<MulRow>(product, a, b, limbs);
}

ASHLAR_KERNEL void square_x86_mul(KernelLimb* product, const KernelLimb* a, std::size_t limbs) {
  square_rows<MulRow>(product, a, limbs);
}

ASHLAR_KERNEL void reduce_x86_mul(KernelLimb* result, KernelLimb* value, const KernelLimb* modulus,
                                  KernelLimb factor, std::size_t limbs) {
  reduce_rows<MulRow>(result, value, modulus, factor, limbs);
}

}  // namespace ashlar::crypto::bignum

#endif
