// SPDX-License-Identifier: Apache-2.0
// The x86-ifma row of P-256: multiples of the base point with the additions of the comb side by side.
//
// Algorithm. Lane l adds the multiples of rows l, l + 8, l + 16 … of BaseTable<P256>, one each turn: six
// turns for 43 rows. Then lanes 4 to 7 are added to lanes 0 to 3, and lanes 2 and 3 to lanes 0 and 1. The
// last addition, of those two, is the scalar field's.
//
// No addition meets two points that are equal or opposite. As integers, both are sums of digits of at most 32
// in size at places of the comb, no place twice, so their sum and their difference are such sums too. They
// are zero only if every digit is, and below 2 n in size: modulo n they could only be n or -n. No digit of n
// is 32, so n is one such sum alone. It has digits other than zero at even and at odd places, while the sums
// of lanes are at even places or at odd ones. In the last addition let n = e + o, e at even places, o at odd
// ones. The sum of the points is k, which is not n. If their difference is n, k is e - o. That is above n,
// since o is negative; -(e - o) is below zero.
//
// Bound. Six turns of 11 products and squares, two additions of 16: some 7500 vpmadd52, at one a cycle on
// Zen 4. A turn reads 256 entries of the table.
#include "ec/p256_x86_ifma.hpp"

#include "ec/p256_eight_x86_ifma.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "cpu/dead_stack.hpp"
#include "ec/operations.hpp"
#include "ec/p256_field_x86_adx.hpp"

namespace ashlar::crypto::ec {
namespace p256_eight {
namespace {

using Table = BaseTable<P256>;
constexpr unsigned kTurns = (Table::kRows + kLanes - 1) / kLanes;
constexpr std::size_t kEntries = std::size_t{1} << (Table::kWidth - 1);

struct Work {
  Point sum, other, both;
  Element x, y, negative;
  alignas(64) std::uint64_t magnitude[kTurns][kLanes], sign[kTurns][kLanes];
  Limbs<4> limbs[3][kLanes];
};

// x and y: each lane's entry in its row of this turn, or zero where its digit is zero. Every entry is read,
// by a load without a mask: a load whose mask is empty does not bring its page into memory, and takes
// hundreds of cycles until another one does.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) void pick(Work& work, unsigned turn) {
  __m512i lanes[kLanes];
  ASHLAR_UNROLL
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    const std::size_t row = turn * kLanes + lane;
    const __m512i wanted = words(work.magnitude[turn][lane]), one = words(1);
    __m512i at = _mm512_setzero_si512(), found = at;
    if (row < Table::kRows) {
      for (std::size_t entry = 0; entry < kEntries; entry++) {
        at = _mm512_add_epi64(at, one);
        __m512i point = _mm512_load_si512(Table::kEntries[row][entry]);
        __asm__("" : "+v"(point));
        found = _mm512_mask_mov_epi64(found, _mm512_cmpeq_epi64_mask(at, wanted), point);
      }
    }
    lanes[lane] = found;
  }
  transpose_eight(lanes);
  from_limbs(work.x, lanes);
  from_limbs(work.y, lanes + 4);
  const Element nothing = {};
  subtract(work.negative, nothing, work.y, 2);
  carry(work.negative);
  const __m512i sign = _mm512_load_si512(work.sign[turn]);
  blend(work.y, _mm512_test_epi64_mask(sign, sign), work.negative, work.y);
}

template <int kOrder>
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA)
void move_lanes(Element& out, const Element& a) {
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    out.v[i] = _mm512_shuffle_i64x2(a.v[i], a.v[i], kOrder);
  }
}

// sum += the lanes that kOrder brings here; `seen`: the lanes that are not infinity.
template <int kOrder>
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA)
void fold(Work& work, __mmask8& seen, __mmask8 seen_there) {
  move_lanes<kOrder>(work.other.x, work.sum.x);
  move_lanes<kOrder>(work.other.y, work.sum.y);
  move_lanes<kOrder>(work.other.z, work.sum.z);
  add(work.both, work.sum, work.other);
  blend(work.both, seen, work.both, work.other);
  blend(work.sum, seen_there, work.both, work.sum);
  seen = seen | seen_there;
}

// The two points of which k * G is the sum, in Montgomery form with R = 2^256.
ASHLAR_TARGET(ASHLAR_P256_IFMA) void halves(Jacobian<P256FieldAdx> (&out)[2], const Limbs<4>& k) {
  Work work;
  zero(work.sum);
  zero(work.both);
  for (unsigned turn = 0; turn < kTurns; turn++) {
    for (std::size_t lane = 0; lane < kLanes; lane++) {
      const auto row = static_cast<unsigned>(turn * kLanes + lane);
      SignedDigit digit = {ct::Mask::from_bit(0), 0};
      if (row < Table::kRows) {
        digit = signed_digit<Table::kWidth>(k, row);
      }
      work.magnitude[turn][lane] = digit.magnitude;
      work.sign[turn][lane] = digit.negative.bits();
    }
  }
  const Element one = constant(kOne);
  __mmask8 seen = 0;
  for (unsigned turn = 0; turn < kTurns; turn++) {
    pick(work, turn);
    const __m512i magnitude = _mm512_load_si512(work.magnitude[turn]);
    const __mmask8 here = _mm512_test_epi64_mask(magnitude, magnitude);
    if (turn > 0) {
      add_affine(work.both, work.sum, work.x, work.y);
    }
    // Nothing plus the entry gives the entry. Plus nothing leaves the sum unchanged.
    blend(work.both.x, seen, work.both.x, work.x);
    blend(work.both.y, seen, work.both.y, work.y);
    blend(work.both.z, seen, work.both.z, one);
    blend(work.sum, here, work.both, work.sum);
    seen = seen | here;
  }
  fold<0x4e>(work, seen, static_cast<__mmask8>(seen >> 4 | seen << 4));
  fold<0xb1>(work, seen, static_cast<__mmask8>(seen >> 2));
  const Element to_256 = constant(kTwoTo256), nothing = {};
  multiply(work.sum.x, work.sum.x, to_256);
  multiply(work.sum.y, work.sum.y, to_256);
  multiply(work.sum.z, work.sum.z, to_256);
  blend(work.sum.z, seen, work.sum.z, nothing);
  to_limbs(work.limbs[0], work.sum.x);
  to_limbs(work.limbs[1], work.sum.y);
  to_limbs(work.limbs[2], work.sum.z);
  for (std::size_t lane = 0; lane < 2; lane++) {
    out[lane] = {work.limbs[0][lane], work.limbs[1][lane], work.limbs[2][lane]};
  }
  wipe_by_call(&work, sizeof work);
  clear_vectors_avx512();
}

}  // namespace
}  // namespace p256_eight

void p256_fixed_base_ifma(std::uint64_t* out, const std::uint64_t* k) {
  using Multiply = ScalarMultiply<P256, P256FieldAdx>;
  struct {
    Limbs<4> k;
    Multiply::Point half[2], sum;
    Multiply::AffinePoint affine;
  } secret;
  std::memcpy(secret.k.v, k, sizeof secret.k.v);
  p256_eight::halves(secret.half, secret.k);
  Multiply::add_different(secret.sum, secret.half[0], secret.half[1]);
  secret.affine = Multiply::to_affine(secret.sum);
  std::memcpy(out, secret.affine.x.v, sizeof secret.affine.x.v);
  std::memcpy(out + 4, secret.affine.y.v, sizeof secret.affine.y.v);
  wipe(&secret, sizeof secret);
}

}  // namespace ashlar::crypto::ec

#endif
