// SPDX-License-Identifier: Apache-2.0
// What the x86 rows of GCM and of GCM-SIV share: GHASH and POLYVAL with carry-less multiplication on one
// block, the key object, and loads and stores of a part of a block.
//
// GCM's blocks are read with their bytes reversed; their bits are not reflected. The product is
// then one place too low. The key corrects that: it holds H times x instead of H. GCM-SIV defines
// POLYVAL as exactly this arithmetic, with blocks and H unchanged. With a = a1 x^64 + a0 and b
// likewise, lo = a0 b0, mi = a0 b1 + a1 b0, hi = a1 b1, the reduction folds lo into mi and mi into
// hi, each by a swap of halves and one multiplication by the upper half of the polynomial,
// 0xc200000000000000.
#pragma once

#include "aes/aesni.hpp"
#include "cpu/x86_parts.hpp"
#include "gcm/gcm_kernels.hpp"

#if ASHLAR_X86_KERNELS

#include <ashlar/base/endian.hpp>

#include <cstddef>

namespace ashlar::crypto::gcm {

#define ASHLAR_GCM_TARGET "aes,pclmul,ssse3,sse4.1"

inline constexpr std::size_t kPowers = 8;

// The key data of these rows. GCM keeps it; GCM-SIV makes it for each message.
struct X86Key {
  // H^8 down to H^1, each times x in GCM; then zeros, so that a pair can be read from the last. The last
  // place is for alignment: no written pair crosses a cache line, because it could not be read back at
  // once.
  alignas(16) std::uint8_t powers[16 * (kPowers + 2)];
  // For each power the sum of its halves, twice: Karatsuba's middle factor.
  std::uint8_t sums[16 * (kPowers + 1)];
  std::uint8_t round_keys[16 * 15];
};

// A row's own view of a key. Key ends with the round keys; a short key lacks some.
template <class Key>
const Key& key_of(const GcmKeyData& data) {
  return *reinterpret_cast<const Key*>(data.bytes());
}
template <class Key>
Key& key_of(GcmKeyData& data) {
  return *reinterpret_cast<Key*>(data.bytes());
}
template <class Key>
constexpr std::size_t size_of_key(std::size_t key_size) {
  static_assert(sizeof(Key) == offsetof(Key, round_keys) + sizeof Key::round_keys);
  static_assert(sizeof(GcmKeyData) + sizeof(Key) <= GcmKeyRoom::kSize);
  return offsetof(Key, round_keys) + 16 * (aes::rounds_for(key_size) + std::size_t{1});
}
inline const X86Key& x86_key(const GcmKeyData& data) {
  return key_of<X86Key>(data);
}
using aes::reread;

// H^n and the lower powers behind it.
inline const std::uint8_t* power(const X86Key& key, std::size_t n) {
  return key.powers + 16 * (kPowers - n);
}
inline const std::uint8_t* sum(const X86Key& key, std::size_t n) {
  return key.sums + 16 * (kPowers - n);
}

ASHLAR_TARGET_INLINE("sse2") __m128i reversal() {
  return _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
}
ASHLAR_TARGET_INLINE("ssse3") __m128i reversed(__m128i block) {
  return _mm_shuffle_epi8(block, reversal());
}
template <Order order>
ASHLAR_TARGET_INLINE("ssse3")
__m128i ordered(__m128i block) {
  return order == Order::last_lowest ? reversed(block) : block;
}
ASHLAR_TARGET_INLINE("sse2") __m128i swap_halves(__m128i x) {
  return _mm_shuffle_epi32(x, 0x4e);
}

// A sum of products before reduction; mi is Karatsuba's, still with lo and hi in it.
struct Sum {
  __m128i lo, mi, hi;
};

ASHLAR_TARGET_INLINE("sse2") Sum empty_sum() {
  return {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
}

ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void add_product(Sum& s, __m128i block, __m128i power, __m128i power_sum) {
  s.lo = _mm_xor_si128(s.lo, _mm_clmulepi64_si128(block, power, 0x00));
  s.hi = _mm_xor_si128(s.hi, _mm_clmulepi64_si128(block, power, 0x11));
  block = _mm_xor_si128(block, swap_halves(block));
  s.mi = _mm_xor_si128(s.mi, _mm_clmulepi64_si128(block, power_sum, 0x00));
}

ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET) __m128i fold(__m128i into, __m128i from) {
  const __m128i polynomial = _mm_set_epi64x(static_cast<long long>(0xc200000000000000), 1);
  const __m128i t = _mm_clmulepi64_si128(polynomial, from, 0x01);
  return _mm_xor_si128(into, _mm_xor_si128(swap_halves(from), t));
}

ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET) __m128i reduce(Sum s) {
  s.mi = _mm_xor_si128(s.mi, _mm_xor_si128(s.lo, s.hi));
  return fold(s.hi, fold(s.mi, s.lo));
}

ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET) __m128i multiply(__m128i block, __m128i power) {
  Sum s = empty_sum();
  add_product(s, block, power, _mm_xor_si128(power, swap_halves(power)));
  return reduce(s);
}

// H times x, from H with its bytes reversed: a shift by one, and the polynomial where a bit falls out. The
// second constant's lowest bit carries from the lower half to the upper.
ASHLAR_TARGET_INLINE("sse2") __m128i times_x(__m128i h) {
  const __m128i signs = _mm_srai_epi32(_mm_shuffle_epi32(h, 0xd3), 31);
  const __m128i carries = _mm_and_si128(signs, _mm_set_epi64x(static_cast<long long>(0xc200000000000001), 1));
  return _mm_xor_si128(_mm_add_epi64(h, h), carries);
}

// J0 with its bytes reversed: the 32-bit counter is the lowest element.
ASHLAR_TARGET_INLINE("ssse3") __m128i first_counter(const GcmCall& call) {
  if (!call.counter_is_nonce) {
    return reversed(aes::load(call.counter));
  }
  const std::uint64_t head = load_le64(call.counter);
  const std::uint64_t tail = load_le32(call.counter + 8) | (std::uint64_t{0x01000000} << 32);
  return reversed(_mm_set_epi64x(static_cast<long long>(tail), static_cast<long long>(head)));
}

// The block of lengths with its bytes reversed.
ASHLAR_TARGET_INLINE("sse2") __m128i lengths(const GcmCall& call) {
  return _mm_set_epi64x(static_cast<long long>(call.aad_total * 8), static_cast<long long>(call.size * 8));
}

// Makes the round keys, and encrypts H while they are expanded. Returns H times x.
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
__m128i expand_with_h(GcmKeyData& data, std::uint8_t* round_keys, Bytes key) {
  data.rounds = aes::rounds_for(key.size());
  return times_x(reversed(aes::expand_beside_zeros(round_keys, key)));
}

// Wipes an array of whole blocks without a call or a string instruction: either would cost a short message as
// much as its encryption. So compilers must not merge the stores.
template <class Array>
ASHLAR_TARGET_INLINE("sse2")
void wipe_blocks(Array& array) {
  std::uint8_t* const p = reinterpret_cast<std::uint8_t*>(&array);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < sizeof array; i += 16) {
    aes::store(p + i, _mm_setzero_si128());
    __asm__ volatile("" : : "r"(p) : "memory");
  }
}

using x86::load_part;
using x86::part_mask;
using x86::store_part;

}  // namespace ashlar::crypto::gcm

#endif
