// SPDX-License-Identifier: Apache-2.0
// P-384's private operations. They stand apart from verification so that who only verifies links neither the
// table nor the nonces.
#include "ec/p384_table.hpp"
#include "ec/signing.hpp"

#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

namespace {

using ec::P384;
using Field = ec::PortableField<P384::Prime>;
using Tools = ec::FieldTools<Field>;
using Multiply = ec::ScalarMultiply<P384, Field>;
using Scalar = ec::Limbs<6>;

// k * G for 1 <= k < n. Constant time.
ec::Affine<Field> multiple_of_base(const Scalar& k) {
  Multiply::Point point;
  Multiply::comb<ec::kP384CombRows, ec::kP384CombApart>(point, k, ec::kP384BaseTable);
  const ec::Affine<Field> affine = Multiply::to_affine(point);
  wipe(&point, sizeof point);
  return affine;
}

// Big-endian bytes of a coordinate in Montgomery form.
void store_coordinate(std::uint8_t* bytes, const Scalar& coordinate) {
  Scalar value;
  Tools::leave(value, coordinate);
  ec::store_big_endian(bytes, value);
  wipe(&value, sizeof value);
}

}  // namespace

Result<P384PrivateKey> P384PrivateKey::create(BytesOf<48> scalar) {
  ASHLAR_CHECK(ec::check_private_scalar<P384>(scalar));
  P384PrivateKey key;
  key.scalar_ = Secret<48>(scalar);
  return key;
}

Result<P384PrivateKey> P384PrivateKey::generate(Random random) {
  // One candidate in 2^194 is thrown away; two in a row mean that the source is broken.
  for (int attempt = 0; attempt < 2; attempt++) {
    Secret<48> scalar;
    ASHLAR_CHECK(random.fill(scalar.reveal_mut()));
    if (auto key = create(scalar.reveal())) {
      return key;
    }
  }
  return ErrorCode::random_unavailable;
}

P384PublicKey P384PrivateKey::public_key() const {
  Scalar d = ec::load_big_endian<6>(scalar_.reveal().data());
  const ec::Affine<Field> point = multiple_of_base(d);
  wipe(&d, sizeof d);
  P384PublicKey key;
  std::memcpy(key.x_, point.x.v, sizeof key.x_);
  std::memcpy(key.y_, point.y.v, sizeof key.y_);
  // A public key is public by its purpose.
  ct::declassify(key.x_, sizeof key.x_);
  ct::declassify(key.y_, sizeof key.y_);
  return key;
}

Result<void> P384PrivateKey::sign(Bytes digest, const Random* random,
                                  MutBytesOf<kP384SignatureSize> signature,
                                  const HashAlgorithm* nonce_hash) const {
  const auto x_of_multiple = [](std::uint8_t* x, const Scalar& k) {
    ec::Affine<Field> point = multiple_of_base(k);
    store_coordinate(x, point.x);
    wipe(&point, sizeof point);
  };
  return ec::sign<P384>(signature, scalar_.reveal(), digest, nonce_hash != nullptr ? *nonce_hash : kSha384,
                        random, x_of_multiple);
}

Result<void> P384PrivateKey::sign_and_verify(Bytes digest, const Random* random,
                                             MutBytesOf<kP384SignatureSize> signature) const {
  ASHLAR_CHECK(sign(digest, random, signature));
  if (!public_key().verify(digest, signature)) {
    wipe(signature);
    return ErrorCode::signing_fault;
  }
  return {};
}

Result<void> P384PrivateKey::agree(const P384PublicKey& peer, Secret<48>& shared) const {
  struct {
    Scalar d;
    Multiply::Point point;
    ec::Affine<Field> affine;
  } secret;
  ec::Affine<Field> q;
  std::memcpy(q.x.v, peer.x_, sizeof peer.x_);
  std::memcpy(q.y.v, peer.y_, sizeof peer.y_);
  secret.d = ec::load_big_endian<6>(scalar_.reveal().data());
  Multiply::variable_base(secret.point, secret.d, q);
  secret.affine = Multiply::to_affine(secret.point);
  store_coordinate(shared.reveal_mut().data(), secret.affine.x);
  wipe(&secret, sizeof secret);
  return {};
}

}  // namespace ashlar::crypto
