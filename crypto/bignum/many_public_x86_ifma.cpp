// SPDX-License-Identifier: Apache-2.0
// Eight exponentiations with a small public exponent side by side with AVX-512 IFMA, modulo numbers of 2048,
// 3072 and 4096 bits: one in each lane.
//
// Layout. That of many_x86_ifma.cpp. A number has blocks of twenty digits, two to four of them, as many as
// registers can sum at a time: a product of two blocks slides over the columns that it adds to.
//
// Algorithm. Montgomery's multiplication with R = 2^(52 * digits), which is more than four times a modulus,
// so that nothing is subtracted on the way. A square computes each product of two different blocks once. A
// reduction makes twenty quotient digits from the lowest block, then adds their product with the others. The
// last product, with the plain number, takes the result out of Montgomery's form. R^2 modulo n comes from
// three squares of 2^(bits of R / 8) R: shifting bit by bit would take a third of the time.
//
// Bound. 2048 bits: 4880 vpmadd52 for a square, 6440 for a product: 85000 for the exponent 65537, at one a
// cycle on Zen 4, for eight. Columns gather at most 4 * 80 products of 2^52.
#include "bignum/many.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "bignum/limbs.hpp"

#if defined(__clang__)
#define ASHLAR_UNROLL_ALL _Pragma("unroll")
#elif defined(__OPTIMIZE__)
#define ASHLAR_UNROLL_ALL _Pragma("GCC unroll 40")
#else
#define ASHLAR_UNROLL_ALL
#endif

namespace ashlar::crypto::bignum {
namespace {

#define ASHLAR_IFMA "avx512f,avx512vl,avx512dq,avx512ifma,bmi2"

constexpr std::size_t kLanes = 8;
constexpr int kBlock = 20;
constexpr int kMaxBlocks = 4;
constexpr std::size_t kDigitBits = 52;
constexpr Limb kMask = (Limb{1} << kDigitBits) - 1;

using Words = Limb[kLanes];  // a digit of each number

struct alignas(64) Block {
  Words digit[kBlock];
};

struct alignas(64) PublicWork {
  int blocks;
  Block n[kMaxBlocks], base[kMaxBlocks], plain[kMaxBlocks], x[kMaxBlocks];
  Words columns[2 * kMaxBlocks * kBlock + 1];
  Block quotients;
  Words factor;  // -1 / n
};

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) __m512i load(const Words& words) {
  return _mm512_load_si512(words);
}
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) void store(Words& words, __m512i value) {
  _mm512_store_si512(words, value);
}

// sum += other * factor, digit by digit.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void add_row(__m512i (&sum)[kBlock + 1], const Block& other, __m512i factor) {
  // Read from memory again each time: kept in registers, its digits would drive out the sums.
  const Block* at = &other;
  __asm__("" : "+r"(at));
  ASHLAR_UNROLL_ALL
  for (int j = 0; j < kBlock; j++) {
    const __m512i digit = load(at->digit[j]);
    sum[j] = _mm512_madd52lo_epu64(sum[j], digit, factor);
    sum[j + 1] = _mm512_madd52hi_epu64(sum[j + 1], digit, factor);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) void slide(__m512i (&sum)[kBlock + 1], __m512i next) {
  ASHLAR_UNROLL_ALL
  for (int j = 0; j < kBlock; j++) {
    sum[j] = sum[j + 1];
  }
  sum[kBlock] = next;
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) void load_columns(__m512i (&sum)[kBlock + 1], const Words* columns) {
  ASHLAR_UNROLL_ALL
  for (int j = 0; j <= kBlock; j++) {
    sum[j] = load(columns[j]);
  }
}
// columns += a * b; reads and writes 41 of them.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA) void add_product(Words* columns, const Block& a,
                                                              const Block& b) {
  __m512i sum[kBlock + 1];
  load_columns(sum, columns);
  for (int i = 0; i < kBlock; i++) {
    add_row(sum, a, load(b.digit[i]));
    store(columns[i], sum[0]);
    slide(sum, i + 1 < kBlock ? load(columns[i + 1 + kBlock]) : _mm512_setzero_si512());
  }
  ASHLAR_UNROLL_ALL
  for (int j = 0; j < kBlock; j++) {
    store(columns[kBlock + j], sum[j]);
  }
}

// columns += a * a.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA) void add_square(Words* columns, const Block& a) {
  __m512i digit[kBlock];
  ASHLAR_UNROLL_ALL
  for (int j = 0; j < kBlock; j++) {
    digit[j] = load(a.digit[j]);
  }
  ASHLAR_UNROLL_ALL
  for (int k = 0; k < 2 * kBlock; k++) {
    __m512i low = _mm512_setzero_si512(), high = low;
    ASHLAR_UNROLL_ALL
    for (int i = 0; i < kBlock; i++) {
      if (k - i > i && k - i < kBlock) {
        low = _mm512_madd52lo_epu64(low, digit[i], digit[k - i]);
      }
      if (k - 1 - i > i && k - 1 - i < kBlock) {
        high = _mm512_madd52hi_epu64(high, digit[i], digit[k - 1 - i]);
      }
    }
    low = _mm512_add_epi64(low, high);
    low = _mm512_add_epi64(_mm512_add_epi64(low, low), load(columns[k]));
    low = k % 2 == 0 ? _mm512_madd52lo_epu64(low, digit[k / 2], digit[k / 2])
                     : _mm512_madd52hi_epu64(low, digit[k / 2], digit[k / 2]);
    store(columns[k], low);
  }
}

// The quotient digits that clear the lowest twenty columns, and their product with the lowest block of n.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA) void clear_block(PublicWork& work, Words* columns) {
  const __m512i factor = load(work.factor);
  __m512i sum[kBlock + 1];
  load_columns(sum, columns);
  for (int i = 0; i < kBlock; i++) {
    const __m512i y = _mm512_madd52lo_epu64(_mm512_setzero_si512(), sum[0], factor);
    store(work.quotients.digit[i], y);
    add_row(sum, work.n[0], y);
    sum[1] = _mm512_add_epi64(sum[1], _mm512_srli_epi64(sum[0], kDigitBits));
    slide(sum, i + 1 < kBlock ? load(columns[i + 1 + kBlock]) : _mm512_setzero_si512());
  }
  ASHLAR_UNROLL_ALL
  for (int j = 0; j < kBlock; j++) {
    store(columns[kBlock + j], sum[j]);
  }
}

// out = the columns / R.
ASHLAR_TARGET(ASHLAR_IFMA) void reduce(Block* out, PublicWork& work) {
  for (int block = 0; block < work.blocks; block++) {
    clear_block(work, work.columns + kBlock * block);
    for (int j = 1; j < work.blocks; j++) {
      add_product(work.columns + kBlock * (block + j), work.n[j], work.quotients);
    }
  }
  const __m512i mask = _mm512_set1_epi64(static_cast<long long>(kMask));
  __m512i carry = _mm512_setzero_si512();
  for (int block = 0; block < work.blocks; block++) {
    for (int j = 0; j < kBlock; j++) {
      const __m512i column = _mm512_add_epi64(load(work.columns[kBlock * (work.blocks + block) + j]), carry);
      store(out[block].digit[j], _mm512_and_si512(column, mask));
      carry = _mm512_srli_epi64(column, kDigitBits);
    }
  }
}

ASHLAR_TARGET(ASHLAR_IFMA) void clear_columns(PublicWork& work) {
  for (int j = 0; j <= 2 * kBlock * work.blocks; j++) {
    store(work.columns[j], _mm512_setzero_si512());
  }
}

ASHLAR_TARGET(ASHLAR_IFMA) void multiply(Block* out, const Block* a, const Block* b, PublicWork& work) {
  clear_columns(work);
  for (int i = 0; i < work.blocks; i++) {
    for (int j = 0; j < work.blocks; j++) {
      add_product(work.columns + kBlock * (i + j), a[i], b[j]);
    }
  }
  reduce(out, work);
}

ASHLAR_TARGET(ASHLAR_IFMA) void square(Block* out, const Block* a, PublicWork& work) {
  clear_columns(work);
  for (int i = 0; i < work.blocks; i++) {
    for (int j = i + 1; j < work.blocks; j++) {
      add_product(work.columns + kBlock * (i + j), a[i], a[j]);
    }
  }
  for (int j = 0; j < 2 * kBlock * work.blocks; j++) {
    const __m512i column = load(work.columns[j]);
    store(work.columns[j], _mm512_add_epi64(column, column));
  }
  for (int i = 0; i < work.blocks; i++) {
    add_square(work.columns + 2 * kBlock * i, a[i]);
  }
  reduce(out, work);
}

void to_digits(Block* out, int blocks, std::size_t lane, const Limb* number, std::size_t limbs) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(blocks * kBlock); i++) {
    const std::size_t at = i * kDigitBits / kLimbBits, shift = i * kDigitBits % kLimbBits;
    Limb digit = at < limbs ? number[at] >> shift : 0;
    if (shift > kLimbBits - kDigitBits && at + 1 < limbs) {
      digit |= number[at + 1] << (kLimbBits - shift);
    }
    out[i / kBlock].digit[i % kBlock][lane] = digit & kMask;
  }
}

void from_digits(Limb* number, std::size_t limbs, const Block* from, int blocks, std::size_t lane) {
  set(number, 0, limbs);
  for (std::size_t i = 0; i < static_cast<std::size_t>(blocks * kBlock); i++) {
    const std::size_t at = i * kDigitBits / kLimbBits, shift = i * kDigitBits % kLimbBits;
    const Limb digit = from[i / kBlock].digit[i % kBlock][lane];
    if (at < limbs) {
      number[at] |= digit << shift;
    }
    if (shift > kLimbBits - kDigitBits && at + 1 < limbs) {
      number[at + 1] |= digit >> (kLimbBits - shift);
    }
  }
}

ASHLAR_TARGET(ASHLAR_IFMA) void clear_vectors() {
  clear_vectors_avx512();
}

}  // namespace

bool power_public_eight_ifma(Limb* const* results, const Limb* const* numbers, Limb exponent,
                             const Limb* const* moduli, const std::size_t* modulus_bits, std::size_t limbs) {
  if (limbs % 16 != 0 || limbs < 32 || limbs > 64) {
    return false;
  }
  PublicWork work;
  work.blocks = static_cast<int>(limbs / 16);
  SecretLimbs<64> number;
  const std::size_t r_bits = static_cast<std::size_t>(work.blocks * kBlock) * kDigitBits;
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    to_digits(work.n, work.blocks, lane, moduli[lane], limbs);
    to_digits(work.plain, work.blocks, lane, numbers[lane], limbs);
    work.factor[lane] = ashlar_limb_negated_inverse(moduli[lane][0]) & kMask;
    // The highest power of two below n, times as much as gives 2^(r_bits / 8) R.
    const std::size_t top = modulus_bits[lane] - 1;
    set(number, 0, limbs);
    number[top / kLimbBits] = Limb{1} << (top % kLimbBits);
    shift_modulo(number, number, r_bits + r_bits / 8 - top, moduli[lane], limbs, modulus_bits[lane]);
    to_digits(work.x, work.blocks, lane, number, limbs);
  }
  // Three squares give R^2, which brings numbers into Montgomery's form.
  for (int i = 0; i < 3; i++) {
    square(work.x, work.x, work);
  }
  multiply(work.base, work.plain, work.x, work);
  std::memcpy(work.x, work.base, sizeof work.x);
  std::size_t bit = kLimbBits - 1;
  while ((exponent >> bit) == 0) {
    bit--;
  }
  while (bit-- > 0) {
    square(work.x, work.x, work);
    if ((exponent >> bit & 1) != 0) {
      multiply(work.x, work.x, bit == 0 ? work.plain : work.base, work);
    }
  }
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    from_digits(number, limbs, work.x, work.blocks, lane);
    ashlar_limbs_reduce_once(number, 0, moduli[lane], limbs);
    copy(results[lane], number, limbs);
  }
  clear_vectors();
  return true;
}

}  // namespace ashlar::crypto::bignum

#endif
