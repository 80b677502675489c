// SPDX-License-Identifier: Apache-2.0
// The x86-ifma row of X25519 side by side: eight ladders of RFC 7748 §5 in the eight lanes of
// eight_x86_ifma.hpp.
//
// Algorithm. That of ladder.hpp, with a mask of the lanes whose coordinates change places. The inverse at the
// end is a power, z^(p - 2), in all lanes at once.
//
// Bound. A step has 5 products, 4 squares and one multiplication by a small number: 380 vpmadd52. 255 of
// them, and 265 products and squares for the inverse, are 106000 for eight operations, at one a cycle on
// Zen 4. The carries after sums, differences and products add half as much again.
#include "x25519/eight_x86_ifma.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "cpu/dead_stack.hpp"
#include "x25519/field_51.hpp"
#include "x25519/ladder.hpp"
#include "x25519/many.hpp"

namespace ashlar::crypto::x25519 {
namespace {

constexpr std::size_t kLanes = 8;

struct Work {
  alignas(64) std::uint64_t scalars[4][kLanes];
  alignas(64) std::uint64_t points[5][kLanes];  // u, and then the answer
};

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Eight load(const std::uint64_t (*words)[kLanes]) {
  Eight out;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    out.v[i] = _mm512_load_si512(words[i]);
  }
  return out;
}

// a^(2^count) * b.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA_TARGET) void chain(Eight& out, const Eight& a, int count,
                                                               const Eight& b) {
  Eight x = a;
  for (int i = 0; i < count; i++) {
    x = eight_square(x);
  }
  out = eight_multiply(x, b);
}

// a^(2^255 - 21). The names say which power of two less one the exponent is.
ASHLAR_TARGET(ASHLAR_IFMA_TARGET) void invert(Eight& out, const Eight& a) {
  Eight a2, a9, a11, e5, e10, e20, e50, t;
  a2 = eight_square(a);
  chain(a9, a2, 2, a);
  a11 = eight_multiply(a9, a2);
  chain(e5, a11, 1, a9);
  chain(e10, e5, 5, e5);
  chain(e20, e10, 10, e10);
  chain(t, e20, 20, e20);
  chain(e50, t, 10, e10);
  chain(t, e50, 50, e50);
  chain(t, t, 100, t);
  chain(t, t, 50, e50);
  chain(out, t, 5, a11);
}

ASHLAR_TARGET(ASHLAR_IFMA_TARGET) void climb(Work* work) {
  const Eight x1 = load(work->points);
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
  invert(z2, z2);
  const Eight u = eight_multiply(x2, z2);
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    _mm512_store_si512(work->points[i], u.v[i]);
  }
  clear_vectors_avx512();
}

}  // namespace

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
    for (std::size_t i = 0; i < 5; i++) {
      work.points[i][lane] = u.v[i];
    }
  }
  call_and_wipe_avx<16384>(climb, &work);
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    Field51::Element u;
    for (std::size_t i = 0; i < 5; i++) {
      u.v[i] = work.points[i][lane];
    }
    Field51::store(outs[lane], u);
    wipe(&u, sizeof u);
  }
  wipe_by_call(&work, sizeof work);
}

}  // namespace ashlar::crypto::x25519

#endif
