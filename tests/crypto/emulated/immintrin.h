// SPDX-License-Identifier: Apache-2.0
// The intrinsics of AVX-512 that our kernels use, on plain arrays: a kernel's source compiled with this
// header runs slowly on machines without AVX-512, and is compared with the portable one there. This
// checks the kernel's logic. Machines with the instructions check that the compiler and the CPU do the
// same.
//
// Each function is written from the operation that Intel's Intrinsics Guide gives for it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

struct __m128i {
  std::uint64_t q[2];
};
struct __m256i {
  std::uint64_t q[4];
};
struct __m512i {
  std::uint64_t q[8];
};
using __mmask8 = std::uint8_t;
using __mmask16 = std::uint16_t;
using __mmask64 = std::uint64_t;
enum { _MM_PERM_ADCB = 0x39, _MM_PERM_BADC = 0x4e, _MM_PERM_CBAD = 0x93 };

namespace emulated {

template <class T>
struct Words {
  T w[64 / sizeof(T)];
};
template <class T>
Words<T> words(__m512i x) {
  Words<T> out;
  std::memcpy(&out, &x, 64);
  return out;
}
template <class T>
__m512i pack(const Words<T>& words) {
  __m512i out;
  std::memcpy(&out, &words, 64);
  return out;
}
// One operation on every element.
template <class T, class F>
__m512i each(__m512i a, __m512i b, F f) {
  Words<T> x = words<T>(a);
  const Words<T> y = words<T>(b);
  for (std::size_t i = 0; i < 64 / sizeof(T); ++i) {
    x.w[i] = static_cast<T>(f(x.w[i], y.w[i]));
  }
  return pack(x);
}

// One operation on every element of 64 bits, in a vector of any width.
template <class V, class F>
V each64(V a, V b, V c, F f) {
  for (std::size_t i = 0; i < sizeof(V) / 8; ++i) {
    a.q[i] = f(a.q[i], b.q[i], c.q[i]);
  }
  return a;
}
// The bits of `table` give the result for each three bits of a, b and c.
template <class V>
V ternary(V a, V b, V c, int table) {
  return each64(a, b, c, [table](std::uint64_t x, std::uint64_t y, std::uint64_t z) {
    std::uint64_t out = 0;
    for (unsigned i = 0; i < 8; ++i) {
      if (((static_cast<unsigned>(table) >> i) & 1) != 0) {
        out |= ((i & 4) != 0 ? x : ~x) & ((i & 2) != 0 ? y : ~y) & ((i & 1) != 0 ? z : ~z);
      }
    }
    return out;
  });
}
template <class V>
V rotated(V a, int n) {
  return each64(a, a, a, [n](std::uint64_t x, std::uint64_t, std::uint64_t) { return std::rotl(x, n); });
}
// The elements of memory whose bits are set; the others are not read and are zero.
template <class V>
V load64(unsigned mask, const void* p) {
  V out{};
  for (std::size_t i = 0; i < sizeof(V) / 8; ++i) {
    if (((mask >> i) & 1) != 0) {
      std::memcpy(&out.q[i], static_cast<const std::uint8_t*>(p) + 8 * i, 8);
    }
  }
  return out;
}

}  // namespace emulated

using u32 = std::uint32_t;
using u64 = std::uint64_t;

inline __m512i _mm512_setzero_si512() {
  return {};
}
inline __m512i _mm512_set1_epi64(long long v) {
  __m512i out;
  for (u64& q : out.q) {
    q = static_cast<u64>(v);
  }
  return out;
}
inline __m512i _mm512_set1_epi32(int v) {
  return _mm512_set1_epi64(static_cast<long long>((u64{static_cast<u32>(v)} << 32) | static_cast<u32>(v)));
}
inline __m512i _mm512_set_epi64(long long h, long long g, long long f, long long e, long long d, long long c,
                                long long b, long long a) {
  return {{static_cast<u64>(a), static_cast<u64>(b), static_cast<u64>(c), static_cast<u64>(d),
           static_cast<u64>(e), static_cast<u64>(f), static_cast<u64>(g), static_cast<u64>(h)}};
}
inline __m512i _mm512_set_epi32(int p, int o, int n, int m, int l, int k, int j, int i, int h, int g, int f,
                                int e, int d, int c, int b, int a) {
  const int from[16] = {a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p};
  __m512i out;
  std::memcpy(&out, from, 64);
  return out;
}
inline __m512i _mm512_loadu_si512(const void* p) {
  __m512i out;
  std::memcpy(&out, p, 64);
  return out;
}
inline void _mm512_storeu_si512(void* p, __m512i x) {
  std::memcpy(p, &x, 64);
}
inline __m128i _mm_loadu_si128(const __m128i* p) {
  __m128i out;
  std::memcpy(&out, p, 16);
  return out;
}
inline __m128i _mm_loadl_epi64(const __m128i* p) {
  __m128i out{};
  std::memcpy(&out, p, 8);
  return out;
}
inline __m128i _mm_insert_epi32(__m128i x, int v, unsigned at) {
  std::memcpy(reinterpret_cast<std::uint8_t*>(&x) + 4 * at, &v, 4);
  return x;
}
inline __m128i _mm_slli_si128(__m128i x, std::size_t bytes) {
  __m128i out{};
  std::memcpy(reinterpret_cast<std::uint8_t*>(&out) + bytes, &x, 16 - bytes);
  return out;
}
inline __m128i _mm512_castsi512_si128(__m512i x) {
  return {{x.q[0], x.q[1]}};
}
inline __m256i _mm512_castsi512_si256(__m512i x) {
  return {{x.q[0], x.q[1], x.q[2], x.q[3]}};
}
inline __m128i _mm_setzero_si128() {
  return {};
}
inline __m256i _mm256_setzero_si256() {
  return {};
}
inline void _mm_store_si128(__m128i* p, __m128i x) {
  std::memcpy(p, &x, 16);
}
inline void _mm256_storeu_si256(__m256i* p, __m256i x) {
  std::memcpy(p, &x, 32);
}
inline void _mm256_store_si256(__m256i* p, __m256i x) {
  std::memcpy(p, &x, 32);
}
inline __m512i _mm512_broadcastq_epi64(__m128i x) {
  return _mm512_set1_epi64(static_cast<long long>(x.q[0]));
}
inline __m512i _mm512_broadcast_i32x4(__m128i x) {
  return {{x.q[0], x.q[1], x.q[0], x.q[1], x.q[0], x.q[1], x.q[0], x.q[1]}};
}

inline __m512i _mm512_add_epi64(__m512i a, __m512i b) {
  return emulated::each<u64>(a, b, [](u64 x, u64 y) { return x + y; });
}
inline __m512i _mm512_add_epi32(__m512i a, __m512i b) {
  return emulated::each<u32>(a, b, [](u32 x, u32 y) { return x + y; });
}
inline __m512i _mm512_and_si512(__m512i a, __m512i b) {
  return emulated::each<u64>(a, b, [](u64 x, u64 y) { return x & y; });
}
inline __m512i _mm512_or_si512(__m512i a, __m512i b) {
  return emulated::each<u64>(a, b, [](u64 x, u64 y) { return x | y; });
}
inline __m512i _mm512_xor_si512(__m512i a, __m512i b) {
  return emulated::each<u64>(a, b, [](u64 x, u64 y) { return x ^ y; });
}
inline __m512i _mm512_slli_epi64(__m512i a, unsigned n) {
  return emulated::each<u64>(a, a, [n](u64 x, u64) { return x << n; });
}
inline __m512i _mm512_srli_epi64(__m512i a, unsigned n) {
  return emulated::each<u64>(a, a, [n](u64 x, u64) { return x >> n; });
}
inline __m512i _mm512_rol_epi32(__m512i a, int n) {
  return emulated::each<u32>(a, a, [n](u32 x, u32) { return (x << n) | (x >> (32 - n)); });
}
inline __m512i _mm512_madd52lo_epu64(__m512i sum, __m512i a, __m512i b) {
  constexpr u64 kLow = (u64{1} << 52) - 1;
  for (int i = 0; i < 8; ++i) {
    sum.q[i] += static_cast<u64>((unsigned __int128){a.q[i] & kLow} * (b.q[i] & kLow)) & kLow;
  }
  return sum;
}
inline __m512i _mm512_madd52hi_epu64(__m512i sum, __m512i a, __m512i b) {
  constexpr u64 kLow = (u64{1} << 52) - 1;
  for (int i = 0; i < 8; ++i) {
    sum.q[i] += static_cast<u64>(((unsigned __int128){a.q[i] & kLow} * (b.q[i] & kLow)) >> 52);
  }
  return sum;
}
inline __m512i _mm512_shrdi_epi64(__m512i a, __m512i b, unsigned n) {
  return emulated::each<u64>(a, b, [n](u64 x, u64 y) { return (x >> n) | (y << (64 - n)); });
}
// b's elements where `mask` has ones, a's elsewhere.
inline __m512i _mm512_mask_blend_epi64(__mmask8 mask, __m512i a, __m512i b) {
  for (unsigned i = 0; i < 8; ++i) {
    a.q[i] = ((mask >> i) & 1) != 0 ? b.q[i] : a.q[i];
  }
  return a;
}
inline __m512i _mm512_mask_add_epi64(__m512i from, __mmask8 mask, __m512i a, __m512i b) {
  return _mm512_mask_blend_epi64(mask, from, _mm512_add_epi64(a, b));
}
inline __m512i _mm512_maskz_set1_epi64(__mmask8 mask, long long v) {
  return _mm512_mask_blend_epi64(mask, {}, _mm512_set1_epi64(v));
}
inline __m512i _mm512_maskz_set1_epi32(__mmask16 mask, int v) {
  auto out = emulated::words<u32>({});
  for (unsigned i = 0; i < 16; ++i) {
    out.w[i] = ((mask >> i) & 1) != 0 ? static_cast<u32>(v) : 0;
  }
  return emulated::pack(out);
}
inline __m512i _mm512_maskz_expandloadu_epi64(__mmask8 mask, const void* p) {
  __m512i out{};
  const auto* from = static_cast<const std::uint8_t*>(p);
  for (unsigned i = 0; i < 8; ++i) {
    if (((mask >> i) & 1) != 0) {
      std::memcpy(&out.q[i], from, 8);
      from += 8;
    }
  }
  return out;
}
inline __mmask8 _mm512_cmpge_epu64_mask(__m512i a, __m512i b) {
  unsigned mask = 0;
  for (unsigned i = 0; i < 8; ++i) {
    mask |= (a.q[i] >= b.q[i] ? 1u : 0u) << i;
  }
  return static_cast<__mmask8>(mask);
}
inline __mmask8 _mm512_cmpeq_epu64_mask(__m512i a, __m512i b) {
  unsigned mask = 0;
  for (unsigned i = 0; i < 8; ++i) {
    mask |= (a.q[i] == b.q[i] ? 1u : 0u) << i;
  }
  return static_cast<__mmask8>(mask);
}
inline long long _mm512_reduce_add_epi64(__m512i a) {
  u64 sum = 0;
  for (const u64 q : a.q) {
    sum += q;
  }
  return static_cast<long long>(sum);
}

// Elements taken alternately from a and b within each 128-bit part, from its element `first` on.
template <class T>
inline __m512i emulated_unpack(__m512i a, __m512i b, std::size_t first) {
  const auto x = emulated::words<T>(a);
  const auto y = emulated::words<T>(b);
  emulated::Words<T> out;
  constexpr std::size_t kPer = 16 / sizeof(T);
  for (std::size_t part = 0; part < 64 / sizeof(T); part += kPer) {
    for (std::size_t i = 0; i < kPer / 2; ++i) {
      out.w[part + 2 * i] = x.w[part + first + i];
      out.w[part + 2 * i + 1] = y.w[part + first + i];
    }
  }
  return emulated::pack(out);
}
inline __m512i _mm512_unpacklo_epi32(__m512i a, __m512i b) {
  return emulated_unpack<u32>(a, b, 0);
}
inline __m512i _mm512_unpackhi_epi32(__m512i a, __m512i b) {
  return emulated_unpack<u32>(a, b, 2);
}
inline __m512i _mm512_unpacklo_epi64(__m512i a, __m512i b) {
  return emulated_unpack<u64>(a, b, 0);
}
inline __m512i _mm512_unpackhi_epi64(__m512i a, __m512i b) {
  return emulated_unpack<u64>(a, b, 1);
}
inline __m512i _mm512_shuffle_epi32(__m512i a, int control) {
  const auto x = emulated::words<u32>(a);
  emulated::Words<u32> out;
  for (unsigned i = 0; i < 16; ++i) {
    out.w[i] = x.w[(i & ~3u) + ((static_cast<unsigned>(control) >> (2 * (i & 3))) & 3)];
  }
  return emulated::pack(out);
}
inline __m512i _mm512_shuffle_i32x4(__m512i a, __m512i b, int control) {
  __m512i out;
  for (unsigned part = 0; part < 4; ++part) {
    const unsigned from = (static_cast<unsigned>(control) >> (2 * part)) & 3;
    const __m512i& source = part < 2 ? a : b;
    out.q[2 * part] = source.q[2 * from];
    out.q[2 * part + 1] = source.q[2 * from + 1];
  }
  return out;
}

inline __m512i _mm512_ternarylogic_epi64(__m512i a, __m512i b, __m512i c, int table) {
  return emulated::ternary(a, b, c, table);
}
inline __m256i _mm256_ternarylogic_epi64(__m256i a, __m256i b, __m256i c, int table) {
  return emulated::ternary(a, b, c, table);
}
inline __m256i _mm256_xor_si256(__m256i a, __m256i b) {
  return emulated::each64(a, b, b, [](u64 x, u64 y, u64) { return x ^ y; });
}
inline __m512i _mm512_rol_epi64(__m512i a, int n) {
  return emulated::rotated(a, n);
}
inline __m256i _mm256_rol_epi64(__m256i a, int n) {
  return emulated::rotated(a, n);
}
inline __m512i _mm512_rolv_epi64(__m512i a, __m512i n) {
  return emulated::each64(a, n, n, [](u64 x, u64 y, u64) { return std::rotl(x, static_cast<int>(y & 63)); });
}
inline __m256i _mm256_set1_epi64x(long long v) {
  return _mm512_castsi512_si256(_mm512_set1_epi64(v));
}
inline __m512i _mm512_set1_epi8(char v) {
  __m512i out;
  std::memset(&out, v, 64);
  return out;
}
inline __m512i _mm512_setr_epi64(long long a, long long b, long long c, long long d, long long e, long long f,
                                 long long g, long long h) {
  return _mm512_set_epi64(h, g, f, e, d, c, b, a);
}
// The upper half is undefined, and no kernel's result may depend on it.
inline __m512i _mm512_castsi256_si512(__m256i x) {
  constexpr u64 kAny = 0xdeadbeefdeadbeef;
  return {{x.q[0], x.q[1], x.q[2], x.q[3], kAny, kAny, kAny, kAny}};
}
inline __m512i _mm512_inserti64x4(__m512i a, __m256i b, int upper) {
  std::memcpy(&a.q[upper != 0 ? 4 : 0], &b, 32);
  return a;
}
inline __m512i _mm512_permutexvar_epi64(__m512i from, __m512i a) {
  return emulated::each64(from, from, from, [&a](u64 at, u64, u64) { return a.q[at & 7]; });
}
inline __m512i _mm512_permutex2var_epi64(__m512i a, __m512i from, __m512i b) {
  return emulated::each64(from, from, from,
                          [&](u64 at, u64, u64) { return (at & 8) != 0 ? b.q[at & 7] : a.q[at & 7]; });
}
inline __m256i _mm256_unpacklo_epi64(__m256i a, __m256i b) {
  return {{a.q[0], b.q[0], a.q[2], b.q[2]}};
}
inline __m256i _mm256_unpackhi_epi64(__m256i a, __m256i b) {
  return {{a.q[1], b.q[1], a.q[3], b.q[3]}};
}
// Each half of the result is a half of a or b, or zero.
inline __m256i _mm256_permute2x128_si256(__m256i a, __m256i b, int control) {
  __m256i out{};
  for (unsigned half = 0; half < 2; ++half) {
    const unsigned choice = (static_cast<unsigned>(control) >> (4 * half)) & 15;
    if ((choice & 8) == 0) {
      std::memcpy(&out.q[2 * half], &((choice & 2) != 0 ? b : a).q[2 * (choice & 1)], 16);
    }
  }
  return out;
}
inline __m512i _mm512_mask_xor_epi64(__m512i from, __mmask8 mask, __m512i a, __m512i b) {
  return _mm512_mask_blend_epi64(mask, from, _mm512_xor_si512(a, b));
}
inline __m512i _mm512_mask_mov_epi8(__m512i from, __mmask64 mask, __m512i a) {
  auto out = emulated::words<std::uint8_t>(from);
  const auto other = emulated::words<std::uint8_t>(a);
  for (std::size_t i = 0; i < 64; ++i) {
    out.w[i] = ((mask >> i) & 1) != 0 ? other.w[i] : out.w[i];
  }
  return emulated::pack(out);
}
// The address of a whole register's load must be aligned to its size.
inline __m512i _mm512_load_si512(const void* p) {
  if (reinterpret_cast<std::uintptr_t>(p) % 64 != 0) {
    __builtin_trap();
  }
  return _mm512_loadu_si512(p);
}
inline __m512i _mm512_maskz_loadu_epi64(__mmask8 mask, const void* p) {
  return emulated::load64<__m512i>(mask, p);
}
inline __m256i _mm256_maskz_loadu_epi64(__mmask8 mask, const void* p) {
  return emulated::load64<__m256i>(mask, p);
}
inline void _mm512_mask_storeu_epi64(void* p, __mmask8 mask, __m512i x) {
  for (unsigned i = 0; i < 8; ++i) {
    if (((mask >> i) & 1) != 0) {
      std::memcpy(static_cast<std::uint8_t*>(p) + 8 * i, &x.q[i], 8);
    }
  }
}

inline __m128i _mm_set1_epi64x(long long v) {
  return {{static_cast<u64>(v), static_cast<u64>(v)}};
}
inline __m128i _mm_add_epi64(__m128i a, __m128i b) {
  return {{a.q[0] + b.q[0], a.q[1] + b.q[1]}};
}
inline __m128i _mm_srli_epi64(__m128i a, unsigned n) {
  return {{a.q[0] >> n, a.q[1] >> n}};
}
inline __m128i _mm_move_epi64(__m128i a) {
  return {{a.q[0], 0}};
}
inline __m512i _mm512_zextsi128_si512(__m128i x) {
  return {{x.q[0], x.q[1], 0, 0, 0, 0, 0, 0}};
}
// The upper three quarters are undefined, and no kernel's result may depend on them.
inline __m512i _mm512_castsi128_si512(__m128i x) {
  constexpr u64 kAny = 0xdeadbeefdeadbeef;
  return {{x.q[0], x.q[1], kAny, kAny, kAny, kAny, kAny, kAny}};
}
inline __m128i _mm_madd52lo_epu64(__m128i sum, __m128i a, __m128i b) {
  return _mm512_castsi512_si128(_mm512_madd52lo_epu64(_mm512_castsi128_si512(sum), _mm512_castsi128_si512(a),
                                                      _mm512_castsi128_si512(b)));
}
// The eight elements from `at` on of b and then a.
inline __m512i _mm512_alignr_epi64(__m512i a, __m512i b, int at) {
  __m512i out;
  for (int i = 0; i < 8; ++i) {
    out.q[i] = at + i < 8 ? b.q[at + i] : a.q[at + i - 8];
  }
  return out;
}
inline __mmask8 _mm512_test_epi64_mask(__m512i a, __m512i b) {
  unsigned mask = 0;
  for (unsigned i = 0; i < 8; ++i) {
    mask |= ((a.q[i] & b.q[i]) != 0 ? 1u : 0u) << i;
  }
  return static_cast<__mmask8>(mask);
}
inline __m512i _mm512_mask_loadu_epi64(__m512i from, __mmask8 mask, const void* p) {
  return _mm512_mask_blend_epi64(mask, from, emulated::load64<__m512i>(mask, p));
}

inline u64 _bzhi_u64(u64 x, unsigned n) {
  return n < 64 ? x & ((u64{1} << n) - 1) : x;
}
inline __m512i _mm512_maskz_loadu_epi8(__mmask64 mask, const void* p) {
  __m512i out{};
  for (std::size_t i = 0; i < 64; ++i) {
    if ((mask >> i) & 1) {
      std::memcpy(reinterpret_cast<std::uint8_t*>(&out) + i, static_cast<const std::uint8_t*>(p) + i, 1);
    }
  }
  return out;
}
inline void _mm512_mask_storeu_epi8(void* p, __mmask64 mask, __m512i x) {
  for (std::size_t i = 0; i < 64; ++i) {
    if ((mask >> i) & 1) {
      std::memcpy(static_cast<std::uint8_t*>(p) + i, reinterpret_cast<const std::uint8_t*>(&x) + i, 1);
    }
  }
}
inline void _mm256_zeroall() {}
inline void _mm256_zeroupper() {}
