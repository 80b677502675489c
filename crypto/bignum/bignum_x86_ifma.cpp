// SPDX-License-Identifier: Apache-2.0
// Exponentiation with AVX-512 IFMA, in digits of 52 bits.
//
// Layout. A number has `R` vectors, and lane l of vector j holds digit R * l + j: neighbouring digits are in
// neighbouring vectors. A shift by one digit then renames the vectors, and only the lowest one moves by a
// lane. A number takes all eight lanes, or two numbers take four lanes each. The two are the halves of a
// private operation: their factors differ and their steps are the same.
//
// Algorithm. Montgomery multiplication, digit by digit: x + a * b[i] + n * y, where y is the lowest digit of
// the sum times -1 / n, divided by 2^52. vpmadd52luq and vpmadd52huq add the low and the high half of a
// product; the high halves belong one digit higher, and after the shift between the two that is the same
// vector. The digit that is shifted out is not computed: its low 52 bits add up to 0 or 2^52, so its carry is
// known before y is. Digits stay unreduced until the end (a digit gathers at most 4 * 160 * 2^52). Then each
// lane is carried in two ways at once, with and without a carry into it. One addition of masks decides which
// lanes take which.
//
// Bound. 4 * R vpmadd52 for each digit of b: 400 for two numbers of 1024 bits or 800 for one of 2048, which
// on Zen 4 is as many cycles. From y to the next y takes some fifteen cycles, which is below the twenty of
// that bound, because the products of b that the next y needs are computed one step ahead.
//
// Numbers: R = 2^(52 * digits) is at least 4 n, and so every product of numbers below 2n is below 2n.
#include "bignum/bignum_x86_ifma.hpp"

#if ASHLAR_X86_KERNELS

#include "bignum/limbs.hpp"
#include "bignum/window.hpp"
#include "cpu/dead_stack.hpp"

namespace ashlar::crypto::bignum {
namespace {

#define ASHLAR_IFMA "avx512f,avx512vl,avx512dq,avx512ifma,bmi2"

constexpr std::size_t kDigitBits = 52;
constexpr Limb kDigitMask = (Limb{1} << kDigitBits) - 1;

template <std::size_t R>
struct Number {
  __m512i v[R];
};

// ---- one number and two: the differences ------------------------------------------------------------

// Distance in words from a digit to the digit one lane higher.
template <bool Pair>
constexpr std::size_t kLane = Pair ? 2 : 1;

// Digits of a number in this many vectors. Eight vectors serve numbers of 1536 or 3072 bits. Their last lane
// is not full, and no work is done for the rest of it.
template <std::size_t R, bool Pair>
constexpr std::size_t kDigits = R == 8 ? 480 / (8 * kLane<Pair>) : 8 * R / kLane<Pair>;
template <std::size_t R, bool Pair>
constexpr std::size_t kBits = kDigits<R, Pair>* kDigitBits;

// One digit of each number, from memory into all lanes.
template <bool Pair>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
__m512i everywhere(const Limb* digit) {
  if constexpr (Pair) {
    return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(digit)));
  } else {
    return _mm512_set1_epi64(static_cast<long long>(*digit));
  }
}

// The same from the lowest lane of a vector.
template <bool Pair>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
__m512i everywhere(__m128i digit) {
  if constexpr (Pair) {
    return _mm512_shuffle_i32x4(_mm512_castsi128_si512(digit), _mm512_castsi128_si512(digit), 0);
  } else {
    return _mm512_broadcastq_epi64(digit);
  }
}

// Every lane gets the value of the next higher lane, the highest gets zero.
template <bool Pair>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
__m512i lanes_down(__m512i x) {
  return _mm512_alignr_epi64(_mm512_setzero_si512(), x, static_cast<int>(kLane<Pair>));
}

template <bool Pair>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
__m512i lanes_up(__m512i x) {
  return _mm512_alignr_epi64(x, _mm512_setzero_si512(), 8 - static_cast<int>(kLane<Pair>));
}

// ---- products ---------------------------------------------------------------------------------------

// A step: x = (x + a * b + n * y) / 2^52, where the low halves of a * b are in x already; adds those of
// a * next.
template <std::size_t R, bool Pair>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void step(Number<R>& x, const Number<R>& a, const Number<R>& n, __m128i factor, __m512i b, __m512i next) {
  const __m512i zero = _mm512_setzero_si512();
  const __m128i mask = _mm_set1_epi64x(static_cast<long long>(kDigitMask));
  const __m128i low = _mm512_castsi512_si128(x.v[0]);
  const __m512i y = everywhere<Pair>(_mm_madd52lo_epu64(_mm_setzero_si128(), low, factor));
  __m128i carry = _mm_srli_epi64(_mm_add_epi64(low, mask), kDigitBits);
  if constexpr (!Pair) {
    carry = _mm_move_epi64(carry);
  }
  // The part that does not wait for y. Vector j + 1 has become vector j.
  Number<R> sum;
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < R; ++j) {
    sum.v[j] = _mm512_madd52hi_epu64(j + 1 < R ? x.v[j + 1] : zero, a.v[j], b);
    sum.v[j] = _mm512_madd52lo_epu64(sum.v[j], a.v[j], next);
  }
  // The next y waits for vector 0, so its two products are done side by side.
  sum.v[0] = _mm512_madd52hi_epu64(sum.v[0], n.v[0], y);
  const __m512i bottom = _mm512_madd52lo_epu64(x.v[0], n.v[0], y);
  x.v[0] = _mm512_madd52lo_epu64(_mm512_zextsi128_si512(carry), n.v[1], y);
  x.v[0] = _mm512_add_epi64(sum.v[0], x.v[0]);
  ASHLAR_UNROLL
  for (std::size_t j = 1; j < R; ++j) {
    x.v[j] = _mm512_madd52hi_epu64(sum.v[j], n.v[j], y);
    if (j + 1 < R) {
      x.v[j] = _mm512_madd52lo_epu64(x.v[j], n.v[j + 1], y);
    }
  }
  x.v[R - 1] = _mm512_add_epi64(x.v[R - 1], lanes_down<Pair>(bottom));
}

// Steps for the digits of b in one lane of each vector, from vector `At` on. `digit` is the first of them,
// and afterwards the one at `following`. The last lane may have fewer digits than there are vectors.
template <std::size_t R, bool Pair, std::size_t At = 0>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void steps(Number<R>& x, const Number<R>& a, const Limb* b, const Limb* following, const Number<R>& n,
           __m128i factor, __m512i& digit, bool last) {
  if constexpr (At > 0 && At == kDigits<R, Pair> % R) {
    if (last) {
      return;
    }
  }
  const __m512i next = everywhere<Pair>(At + 1 < R ? b + 8 * (At + 1) : following);
  step<R, Pair>(x, a, n, factor, digit, next);
  digit = next;
  if constexpr (At + 1 < R) {
    steps<R, Pair, At + 1>(x, a, b, following, n, factor, digit, last);
  }
}

// The lanes that a carry comes into, from those that make one and those that pass one on.
template <bool Pair>
unsigned into_lanes(unsigned makes, unsigned passes) {
  unsigned into = makes << kLane<Pair>;
  if constexpr (Pair) {
    into |= (into & passes) << 2;
    into |= (into & passes) << 2;
    return into;
  } else {
    // A carry runs through the lanes that pass it on just as through the one bits of a sum.
    return (into + passes) ^ passes;
  }
}

// Carries, so that each digit has 52 bits. The number fits its digits.
template <std::size_t R, bool Pair>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void carry(Number<R>& x) {
  const __m512i mask = _mm512_set1_epi64(static_cast<long long>(kDigitMask));
  Number<R> over;
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < R; ++j) {
    over.v[j] = _mm512_srli_epi64(x.v[j], kDigitBits);
    x.v[j] = _mm512_and_si512(x.v[j], mask);
  }
  x.v[0] = _mm512_add_epi64(x.v[0], lanes_up<Pair>(over.v[R - 1]));
  ASHLAR_UNROLL
  for (std::size_t j = 1; j < R; ++j) {
    x.v[j] = _mm512_add_epi64(x.v[j], over.v[j - 1]);
  }
  // Now each digit is below 2^52 + 2^11. Computes each lane without and with a carry into it.
  Number<R> with = x;
  with.v[0] = _mm512_add_epi64(x.v[0], _mm512_set1_epi64(1));
  ASHLAR_UNROLL
  for (std::size_t j = 0; j + 1 < R; ++j) {
    x.v[j + 1] = _mm512_add_epi64(x.v[j + 1], _mm512_srli_epi64(x.v[j], kDigitBits));
    with.v[j + 1] = _mm512_add_epi64(with.v[j + 1], _mm512_srli_epi64(with.v[j], kDigitBits));
  }
  const __m512i bit = _mm512_set1_epi64(static_cast<long long>(kDigitMask + 1));
  const unsigned makes = _mm512_test_epi64_mask(x.v[R - 1], bit);
  const unsigned passes = _mm512_test_epi64_mask(with.v[R - 1], bit) & ~makes;
  const auto chosen = static_cast<__mmask8>(into_lanes<Pair>(makes, passes));
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < R; ++j) {
    x.v[j] = _mm512_and_si512(_mm512_mask_blend_epi64(chosen, x.v[j], with.v[j]), mask);
  }
}

template <std::size_t R>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
Number<R> load(const Limb* words) {
  Number<R> x;
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < R; ++j) {
    x.v[j] = _mm512_loadu_si512(words + 8 * j);
  }
  return x;
}

template <std::size_t R>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void store(Limb* words, const Number<R>& x) {
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < R; ++j) {
    _mm512_storeu_si512(words + 8 * j, x.v[j]);
  }
}

// a = a * b / 2^(52 * digits). All lanes of b are digits.
template <std::size_t R, bool Pair>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void multiply(Number<R>& a, const Limb* b, const Number<R>& n, __m128i factor) {
  static constexpr Limb kZero[2] = {};
  __m512i digit = everywhere<Pair>(b);
  Number<R> x;
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < R; ++j) {
    x.v[j] = _mm512_madd52lo_epu64(_mm512_setzero_si512(), a.v[j], digit);
  }
  for (std::size_t left = 8 / kLane<Pair>; left > 0; --left) {
    __asm__("" : "+r"(left));  // prevents copies of the code below
    const Limb* const following = left > 1 ? b + kLane<Pair> : kZero;
    steps<R, Pair>(x, a, b, following, n, factor, digit, left == 1);
    b = following;
  }
  carry<R, Pair>(x);
  a = x;
}

// The modulus and -1 / n modulo 2^52, as vectors in memory.
template <std::size_t R>
struct Modulus {
  Limb n[8 * R];
  Limb factor[2];
};

// x = x^(2^squarings) * b. Everything here uses this one loop.
template <std::size_t R, bool Pair>
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA) void chain(Limb* x, std::size_t squarings, const Limb* b,
                                                        const Modulus<R>& m) {
  const Number<R> n = load<R>(m.n);
  const __m128i factor = _mm_loadu_si128(reinterpret_cast<const __m128i*>(m.factor));
  Number<R> a = load<R>(x);
  for (std::size_t left = squarings + 1; left > 0; --left) {
    // One body for both. Without this the compiler makes two loops.
    __asm__("" : "+r"(left));
    multiply<R, Pair>(a, left > 1 ? x : b, n, factor);
    store<R>(x, a);
  }
}

ASHLAR_TARGET(ASHLAR_IFMA) void clear_vectors() {
  clear_vectors_avx512();
}

// ---- between limbs and digits -----------------------------------------------------------------------

// The place of digit i of a number among the words of its vectors. The second of two numbers is one word
// higher.
template <std::size_t R, bool Pair>
constexpr std::size_t place(std::size_t i) {
  return i % R * 8 + i / R * kLane<Pair>;
}

template <std::size_t R, bool Pair>
void to_digits(Limb* words, const Limb* number, std::size_t limbs) {
  for (std::size_t i = 0; i < 8 * R / kLane<Pair>; ++i) {
    const std::size_t at = i * kDigitBits / kLimbBits;
    const std::size_t shift = i * kDigitBits % kLimbBits;
    Limb digit = at < limbs ? number[at] >> shift : 0;
    if (shift > kLimbBits - kDigitBits && at + 1 < limbs) {
      digit |= number[at + 1] << (kLimbBits - shift);
    }
    words[place<R, Pair>(i)] = digit & kDigitMask;
  }
}

template <std::size_t R, bool Pair>
void from_digits(Limb* number, std::size_t limbs, const Limb* words) {
  Limb limb = 0;
  std::size_t at = 0;
  std::size_t have = 0;
  for (std::size_t i = 0; i < kDigits<R, Pair> && at < limbs; ++i) {
    const Limb digit = words[place<R, Pair>(i)];
    limb |= digit << have;
    have += kDigitBits;
    if (have >= kLimbBits) {
      number[at++] = limb;
      have -= kLimbBits;
      limb = have > 0 ? digit >> (kDigitBits - have) : 0;
    }
  }
  while (at < limbs) {
    number[at++] = limb;
    limb = 0;
  }
}

// ---- exponentiation with a public exponent ----------------------------------------------------------

template <std::size_t R>
constexpr std::size_t kLimbsOf = 8 * R* kDigitBits / kLimbBits + 1;

template <std::size_t R>
struct PublicWork {
  Limb number[8 * R];
  Limb base[8 * R];
  Limb x[8 * R];
  Modulus<R> modulus;
  Limb limbs[kLimbsOf<R>];
};

template <std::size_t R>
void power_public_of(Limb* result, const Limb* number, std::uint64_t exponent, const Limb* n,
                     std::size_t limbs, std::size_t bits) {
  PublicWork<R> work;
  to_digits<R, false>(work.modulus.n, n, limbs);
  for (Limb& factor : work.modulus.factor) {
    factor = ashlar_limb_negated_inverse(n[0]) & kDigitMask;
  }
  to_digits<R, false>(work.number, number, limbs);
  shift_modulo(work.limbs, number, kBits<R, false>, n, limbs, bits);
  to_digits<R, false>(work.base, work.limbs, limbs);
  std::memcpy(work.x, work.base, sizeof work.x);
  // From one set bit to the next. The last factor is the plain number, which takes the result out of
  // Montgomery's form.
  for (int bit = 62 - __builtin_clzll(exponent); bit >= 0;) {
    std::size_t squarings = 1;
    for (; ((exponent >> bit) & 1) == 0; --bit) {
      ++squarings;
    }
    chain<R, false>(work.x, squarings, bit == 0 ? work.number : work.base, work.modulus);
    --bit;
  }
  from_digits<R, false>(result, limbs, work.x);
  ashlar_limbs_reduce_once(result, 0, n, limbs);
  wipe_by_call(&work, sizeof work);
}

// ---- two exponentiations side by side ---------------------------------------------------------------

template <std::size_t R>
struct PairConstants {
  Modulus<R> modulus;
  Limb convert[8 * R];  // 2^scale * (2^(52 * digits))^2 modulo n
  Limb one[8 * R];      // 2^(52 * digits) modulo n
};

template <std::size_t R>
void prepare_pair_of(Limb* words, const Limb* const* moduli, std::size_t limbs, const std::size_t* bits,
                     std::size_t scale) {
  static_assert(sizeof(PairConstants<R>) <= kPairWords * sizeof(Limb));
  PairConstants<R> constants;
  SecretLimbs<kLimbsOf<R>> number;
  for (std::size_t half = 0; half < 2; ++half) {
    const Limb* const n = moduli[half];
    to_digits<R, true>(constants.modulus.n + half, n, limbs);
    set(number, 1, limbs);
    shift_modulo(number, number, kBits<R, true>, n, limbs, bits[half]);
    to_digits<R, true>(constants.one + half, number, limbs);
    shift_modulo(number, number, scale + kBits<R, true>, n, limbs, bits[half]);
    to_digits<R, true>(constants.convert + half, number, limbs);
    constants.modulus.factor[half] = ashlar_limb_negated_inverse(n[0]) & kDigitMask;
  }
  std::memcpy(words, &constants, sizeof constants);
  wipe(&constants, sizeof constants);
}

constexpr std::size_t kEntries = std::size_t{1} << kWindowBits;

// The workspace of one exponentiation or two.
template <std::size_t R>
struct TableWork {
  Limb table[kEntries][8 * R];
  Limb x[8 * R];
  Limb factor[8 * R];
};

// work.factor = the entry of the table that each number's window names; every entry is read.
template <std::size_t R>
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA) void pick(TableWork<R>& work, Limb first, Limb second) {
  const __m512i index = _mm512_mask_blend_epi64(0xaa, _mm512_set1_epi64(static_cast<long long>(first)),
                                                _mm512_set1_epi64(static_cast<long long>(second)));
  Number<R> x = load<R>(work.table[0]);
  __m512i at = _mm512_setzero_si512();
  for (std::size_t i = 1; i < kEntries; ++i) {
    at = _mm512_add_epi64(at, _mm512_set1_epi64(1));
    const __mmask8 here = _mm512_cmpeq_epu64_mask(at, index);
    ASHLAR_UNROLL
    for (std::size_t j = 0; j < R; ++j) {
      x.v[j] = _mm512_mask_loadu_epi64(x.v[j], here, work.table[i] + 8 * j);
    }
  }
  store<R>(work.factor, x);
}

// work.table[i] = the base to the power i, from the entries 0 and 1.
template <std::size_t R, bool Pair>
void fill_table(TableWork<R>& work, const Modulus<R>& modulus) {
  for (std::size_t i = 2; i < kEntries; ++i) {
    std::memcpy(work.table[i], work.table[i - 1], sizeof work.x);
    chain<R, Pair>(work.table[i], 0, work.table[1], modulus);
  }
}

// work.x = the base to the exponent of each number; of one number both exponents are the same.
template <std::size_t R, bool Pair>
void power_windows(TableWork<R>& work, const Limb* first, const Limb* second, std::size_t bits,
                   const Modulus<R>& modulus) {
  std::memcpy(work.x, work.table[0], sizeof work.x);
  std::size_t low = (bits + kWindowBits - 1) / kWindowBits * kWindowBits;
  while (low > 0) {
    low -= kWindowBits;
    pick<R>(work, window(first, bits, low), window(second, bits, low));
    chain<R, Pair>(work.x, kWindowBits, work.factor, modulus);
  }
  // Out of Montgomery's form.
  std::memset(work.factor, 0, sizeof work.factor);
  work.factor[0] = 1;
  if constexpr (Pair) {
    work.factor[1] = 1;
  }
  chain<R, Pair>(work.x, 0, work.factor, modulus);
}

template <std::size_t R>
void power_pair_of(Limb* const* results, const Limb* const* bases, const Limb* const* exponents,
                   const Limb* const* moduli, const Limb* words, std::size_t limbs, std::size_t bits) {
  const auto& constants = *reinterpret_cast<const PairConstants<R>*>(words);
  alignas(64) TableWork<R> work;
  for (std::size_t half = 0; half < 2; ++half) {
    to_digits<R, true>(work.table[1] + half, bases[half], limbs);
  }
  std::memcpy(work.table[0], constants.one, sizeof work.x);
  chain<R, true>(work.table[1], 0, constants.convert, constants.modulus);
  fill_table<R, true>(work, constants.modulus);
  power_windows<R, true>(work, exponents[0], exponents[1], bits, constants.modulus);
  for (std::size_t half = 0; half < 2; ++half) {
    from_digits<R, true>(results[half], limbs, work.x + half);
    ashlar_limbs_reduce_once(results[half], 0, moduli[half], limbs);
  }
  wipe_by_call(&work, sizeof work);
}

// ---- one exponentiation with a secret exponent -------------------------------------------------------

template <std::size_t R>
void power_secret_of(Limb* result, const Limb* base, const Limb* exponent, std::size_t exponent_bits,
                     const Limb* n, std::size_t limbs, std::size_t bits) {
  alignas(64) TableWork<R> work;
  Modulus<R> modulus;
  SecretLimbs<kLimbsOf<R>> number;
  to_digits<R, false>(modulus.n, n, limbs);
  for (Limb& factor : modulus.factor) {
    factor = ashlar_limb_negated_inverse(n[0]) & kDigitMask;
  }
  set(number, 1, limbs);
  shift_modulo(number, number, kBits<R, false>, n, limbs, bits);
  to_digits<R, false>(work.table[0], number, limbs);
  shift_modulo(number, base, kBits<R, false>, n, limbs, bits);
  to_digits<R, false>(work.table[1], number, limbs);
  fill_table<R, false>(work, modulus);
  power_windows<R, false>(work, exponent, exponent, exponent_bits, modulus);
  from_digits<R, false>(result, limbs, work.x);
  ashlar_limbs_reduce_once(result, 0, n, limbs);
  wipe_by_call(&work, sizeof work);
}

// More stack than the functions above use, their frames included: without a table and with one.
constexpr std::size_t kStack = 4096;
template <std::size_t R>
constexpr std::size_t kTableStack = sizeof(TableWork<R>) + kStack;

template <std::size_t R>
using Vectors = std::integral_constant<std::size_t, R>;

}  // namespace

bool power_public_ifma(Limb* result, const Limb* number, std::uint64_t exponent, const Limb* n,
                       std::size_t limbs, std::size_t bits) {
  const auto run = limbs <= 32   ? power_public_of<5>
                   : limbs <= 48 ? power_public_of<8>
                   : limbs <= 64 ? power_public_of<10>
                                 : nullptr;
  if (run == nullptr) {
    return false;
  }
  call_and_wipe_avx<kStack>(run, result, number, exponent, n, limbs, bits);
  clear_vectors();
  return true;
}

bool prepare_pair_ifma(Limb* constants, const Limb* const* moduli, std::size_t limbs, const std::size_t* bits,
                       std::size_t scale) {
  const auto run = limbs == 16   ? prepare_pair_of<5>
                   : limbs == 24 ? prepare_pair_of<8>
                   : limbs == 32 ? prepare_pair_of<10>
                                 : nullptr;
  if (run == nullptr) {
    return false;
  }
  call_and_wipe_avx<kStack>(run, constants, moduli, limbs, bits, scale);
  clear_vectors();
  return true;
}

void power_pair_ifma(Limb* const* results, const Limb* const* bases, const Limb* const* exponents,
                     const Limb* const* moduli, const Limb* constants, std::size_t limbs, std::size_t bits) {
  const auto run = [&]<std::size_t R>(Vectors<R>) {
    call_and_wipe_avx<kTableStack<R>>(power_pair_of<R>, results, bases, exponents, moduli, constants, limbs,
                                      bits);
  };
  limbs == 16 ? run(Vectors<5>()) : limbs == 24 ? run(Vectors<8>()) : run(Vectors<10>());
  clear_vectors();
}

bool power_secret_ifma(Limb* result, const Limb* base, const Limb* exponent, std::size_t exponent_bits,
                       const Limb* n, std::size_t limbs, std::size_t bits) {
  if (limbs > 64) {
    return false;
  }
  const auto run = [&]<std::size_t R>(Vectors<R>) {
    call_and_wipe_avx<kTableStack<R>>(power_secret_of<R>, result, base, exponent, exponent_bits, n, limbs,
                                      bits);
  };
  limbs <= 32 ? run(Vectors<5>()) : limbs <= 48 ? run(Vectors<8>()) : run(Vectors<10>());
  clear_vectors();
  return true;
}

}  // namespace ashlar::crypto::bignum

#endif
