// SPDX-License-Identifier: Apache-2.0
// The x86-ifma row of Ed25519 side by side: eight independent operations in eight lanes.
//
// Algorithm. Multiples of the base point as multiply.hpp: a row of the table for every second digit of four
// bits, in two passes. In a sum with public scalars each lane has the multiples 1 to 16 of its point; it adds
// one for each digit of five bits, and the multiples of the base point share its doublings. One inversion
// serves all lanes. Square roots are powers in all lanes; what follows them is done lane by lane.
//
// Bound. A doubling takes 270 vpmadd52 and an addition 350 to 400, of eight lanes: 22000 for a multiple of
// the base point, 115000 for a sum, at one a cycle on Zen 4. Carries add half as much again.
#include "ed25519/many.hpp"

#include "ed25519/eight_x86_ifma.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "ed25519/kernels.hpp"

namespace ashlar::crypto::ed25519 {
namespace eight {
namespace {

using Single = Operations<Edwards<Field51>>;

constexpr unsigned kWidth = 5;
constexpr std::size_t kMultiples = std::size_t{1} << (kWidth - 1);
constexpr unsigned kPlaces = (253 + kWidth - 1) / kWidth;  // of numbers below 2^253

struct OwnMultiples {
  struct {
    Eight z;  // 2 Z
    Addend addend;
  } entries[kMultiples];
};

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Eight doubled(const Eight& a) {
  return eight_add(a, a);
}

// Lane by lane, the multiples of the points.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA_TARGET) void multiples(OwnMultiples& out,
                                                                   const std::uint64_t* const* points) {
  __m512i words[8];
  ASHLAR_UNROLL
  for (int i = 0; i < 8; i++) {
    words[i] = _mm512_loadu_si512(points[i]);
  }
  transpose_eight(words);
  __m512i d2[4];
  ASHLAR_UNROLL
  for (int i = 0; i < 4; i++) {
    d2[i] = eight_words(kTwiceD[i]);
  }
  const Eight twice_d = from_words(d2);
  Point p;
  p.x = from_words(words);
  p.y = from_words(words + 4);
  p.z = eight_number(1);
  p.t = eight_multiply(p.x, p.y);
  for (std::size_t i = 0; i < kMultiples; i++) {
    if (i > 0) {
      add(p, out.entries[0].addend, doubled(p.z));
    }
    out.entries[i].z = doubled(p.z);
    out.entries[i].addend.sum = eight_add(p.y, p.x);
    out.entries[i].addend.difference = eight_subtract(p.y, p.x);
    out.entries[i].addend.t = eight_multiply(p.t, twice_d);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) void take(Eight& out, __mmask8 lanes, const Eight& from) {
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    out.v[i] = _mm512_mask_mov_epi64(out.v[i], lanes, from.v[i]);
  }
}

// p += each lane's multiple.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA_TARGET) void add_own(Point& p, const OwnMultiples& own,
                                                                 const Digits& digit) {
  Eight z = eight_number(2);
  Addend q = {eight_number(1), eight_number(1), eight_number(0)};
  __m512i at = _mm512_setzero_si512();
  for (const auto& entry : own.entries) {
    at = _mm512_add_epi64(at, eight_words(1));
    const __mmask8 here = _mm512_cmpeq_epi64_mask(at, digit.magnitude);
    take(z, here, entry.z);
    take(q.sum, here, entry.addend.sum);
    take(q.difference, here, entry.addend.difference);
    take(q.t, here, entry.addend.t);
  }
  negate(q, digit.negative);
  add(p, q, eight_multiply(p.z, z));
}

// The points as bytes.
ASHLAR_TARGET(ASHLAR_IFMA_TARGET) void encode(std::uint8_t* const* outs, Point& p) {
  EightLimbs x, y;
  eight_store(y, p.z);
  eight_invert(y);
  const Eight inverse = eight_load(y);
  eight_store(x, eight_multiply(p.x, inverse));
  eight_store(y, eight_multiply(p.y, inverse));
  for (std::size_t lane = 0; lane < kEightLanes; lane++) {
    std::uint8_t bytes[32];
    Field51::store(bytes, x.lane(lane));
    Field51::store(outs[lane], y.lane(lane));
    outs[lane][31] = static_cast<std::uint8_t>(outs[lane][31] | (bytes[0] & 1) << 7);
    wipe(bytes, sizeof bytes);
  }
  wipe_by_call(&x, sizeof x);
  wipe_by_call(&y, sizeof y);
  wipe_by_call(&p, sizeof p);
  clear_vectors_avx512();
}

}  // namespace
}  // namespace eight

void base_multiple_eight(std::uint8_t* const* outs, const std::uint8_t* const* scalars) {
  eight::Point p;
  eight::base_multiple(p, scalars);
  eight::encode(outs, p);
}

ASHLAR_TARGET(ASHLAR_IFMA_TARGET)
void sum_eight(std::uint8_t* const* outs, const std::uint8_t* const* ss, const std::uint8_t* const* ks,
               const std::uint64_t* const* points) {
  using namespace eight;
  OwnMultiples own;
  multiples(own, points);
  __m512i k[4], s[4];
  load_words(k, ks);
  load_words(s, ss);
  Point p;
  Addend addend;
  identity(p);
  for (unsigned place = kPlaces; place-- > 0;) {
    if (place + 1 != kPlaces) {
      twice(p, place == 0);
      // Four doublings are left.
      if (place == 0) {
        add_multiples_of_base(p, addend, s, 1);
      }
      for (unsigned i = 1; i < kWidth; i++) {
        twice(p, i + 1 == kWidth);
      }
    }
    add_own(p, own, digits<kWidth>(k, place));
  }
  add_multiples_of_base(p, addend, s, 0);
  encode(outs, p);
}

ASHLAR_TARGET(ASHLAR_IFMA_TARGET)
unsigned decode_negated_eight(std::uint64_t* const* points, const std::uint8_t* const* bytes) {
  using namespace eight;
  // As Single::decode_negated up to the candidate of the root.
  __m512i words[4];
  load_words(words, bytes);
  const Eight y = from_words(words), one = eight_number(1);
  ASHLAR_UNROLL
  for (int i = 0; i < 4; i++) {
    words[i] = eight_words(kD[i]);
  }
  const Eight yy = eight_square(y);
  const Eight u = eight_subtract(yy, one), v = eight_add(eight_multiply(yy, from_words(words)), one);
  const Eight v3 = eight_multiply(eight_square(v), v);
  Eight x = eight_multiply(eight_multiply(eight_square(v3), v), u);
  eight_power_of_root(x, x);
  x = eight_multiply(eight_multiply(x, v3), u);
  EightLimbs x_limbs, u_limbs, v_limbs;
  eight_store(x_limbs, x);
  eight_store(u_limbs, u);
  eight_store(v_limbs, v);
  clear_vectors_avx512();
  unsigned found = 0;
  for (std::size_t lane = 0; lane < kEightLanes; lane++) {
    const bool here = Single::is_canonical(bytes[lane]) &&
                      Single::choose_root(points[lane], bytes[lane], x_limbs.lane(lane), u_limbs.lane(lane),
                                          v_limbs.lane(lane));
    found |= (here ? 1u : 0u) << lane;
  }
  return found;
}

}  // namespace ashlar::crypto::ed25519

#endif
