// SPDX-License-Identifier: Apache-2.0
// EcPrivateKey's functions, on any curve. They are separate from verification, so that a program that only
// verifies links neither multiples of secret scalars nor the nonces.
#pragma once

#include "cpu/dead_stack.hpp"
#include "ec/public_key.hpp"
#include "ec/signing.hpp"

#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

namespace ec {

// More stack than anything below the functions of a key uses. Fields and hashes leave copies there, and the C
// library leaves some in vector registers. Code with secrets has its own frame, so that all of it lies below.
using WipeAfter = WipeBelow<8192>;

template <class Curve>
[[gnu::noinline]] void multiple_of_base(std::uint64_t* point, const EcKernel<Curve>& kernel,
                                        BytesOf<Curve::kBytes> scalar) {
  auto d = load_big_endian<Curve>(scalar.data());
  kernel.fixed_base(point, d.v);
  wipe(&d, sizeof d);
}

template <class Curve>
[[gnu::noinline]] void x_of_multiple(MutBytesOf<Curve::kBytes> x, const EcKernel<Curve>& kernel,
                                     BytesOf<Curve::kBytes> scalar, const std::uint64_t* point) {
  struct {
    Limbs<Curve::kLimbs> d;
    std::uint64_t point[2 * Curve::kLimbs];
  } secret;
  secret.d = load_big_endian<Curve>(scalar.data());
  kernel.variable_base(secret.point, secret.d.v, point);
  store_coordinate<typename DataOf<Curve>::Type>(x.data(), secret.point);
  wipe(&secret, sizeof secret);
}

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
  const ec::WipeAfter wipe_after;
  ASHLAR_CHECK(ec::check_private_scalar<typename ec::DataOf<Curve>::Type>(scalar));
  EcPrivateKey key;
  key.kernel_ = kernel != nullptr ? kernel : &cpu::best(ec::kernels<Curve>());
  key.scalar_ = Secret<Curve::kBytes>(scalar);
  return key;
}

template <class Curve>
Result<EcPrivateKey<Curve>> EcPrivateKey<Curve>::generate(Random random, const EcKernel<Curve>* kernel) {
  const ec::WipeAfter wipe_after;
  // At most one candidate in 2^32 is thrown away. This many in a row mean that the source is broken.
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
  const ec::WipeAfter wipe_after;
  EcPublicKey<Curve> key;
  key.verify_ = kernel_->verify;
  ec::multiple_of_base(key.point_, *kernel_, scalar_.reveal());
  // A public key is public by its purpose.
  ct::declassify(key.point_, sizeof key.point_);
  return key;
}

template <class Curve>
Result<void> EcPrivateKey<Curve>::sign(Bytes digest, const Random* random,
                                       MutBytesOf<Curve::kSignatureSize> signature,
                                       const HashAlgorithm* nonce_hash) const {
  using Data = typename ec::DataOf<Curve>::Type;
  const ec::WipeAfter wipe_after;
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
  const ec::WipeAfter wipe_after;
  ec::x_of_multiple(shared.reveal_mut(), *kernel_, scalar_.reveal(), peer.point_);
  return {};
}

}  // namespace ashlar::crypto
