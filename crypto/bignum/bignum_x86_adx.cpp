// SPDX-License-Identifier: Apache-2.0
// Multi-precision arithmetic with MULX, ADCX and ADOX.
//
// Algorithm. Everything is made of one step, `row`: t[0..8] = t[0..7] + a[0..7] * b, with the low halves of
// the eight products in one carry chain (ADCX) and the high halves in another (ADOX), so that neither waits
// for the other. Eight rows make a block of 8 x 8 limbs: after each row the lowest limb is final and goes to
// memory, the other eight stay in registers. A block in a line passes its eight registers on to the next
// (`join` adds what memory holds there, with carry). Squaring computes the blocks off the diagonal once and
// triangles on it, and doubles all of that while it adds the squares of the limbs. Reduction takes eight
// quotient digits at a time: the first block finds them and clears the lowest eight limbs, the others of its
// line use these digits.
//
// Registers. Nine for t, which rotate by name from row to row, two for the product, rdx for b, one pointer
// to a; the remaining registers address b and the result.
//
// Bound. One MULX per cycle: 256 + 256 for a Montgomery multiplication of 16 limbs, 136 + 256 for a squaring.
//
// What is odd: a carry between two blocks is a bit in a register, because flags do not survive from one asm
// statement to the next. It never exceeds one bit: 8-limb registers + 8 limbs of memory + the carry in is
// below 2^513, and a[0..7] * b[0..7] plus a number below 2^513 is below 2^1024. So the registers that a block
// leaves, with the carry pending at their lowest limb, fit 512 bits.
#include "bignum/kernels.hpp"

#ifdef ASHLAR_BIGNUM_X86

#include "bignum/chains_x86.hpp"

#include <x86intrin.h>

namespace ashlar::crypto::bignum {
namespace {

using Limb = std::uint64_t;
using Word = unsigned long long;  // what the carry intrinsics take
#define ASHLAR_STEP(offset, low, high) \
  "mulx " #offset                      \
  "(%[a]), %[lo], %[hi]\n\t"           \
  "adcx %[lo], %[" #low                \
  "]\n\t"                              \
  "adox %[hi], %[" #high "]\n\t"

// The statement below says by an operand that it reads a[0..7]. Clang under ASan has no register left for
// that operand. There the statement says that it may read any memory.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASHLAR_READS(limbs)
#define ASHLAR_CLOBBERS "cc", "memory"
#endif
#endif
#ifndef ASHLAR_READS
#define ASHLAR_READS(limbs) , "m"(*reinterpret_cast<const Limb(*)[8]>(limbs))
#define ASHLAR_CLOBBERS "cc"
#endif

// t0..t8 = t0..t7 + a[0..7] * b.
ASHLAR_INLINE void row(Limb& t0, Limb& t1, Limb& t2, Limb& t3, Limb& t4, Limb& t5, Limb& t6, Limb& t7,
                       Limb& t8, const Limb* a, Limb b) {
  Limb lo, hi;
  __asm__("xor %k[t8], %k[t8]\n\t"  // clears both carries too
          ASHLAR_STEP(0, t0, t1) ASHLAR_STEP(8, t1, t2) ASHLAR_STEP(16, t2, t3) ASHLAR_STEP(24, t3, t4)
              ASHLAR_STEP(32, t4, t5) ASHLAR_STEP(40, t5, t6) ASHLAR_STEP(48, t6, t7)
                  ASHLAR_STEP(56, t7, t8) "adc $0, %[t8]"  // of the low halves; the other carry is 0
          : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
            [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "=&r"(t8), [lo] "=&r"(lo), [hi] "=&r"(hi)
          : [a] "r"(a), "d"(b)ASHLAR_READS(a)
          : ASHLAR_CLOBBERS);
}

// The eight limbs that blocks of a line pass on, and the carry pending at the lowest of them.
struct Line {
  Limb t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0, t7 = 0;
  unsigned char carry = 0;
};

// Adds the eight limbs at `memory` and the pending carry; the carry out is pending one block higher.
ASHLAR_INLINE void join(Line& line, const Limb* memory) {
  Word t0, t1, t2, t3, t4, t5, t6, t7;
  unsigned char c = line.carry;
  c = _addcarry_u64(c, line.t0, memory[0], &t0);
  c = _addcarry_u64(c, line.t1, memory[1], &t1);
  c = _addcarry_u64(c, line.t2, memory[2], &t2);
  c = _addcarry_u64(c, line.t3, memory[3], &t3);
  c = _addcarry_u64(c, line.t4, memory[4], &t4);
  c = _addcarry_u64(c, line.t5, memory[5], &t5);
  c = _addcarry_u64(c, line.t6, memory[6], &t6);
  c = _addcarry_u64(c, line.t7, memory[7], &t7);
  line = {t0, t1, t2, t3, t4, t5, t6, t7, c};
}

// The eight limbs at `memory` become line + carry + memory + `extra`; returns the carry out.
ASHLAR_INLINE unsigned char end(Line& line, Limb* memory, unsigned char extra) {
  Word w[8];
  const Limb t[8] = {line.t0, line.t1, line.t2, line.t3, line.t4, line.t5, line.t6, line.t7};
  unsigned char c = line.carry;
  for (int i = 0; i < 8; i++) {
    c = _addcarry_u64(c, t[i], memory[i], &w[i]);
  }
  unsigned char d = extra;
  for (int i = 0; i < 8; i++) {
    Word sum;
    d = _addcarry_u64(d, w[i], 0, &sum);
    memory[i] = sum;
  }
  return static_cast<unsigned char>(c | d);
}

// line + a[0..7] * b[0..7]: the lower eight limbs go to `low`, the upper eight stay.
ASHLAR_INLINE void block(Line& line, Limb* low, const Limb* a, const Limb* b) {
  Limb t0 = line.t0, t1 = line.t1, t2 = line.t2, t3 = line.t3, t4 = line.t4, t5 = line.t5, t6 = line.t6,
       t7 = line.t7, t8;
  row(t0, t1, t2, t3, t4, t5, t6, t7, t8, a, b[0]);
  low[0] = t0;
  row(t1, t2, t3, t4, t5, t6, t7, t8, t0, a, b[1]);
  low[1] = t1;
  row(t2, t3, t4, t5, t6, t7, t8, t0, t1, a, b[2]);
  low[2] = t2;
  row(t3, t4, t5, t6, t7, t8, t0, t1, t2, a, b[3]);
  low[3] = t3;
  row(t4, t5, t6, t7, t8, t0, t1, t2, t3, a, b[4]);
  low[4] = t4;
  row(t5, t6, t7, t8, t0, t1, t2, t3, t4, a, b[5]);
  low[5] = t5;
  row(t6, t7, t8, t0, t1, t2, t3, t4, t5, a, b[6]);
  low[6] = t6;
  row(t7, t8, t0, t1, t2, t3, t4, t5, t6, a, b[7]);
  low[7] = t7;
  line = {t8, t0, t1, t2, t3, t4, t5, t6, line.carry};
}

// The block that finds the quotient digits: line + n[0..7] * digits, whose lower eight limbs are zero.
ASHLAR_INLINE void quotient_block(Line& line, Limb* digits, const Limb* n, Limb factor) {
  Limb t0 = line.t0, t1 = line.t1, t2 = line.t2, t3 = line.t3, t4 = line.t4, t5 = line.t5, t6 = line.t6,
       t7 = line.t7, t8;
  Limb d = digits[0] = t0 * factor;
  row(t0, t1, t2, t3, t4, t5, t6, t7, t8, n, d);
  d = digits[1] = t1 * factor;
  row(t1, t2, t3, t4, t5, t6, t7, t8, t0, n, d);
  d = digits[2] = t2 * factor;
  row(t2, t3, t4, t5, t6, t7, t8, t0, t1, n, d);
  d = digits[3] = t3 * factor;
  row(t3, t4, t5, t6, t7, t8, t0, t1, t2, n, d);
  d = digits[4] = t4 * factor;
  row(t4, t5, t6, t7, t8, t0, t1, t2, t3, n, d);
  d = digits[5] = t5 * factor;
  row(t5, t6, t7, t8, t0, t1, t2, t3, t4, n, d);
  d = digits[6] = t6 * factor;
  row(t6, t7, t8, t0, t1, t2, t3, t4, t5, n, d);
  d = digits[7] = t7 * factor;
  row(t7, t8, t0, t1, t2, t3, t4, t5, t6, n, d);
  line = {t8, t0, t1, t2, t3, t4, t5, t6, line.carry};
}

// out[0..15] = the products a[i] * a[j], i < j, of eight limbs. Rows grow shorter: row i starts at limb 2i
// + 1.
ASHLAR_INLINE void triangle(Limb* out, const Limb* a) {
  Limb t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0, t7 = 0, t8, lo, hi;
  __asm__("xor %k[t8], %k[t8]\n\t"  //
          ASHLAR_STEP(8, t1, t2) ASHLAR_STEP(16, t2, t3) ASHLAR_STEP(24, t3, t4) ASHLAR_STEP(32, t4, t5)
              ASHLAR_STEP(40, t5, t6) ASHLAR_STEP(48, t6, t7)
                  ASHLAR_STEP(56, t7, t8) "adc $0, %[t8]"  // of the low halves; the other carry is 0
          : [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5), [t6] "+&r"(t6),
            [t7] "+&r"(t7), [t8] "=&r"(t8), [lo] "=&r"(lo), [hi] "=&r"(hi)
          : [a] "r"(a), "d"(a[0]), "m"(*reinterpret_cast<const Limb(*)[8]>(a))
          : "cc");
  out[0] = 0;
  out[1] = t1;
  out[2] = t2;
  Limb t9;
  __asm__("xor %k[t9], %k[t9]\n\t"  //
          ASHLAR_STEP(16, t3, t4) ASHLAR_STEP(24, t4, t5) ASHLAR_STEP(32, t5, t6) ASHLAR_STEP(40, t6, t7)
              ASHLAR_STEP(48, t7, t8) ASHLAR_STEP(56, t8, t9) "adc $0, %[t9]"
          : [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5), [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "+&r"(t8),
            [t9] "=&r"(t9), [lo] "=&r"(lo), [hi] "=&r"(hi)
          : [a] "r"(a), "d"(a[1]), "m"(*reinterpret_cast<const Limb(*)[8]>(a))
          : "cc");
  out[3] = t3;
  out[4] = t4;
  Limb t10;
  __asm__("xor %k[t10], %k[t10]\n\t"  //
          ASHLAR_STEP(24, t5, t6) ASHLAR_STEP(32, t6, t7) ASHLAR_STEP(40, t7, t8) ASHLAR_STEP(48, t8, t9)
              ASHLAR_STEP(56, t9, t10) "adc $0, %[t10]"
          : [t5] "+&r"(t5), [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "+&r"(t8), [t9] "+&r"(t9), [t10] "=&r"(t10),
            [lo] "=&r"(lo), [hi] "=&r"(hi)
          : [a] "r"(a), "d"(a[2]), "m"(*reinterpret_cast<const Limb(*)[8]>(a))
          : "cc");
  out[5] = t5;
  out[6] = t6;
  Limb t11;
  __asm__("xor %k[t11], %k[t11]\n\t"  //
          ASHLAR_STEP(32, t7, t8) ASHLAR_STEP(40, t8, t9) ASHLAR_STEP(48, t9, t10)
              ASHLAR_STEP(56, t10, t11) "adc $0, %[t11]"
          : [t7] "+&r"(t7), [t8] "+&r"(t8), [t9] "+&r"(t9), [t10] "+&r"(t10), [t11] "=&r"(t11),
            [lo] "=&r"(lo), [hi] "=&r"(hi)
          : [a] "r"(a), "d"(a[3]), "m"(*reinterpret_cast<const Limb(*)[8]>(a))
          : "cc");
  out[7] = t7;
  out[8] = t8;
  Limb t12;
  __asm__(
      "xor %k[t12], %k[t12]\n\t"  //
      ASHLAR_STEP(40, t9, t10) ASHLAR_STEP(48, t10, t11) ASHLAR_STEP(56, t11, t12) "adc $0, %[t12]"
      : [t9] "+&r"(t9), [t10] "+&r"(t10), [t11] "+&r"(t11), [t12] "=&r"(t12), [lo] "=&r"(lo), [hi] "=&r"(hi)
      : [a] "r"(a), "d"(a[4]), "m"(*reinterpret_cast<const Limb(*)[8]>(a))
      : "cc");
  out[9] = t9;
  out[10] = t10;
  Limb t13, t14, multiplier = a[5];
  __asm__("xor %k[t13], %k[t13]\n\t"  //
          ASHLAR_STEP(48, t11, t12) ASHLAR_STEP(56, t12, t13)
          "adc $0, %[t13]\n\t"
          "mov 48(%[a]), %%rdx\n\t"
          "xor %k[t14], %k[t14]\n\t"  //
          ASHLAR_STEP(56, t13, t14)
          "adc $0, %[t14]"
          : [t11] "+&r"(t11), [t12] "+&r"(t12), [t13] "=&r"(t13), [t14] "=&r"(t14), [lo] "=&r"(lo), [hi] "=&r"(hi),
            "+d"(multiplier)
          : [a] "r"(a), "m"(*reinterpret_cast<const Limb(*)[8]>(a))
          : "cc");
  out[11] = t11;
  out[12] = t12;
  out[13] = t13;
  out[14] = t14;
  out[15] = 0;
}

#define ASHLAR_SQUARE_STEP(i)    \
  "mov 8*" #i                    \
  "(%[a]), %%rdx\n\t"            \
  "mulx %%rdx, %[lo], %[hi]\n\t" \
  "mov 16*" #i                   \
  "(%[product]), %[t]\n\t"       \
  "adcx %[t], %[t]\n\t"          \
  "adox %[lo], %[t]\n\t"         \
  "mov %[t], 16*" #i             \
  "(%[product])\n\t"             \
  "mov 16*" #i                   \
  "+8(%[product]), %[t]\n\t"     \
  "adcx %[t], %[t]\n\t"          \
  "adox %[hi], %[t]\n\t"         \
  "mov %[t], 16*" #i "+8(%[product])\n\t"

// Doubles sixteen limbs, one chain of carries, and adds the squares of eight, the other.
ASHLAR_INLINE void double_and_add_squares(Limb* product, const Limb* a, Limb& doubled, Limb& added) {
  Limb t, lo, hi;
  __asm__ __volatile__(
      "xor %k[t], %k[t]\n\t"  // clears both carries
      "mov $-1, %[t]\n\t"
      "adcx %[doubled], %[t]\n\t"
      "mov $-1, %[t]\n\t"
      "adox %[added], %[t]\n\t"  //
      ASHLAR_SQUARE_STEP(0) ASHLAR_SQUARE_STEP(1) ASHLAR_SQUARE_STEP(2) ASHLAR_SQUARE_STEP(3)
          ASHLAR_SQUARE_STEP(4) ASHLAR_SQUARE_STEP(5) ASHLAR_SQUARE_STEP(6) ASHLAR_SQUARE_STEP(7)  //
      "mov $0, %k[doubled]\n\t"
      "mov $0, %k[added]\n\t"
      "adcx %[doubled], %[doubled]\n\t"
      "adox %[added], %[added]\n\t"
      : [doubled] "+&r"(doubled), [added] "+&r"(added), [t] "=&r"(t), [lo] "=&r"(lo), [hi] "=&r"(hi)
      : [a] "r"(a), [product] "r"(product)
      : "rdx", "cc", "memory");
}

}  // namespace

ASHLAR_KERNEL void multiply_x86_adx(Limb* product, const Limb* a, const Limb* b, std::size_t limbs) {
  for (std::size_t j = 0; j < limbs; j += 8) {
    Line line;
    if (j == 0) {
      for (std::size_t i = 0; i < limbs; i += 8) {
        block(line, product + i, a + i, b);
      }
    } else {
      for (std::size_t i = 0; i < limbs; i += 8) {
        join(line, product + i + j);
        block(line, product + i + j, a + i, b + j);
      }
    }
    static constexpr Limb kZero[8] = {};
    join(line, kZero);
    Limb* top = product + limbs + j;
    top[0] = line.t0, top[1] = line.t1, top[2] = line.t2, top[3] = line.t3;
    top[4] = line.t4, top[5] = line.t5, top[6] = line.t6, top[7] = line.t7;
  }
}

ASHLAR_KERNEL void square_x86_adx(Limb* product, const Limb* a, std::size_t limbs) {
  for (std::size_t i = 0; i < limbs; i += 8) {
    triangle(product + 2 * i, a + i);
  }
  unsigned char pending = 0;
  for (std::size_t j = 0; j + 8 < limbs; j += 8) {
    Line line;
    for (std::size_t i = j + 8; i < limbs; i += 8) {
      join(line, product + i + j);
      block(line, product + i + j, a + i, a + j);
    }
    pending = end(line, product + limbs + j, pending);
  }
  Limb* last = product + 2 * limbs - 8;
  for (int i = 0; i < 8; i++) {
    Word sum;
    pending = _addcarry_u64(pending, last[i], 0, &sum);
    last[i] = sum;
  }

  Limb doubled = 0, added = 0;  // the two carries
  for (std::size_t i = 0; i < limbs; i += 8) {
    double_and_add_squares(product + 2 * i, a + i, doubled, added);
  }
}

ASHLAR_KERNEL void reduce_x86_adx(Limb* result, Limb* value, const Limb* modulus, Limb factor,
                                  std::size_t limbs) {
  unsigned char pending = 0;
  for (std::size_t j = 0; j < limbs; j += 8) {
    // The digits replace the limbs that they clear.
    Limb* digits = value + j;
    Line line = {digits[0], digits[1], digits[2], digits[3], digits[4], digits[5], digits[6], digits[7], 0};
    quotient_block(line, digits, modulus, factor);
    for (std::size_t i = 8; i < limbs; i += 8) {
      join(line, value + i + j);
      block(line, value + i + j, modulus + i, digits);
    }
    pending = end(line, value + limbs + j, pending);
  }
  subtract_modulus(result, value + limbs, modulus, pending, limbs);
}

}  // namespace ashlar::crypto::bignum

#endif
