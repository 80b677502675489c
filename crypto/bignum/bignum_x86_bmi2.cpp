// SPDX-License-Identifier: Apache-2.0
// Multi-precision arithmetic with MULX, which writes no carry, and one carry chain: for CPUs and virtual
// machines that have BMI2 and no ADX (Haswell; masked). A step (bignum_x86_rows.hpp) adds the products of the
// even limbs of a in one chain, low and high halves in turn, and those of the odd limbs in a second.
//
// Bound. 17 additions with carry for eight limbs, each waiting for the one before: two cycles a limb, unless
// the chains of neighbouring steps overlap, for which nothing stands in the way.
#include "bignum/bignum_x86_rows.hpp"

#ifdef ASHLAR_BIGNUM_X86

namespace ashlar::crypto::bignum {
namespace {

#define ASHLAR_STEP(add, offset, low, high)                        \
  "mulx " #offset "(%[a]), %[lo], %[hi]\n\t" add " %[lo], %[" #low \
  "]\n\t"                                                          \
  "adc %[hi], %[" #high "]\n\t"

struct Bmi2Row {
  ASHLAR_INLINE static void row(KernelLimb& t0, KernelLimb& t1, KernelLimb& t2, KernelLimb& t3,
                                KernelLimb& t4, KernelLimb& t5, KernelLimb& t6, KernelLimb& t7,
                                KernelLimb& t8, const KernelLimb* a, KernelLimb b) {
    KernelLimb lo, hi;
    __asm__("xor %k[t8], %k[t8]\n\t"  //
            ASHLAR_STEP("add", 0, t0, t1) ASHLAR_STEP("adc", 16, t2, t3) ASHLAR_STEP("adc", 32, t4, t5)
                ASHLAR_STEP("adc", 48, t6, t7)  //
            "adc $0, %[t8]\n\t"                 //
            ASHLAR_STEP("add", 8, t1, t2) ASHLAR_STEP("adc", 24, t3, t4) ASHLAR_STEP("adc", 40, t5, t6)
                ASHLAR_STEP("adc", 56, t7, t8)
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
              [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "=&r"(t8), [lo] "=&r"(lo), [hi] "=&r"(hi)
            : [a] "r"(a), "d"(b)
            : "cc", "memory");
  }
};

}  // namespace

ASHLAR_KERNEL void multiply_x86_bmi2(KernelLimb* product, const KernelLimb* a, const KernelLimb* b,
                                     std::size_t limbs) {
  multiply_rows<Bmi2Row>(product, a, b, limbs);
}

ASHLAR_KERNEL void square_x86_bmi2(KernelLimb* product, const KernelLimb* a, std::size_t limbs) {
  square_rows<Bmi2Row>(product, a, limbs);
}

ASHLAR_KERNEL void reduce_x86_bmi2(KernelLimb* result, KernelLimb* value, const KernelLimb* modulus,
                                   KernelLimb factor, std::size_t limbs) {
  reduce_rows<Bmi2Row>(result, value, modulus, factor, limbs);
}

}  // namespace ashlar::crypto::bignum

#endif
