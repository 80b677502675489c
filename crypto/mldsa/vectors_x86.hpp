// SPDX-License-Identifier: Apache-2.0
// ML-DSA's polynomials in vectors of L lanes of 32 bits, once for every width. The file that includes this
// defines ASHLAR_MLDSA_TARGET, and V has the operations on vectors.
//
// The transform is built as ML-KEM's is (mlkem/vectors_x86.hpp): eight registers hold 8 L coefficients;
// layers whose partners are L or more apart work across registers. Before each of the others two registers
// exchange halves of groups. This leaves the row's order. The first layers, whose partners are 4 L or more
// apart, each take a pass through memory.
//
// Multiplication is Montgomery's. No instruction gives the upper half of a product of 32 bits, so even and
// odd lanes are multiplied to 64 bits separately.
#pragma once

#include <ashlar/base/ct.hpp>

#include "cpu/exchange_x86.hpp"
#include "cpu/x86.hpp"
#include "mldsa/constants.hpp"

#if ASHLAR_X86_KERNELS

#define ASHLAR_MLDSA_INLINE ASHLAR_TARGET_INLINE(ASHLAR_MLDSA_TARGET)

namespace ashlar::crypto::mldsa {

// A factor and the same times q^-1.
struct Factor {
  std::int32_t plain, twisted;
};
constexpr Factor factor_of(std::int32_t plain) {
  return {plain, static_cast<std::int32_t>(static_cast<std::uint32_t>(plain) *
                                           static_cast<std::uint32_t>(kQInverse))};
}
template <std::size_t L>
struct alignas(64) Factors {
  std::int32_t plain[L], twisted[L];
};

template <std::size_t L>
struct Tables {
  static constexpr std::size_t kPairs = kN / (2 * L);  // of registers
  static constexpr unsigned kSteps = L == 16 ? 4 : 3;  // layers that follow an exchange
  Factor forward[256], inverse[256];                   // roots that a whole register shares
  Factors<L> lanes[kSteps][kPairs], lanes_inverse[kSteps][kPairs];
};

template <std::size_t L>
constexpr Tables<L> tables() {
  Tables<L> out = {};
  for (unsigned i = 0; i < 256; ++i) {
    out.forward[i] = factor_of(kZetas.forward[i]);
    out.inverse[i] = factor_of(kZetas.inverse[i]);
  }
  for (std::size_t pair = 0; pair < kN / (2 * L); ++pair) {
    // The place of each coefficient.
    std::size_t low[L] = {}, high[L] = {};
    for (std::size_t l = 0; l < L; ++l) {
      low[l] = 2 * L * pair + l;
      high[l] = low[l] + L;
    }
    unsigned step = 0;
    for (std::size_t len = L / 2; len >= 1; len /= 2, ++step) {
      for (std::size_t l = 0; l < L; ++l) {
        if ((l & len) == 0) {
          const std::size_t moved = low[l + len];
          low[l + len] = high[l];
          high[l] = moved;
        }
      }
      for (std::size_t l = 0; l < L; ++l) {
        const std::size_t i = 128 / len + low[l] / (2 * len);
        out.lanes[step][pair].plain[l] = out.forward[i].plain;
        out.lanes[step][pair].twisted[l] = out.forward[i].twisted;
        out.lanes_inverse[step][pair].plain[l] = out.inverse[i].plain;
        out.lanes_inverse[step][pair].twisted[l] = out.inverse[i].twisted;
      }
    }
  }
  return out;
}
template <std::size_t L>
inline constexpr Tables<L> kTables = tables<L>();

template <class V, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE Vec multiplied(Vec a, Vec plain, Vec twisted) {
  const Vec q = V::set1(kQ), t = V::mullo(a, twisted);
  const Vec even = V::sub64(V::mul_even(a, plain), V::mul_even(t, q));
  const Vec odd = V::sub64(V::mul_even(V::odd(a), V::odd(plain)), V::mul_even(V::odd(t), q));
  return V::upper_halves(even, odd);
}
template <class V, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE Vec multiplied(Vec a, Factor factor) {
  return multiplied<V>(a, V::set1(factor.plain), V::set1(factor.twisted));
}
template <class V, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE Vec multiplied(Vec a, const Factors<V::kLanes>& factors) {
  return multiplied<V>(a, V::load(factors.plain), V::load(factors.twisted));
}
template <class V, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE Vec reduced_vector(Vec c) {
  const Vec quotient = V::template srai<23>(V::add(c, V::set1(1 << 22)));
  return V::sub(c, V::mullo(quotient, V::set1(kQ)));
}

template <class V, class F, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE void butterfly(Vec& a, Vec& b, const F& factor) {
  const Vec t = multiplied<V>(b, factor);
  b = V::sub(a, t);
  a = V::add(a, t);
}
template <class V, class F, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE void inverse_butterfly(Vec& a, Vec& b, const F& factor) {
  const Vec difference = V::sub(a, b);
  a = V::add(a, b);
  b = multiplied<V>(difference, factor);
}

template <class V, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE void load_eight(Vec (&r)[8], const std::int32_t* p) {
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 8; ++i) {
    r[i] = V::load(p + V::kLanes * i);
  }
}
template <class V, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE void store_eight(std::int32_t* p, const Vec (&r)[8]) {
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 8; ++i) {
    V::store(p + V::kLanes * i, r[i]);
  }
}

template <class V, int Len>
inline constexpr std::size_t kStepOf = V::kLanes == 16 ? (Len == 8   ? 0
                                                          : Len == 4 ? 1
                                                          : Len == 2 ? 2
                                                                     : 3)
                                                       : (Len == 4   ? 0
                                                          : Len == 2 ? 1
                                                                     : 2);

// `part`: which 8 L of the coefficients.
template <class V, int Len, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE void layer_in_lanes(Vec (&r)[8], std::size_t part) {
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    x86::exchange<4 * Len>(r[2 * i], r[2 * i + 1]);
    butterfly<V>(r[2 * i], r[2 * i + 1], kTables<V::kLanes>.lanes[kStepOf<V, Len>][4 * part + i]);
  }
}
template <class V, int Len, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE void inverse_layer_in_lanes(Vec (&r)[8], std::size_t part) {
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    inverse_butterfly<V>(r[2 * i], r[2 * i + 1],
                         kTables<V::kLanes>.lanes_inverse[kStepOf<V, Len>][4 * part + i]);
    x86::exchange<4 * Len>(r[2 * i], r[2 * i + 1]);
  }
}
// Registers that are `Apart` apart.
template <class V, std::size_t Apart, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE void layer_across(Vec (&r)[8], std::size_t part) {
  constexpr std::size_t kLen = Apart * V::kLanes;
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t at = i / Apart * 2 * Apart + i % Apart;
    butterfly<V>(r[at], r[at + Apart],
                 kTables<V::kLanes>.forward[128 / kLen + (8 * part + at) * V::kLanes / (2 * kLen)]);
  }
}
template <class V, std::size_t Apart, class Vec = typename V::Vec>
ASHLAR_MLDSA_INLINE void inverse_layer_across(Vec (&r)[8], std::size_t part) {
  constexpr std::size_t kLen = Apart * V::kLanes;
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t at = i / Apart * 2 * Apart + i % Apart;
    inverse_butterfly<V>(r[at], r[at + Apart],
                         kTables<V::kLanes>.inverse[128 / kLen + (8 * part + at) * V::kLanes / (2 * kLen)]);
  }
}

// The functions of a row.
template <class V>
struct Row {
  using Vec = typename V::Vec;
  static constexpr std::size_t kLanes = V::kLanes;
  static constexpr std::size_t kParts = kN / (8 * kLanes);

  ASHLAR_TARGET(ASHLAR_MLDSA_TARGET) static void ntt(std::int32_t* p) {
    for (std::size_t len = 128; len > 4 * kLanes; len /= 2) {
      for (std::size_t start = 0; start < kN; start += 2 * len) {
        for (std::size_t i = start; i < start + len; i += kLanes) {
          Vec a = V::load(p + i), b = V::load(p + i + len);
          butterfly<V>(a, b, kTables<kLanes>.forward[(128 + start / 2) / len]);
          V::store(p + i, a);
          V::store(p + i + len, b);
        }
      }
    }
    for (std::size_t part = 0; part < kParts; ++part) {
      Vec r[8];
      load_eight<V>(r, p + 8 * kLanes * part);
      layer_across<V, 4>(r, part);
      layer_across<V, 2>(r, part);
      layer_across<V, 1>(r, part);
      if constexpr (kLanes == 16) {
        layer_in_lanes<V, 8>(r, part);
      }
      layer_in_lanes<V, 4>(r, part);
      layer_in_lanes<V, 2>(r, part);
      layer_in_lanes<V, 1>(r, part);
      store_eight<V>(p + 8 * kLanes * part, r);
    }
  }

  ASHLAR_TARGET(ASHLAR_MLDSA_TARGET) static void inverse_ntt(std::int32_t* p) {
    // A sum of two to the eighth is below 256 q < 2^31.
    for (std::size_t part = 0; part < kParts; ++part) {
      Vec r[8];
      load_eight<V>(r, p + 8 * kLanes * part);
      inverse_layer_in_lanes<V, 1>(r, part);
      inverse_layer_in_lanes<V, 2>(r, part);
      inverse_layer_in_lanes<V, 4>(r, part);
      if constexpr (kLanes == 16) {
        inverse_layer_in_lanes<V, 8>(r, part);
      }
      inverse_layer_across<V, 1>(r, part);
      inverse_layer_across<V, 2>(r, part);
      inverse_layer_across<V, 4>(r, part);
      store_eight<V>(p + 8 * kLanes * part, r);
    }
    for (std::size_t len = 8 * kLanes; len < 128; len *= 2) {
      for (std::size_t start = 0; start < kN; start += 2 * len) {
        for (std::size_t i = start; i < start + len; i += kLanes) {
          Vec a = V::load(p + i), b = V::load(p + i + len);
          inverse_butterfly<V>(a, b, kTables<kLanes>.inverse[(128 + start / 2) / len]);
          V::store(p + i, a);
          V::store(p + i + len, b);
        }
      }
    }
    constexpr Factor kFactor = factor_of(kScale);
    // The reduction's 2^-32 cancels the second factor's 2^32.
    constexpr Factor kRoot = factor_of(last_root());
    for (std::size_t i = 0; i < 128; i += kLanes) {
      const Vec a = V::load(p + i), b = V::load(p + i + 128);
      V::store(p + i, multiplied<V>(V::add(a, b), kFactor));
      V::store(p + i + 128, multiplied<V>(V::sub(a, b), kRoot));
    }
  }

  ASHLAR_TARGET(ASHLAR_MLDSA_TARGET)
  static void inner_product(std::int32_t* out, const std::int32_t* a, const std::int32_t* b, unsigned count) {
    // Seven products of 81 q^2 are below 2^56, and their reduction below 2 q.
    for (std::size_t i = 0; i < kN; i += kLanes) {
      Vec even = V::zero(), odd = V::zero();
      for (unsigned n = 0; n < count; ++n) {
        const Vec x = V::load(a + kN * n + i), y = V::load(b + kN * n + i);
        even = V::add64(even, V::mul_even(x, y));
        odd = V::add64(odd, V::mul_even(V::odd(x), V::odd(y)));
      }
      const Vec q = V::set1(kQ), inverse = V::set1(kQInverse);
      even = V::sub64(even, V::mul_even(V::mul_even(even, inverse), q));
      odd = V::sub64(odd, V::mul_even(V::mul_even(odd, inverse), q));
      V::store(out + i, reduced_vector<V>(V::upper_halves(even, odd)));
    }
  }

  ASHLAR_TARGET(ASHLAR_MLDSA_TARGET) static void arrange(std::int32_t* out, const std::int32_t* in) {
    for (std::size_t at = 0; at < kN; at += 2 * kLanes) {
      Vec a = V::load(in + at), b = V::load(in + at + kLanes);
      if constexpr (kLanes == 16) {
        x86::exchange<4 * 8>(a, b);
      }
      x86::exchange<4 * 4>(a, b);
      x86::exchange<4 * 2>(a, b);
      x86::exchange<4 * 1>(a, b);
      V::store(out + at, a);
      V::store(out + at + kLanes, b);
    }
  }

  ASHLAR_TARGET(ASHLAR_MLDSA_TARGET)
  static void decompose(std::int32_t* high, std::int32_t* low, const std::int32_t* p, std::int32_t gamma2) {
    for (std::size_t i = 0; i < kN; i += kLanes) {
      const Vec r = reduced_vector<V>(V::load(p + i));
      const Vec a = V::add(r, V::bit_and(V::template srai<31>(r), V::set1(kQ)));
      // As in the portable row.
      Vec a1 = V::template srai<7>(V::add(a, V::set1(127)));
      if (gamma2 == 261888) {
        a1 = V::template srai<22>(V::add(V::mullo(a1, V::set1(1025)), V::set1(1 << 21)));
        a1 = V::bit_and(a1, V::set1(15));
      } else {
        a1 = V::template srai<24>(V::add(V::mullo(a1, V::set1(11275)), V::set1(1 << 23)));
        a1 = V::and_not(V::template srai<31>(V::sub(V::set1(43), a1)), a1);
      }
      Vec a0 = V::sub(a, V::mullo(a1, V::set1(2 * gamma2)));
      a0 = V::sub(a0, V::bit_and(V::template srai<31>(V::sub(V::set1(kQ / 2), a0)), V::set1(kQ)));
      V::store(high + i, a1);
      V::store(low + i, a0);
    }
  }

  ASHLAR_TARGET(ASHLAR_MLDSA_TARGET)
  static std::uint64_t reaches(const std::int32_t* p, std::int32_t bound) {
    // The sign of bound - 1 - |c|.
    Vec signs = V::zero();
    for (std::size_t i = 0; i < kN; i += kLanes) {
      signs = V::bit_or(signs, V::sub(V::set1(bound - 1), V::absolute(V::load(p + i))));
    }
    return V::any_negative(signs);
  }

  ASHLAR_TARGET(ASHLAR_MLDSA_TARGET)
  static unsigned sample_uniform(std::int32_t* p, unsigned have, const std::uint8_t* bytes,
                                 std::size_t size) {
    return V::sample_uniform(p, have, bytes, size);
  }

  static constexpr Arithmetic over(sha3::KeccakMany few, sha3::KeccakMany many) {
    return {ntt, inverse_ntt, inner_product, arrange, decompose, reaches, sample_uniform, few, many};
  }

 private:
  // kScale times the last layer's root, without one of their two factors of 2^32.
  static constexpr std::int32_t last_root() {
    // 2^-32 modulo q.
    constexpr long long kInverseR = 8265825;
    static_assert(kInverseR * kR % kQ == 1);
    return centred((kScale * static_cast<long long>(kZetas.inverse[1]) % kQ) * kInverseR);
  }
};

}  // namespace ashlar::crypto::mldsa

#endif
