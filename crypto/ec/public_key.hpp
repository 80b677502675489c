// SPDX-License-Identifier: Apache-2.0
// EcPublicKey's functions, on any curve: encodings and ranges. Points are the kernels' business.
#pragma once

#include "ec/ecdsa.hpp"
#include "ec/operations.hpp"

namespace ashlar::crypto {

namespace ec {

// Big-endian bytes of a coordinate in Montgomery form.
template <class Data>
void store_coordinate(std::uint8_t* bytes, const std::uint64_t* limbs) {
  Limbs<Data::kLimbs> value;
  std::memcpy(value.v, limbs, sizeof value.v);
  FieldTools<PortableField<typename Data::Prime>>::leave(value, value);
  store_big_endian<Data>(bytes, value);
  wipe(&value, sizeof value);
}

}  // namespace ec

template <class Curve>
Result<EcPublicKey<Curve>> EcPublicKey<Curve>::create(Bytes point, const EcKernel<Curve>* kernel) {
  using Data = typename ec::DataOf<Curve>::Type;
  EcPublicKey key;
  key.verify_ = kernel != nullptr ? kernel->verify : cpu::best(ec::verifiers<Curve>()).verify;
  ec::Affine<ec::PortableField<typename Data::Prime>> affine;
  ASHLAR_CHECK(ec::decode_point<Data>(affine, point));
  std::memcpy(key.point_, affine.x.v, sizeof affine.x.v);
  std::memcpy(key.point_ + Curve::kLimbs, affine.y.v, sizeof affine.y.v);
  return key;
}

template <class Curve>
void EcPublicKey<Curve>::point(MutBytesOf<Curve::kPointSize> out) const {
  using Data = typename ec::DataOf<Curve>::Type;
  out[0] = 4;
  ec::store_coordinate<Data>(out.data() + 1, point_);
  ec::store_coordinate<Data>(out.data() + 1 + Curve::kBytes, point_ + Curve::kLimbs);
}

template <class Curve>
Result<void> EcPublicKey<Curve>::verify(Bytes digest, BytesOf<Curve::kSignatureSize> signature) const {
  ec::VerificationScalars<Curve::kLimbs> scalars;
  ASHLAR_CHECK(ec::verification_scalars<typename ec::DataOf<Curve>::Type>(scalars, digest, signature));
  if (!verify_(scalars.u.v, scalars.v.v, point_, scalars.r.v)) {
    return ErrorCode::bad_signature;
  }
  return {};
}

}  // namespace ashlar::crypto
