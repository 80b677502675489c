// SPDX-License-Identifier: Apache-2.0
// Multi-precision arithmetic for x86-64 on blocks of eight limbs. Each row of the table supplies one step:
//
//   Row::row(t, a, b): t[0..8] = t[0..7] + a[0..7] * b
//   Row::triangle(out, a): out[0..15] = the products a[i] * a[j], i < j, of eight limbs
//
// Eight steps make a block of 8 x 8 limbs: after each the lowest limb is final and goes to memory, the other
// eight stay in registers. A block in a line passes its eight registers on to the next, which adds what
// memory holds there. Squaring computes the blocks off the diagonal once and triangles on it, doubles that
// and adds the squares of the limbs. Reduction takes eight quotient digits at a time: the first block finds
// them and clears the lowest eight limbs, the others of its line use these digits.
//
// What is odd: a carry between two blocks is a bit in a register. It never exceeds one bit: 8-limb registers
// + 8 limbs of memory + the carry in is below 2^513, and a[0..7] * b[0..7] plus a number below 2^513 is
// below 2^1024. So the registers that a block leaves, with the carry pending at their lowest limb, fit 512
// bits.
#pragma once

#include "bignum/kernels.hpp"

#ifdef ASHLAR_BIGNUM_X86

#include "bignum/chains_x86.hpp"
#include "bignum/wide.h"
#include "cpu/x86.hpp"

namespace ashlar::crypto::bignum {

using KernelLimb = std::uint64_t;

// The eight limbs that blocks of a line pass on.
struct Line {
  KernelLimb t[8] = {};
  unsigned char carry = 0;  // pending at the lowest of them
};

// sum = a + b + carry; returns the carry out.
ASHLAR_INLINE unsigned char add8(KernelLimb* sum, const KernelLimb* a, const KernelLimb* b,
                                 unsigned char carry) {
  ASHLAR_UNROLL
  for (int i = 0; i < 8; i++) {
    unsigned long long limb;
    carry = _addcarry_u64(carry, a[i], b[i], &limb);
    sum[i] = limb;
  }
  return carry;
}

template <class Row>
ASHLAR_INLINE void block(Line& line, KernelLimb* low, const KernelLimb* a, const KernelLimb* b) {
  KernelLimb t0 = line.t[0], t1 = line.t[1], t2 = line.t[2], t3 = line.t[3], t4 = line.t[4], t5 = line.t[5],
             t6 = line.t[6], t7 = line.t[7], t8;
  Row::row(t0, t1, t2, t3, t4, t5, t6, t7, t8, a, b[0]);
  low[0] = t0;
  Row::row(t1, t2, t3, t4, t5, t6, t7, t8, t0, a, b[1]);
  low[1] = t1;
  Row::row(t2, t3, t4, t5, t6, t7, t8, t0, t1, a, b[2]);
  low[2] = t2;
  Row::row(t3, t4, t5, t6, t7, t8, t0, t1, t2, a, b[3]);
  low[3] = t3;
  Row::row(t4, t5, t6, t7, t8, t0, t1, t2, t3, a, b[4]);
  low[4] = t4;
  Row::row(t5, t6, t7, t8, t0, t1, t2, t3, t4, a, b[5]);
  low[5] = t5;
  Row::row(t6, t7, t8, t0, t1, t2, t3, t4, t5, a, b[6]);
  low[6] = t6;
  Row::row(t7, t8, t0, t1, t2, t3, t4, t5, t6, a, b[7]);
  low[7] = t7;
  line.t[0] = t8, line.t[1] = t0, line.t[2] = t1, line.t[3] = t2;
  line.t[4] = t3, line.t[5] = t4, line.t[6] = t5, line.t[7] = t6;
}

// The block that finds the quotient digits: line + n[0..7] * digits, whose lower eight limbs are zero.
template <class Row>
ASHLAR_INLINE void quotient_block(Line& line, KernelLimb* digits, const KernelLimb* n, KernelLimb factor) {
  KernelLimb t0 = line.t[0], t1 = line.t[1], t2 = line.t[2], t3 = line.t[3], t4 = line.t[4], t5 = line.t[5],
             t6 = line.t[6], t7 = line.t[7], t8;
  Row::row(t0, t1, t2, t3, t4, t5, t6, t7, t8, n, digits[0] = t0 * factor);
  Row::row(t1, t2, t3, t4, t5, t6, t7, t8, t0, n, digits[1] = t1 * factor);
  Row::row(t2, t3, t4, t5, t6, t7, t8, t0, t1, n, digits[2] = t2 * factor);
  Row::row(t3, t4, t5, t6, t7, t8, t0, t1, t2, n, digits[3] = t3 * factor);
  Row::row(t4, t5, t6, t7, t8, t0, t1, t2, t3, n, digits[4] = t4 * factor);
  Row::row(t5, t6, t7, t8, t0, t1, t2, t3, t4, n, digits[5] = t5 * factor);
  Row::row(t6, t7, t8, t0, t1, t2, t3, t4, t5, n, digits[6] = t6 * factor);
  Row::row(t7, t8, t0, t1, t2, t3, t4, t5, t6, n, digits[7] = t7 * factor);
  line.t[0] = t8, line.t[1] = t0, line.t[2] = t1, line.t[3] = t2;
  line.t[4] = t3, line.t[5] = t4, line.t[6] = t5, line.t[7] = t6;
}

template <class Row>
ASHLAR_KERNEL void multiply_rows(KernelLimb* product, const KernelLimb* a, const KernelLimb* b,
                                 std::size_t limbs) {
  static constexpr KernelLimb kZero[8] = {};
  for (std::size_t j = 0; j < limbs; j += 8) {
    Line line;
    for (std::size_t i = 0; i < limbs; i += 8) {
      if (j > 0) {
        line.carry = add8(line.t, line.t, product + i + j, line.carry);
      }
      block<Row>(line, product + i + j, a + i, b + j);
    }
    (void)add8(product + limbs + j, line.t, kZero, line.carry);
  }
}

template <class Row>
ASHLAR_KERNEL void square_rows(KernelLimb* product, const KernelLimb* a, std::size_t limbs) {
  static constexpr KernelLimb kZero[8] = {};
  for (std::size_t i = 0; i < limbs; i += 8) {
    Row::triangle(product + 2 * i, a + i);
  }
  unsigned char pending = 0;
  for (std::size_t j = 0; j + 8 < limbs; j += 8) {
    Line line;
    for (std::size_t i = j + 8; i < limbs; i += 8) {
      line.carry = add8(line.t, line.t, product + i + j, line.carry);
      block<Row>(line, product + i + j, a + i, a + j);
    }
    KernelLimb* const top = product + limbs + j;
    const unsigned char carry = add8(top, line.t, top, line.carry);
    pending = static_cast<unsigned char>(carry | add8(top, top, kZero, pending));
  }
  (void)add8(product + 2 * limbs - 8, product + 2 * limbs - 8, kZero, pending);
  // Doubled, and the squares of the limbs added.
  KernelLimb doubled = 0;
  unsigned char carry = 0;
  for (std::size_t i = 0; i < limbs; i += 4) {
    KernelLimb* const at = product + 2 * i;
    KernelLimb squares[8];
    ASHLAR_UNROLL
    for (std::size_t k = 0; k < 4; k++) {
      const ashlar_u128 square = ashlar_u128_mul(a[i + k], a[i + k]);
      squares[2 * k] = ashlar_u128_low(square);
      squares[2 * k + 1] = ashlar_u128_high(square);
    }
    double_eight(at, doubled);
    carry = add8(at, at, squares, carry);
  }
}

template <class Row>
ASHLAR_KERNEL void reduce_rows(KernelLimb* result, KernelLimb* value, const KernelLimb* modulus,
                               KernelLimb factor, std::size_t limbs) {
  static constexpr KernelLimb kZero[8] = {};
  unsigned char pending = 0;
  for (std::size_t j = 0; j < limbs; j += 8) {
    // The digits replace the limbs that they clear.
    KernelLimb* const digits = value + j;
    Line line;
    for (int i = 0; i < 8; i++) {
      line.t[i] = digits[i];
    }
    quotient_block<Row>(line, digits, modulus, factor);
    for (std::size_t i = 8; i < limbs; i += 8) {
      line.carry = add8(line.t, line.t, value + i + j, line.carry);
      block<Row>(line, value + i + j, modulus + i, digits);
    }
    KernelLimb* const top = value + limbs + j;
    const unsigned char carry = add8(top, line.t, top, line.carry);
    pending = static_cast<unsigned char>(carry | add8(top, top, kZero, pending));
  }
  subtract_modulus(result, value + limbs, modulus, pending, limbs);
}

}  // namespace ashlar::crypto::bignum

#endif
