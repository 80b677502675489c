// SPDX-License-Identifier: Apache-2.0
// Inverses and powers of the eight elements of eight_x86_ifma.hpp, and elements as bytes.
#pragma once

#include "x25519/eight_x86_ifma.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "x25519/field_51.hpp"
#include "x25519/ladder.hpp"

namespace ashlar::crypto::x25519 {

inline constexpr std::size_t kEightLanes = 8;

// Limb i of lane l.
struct alignas(64) EightLimbs {
  std::uint64_t v[5][kEightLanes];

  Field51::Element lane(std::size_t l) const { return {{v[0][l], v[1][l], v[2][l], v[3][l], v[4][l]}}; }
  void set_lane(std::size_t l, const Field51::Element& a) {
    for (std::size_t i = 0; i < 5; i++) {
      v[i][l] = a.v[i];
    }
  }
};

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Eight eight_load(const EightLimbs& limbs) {
  Eight out;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    out.v[i] = _mm512_load_si512(limbs.v[i]);
  }
  return out;
}
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) void eight_store(EightLimbs& limbs, const Eight& a) {
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    _mm512_store_si512(limbs.v[i], a.v[i]);
  }
}

// Every lane becomes its inverse; zero stays zero, and does not touch the other lanes. One inversion serves
// all (Montgomery's trick). Constant time.
[[gnu::noinline]] inline void eight_invert(EightLimbs& limbs) {
  struct {
    Field51::Element a[kEightLanes], products[kEightLanes], inverse, own;
    std::uint64_t is_zero[kEightLanes];  // masks
    std::uint8_t bytes[32];
  } s;
  static constexpr std::uint8_t kZero[32] = {};
  for (std::size_t lane = 0; lane < kEightLanes; lane++) {
    s.a[lane] = limbs.lane(lane);
    Field51::store(s.bytes, s.a[lane]);
    s.is_zero[lane] = ct::equal(s.bytes, kZero).bits();
    // Zero, that is 0 or p, becomes 1 or p + 1.
    s.a[lane].v[0] += s.is_zero[lane] & 1;
    s.products[lane] = s.a[lane];
    if (lane > 0) {
      Field51::multiply(s.products[lane], s.products[lane - 1], s.a[lane]);
    }
  }
  Field51::multiply(s.inverse, s.products[kEightLanes - 1], Field51::one());
  invert<Field51>(s.inverse, s.inverse);
  for (std::size_t lane = kEightLanes; lane-- > 0;) {
    s.own = s.inverse;
    if (lane > 0) {
      Field51::multiply(s.own, s.inverse, s.products[lane - 1]);
      Field51::multiply(s.inverse, s.inverse, s.a[lane]);
    }
    for (std::uint64_t& limb : s.own.v) {
      limb &= ~s.is_zero[lane];
    }
    limbs.set_lane(lane, s.own);
  }
  wipe(&s, sizeof s);
}

// out = a^(2^count) * b.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA_TARGET) inline void eight_chain(Eight& out, const Eight& a,
                                                                            int count, const Eight& b) {
  Eight x = a;
  for (int i = 0; i < count; i++) {
    x = eight_square(x);
  }
  out = eight_multiply(x, b);
}

// a^((p - 5) / 8) = a^(2^252 - 3). The names say which power of two less one the exponent is.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA_TARGET) inline void eight_power_of_root(Eight& out,
                                                                                    const Eight& a) {
  Eight e2, e4, e5, e10, e20, e50, t;
  eight_chain(e2, a, 1, a);
  eight_chain(e4, e2, 2, e2);
  eight_chain(e5, e4, 1, a);
  eight_chain(e10, e5, 5, e5);
  eight_chain(e20, e10, 10, e10);
  eight_chain(t, e20, 20, e20);
  eight_chain(e50, t, 10, e10);
  eight_chain(t, e50, 50, e50);
  eight_chain(t, t, 100, t);
  eight_chain(t, t, 50, e50);
  eight_chain(out, t, 2, a);
}

}  // namespace ashlar::crypto::x25519

#endif
