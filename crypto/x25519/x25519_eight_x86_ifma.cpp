// SPDX-License-Identifier: Apache-2.0
// The x86-ifma row of X25519 side by side: eight ladders of RFC 7748 §5 in the eight lanes of
// eight_x86_ifma.hpp.
//
// Algorithm. That of ladder.hpp, with a mask of the lanes whose coordinates change places. One inversion at
// the end serves all lanes. Multiples of the base point are computed on edwards25519, as base.hpp says.
//
// Bound. A step has 5 products, 4 squares and one multiplication by a small number: 380 vpmadd52. 255 of
// them are 97000 for eight operations, at one a cycle on Zen 4. The carries after sums, differences and
// products add half as much again. A multiple of the base point has 22000.
#include "x25519/eight_power.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "cpu/dead_stack.hpp"
#include "ed25519/eight_x86_ifma.hpp"
#include "x25519/many.hpp"

namespace ashlar::crypto::x25519 {
namespace {

constexpr std::size_t kLanes = kEightLanes;

struct Work {
  alignas(64) std::uint64_t scalars[4][kLanes];
  EightLimbs points;  // u, and then the answer
};

ASHLAR_TARGET(ASHLAR_IFMA_TARGET) void climb(Work* work) {
  const Eight x1 = eight_load(work->points);
  Eight x2 = eight_number(1), z2 = eight_number(0), x3 = x1, z3 = eight_number(1);
  __mmask8 swapped = 0;
  for (int bit = 254; bit >= 0; bit--) {
    const __m512i word = _mm512_load_si512(work->scalars[bit / 64]);
    const __mmask8 now = _mm512_test_epi64_mask(word, eight_words(std::uint64_t{1} << (bit % 64)));
    const auto swap = static_cast<__mmask8>(swapped ^ now);
    swapped = now;
    eight_swap(swap, x2, x3);
    eight_swap(swap, z2, z3);
    const Eight a = eight_add(x2, z2), b = eight_subtract(x2, z2);
    const Eight da = eight_multiply(eight_subtract(x3, z3), a);
    const Eight cb = eight_multiply(eight_add(x3, z3), b);
    x3 = eight_square(eight_add(da, cb));
    z3 = eight_multiply(eight_square(eight_subtract(da, cb)), x1);
    const Eight aa = eight_square(a), bb = eight_square(b);
    x2 = eight_multiply(aa, bb);
    const Eight e = eight_subtract(aa, bb);
    z2 = eight_multiply(e, eight_multiply_add(e, 121665, aa));
  }
  eight_swap(swapped, x2, x3);
  eight_swap(swapped, z2, z3);
  eight_store(work->points, z2);
  eight_invert(work->points);
  eight_store(work->points, eight_multiply(x2, eight_load(work->points)));
  clear_vectors_avx512();
}

struct BaseWork {
  std::uint8_t clamped[kLanes][32];
  ed25519::eight::Point p;
  EightLimbs u;
};

// As base_multiple of base.hpp.
ASHLAR_TARGET(ASHLAR_IFMA_TARGET) void multiply_base(BaseWork* work) {
  const std::uint8_t* scalars[kLanes];
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    scalars[lane] = work->clamped[lane];
  }
  ed25519::eight::base_multiple(work->p, scalars);
  eight_store(work->u, eight_subtract(work->p.z, work->p.y));
  eight_invert(work->u);
  eight_store(work->u, eight_multiply(eight_add(work->p.z, work->p.y), eight_load(work->u)));
  clear_vectors_avx512();
}

}  // namespace

void multiply_base_eight_x86_ifma(std::uint8_t* const* outs, const std::uint8_t* const* scalars) {
  BaseWork work;
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    clamp(work.clamped[lane], scalars[lane]);
  }
  call_and_wipe_avx<16384>(multiply_base, &work);
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    Field51::Element u = work.u.lane(lane);
    Field51::store(outs[lane], u);
    wipe(&u, sizeof u);
  }
  wipe_by_call(&work, sizeof work);
}

void multiply_eight_x86_ifma(std::uint8_t* const* outs, const std::uint8_t* const* scalars,
                             const std::uint8_t* const* points) {
  Work work;
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    std::uint8_t clamped[32];
    clamp(clamped, scalars[lane]);
    for (std::size_t i = 0; i < 4; i++) {
      work.scalars[i][lane] = load_le64(clamped + 8 * i);
    }
    wipe(clamped, sizeof clamped);
    Field51::Element u;
    Field51::load(u, points[lane]);
    work.points.set_lane(lane, u);
  }
  call_and_wipe_avx<16384>(climb, &work);
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    Field51::Element u = work.points.lane(lane);
    Field51::store(outs[lane], u);
    wipe(&u, sizeof u);
  }
  wipe_by_call(&work, sizeof work);
}

}  // namespace ashlar::crypto::x25519

#endif
