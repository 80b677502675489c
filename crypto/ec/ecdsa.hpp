// SPDX-License-Identifier: Apache-2.0
// What verifying ECDSA (FIPS 186-5 §6.4) is made of on any curve, and points as bytes. Everything here is
// public and in variable time.
#pragma once

#include "ec/curves.hpp"
#include "ec/scalar_multiply.hpp"

#include <ashlar/base/result.hpp>

namespace ashlar::crypto::ec {

// The leftmost bits of a digest, as many as the order has, as a number below the order (FIPS 186-5 §6.4.1).
// Constant time in the digest.
template <class Curve>
Limbs<kCurveLimbs<Curve>> digest_to_scalar(Bytes digest) {
  constexpr std::size_t kBytes = 8 * kCurveLimbs<Curve>;
  std::uint8_t padded[kBytes] = {};
  const std::size_t size = digest.size() < kBytes ? digest.size() : kBytes;
  copy_bytes(MutBytes(padded).subspan(kBytes - size), digest.first(size));
  auto e = load_big_endian<kCurveLimbs<Curve>>(padded);
  ashlar_limbs_reduce_once(e.v, 0, Curve::Order::kValue.v, kCurveLimbs<Curve>);
  return e;
}

// From 04 || x || y, coordinates into Montgomery form: bad_point_encoding, point_not_on_curve.
template <class Curve>
Result<void> decode_point(Affine<PortableField<typename Curve::Prime>>& out, Bytes point) {
  using Field = PortableField<typename Curve::Prime>;
  constexpr std::size_t kBytes = 8 * kCurveLimbs<Curve>;
  if (point.size() != 1 + 2 * kBytes || point[0] != 4) {
    return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(point.size())};
  }
  out.x = load_big_endian<Field::kLimbs>(point.data() + 1);
  out.y = load_big_endian<Field::kLimbs>(point.data() + 1 + kBytes);
  const ct::Mask reduced = less(out.x, Curve::Prime::kValue) & less(out.y, Curve::Prime::kValue);
  if (!reduced.declassify()) {
    return ErrorCode::point_not_on_curve;
  }
  FieldTools<Field>::enter(out.x, out.x);
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

// bad_signature unless r and s are in [1, n - 1].
template <class Curve>
Result<void> verification_scalars(VerificationScalars<kCurveLimbs<Curve>>& out, Bytes digest,
                                  BytesOf<16 * kCurveLimbs<Curve>> signature) {
  using Order = PortableField<typename Curve::Order>;
  using Tools = FieldTools<Order>;
  constexpr std::size_t kLimbs = kCurveLimbs<Curve>;
  out.r = load_big_endian<kLimbs>(signature.data());
  auto s = load_big_endian<kLimbs>(signature.data() + 8 * kLimbs);
  if (!(in_scalar_range<Curve>(out.r) & in_scalar_range<Curve>(s)).declassify()) {
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
