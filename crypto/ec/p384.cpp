// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/p384.hpp>

#include "ec/ecdsa.hpp"

namespace ashlar::crypto {

namespace {
using Field = ec::PortableField<ec::P384::Prime>;
using Tools = ec::FieldTools<Field>;
using Multiply = ec::ScalarMultiply<ec::P384, Field>;
}  // namespace

Result<P384PublicKey> P384PublicKey::create(Bytes point) {
  ec::Affine<Field> affine;
  ASHLAR_CHECK(ec::decode_point<ec::P384>(affine, point));
  P384PublicKey key;
  std::memcpy(key.x_, affine.x.v, sizeof key.x_);
  std::memcpy(key.y_, affine.y.v, sizeof key.y_);
  return key;
}

void P384PublicKey::point(MutBytesOf<kP384PointSize> out) const {
  ec::Limbs<6> x, y;
  std::memcpy(x.v, x_, sizeof x_);
  std::memcpy(y.v, y_, sizeof y_);
  Tools::leave(x, x);
  Tools::leave(y, y);
  out[0] = 4;
  ec::store_big_endian(out.data() + 1, x);
  ec::store_big_endian(out.data() + 49, y);
}

Result<void> P384PublicKey::verify(Bytes digest, BytesOf<kP384SignatureSize> signature) const {
  ec::VerificationScalars<6> scalars;
  ASHLAR_CHECK(ec::verification_scalars<ec::P384>(scalars, digest, signature));
  ec::Affine<Field> q;
  std::memcpy(q.x.v, x_, sizeof x_);
  std::memcpy(q.y.v, y_, sizeof y_);
  Multiply::Point point;
  ec::Affine<Field> g;
  Tools::enter(g.x, ec::P384::kGeneratorX);
  Tools::enter(g.y, ec::P384::kGeneratorY);
  Multiply::sum_public(point, {{scalars.u, g}, {scalars.v, q}});
  if (!Multiply::x_is_public(point, scalars.r)) {
    return ErrorCode::bad_signature;
  }
  return {};
}

}  // namespace ashlar::crypto
