// SPDX-License-Identifier: Apache-2.0
// P-256 keys: encodings and ranges. Points are the kernels' business.
#include <ashlar/crypto/p256.hpp>

#include "ec/ecdsa.hpp"
#include "ec/p256_operations.hpp"
#include "ec/signing.hpp"

#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

namespace {

using ec::Limbs;
using ec::P256;
using Prime = ec::PortableField<P256::Prime>;
using PrimeTools = ec::FieldTools<Prime>;
using Scalar = Limbs<4>;

const P256Kernel& chosen(const P256Kernel* kernel) {
  return kernel != nullptr ? *kernel : cpu::best(p256_kernels());
}

// Big-endian bytes of a coordinate in Montgomery form.
void store_coordinate(std::uint8_t* bytes, const std::uint64_t* limbs) {
  Limbs<4> value = {{limbs[0], limbs[1], limbs[2], limbs[3]}};
  PrimeTools::leave(value, value);
  ec::store_big_endian(bytes, value);
  wipe(&value, sizeof value);
}

}  // namespace

Result<P256PublicKey> P256PublicKey::create(Bytes point, const P256Kernel* kernel) {
  P256PublicKey key;
  key.verify_ = kernel != nullptr ? kernel->verify : cpu::best(ec::p256_verifiers()).verify;
  ec::Affine<Prime> affine;
  ASHLAR_CHECK(ec::decode_point<P256>(affine, point));
  std::memcpy(key.point_, affine.x.v, 32);
  std::memcpy(key.point_ + 4, affine.y.v, 32);
  return key;
}

void P256PublicKey::point(MutBytesOf<kP256PointSize> out) const {
  out[0] = 4;
  store_coordinate(out.data() + 1, point_);
  store_coordinate(out.data() + 33, point_ + 4);
}

Result<void> P256PublicKey::verify(Bytes digest, BytesOf<kP256SignatureSize> signature) const {
  ec::VerificationScalars<4> scalars;
  ASHLAR_CHECK(ec::verification_scalars<P256>(scalars, digest, signature));
  if (!verify_(scalars.u.v, scalars.v.v, point_, scalars.r.v)) {
    return ErrorCode::bad_signature;
  }
  return {};
}

Result<P256PrivateKey> P256PrivateKey::create(BytesOf<32> scalar, const P256Kernel* kernel) {
  ASHLAR_CHECK(ec::check_private_scalar<P256>(scalar));
  P256PrivateKey key;
  key.kernel_ = &chosen(kernel);
  key.scalar_ = Secret<32>(scalar);
  return key;
}

Result<P256PrivateKey> P256PrivateKey::generate(Random random, const P256Kernel* kernel) {
  // One candidate in 2^32 is thrown away; that many in a row means that the source is broken.
  for (int attempt = 0; attempt < 16; attempt++) {
    Secret<32> scalar;
    ASHLAR_CHECK(random.fill(scalar.reveal_mut()));
    if (auto key = create(scalar.reveal(), kernel)) {
      return key;
    }
  }
  return ErrorCode::random_unavailable;
}

P256PublicKey P256PrivateKey::public_key() const {
  P256PublicKey key;
  key.verify_ = kernel_->verify;
  Scalar d = ec::load_big_endian<4>(scalar_.reveal().data());
  kernel_->fixed_base(key.point_, d.v);
  wipe(&d, sizeof d);
  // A public key is public by its purpose.
  ct::declassify(key.point_, sizeof key.point_);
  return key;
}

Result<void> P256PrivateKey::sign(Bytes digest, const Random* random,
                                  MutBytesOf<kP256SignatureSize> signature,
                                  const HashAlgorithm* nonce_hash) const {
  const auto x_of_multiple = [this](std::uint8_t* x, const Scalar& k) {
    std::uint64_t point[8];
    kernel_->fixed_base(point, k.v);
    store_coordinate(x, point);
    wipe(point, sizeof point);
  };
  return ec::sign<P256>(signature, scalar_.reveal(), digest, nonce_hash != nullptr ? *nonce_hash : kSha256,
                        random, x_of_multiple);
}

Result<void> P256PrivateKey::sign_and_verify(Bytes digest, const Random* random,
                                             MutBytesOf<kP256SignatureSize> signature) const {
  ASHLAR_CHECK(sign(digest, random, signature));
  if (!public_key().verify(digest, signature)) {
    wipe(signature);
    return ErrorCode::signing_fault;
  }
  return {};
}

Result<void> P256PrivateKey::agree(const P256PublicKey& peer, Secret<32>& shared) const {
  struct {
    Scalar d;
    std::uint64_t point[8];
  } secret;
  secret.d = ec::load_big_endian<4>(scalar_.reveal().data());
  kernel_->variable_base(secret.point, secret.d.v, peer.point_);
  store_coordinate(shared.reveal_mut().data(), secret.point);
  wipe(&secret, sizeof secret);
  return {};
}

}  // namespace ashlar::crypto
