// SPDX-License-Identifier: Apache-2.0
// Eight exponentiations side by side with AVX-512 IFMA, modulo numbers of up to 1024 bits: one in each lane.
//
// Layout. Vector j holds digit j, of 52 bits, of all eight numbers. Nothing moves between lanes.
//
// Algorithm. Montgomery's multiplication with R = 2^1040, which is more than four times a modulus: factors
// and results stay below twice the modulus, and nothing is subtracted. A square computes each product of two
// different digits once, column by column, and is then reduced. Sums are carried at the end: a column gathers
// at most 80 * 2^52. Windows have four bits; each lane picks its entry of the table by reading all.
//
// Bound. 1600 vpmadd52 for a product, 1220 for a square: 1024 squares and 256 products of a power are 1.66
// million, at one a cycle on Zen 4, for eight.
#include "bignum/many.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "bignum/limbs.hpp"
#include "cpu/dead_stack.hpp"

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
constexpr std::size_t kLimbs = 16;
constexpr int kDigits = 20;
constexpr std::size_t kDigitBits = 52;
constexpr std::size_t kBits = kDigits * kDigitBits;
constexpr Limb kMask = (Limb{1} << kDigitBits) - 1;
constexpr std::size_t kWindow = 4;
constexpr std::size_t kEntries = std::size_t{1} << kWindow;

using Words = Limb[kLanes];  // a digit of each number

struct alignas(64) Number {
  Words digit[kDigits];
};

struct alignas(64) Work {
  Number n, x, factor, convert;
  Number table[kEntries];
  Words quotient;  // -1 / n
  Words exponent[kLimbs];
};

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) __m512i load(const Words& words) {
  return _mm512_load_si512(words);
}
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) void store(Words& words, __m512i value) {
  _mm512_store_si512(words, value);
}

// The same number, to be read from memory again: kept in registers, its digits would drive out the sums.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) const Number& afresh(const Number& number) {
  const Number* at = &number;
  __asm__("" : "+r"(at));
  return *at;
}

// sum / 2^52 for the quotient digit that clears the lowest; `next` enters at the top.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void reduce_digit(__m512i (&sum)[kDigits + 1], const Number& modulus, __m512i quotient, __m512i next) {
  const Number& n = afresh(modulus);
  const __m512i y = _mm512_madd52lo_epu64(_mm512_setzero_si512(), sum[0], quotient);
  ASHLAR_UNROLL_ALL
  for (int j = 0; j < kDigits; j++) {
    const __m512i digit = load(n.digit[j]);
    sum[j] = _mm512_madd52lo_epu64(sum[j], digit, y);
    sum[j + 1] = _mm512_madd52hi_epu64(sum[j + 1], digit, y);
  }
  sum[1] = _mm512_add_epi64(sum[1], _mm512_srli_epi64(sum[0], kDigitBits));
  ASHLAR_UNROLL_ALL
  for (int j = 0; j < kDigits; j++) {
    sum[j] = sum[j + 1];
  }
  sum[kDigits] = next;
}

// Digits of 52 bits from sums.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) void finish(Number& out, __m512i (&sum)[kDigits + 1]) {
  const __m512i mask = _mm512_set1_epi64(static_cast<long long>(kMask));
  ASHLAR_UNROLL_ALL
  for (int j = 0; j < kDigits; j++) {
    if (j + 1 < kDigits) {
      sum[j + 1] = _mm512_add_epi64(sum[j + 1], _mm512_srli_epi64(sum[j], kDigitBits));
    }
    store(out.digit[j], _mm512_and_si512(sum[j], mask));
  }
}

// out = a * b / R.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA) void multiply(Number& out, const Number& a, const Number& b,
                                                           const Work& work) {
  const __m512i quotient = load(work.quotient);
  __m512i sum[kDigits + 1];
  ASHLAR_UNROLL_ALL
  for (int j = 0; j <= kDigits; j++) {
    sum[j] = _mm512_setzero_si512();
  }
  for (int i = 0; i < kDigits; i++) {
    const __m512i factor = load(b.digit[i]);
    const Number& other = afresh(a);
    ASHLAR_UNROLL_ALL
    for (int j = 0; j < kDigits; j++) {
      const __m512i digit = load(other.digit[j]);
      sum[j] = _mm512_madd52lo_epu64(sum[j], digit, factor);
      sum[j + 1] = _mm512_madd52hi_epu64(sum[j + 1], digit, factor);
    }
    reduce_digit(sum, work.n, quotient, _mm512_setzero_si512());
  }
  finish(out, sum);
}

// out = a * a / R.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA) void square(Number& out, const Number& a, const Work& work) {
  alignas(64) Words column[2 * kDigits + 1];
  {
    __m512i digit[kDigits];
    ASHLAR_UNROLL_ALL
    for (int j = 0; j < kDigits; j++) {
      digit[j] = load(a.digit[j]);
    }
    ASHLAR_UNROLL_ALL
    for (int k = 0; k < 2 * kDigits; k++) {
      __m512i low = _mm512_setzero_si512(), high = low;
      ASHLAR_UNROLL_ALL
      for (int i = 0; i < kDigits; i++) {
        if (k - i > i && k - i < kDigits) {
          low = _mm512_madd52lo_epu64(low, digit[i], digit[k - i]);
        }
        if (k - 1 - i > i && k - 1 - i < kDigits) {
          high = _mm512_madd52hi_epu64(high, digit[i], digit[k - 1 - i]);
        }
      }
      low = _mm512_add_epi64(low, high);
      low = _mm512_add_epi64(low, low);
      low = k % 2 == 0 ? _mm512_madd52lo_epu64(low, digit[k / 2], digit[k / 2])
                       : _mm512_madd52hi_epu64(low, digit[k / 2], digit[k / 2]);
      store(column[k], low);
    }
    store(column[2 * kDigits], _mm512_setzero_si512());
  }
  const __m512i quotient = load(work.quotient);
  __m512i sum[kDigits + 1];
  ASHLAR_UNROLL_ALL
  for (int j = 0; j <= kDigits; j++) {
    sum[j] = load(column[j]);
  }
  for (int i = 0; i < kDigits; i++) {
    reduce_digit(sum, work.n, quotient,
                 load(column[i + 1 + kDigits < 2 * kDigits ? i + 1 + kDigits : 2 * kDigits]));
  }
  finish(out, sum);
}

// work.factor = the entry of the table at each lane's window of the exponent; every entry is read.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA) void pick(Work& work, std::size_t low) {
  const __m512i word = load(work.exponent[low / kLimbBits]);
  const __m512i index =
      _mm512_and_si512(_mm512_srl_epi64(word, _mm_cvtsi64_si128(static_cast<long long>(low % kLimbBits))),
                       _mm512_set1_epi64(kEntries - 1));
  __m512i x[kDigits];
  ASHLAR_UNROLL_ALL
  for (int j = 0; j < kDigits; j++) {
    x[j] = load(work.table[0].digit[j]);
  }
  __m512i at = _mm512_setzero_si512();
  for (std::size_t i = 1; i < kEntries; i++) {
    at = _mm512_add_epi64(at, _mm512_set1_epi64(1));
    const __mmask8 here = _mm512_cmpeq_epu64_mask(at, index);
    ASHLAR_UNROLL_ALL
    for (int j = 0; j < kDigits; j++) {
      x[j] = _mm512_mask_load_epi64(x[j], here, work.table[i].digit[j]);
    }
  }
  ASHLAR_UNROLL_ALL
  for (int j = 0; j < kDigits; j++) {
    store(work.factor.digit[j], x[j]);
  }
}

ASHLAR_TARGET(ASHLAR_IFMA) void clear_vectors() {
  clear_vectors_avx512();
}

// From table[0], which is one, and the base in x, the power in x.
void run(Work* work, std::size_t bits) {
  multiply(work->table[1], work->x, work->convert, *work);
  for (std::size_t i = 2; i < kEntries; i++) {
    if (i % 2 == 0) {
      square(work->table[i], work->table[i / 2], *work);
    } else {
      multiply(work->table[i], work->table[i - 1], work->table[1], *work);
    }
  }
  std::size_t low = (bits + kWindow - 1) / kWindow * kWindow;
  work->x = work->table[0];
  while (low > 0) {
    low -= kWindow;
    for (std::size_t i = 0; i < kWindow; i++) {
      square(work->x, work->x, *work);
    }
    pick(*work, low);
    multiply(work->x, work->x, work->factor, *work);
  }
  std::memset(&work->factor, 0, sizeof work->factor);
  for (Limb& one : work->factor.digit[0]) {
    one = 1;
  }
  multiply(work->x, work->x, work->factor, *work);
}

void to_digits(Number& out, std::size_t lane, const Limb* number) {
  for (std::size_t i = 0; i < kDigits; i++) {
    const std::size_t at = i * kDigitBits / kLimbBits, shift = i * kDigitBits % kLimbBits;
    Limb digit = at < kLimbs ? number[at] >> shift : 0;
    if (shift > kLimbBits - kDigitBits && at + 1 < kLimbs) {
      digit |= number[at + 1] << (kLimbBits - shift);
    }
    out.digit[i][lane] = digit & kMask;
  }
}

void from_digits(Limb* number, const Number& from, std::size_t lane) {
  set(number, 0, kLimbs);
  for (std::size_t i = 0; i < kDigits; i++) {
    const std::size_t at = i * kDigitBits / kLimbBits, shift = i * kDigitBits % kLimbBits;
    if (at < kLimbs) {
      number[at] |= from.digit[i][lane] << shift;
    }
    if (shift > kLimbBits - kDigitBits && at + 1 < kLimbs) {
      number[at + 1] |= from.digit[i][lane] >> (kLimbBits - shift);
    }
  }
}

void power_eight(Limb* const* results, const Limb* const* bases, const Limb* const* exponents,
                 const Limb* const* moduli, const std::size_t* modulus_bits, std::size_t scale,
                 std::size_t bits) {
  Work work;
  SecretLimbs<kLimbs> number;
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    const Limb* const n = moduli[lane];
    to_digits(work.n, lane, n);
    to_digits(work.x, lane, bases[lane]);
    work.quotient[lane] = ashlar_limb_negated_inverse(n[0]) & kMask;
    // From the highest power of two below n.
    const std::size_t top = modulus_bits[lane] - 1;
    set(number, 0, kLimbs);
    number[top / kLimbBits] = Limb{1} << (top % kLimbBits);
    shift_modulo(number, number, kBits - top, n, kLimbs, modulus_bits[lane]);
    to_digits(work.table[0], lane, number);
    shift_modulo(number, number, scale + kBits, n, kLimbs, modulus_bits[lane]);
    to_digits(work.convert, lane, number);
    for (std::size_t i = 0; i < kLimbs; i++) {
      work.exponent[i][lane] = exponents[lane][i];
    }
  }
  run(&work, bits);
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    from_digits(results[lane], work.x, lane);
    ashlar_limbs_reduce_once(results[lane], 0, moduli[lane], kLimbs);
  }
  wipe_by_call(&work, sizeof work);
}

}  // namespace

bool power_eight_ifma(Limb* const* results, const Limb* const* bases, const Limb* const* exponents,
                      const Limb* const* moduli, const std::size_t* modulus_bits, std::size_t limbs,
                      std::size_t scale, std::size_t bits) {
  if (limbs != kLimbs || bits > kLimbs * kLimbBits) {
    return false;
  }
  // Compilers keep limbs of a modulus in the frame, so it is wiped too.
  call_and_wipe_avx<(sizeof(Work) + 8192) / 128 * 128>(power_eight, results, bases, exponents, moduli,
                                                       modulus_bits, scale, bits);
  clear_vectors();
  return true;
}

}  // namespace ashlar::crypto::bignum

#endif
