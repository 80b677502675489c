// SPDX-License-Identifier: Apache-2.0
// The parts of ECDSA verification (FIPS 186-5 §6.4) for any curve, and points as bytes. Everything here is
// public and in variable time.
#pragma once

#include "ec/curves.hpp"
#include "ec/scalar_multiply.hpp"

#include <ashlar/base/result.hpp>

namespace ashlar::crypto::ec {

// The leftmost bits of a digest, as many as the order has, as a number below the order (FIPS 186-5 §6.4.1).
// Constant time in the digest.
template <class Curve>
Limbs<Curve::kLimbs> digest_to_scalar(Bytes digest) {
  std::uint8_t padded[Curve::kBytes] = {};
  const bool whole = digest.size() < Curve::kBytes;
  const std::size_t size = whole ? digest.size() : Curve::kBytes;
  copy_bytes(MutBytes(padded).subspan(Curve::kBytes - size), digest.first(size));
  auto e = whole ? load_big_endian<Curve>(padded) : load_leftmost_bits<Curve>(padded);
  ashlar_limbs_reduce_once(e.v, 0, Curve::Order::kValue.v, Curve::kLimbs);
  return e;
}

// y of the point with this x whose lowest bit is `odd`, both in Montgomery form: point_not_on_curve if there
// is none. The primes of these curves are 3 modulo 4, so the root of a square is its power (p + 1) /
// 4.
template <class Curve>
Result<void> decompress(Affine<PortableField<typename Curve::Prime>>& point, bool odd) {
  using Field = PortableField<typename Curve::Prime>;
  static_assert((Curve::Prime::kValue.v[0] & 3) == 3);
  typename Field::Element square, plain;
  Weierstrass<Curve, Field>::right_side(square, point.x);
  // From the highest bit of p + 1 down to bit 2.
  point.y = Field::kOne;
  for (std::size_t i = Curve::kBits + 1; i-- > 2;) {
    Field::square(point.y, point.y);
    // Bit i of p + 1 is bit i of p, flipped if all bits of p below it are ones.
    bool ones = true;
    const bool bit = i < 64 * Curve::kLimbs && (Curve::Prime::kValue.v[i / 64] >> (i % 64) & 1) != 0;
    for (std::size_t j = 0; j < i && ones; j++) {
      ones = (Curve::Prime::kValue.v[j / 64] >> (j % 64) & 1) != 0;
    }
    if (bit != ones) {
      Field::multiply(point.y, point.y, square);
    }
  }
  if (!Weierstrass<Curve, Field>::on_curve(point)) {
    return ErrorCode::point_not_on_curve;
  }
  FieldTools<Field>::leave(plain, point.y);
  if ((plain.v[0] & 1) != (odd ? 1u : 0u)) {
    Weierstrass<Curve, Field>::negate(point.y);
  }
  return {};
}

// From 04 || x || y or 02 or 03 || x, coordinates into Montgomery form: bad_point_encoding,
// point_not_on_curve.
template <class Curve>
Result<void> decode_point(Affine<PortableField<typename Curve::Prime>>& out, Bytes point) {
  using Field = PortableField<typename Curve::Prime>;
  const bool whole = point.size() == Curve::kPointSize && point[0] == 4;
  if (!whole && (point.size() != Curve::kCompressedSize || (point[0] != 2 && point[0] != 3))) {
    return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(point.size())};
  }
  out.x = load_big_endian<Curve>(point.data() + 1);
  out.y = whole ? load_big_endian<Curve>(point.data() + 1 + Curve::kBytes) : Limbs<Curve::kLimbs>{};
  const ct::Mask reduced = less(out.x, Curve::Prime::kValue) & less(out.y, Curve::Prime::kValue);
  if (!reduced.declassify()) {
    return ErrorCode::point_not_on_curve;
  }
  FieldTools<Field>::enter(out.x, out.x);
  if (!whole) {
    return decompress<Curve>(out, point[0] == 3);
  }
  FieldTools<Field>::enter(out.y, out.y);
  if (!Weierstrass<Curve, Field>::on_curve(out)) {
    return ErrorCode::point_not_on_curve;
  }
  return {};
}

template <std::size_t N>
struct VerificationScalars {
  Limbs<N> u, v, r;  // e / s, r / s and r
};

// r and s of a signature; whether both are in [1, n - 1].
template <class Curve>
bool signature_numbers(Limbs<Curve::kLimbs>& r, Limbs<Curve::kLimbs>& s,
                       BytesOf<Curve::kSignatureSize> signature) {
  r = load_big_endian<Curve>(signature.data());
  s = load_big_endian<Curve>(signature.data() + Curve::kBytes);
  return (in_scalar_range<Curve>(r) & in_scalar_range<Curve>(s)).declassify();
}

// bad_signature unless r and s are in [1, n - 1].
template <class Curve>
Result<void> verification_scalars(VerificationScalars<Curve::kLimbs>& out, Bytes digest,
                                  BytesOf<Curve::kSignatureSize> signature) {
  using Order = PortableField<typename Curve::Order>;
  using Tools = FieldTools<Order>;
  Limbs<Curve::kLimbs> s;
  if (!signature_numbers<Curve>(out.r, s, signature)) {
    return ErrorCode::bad_signature;
  }
  Tools::enter(s, s);
  Tools::invert(s, s);
  // Plain times Montgomery form gives plain.
  Order::multiply(out.u, digest_to_scalar<Curve>(digest), s);
  Order::multiply(out.v, out.r, s);
  return {};
}

}  // namespace ashlar::crypto::ec
