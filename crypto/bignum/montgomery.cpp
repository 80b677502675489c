// SPDX-License-Identifier: Apache-2.0
#include "bignum/montgomery.hpp"

#include "cpu/x86.hpp"

namespace ashlar::crypto::bignum {

void montgomery_square(Limb* square, const Montgomery& n, std::size_t bits) {
  set(square, 0, n.limbs);
  square[(bits - 1) / kLimbBits] = Limb{1} << ((bits - 1) % kLimbBits);
  shift_modulo(square, square, 2 * kLimbBits * n.limbs - (bits - 1), n.n, n.limbs, bits);
}

void power_public_but_one(Limb* r, const Limb* base, std::uint64_t exponent, const Montgomery& n,
                          Montgomery::Product& work) {
  copy(r, base, n.limbs);
  for (int bit = 62 - __builtin_clzll(exponent); bit > 0; bit--) {
    n.square(r, r, work);
    if (((exponent >> bit) & 1) != 0) {
      n.multiply(r, r, base, work);
    }
  }
  n.square(r, r, work);
}

namespace {

constexpr std::size_t kEntries = std::size_t{1} << kWindowBits;

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)
// pick() below with AVX2, and with SSE2, which every x86-64 machine has.
[[gnu::noinline]] ASHLAR_TARGET("avx2") void pick_avx2(Limb* r, const PowerTable& table, Limb index,
                                                       std::size_t limbs) {
  const __m256i wanted = _mm256_set1_epi32(static_cast<int>(index)), one = _mm256_set1_epi32(1);
  for (std::size_t from = 0; from < limbs; from += 8) {
    __m256i at = _mm256_setzero_si256(), sum[2] = {at, at};
    for (const auto& entry : table.entry) {
      const __m256i mask = _mm256_cmpeq_epi32(at, wanted);
      const auto* words = reinterpret_cast<const __m256i*>(entry + from);
      ASHLAR_UNROLL
      for (std::size_t k = 0; k < 2; k++) {
        sum[k] = _mm256_or_si256(sum[k], _mm256_and_si256(mask, _mm256_loadu_si256(words + k)));
      }
      at = _mm256_add_epi32(at, one);
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(r + from), sum[0]);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(r + from + 4), sum[1]);
  }
}
[[gnu::noinline]] void pick_sse2(Limb* r, const PowerTable& table, Limb index, std::size_t limbs) {
  const __m128i wanted = _mm_set1_epi32(static_cast<int>(index)), one = _mm_set1_epi32(1);
  for (std::size_t from = 0; from < limbs; from += 8) {
    __m128i at = _mm_setzero_si128(), sum[4] = {at, at, at, at};
    for (const auto& entry : table.entry) {
      const __m128i mask = _mm_cmpeq_epi32(at, wanted);
      const auto* words = reinterpret_cast<const __m128i*>(entry + from);
      ASHLAR_UNROLL
      for (std::size_t k = 0; k < 4; k++) {
        sum[k] = _mm_or_si128(sum[k], _mm_and_si128(mask, _mm_loadu_si128(words + k)));
      }
      at = _mm_add_epi32(at, one);
    }
    ASHLAR_UNROLL
    for (std::size_t k = 0; k < 4; k++) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(r + from) + k, sum[k]);
    }
  }
}
#endif

// r = the entry of the table at a secret index; every entry is read.
void pick(Limb* r, const PowerTable& table, Limb index, std::size_t limbs) {
#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)
  (cpu::features().has(cpu::Feature::avx2) ? pick_avx2 : pick_sse2)(r, table, index, limbs);
#else
  Limb masks[kEntries];
  for (std::size_t i = 0; i < kEntries; i++) {
    masks[i] = ashlar_ct_eq(i, index);
  }
  for (std::size_t from = 0; from < limbs; from += 8) {
    Limb sum[8] = {};
    for (std::size_t i = 0; i < kEntries; i++) {
      const Limb mask = masks[i];
      const Limb* entry = table.entry[i] + from;
      for (std::size_t k = 0; k < 8; k++) {
        sum[k] |= entry[k] & mask;
      }
    }
    copy(r + from, sum, 8);
  }
  wipe(masks, sizeof masks);
#endif
}

}  // namespace

void power(Limb* r, const Limb* base, const Limb* exponent, std::size_t bits, const Limb* one,
           const Montgomery& n, PowerTable& table, Montgomery::Product& work) {
  if (n.limbs > kMaxPowerLimbs) {
    __builtin_trap();
  }
  copy(table.entry[0], one, n.limbs);
  copy(table.entry[1], base, n.limbs);
  for (std::size_t i = 2; i < kEntries; i += 2) {
    n.square(table.entry[i], table.entry[i / 2], work);
    n.multiply(table.entry[i + 1], table.entry[i], base, work);
  }
  SecretLimbs<kMaxPowerLimbs> factor;
  std::size_t low = (bits + kWindowBits - 1) / kWindowBits * kWindowBits;
  copy(r, one, n.limbs);
  if (low > 0) {
    low -= kWindowBits;
    pick(r, table, window(exponent, bits, low), n.limbs);
  }
  while (low > 0) {
    low -= kWindowBits;
    for (std::size_t i = 0; i < kWindowBits; i++) {
      n.square(r, r, work);
    }
    pick(factor, table, window(exponent, bits, low), n.limbs);
    n.multiply(r, r, factor, work);
  }
}

}  // namespace ashlar::crypto::bignum
