// SPDX-License-Identifier: Apache-2.0
// Multi-precision arithmetic with one carry chain, based on bignum_x86_rows.hpp: two rows of the table, each
// with its own step.
#include "bignum/bignum_x86_rows.hpp"

#ifdef ASHLAR_BIGNUM_X86

namespace ashlar::crypto::bignum {
namespace {

// With MULX, which writes no carry: for CPUs and virtual machines with BMI2 but without ADX (Haswell, or
// masked). A step adds the products of the even limbs of a in one chain, low and high halves alternating, and
// those of the odd limbs in a second.
//
// Bound. 17 additions with carry for eight limbs, each waiting for the one before: two cycles a limb, unless
// the chains of neighbouring steps overlap, which they may.
#define ASHLAR_MULX_STEP(add, offset, low, high)                   \
  "mulx " #offset "(%[a]), %[lo], %[hi]\n\t" add " %[lo], %[" #low \
  "]\n\t"                                                          \
  "adc %[hi], %[" #high "]\n\t"

struct Bmi2Row {
  ASHLAR_INLINE static void row(KernelLimb& t0, KernelLimb& t1, KernelLimb& t2, KernelLimb& t3,
                                KernelLimb& t4, KernelLimb& t5, KernelLimb& t6, KernelLimb& t7,
                                KernelLimb& t8, const KernelLimb* a, KernelLimb b) {
    KernelLimb lo, hi;
    __asm__("xor %k[t8], %k[t8]\n\t"  //
            ASHLAR_MULX_STEP("add", 0, t0, t1) ASHLAR_MULX_STEP("adc", 16, t2, t3)
                ASHLAR_MULX_STEP("adc", 32, t4, t5) ASHLAR_MULX_STEP("adc", 48, t6, t7)  //
            "adc $0, %[t8]\n\t"                                                          //
            ASHLAR_MULX_STEP("add", 8, t1, t2) ASHLAR_MULX_STEP("adc", 24, t3, t4)
                ASHLAR_MULX_STEP("adc", 40, t5, t6) ASHLAR_MULX_STEP("adc", 56, t7, t8)
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
              [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "=&r"(t8), [lo] "=&r"(lo), [hi] "=&r"(hi)
            : [a] "r"(a), "d"(b)
            : "cc", "memory");
  }
};

// With the plain 64-bit multiplication, which every x86-64 has: its product is in rdx and rax, and every
// addition writes the single carry flag. A step takes the limbs in turn. It first adds the product to the
// limb of the sum, which waits for nothing, and then adds the rest from the limb below.
//
// Bound. Two cycles for each limb: the rest passes an addition and an addition of a carry. In C++ it is
// three, because sums go through memory.
#define ASHLAR_MUL_STEP(offset, t) \
  "mov " #offset                   \
  "(%[a]), %%rax\n\t"              \
  "mul %[b]\n\t"                   \
  "add %%rax, %[" #t               \
  "]\n\t"                          \
  "adc $0, %%rdx\n\t"              \
  "add %[t8], %[" #t               \
  "]\n\t"                          \
  "adc $0, %%rdx\n\t"              \
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
        ASHLAR_MUL_STEP(8, t1) ASHLAR_MUL_STEP(16, t2) ASHLAR_MUL_STEP(24, t3) ASHLAR_MUL_STEP(32, t4)
            ASHLAR_MUL_STEP(40, t5) ASHLAR_MUL_STEP(48, t6) ASHLAR_MUL_STEP(56, t7)
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
          [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "=&r"(t8)
        : [a] "r"(a), [b] "r"(b)
        : "rax", "rdx", "cc", "memory");
  }
};

}  // namespace

#define ASHLAR_BIGNUM_ROW(name, Row)                                                                     \
  ASHLAR_KERNEL void multiply_x86_##name(KernelLimb* product, const KernelLimb* a, const KernelLimb* b,  \
                                         std::size_t limbs) {                                            \
    multiply_rows<Row>(product, a, b, limbs);                                                            \
  }                                                                                                      \
  ASHLAR_KERNEL void square_x86_##name(KernelLimb* product, const KernelLimb* a, std::size_t limbs) {    \
    square_rows<Row>(product, a, limbs);                                                                 \
  }                                                                                                      \
  ASHLAR_KERNEL void reduce_x86_##name(KernelLimb* result, KernelLimb* value, const KernelLimb* modulus, \
                                       KernelLimb factor, std::size_t limbs) {                           \
    reduce_rows<Row>(result, value, modulus, factor, limbs);                                             \
  }
ASHLAR_BIGNUM_ROW(bmi2, Bmi2Row)
ASHLAR_BIGNUM_ROW(mul, MulRow)
#undef ASHLAR_BIGNUM_ROW

}  // namespace ashlar::crypto::bignum

#endif
