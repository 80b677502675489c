// SPDX-License-Identifier: Apache-2.0
// Residues modulo a fixed odd number in Montgomery form. A modulus is a type that holds its value. Everything
// else is computed from it at compile time.
#pragma once

#include "bignum/limbs_core.h"
#include "ec/inverse.hpp"

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

namespace ashlar::crypto::ec {

template <std::size_t N>
struct Limbs {
  std::uint64_t v[N];
};

// -1/m mod 2^64 for odd m, at compile time, by Newton's iteration: each step doubles the number of correct
// bits.
constexpr std::uint64_t negative_inverse(std::uint64_t m) {
  std::uint64_t inverse = m;  // correct in 3 bits
  for (int i = 0; i < 5; i++) {
    inverse *= 2 - m * inverse;
  }
  return 0 - inverse;
}

// 2^exponent mod m. For compile time only: it branches.
template <std::size_t N>
constexpr Limbs<N> power_of_two_mod(unsigned exponent, const Limbs<N>& m) {
  Limbs<N> x{};
  x.v[0] = 1;
  for (unsigned step = 0; step < exponent; step++) {
    const std::uint64_t carry = x.v[N - 1] >> 63;
    for (std::size_t i = N; i-- > 1;) {
      x.v[i] = (x.v[i] << 1) | (x.v[i - 1] >> 63);
    }
    x.v[0] <<= 1;
    bool at_least = true;
    for (std::size_t i = N; i-- > 0;) {
      if (x.v[i] != m.v[i]) {
        at_least = x.v[i] > m.v[i];
        break;
      }
    }
    if (carry != 0 || at_least) {
      std::uint64_t borrow = 0;
      for (std::size_t i = 0; i < N; i++) {
        const std::uint64_t partial = x.v[i] - m.v[i];
        const std::uint64_t next = (x.v[i] < m.v[i] ? 1u : 0u) | (partial < borrow ? 1u : 0u);
        x.v[i] = partial - borrow;
        borrow = next;
      }
    }
  }
  return x;
}

template <std::size_t N>
constexpr std::size_t bit_length(const Limbs<N>& a) {
  std::size_t bits = 64 * N;
  while (bits > 0 && (a.v[(bits - 1) / 64] >> ((bits - 1) % 64) & 1) == 0) {
    bits--;
  }
  return bits;
}

// Values computed from a modulus. Modulus has kValue (Limbs<N>, odd).
template <class Modulus>
struct Montgomery {
  static constexpr auto kModulus = Modulus::kValue;
  static constexpr std::size_t kLimbs = sizeof(kModulus.v) / sizeof(std::uint64_t);
  using Element = Limbs<kLimbs>;

  static constexpr std::uint64_t kNegativeInverse = negative_inverse(kModulus.v[0]);
  static constexpr Element kOne = power_of_two_mod(64 * kLimbs, kModulus);         // R mod m
  static constexpr Element kSquare = power_of_two_mod(2 * 64 * kLimbs, kModulus);  // R^2 mod m
  static constexpr Element kCube = power_of_two_mod(3 * 64 * kLimbs, kModulus);    // R^3 mod m
};

// Portable arithmetic modulo a number; the fields with kernels have the same members. Elements are fully
// reduced, in Montgomery form unless said otherwise; outputs may be inputs. Constant time. Moduli:
// portable_fields.cpp, which has the one copy of each function. At -O3 g++ would put the unrolled
// multiplication at each call, or make a copy for each constant factor. P-384 then took 169 kB, and a
// verification was 12% slower than with one copy of 2 kB that stays in the caches.
template <class Modulus>
struct PortableField : Montgomery<Modulus> {
  using typename Montgomery<Modulus>::Element;

  static void multiply(Element& out, const Element& a, const Element& b);
  static void square(Element& out, const Element& a) { multiply(out, a, a); }
  static void add(Element& out, const Element& a, const Element& b);
  static void subtract(Element& out, const Element& a, const Element& b);
  // out = a / 2
  static void half(Element& out, const Element& a);
};

// What all fields share, in terms of multiply, square, add and subtract.
template <class Field>
struct FieldTools {
  using Element = typename Field::Element;
  static constexpr std::size_t kLimbs = Field::kLimbs;
  static constexpr std::size_t kBytes = 8 * kLimbs;

  // Into and out of Montgomery form.
  static void enter(Element& out, const Element& a) { Field::multiply(out, a, Field::kSquare); }
  static void leave(Element& out, const Element& a) {
    Element one{};
    one.v[0] = 1;
    Field::multiply(out, a, one);
  }
  // 1/a; 0 for 0. Constant time.
  static void invert(Element& out, const Element& a) {
    // The input is a R, and this gives 1 / (a R). Times R^3 / R it becomes (1 / a) R.
    ec::invert<kLimbs, bit_length(Field::kModulus)>(out.v, a.v, Field::kModulus.v, Field::kNegativeInverse);
    Field::multiply(out, out, Field::kCube);
  }
};

// Plain numbers from and to kBytes big-endian bytes: as many as the limbs have, or up to seven
// fewer.
template <class Curve>
Limbs<Curve::kLimbs> load_big_endian(const std::uint8_t* bytes) {
  constexpr std::size_t kTop = Curve::kBytes - 8 * (Curve::kLimbs - 1);
  Limbs<Curve::kLimbs> out;
  std::uint64_t top = 0;
  for (std::size_t i = 0; i < kTop; i++) {
    top = top << 8 | bytes[i];
  }
  out.v[Curve::kLimbs - 1] = top;
  for (std::size_t i = 0; i + 1 < Curve::kLimbs; i++) {
    out.v[i] = load_be64(bytes + Curve::kBytes - 8 * (i + 1));
  }
  return out;
}
template <class Curve>
void store_big_endian(std::uint8_t* bytes, const Limbs<Curve::kLimbs>& a) {
  constexpr std::size_t kTop = Curve::kBytes - 8 * (Curve::kLimbs - 1);
  for (std::size_t i = 0; i < kTop; i++) {
    bytes[i] = static_cast<std::uint8_t>(a.v[Curve::kLimbs - 1] >> (8 * (kTop - 1 - i)));
  }
  for (std::size_t i = 0; i + 1 < Curve::kLimbs; i++) {
    store_be64(bytes + Curve::kBytes - 8 * (i + 1), a.v[i]);
  }
}
// The leftmost kBits of kBytes bytes (bits2int of RFC 6979 §2.3.2).
template <class Curve>
Limbs<Curve::kLimbs> load_leftmost_bits(const std::uint8_t* bytes) {
  constexpr unsigned kShift = 8 * Curve::kBytes - Curve::kBits;
  Limbs<Curve::kLimbs> out = load_big_endian<Curve>(bytes);
  if constexpr (kShift > 0) {
    for (std::size_t i = 0; i < Curve::kLimbs; i++) {
      const std::uint64_t above = i + 1 < Curve::kLimbs ? out.v[i + 1] : 0;
      out.v[i] = out.v[i] >> kShift | above << (64 - kShift);
    }
  }
  return out;
}

template <std::size_t N>
ct::Mask is_zero(const Limbs<N>& a) {
  return ct::Mask::from_bit(ashlar_limbs_equal_limb(a.v, N, 0) & 1);
}
template <std::size_t N>
ct::Mask less(const Limbs<N>& a, const Limbs<N>& b) {
  return ct::Mask::from_bit(ashlar_limbs_less(a.v, b.v, N) & 1);
}
template <std::size_t N>
ct::Mask equal(const Limbs<N>& a, const Limbs<N>& b) {
  return ct::Mask::from_bit(ashlar_limbs_equal(a.v, b.v, N) & 1);
}
// A limb on its own. Fields write limbs one at a time, and compilers would read them in pairs: a vector that
// spans two writes waits until both have left for the cache.
inline std::uint64_t alone(std::uint64_t limb) {
#if defined(__x86_64__)
  __asm__("" : "+r"(limb));
#endif
  return limb;
}
template <std::size_t N>
void select(Limbs<N>& out, ct::Mask mask, const Limbs<N>& a, const Limbs<N>& b) {
  const std::uint64_t bits = mask.bits();
  for (std::size_t i = 0; i < N; i++) {
    const std::uint64_t other = alone(b.v[i]);
    out.v[i] = other ^ ((other ^ alone(a.v[i])) & bits);
  }
}

}  // namespace ashlar::crypto::ec
