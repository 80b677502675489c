// SPDX-License-Identifier: Apache-2.0
// EcPrivateKey's functions, on any curve. They stand apart from verification so that who only verifies links
// neither multiples of secret scalars nor the nonces.
#pragma once

#include "ec/public_key.hpp"
#include "ec/signing.hpp"

#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

namespace ec {

// The hash of nonces.
template <class Curve>
const HashAlgorithm& nonce_hash() {
  if constexpr (Curve::kBits <= 256) {
    return kSha256;
  } else if constexpr (Curve::kBits <= 384) {
    return kSha384;
  } else {
    return kSha512;
  }
}

}  // namespace ec

template <class Curve>
Result<EcPrivateKey<Curve>> EcPrivateKey<Curve>::create(BytesOf<Curve::kBytes> scalar,
                                                        const EcKernel<Curve>* kernel) {
  ASHLAR_CHECK(ec::check_private_scalar<typename ec::DataOf<Curve>::Type>(scalar));
  EcPrivateKey key;
  key.kernel_ = kernel != nullptr ? kernel : &cpu::best(ec::kernels<Curve>());
  key.scalar_ = Secret<Curve::kBytes>(scalar);
  return key;
}

template <class Curve>
Result<EcPrivateKey<Curve>> EcPrivateKey<Curve>::generate(Random random, const EcKernel<Curve>* kernel) {
  // One candidate in 2^32 is thrown away at most; that many in a row means that the source is broken.
  for (int attempt = 0; attempt < 16; attempt++) {
    Secret<Curve::kBytes> scalar;
    ASHLAR_CHECK(random.fill(scalar.reveal_mut()));
    if constexpr (8 * Curve::kBytes > Curve::kBits) {
      std::uint8_t& top = scalar.reveal_mut()[0];
      top = static_cast<std::uint8_t>(top & (0xff >> (8 * Curve::kBytes - Curve::kBits)));
    }
    if (auto key = create(scalar.reveal(), kernel)) {
      return key;
    }
  }
  return ErrorCode::random_unavailable;
}

template <class Curve>
EcPublicKey<Curve> EcPrivateKey<Curve>::public_key() const {
  EcPublicKey<Curve> key;
  key.verify_ = kernel_->verify;
  auto d = ec::load_big_endian<Curve>(scalar_.reveal().data());
  kernel_->fixed_base(key.point_, d.v);
  wipe(&d, sizeof d);
  // A public key is public by its purpose.
  ct::declassify(key.point_, sizeof key.point_);
  return key;
}

template <class Curve>
Result<void> EcPrivateKey<Curve>::sign(Bytes digest, const Random* random,
                                       MutBytesOf<Curve::kSignatureSize> signature,
                                       const HashAlgorithm* nonce_hash) const {
  using Data = typename ec::DataOf<Curve>::Type;
  const auto x_of_multiple = [this](std::uint8_t* x, const ec::Limbs<Curve::kLimbs>& k) {
    std::uint64_t point[2 * Curve::kLimbs];
    kernel_->fixed_base(point, k.v);
    ec::store_coordinate<Data>(x, point);
    wipe(point, sizeof point);
  };
  return ec::sign<Data>(signature, scalar_.reveal(), digest,
                        nonce_hash != nullptr ? *nonce_hash : ec::nonce_hash<Curve>(), random, x_of_multiple);
}

template <class Curve>
Result<void> EcPrivateKey<Curve>::sign_and_verify(Bytes digest, const Random* random,
                                                  MutBytesOf<Curve::kSignatureSize> signature) const {
  ASHLAR_CHECK(sign(digest, random, signature));
  if (!public_key().verify(digest, signature)) {
    wipe(signature);
    return ErrorCode::signing_fault;
  }
  return {};
}

template <class Curve>
Result<void> EcPrivateKey<Curve>::agree(const EcPublicKey<Curve>& peer, Secret<Curve::kBytes>& shared) const {
  struct {
    ec::Limbs<Curve::kLimbs> d;
    std::uint64_t point[2 * Curve::kLimbs];
  } secret;
  secret.d = ec::load_big_endian<Curve>(scalar_.reveal().data());
  kernel_->variable_base(secret.point, secret.d.v, peer.point_);
  ec::store_coordinate<typename ec::DataOf<Curve>::Type>(shared.reveal_mut().data(), secret.point);
  wipe(&secret, sizeof secret);
  return {};
}

}  // namespace ashlar::crypto
