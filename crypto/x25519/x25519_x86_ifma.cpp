// SPDX-License-Identifier: Apache-2.0
// The x86-ifma row of X25519: the ladder of RFC 7748 §5 with the four coordinates in the four lanes of
// four_x86_ifma.hpp.
//
// Algorithm. A step is three products of four lanes. With the RFC's names, and x1 the u coordinate of the
// point:
//
//   x2 + z2 = A,  x2 - z2 = B,  x3 + z3 = C,  x3 - z3 = D
//   A * A = AA,   B * B = BB,   C * B = CB,   D * A = DA
//   AA * BB,      E * a24 + AA, (CB + DA)^2,  (DA - CB)^2          with E = AA - BB
//   x2 * 1,       E * (that),   x3 * 1,       x1 * (that)
//
// so that the last line is (x2, z2, x3, z3) again. Adding AA costs nothing: the sum of products starts with
// it. The swap exchanges halves of the vectors by an index computed from the bits of the scalar.
//
// Bound. Each line waits for the one before: three times the depth of a product, two of sums and carries.
#include "x25519/four_x86_ifma.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "ed25519/edwards_x86_ifma.hpp"
#include "x25519/base.hpp"
#include "x25519/field_51.hpp"
#include "x25519/field_x86_adx.hpp"
#include "x25519/kernels.hpp"
#include "x25519/ladder.hpp"

namespace ashlar::crypto::x25519 {
namespace {

struct Coordinates {
  std::uint64_t limb[5][4];
};

// (x2, z2, x3, z3) after all bits, for a clamped scalar.
ASHLAR_TARGET(ASHLAR_IFMA_TARGET)
void climb(Coordinates& out, const std::uint8_t* scalar, const Field51::Element& u) {
  const __m256i zero = _mm256_setzero_si256();
  Four start, x, last_factor;
  for (int i = 0; i < 5; i++) {
    const std::uint64_t one = i == 0;
    start.v[i] = zero;
    x.v[i] = four_set(one, 0, u.v[i], one);
    last_factor.v[i] = four_set(one, 0, one, u.v[i]);
  }
  const __m256i a24 = four_set(0, 121665, 0, 0);
  const __m256i straight = four_set(0, 1, 2, 3);
  std::uint64_t swapped = 0;
  for (int bit = 254; bit >= 0; bit--) {
    const std::uint64_t now = (scalar[bit >> 3] >> (bit & 7)) & 1;
    // Lanes 2, 3, 0, 1 instead of 0, 1, 2, 3 where the bit changes.
    const __m256i order = _mm256_xor_si256(straight, four_words(2 * (swapped ^ now)));
    swapped = now;
    for (int i = 0; i < 5; i++) {
      x.v[i] = _mm256_permutexvar_epi64(order, x.v[i]);
    }
    Four t = four_lanes<1, 1, 3, 3>(x);
    four_negate<0b1010>(t);
    x = four_add(four_lanes<0, 0, 2, 2>(x), t);       // A, B, C, D
    x = four_multiply(x, four_lanes<0, 1, 1, 0>(x));  // AA, BB, CB, DA
    const Four swap = four_lanes<1, 1, 2, 2>(x);      // BB, BB, CB, CB
    Four factor = swap;
    four_negate<0b1010>(factor);
    for (int i = 0; i < 5; i++) {
      factor.v[i] = _mm256_maskz_mov_epi64(0b1110, factor.v[i]);
      start.v[i] = _mm256_maskz_permutex_epi64(0b0010, x.v[i], 0);
    }
    const Four e = four_add(four_lanes<0, 0, 3, 3>(x), factor);  // AA, E, DA + CB, DA - CB
    factor = four_blend<0b0001>(e, swap);
    for (int i = 0; i < 5; i++) {
      factor.v[i] = _mm256_mask_mov_epi64(factor.v[i], 0b0010, i == 0 ? a24 : zero);
    }
    x = four_multiply(e, factor, start);
    x = four_multiply(four_blend<0b0010>(x, e), four_blend<0b0010>(last_factor, x));
  }
  const __m256i order = _mm256_xor_si256(straight, four_words(2 * swapped));
  for (int i = 0; i < 5; i++) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out.limb[i]), _mm256_permutexvar_epi64(order, x.v[i]));
  }
  clear_vectors_avx512();
}

}  // namespace

void multiply_x86_ifma(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point) {
  std::uint8_t clamped[32];
  clamp(clamped, scalar);
  Field51::Element u;
  Field51::load(u, point);
  struct {
    Coordinates c;
    Field51::Element x, z;
    std::uint8_t bytes[32];
    FieldAdx::Element quotient, inverse;
  } s;
  climb(s.c, clamped, u);
  for (int i = 0; i < 5; i++) {
    s.x.v[i] = s.c.limb[i][0];
    s.z.v[i] = s.c.limb[i][1];
  }
  Field51::store(s.bytes, s.z);
  FieldAdx::load(s.inverse, s.bytes);
  invert<FieldAdx>(s.inverse, s.inverse);
  Field51::store(s.bytes, s.x);
  FieldAdx::load(s.quotient, s.bytes);
  FieldAdx::multiply(s.quotient, s.quotient, s.inverse);
  FieldAdx::store(out, s.quotient);
  wipe(&s, sizeof s);
  wipe(clamped, sizeof clamped);
}

void base_x86_ifma(std::uint8_t* out, const std::uint8_t* scalar) {
  base_multiple<ed25519::EdwardsIfma>(out, scalar);
}

}  // namespace ashlar::crypto::x25519

#endif
