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
  // Row i has the products of limb i and starts at limb 2 i + 1 of the result. Two limbs are final after
  // each.
  ASHLAR_INLINE static void triangle(KernelLimb* out, const KernelLimb* a) {
    KernelLimb t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, lo, hi;
    // clang-format off
    __asm__("mulx 8(%[a]), %[t1], %[t2]\n\t"
            "mulx 24(%[a]), %[t3], %[t4]\n\t"
            "mulx 40(%[a]), %[t5], %[t6]\n\t"
            "mulx 56(%[a]), %[t7], %[t8]\n\t"
            ASHLAR_MULX_STEP("add", 16, t2, t3)
            ASHLAR_MULX_STEP("adc", 32, t4, t5)
            ASHLAR_MULX_STEP("adc", 48, t6, t7)
            "adc $0, %[t8]"
            : [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5), [t6] "=&r"(t6),
              [t7] "=&r"(t7), [t8] "=&r"(t8), [lo] "=&r"(lo), [hi] "=&r"(hi)
            : [a] "r"(a), "d"(a[0])
            : "cc", "memory");
    out[0] = 0, out[1] = t1, out[2] = t2;
    __asm__("xor %k[t9], %k[t9]\n\t"
            ASHLAR_MULX_STEP("add", 16, t3, t4)
            ASHLAR_MULX_STEP("adc", 32, t5, t6)
            ASHLAR_MULX_STEP("adc", 48, t7, t8)
            "adc $0, %[t9]\n\t"
            ASHLAR_MULX_STEP("add", 24, t4, t5)
            ASHLAR_MULX_STEP("adc", 40, t6, t7)
            ASHLAR_MULX_STEP("adc", 56, t8, t9)
            : [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5), [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "+&r"(t8), [t9] "=&r"(t9),
              [lo] "=&r"(lo), [hi] "=&r"(hi)
            : [a] "r"(a), "d"(a[1])
            : "cc", "memory");
    out[3] = t3, out[4] = t4;
    __asm__("xor %k[t10], %k[t10]\n\t"
            ASHLAR_MULX_STEP("add", 24, t5, t6)
            ASHLAR_MULX_STEP("adc", 40, t7, t8)
            ASHLAR_MULX_STEP("adc", 56, t9, t10)
            ASHLAR_MULX_STEP("add", 32, t6, t7)
            ASHLAR_MULX_STEP("adc", 48, t8, t9)
            "adc $0, %[t10]"
            : [t5] "+&r"(t5), [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "+&r"(t8), [t9] "+&r"(t9), [t10] "=&r"(t10),
              [lo] "=&r"(lo), [hi] "=&r"(hi)
            : [a] "r"(a), "d"(a[2])
            : "cc", "memory");
    out[5] = t5, out[6] = t6;
    __asm__("xor %k[t11], %k[t11]\n\t"
            ASHLAR_MULX_STEP("add", 32, t7, t8)
            ASHLAR_MULX_STEP("adc", 48, t9, t10)
            "adc $0, %[t11]\n\t"
            ASHLAR_MULX_STEP("add", 40, t8, t9)
            ASHLAR_MULX_STEP("adc", 56, t10, t11)
            : [t7] "+&r"(t7), [t8] "+&r"(t8), [t9] "+&r"(t9), [t10] "+&r"(t10), [t11] "=&r"(t11),
              [lo] "=&r"(lo), [hi] "=&r"(hi)
            : [a] "r"(a), "d"(a[3])
            : "cc", "memory");
    out[7] = t7, out[8] = t8;
    __asm__("xor %k[t12], %k[t12]\n\t"
            ASHLAR_MULX_STEP("add", 40, t9, t10)
            ASHLAR_MULX_STEP("adc", 56, t11, t12)
            ASHLAR_MULX_STEP("add", 48, t10, t11)
            "adc $0, %[t12]"
            : [t9] "+&r"(t9), [t10] "+&r"(t10), [t11] "+&r"(t11), [t12] "=&r"(t12),
              [lo] "=&r"(lo), [hi] "=&r"(hi)
            : [a] "r"(a), "d"(a[4])
            : "cc", "memory");
    out[9] = t9, out[10] = t10;
    __asm__("xor %k[t13], %k[t13]\n\t"
            ASHLAR_MULX_STEP("add", 48, t11, t12)
            "adc $0, %[t13]\n\t"
            ASHLAR_MULX_STEP("add", 56, t12, t13)
            : [t11] "+&r"(t11), [t12] "+&r"(t12), [t13] "=&r"(t13),
              [lo] "=&r"(lo), [hi] "=&r"(hi)
            : [a] "r"(a), "d"(a[5])
            : "cc", "memory");
    out[11] = t11, out[12] = t12;
    __asm__("mulx 56(%[a]), %[lo], %[t14]\n\t"
            "add %[lo], %[t13]\n\t"
            "adc $0, %[t14]"
            : [t13] "+&r"(t13), [t14] "=&r"(t14), [lo] "=&r"(lo)
            : [a] "r"(a), "d"(a[6])
            : "cc", "memory");
    // clang-format on
    out[13] = t13, out[14] = t14, out[15] = 0;
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
  "add %[rest], %[" #t             \
  "]\n\t"                          \
  "adc $0, %%rdx\n\t"              \
  "mov %%rdx, %[rest]\n\t"
// The first limb has nothing below it.
#define ASHLAR_MUL_FIRST(offset, t) \
  "mov " #offset                    \
  "(%[a]), %%rax\n\t"               \
  "mul %[b]\n\t"                    \
  "add %%rax, %[" #t                \
  "]\n\t"                           \
  "adc $0, %%rdx\n\t"               \
  "mov %%rdx, %[rest]\n\t"

struct MulRow {
  ASHLAR_INLINE static void row(KernelLimb& t0, KernelLimb& t1, KernelLimb& t2, KernelLimb& t3,
                                KernelLimb& t4, KernelLimb& t5, KernelLimb& t6, KernelLimb& t7,
                                KernelLimb& t8, const KernelLimb* a, KernelLimb b) {
    __asm__(ASHLAR_MUL_FIRST(0, t0) ASHLAR_MUL_STEP(8, t1) ASHLAR_MUL_STEP(16, t2) ASHLAR_MUL_STEP(24, t3)
                ASHLAR_MUL_STEP(32, t4) ASHLAR_MUL_STEP(40, t5) ASHLAR_MUL_STEP(48, t6)
                    ASHLAR_MUL_STEP(56, t7)
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
              [t6] "+&r"(t6), [t7] "+&r"(t7), [rest] "=&r"(t8)
            : [a] "r"(a), [b] "r"(b)
            : "rax", "rdx", "cc", "memory");
  }
  // Row i has the products of limb i and starts at limb 2 i + 1 of the result. Two limbs are final after
  // each.
  ASHLAR_INLINE static void triangle(KernelLimb* out, const KernelLimb* a) {
    KernelLimb u1 = 0, u2 = 0, u3 = 0, u4 = 0, u5 = 0, u6 = 0, u7 = 0, u8, u9, u10, u11, u12, u13, u14;
    // clang-format off
    __asm__(ASHLAR_MUL_FIRST(8, t1)
            ASHLAR_MUL_STEP(16, t2)
            ASHLAR_MUL_STEP(24, t3)
            ASHLAR_MUL_STEP(32, t4)
            ASHLAR_MUL_STEP(40, t5)
            ASHLAR_MUL_STEP(48, t6)
            ASHLAR_MUL_STEP(56, t7)
            : [t1] "+&r"(u1), [t2] "+&r"(u2), [t3] "+&r"(u3), [t4] "+&r"(u4), [t5] "+&r"(u5), [t6] "+&r"(u6), [t7] "+&r"(u7), [rest] "=&r"(u8)
            : [a] "r"(a), [b] "r"(a[0])
            : "rax", "rdx", "cc", "memory");
    out[0] = 0, out[1] = u1, out[2] = u2;
    __asm__(ASHLAR_MUL_FIRST(16, t3)
            ASHLAR_MUL_STEP(24, t4)
            ASHLAR_MUL_STEP(32, t5)
            ASHLAR_MUL_STEP(40, t6)
            ASHLAR_MUL_STEP(48, t7)
            ASHLAR_MUL_STEP(56, t8)
            : [t3] "+&r"(u3), [t4] "+&r"(u4), [t5] "+&r"(u5), [t6] "+&r"(u6), [t7] "+&r"(u7), [t8] "+&r"(u8), [rest] "=&r"(u9)
            : [a] "r"(a), [b] "r"(a[1])
            : "rax", "rdx", "cc", "memory");
    out[3] = u3, out[4] = u4;
    __asm__(ASHLAR_MUL_FIRST(24, t5)
            ASHLAR_MUL_STEP(32, t6)
            ASHLAR_MUL_STEP(40, t7)
            ASHLAR_MUL_STEP(48, t8)
            ASHLAR_MUL_STEP(56, t9)
            : [t5] "+&r"(u5), [t6] "+&r"(u6), [t7] "+&r"(u7), [t8] "+&r"(u8), [t9] "+&r"(u9), [rest] "=&r"(u10)
            : [a] "r"(a), [b] "r"(a[2])
            : "rax", "rdx", "cc", "memory");
    out[5] = u5, out[6] = u6;
    __asm__(ASHLAR_MUL_FIRST(32, t7)
            ASHLAR_MUL_STEP(40, t8)
            ASHLAR_MUL_STEP(48, t9)
            ASHLAR_MUL_STEP(56, t10)
            : [t7] "+&r"(u7), [t8] "+&r"(u8), [t9] "+&r"(u9), [t10] "+&r"(u10), [rest] "=&r"(u11)
            : [a] "r"(a), [b] "r"(a[3])
            : "rax", "rdx", "cc", "memory");
    out[7] = u7, out[8] = u8;
    __asm__(ASHLAR_MUL_FIRST(40, t9)
            ASHLAR_MUL_STEP(48, t10)
            ASHLAR_MUL_STEP(56, t11)
            : [t9] "+&r"(u9), [t10] "+&r"(u10), [t11] "+&r"(u11), [rest] "=&r"(u12)
            : [a] "r"(a), [b] "r"(a[4])
            : "rax", "rdx", "cc", "memory");
    out[9] = u9, out[10] = u10;
    __asm__(ASHLAR_MUL_FIRST(48, t11)
            ASHLAR_MUL_STEP(56, t12)
            : [t11] "+&r"(u11), [t12] "+&r"(u12), [rest] "=&r"(u13)
            : [a] "r"(a), [b] "r"(a[5])
            : "rax", "rdx", "cc", "memory");
    out[11] = u11, out[12] = u12;
    __asm__(ASHLAR_MUL_FIRST(56, t13)
            : [t13] "+&r"(u13), [rest] "=&r"(u14)
            : [a] "r"(a), [b] "r"(a[6])
            : "rax", "rdx", "cc", "memory");
    // clang-format on
    out[13] = u13, out[14] = u14, out[15] = 0;
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
