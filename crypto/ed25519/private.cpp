// SPDX-License-Identifier: Apache-2.0
// Ed25519's private keys (RFC 8032 §5.1.5, §5.1.6).
#include "ed25519/kernels.hpp"
#include "ed25519/scalar.hpp"

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

Ed25519PrivateKey Ed25519PrivateKey::create(BytesOf<32> seed, const Ed25519Kernel* kernel) {
  Ed25519PrivateKey key;
  key.kernel_ = kernel != nullptr ? kernel : &cpu::best(ed25519_kernels());
  key.seed_ = Secret<32>(seed);
  Hash(kSha512).update(seed).finish(key.expanded_.reveal_mut());
  std::uint8_t* const scalar = key.expanded_.reveal_mut().data();
  x25519::clamp(scalar, scalar);
  key.kernel_->base_multiple(key.public_, scalar);
  // A public key is public by its purpose.
  ct::declassify(key.public_);
  return key;
}

Result<Ed25519PrivateKey> Ed25519PrivateKey::generate(Random random, const Ed25519Kernel* kernel) {
  Secret<32> seed;
  ASHLAR_CHECK(random.fill(seed.reveal_mut()));
  return create(seed.reveal(), kernel);
}

void Ed25519PrivateKey::sign(std::span<const Bytes> message,
                             MutBytesOf<kEd25519SignatureSize> signature) const {
  using ed25519::Scalars;
  using Tools = ec::FieldTools<Scalars>;
  const BytesOf<64> expanded = expanded_.reveal();
  struct {
    std::uint8_t digest[64], nonce[32];
    ed25519::Scalar r, s;
  } secret;
  {
    Hash hash(kSha512);
    hash.update(expanded.last<32>());
    for (const Bytes part : message) {
      hash.update(part);
    }
    hash.finish(secret.digest);
  }
  ed25519::reduce_wide(secret.r, secret.digest);
  Tools::leave(secret.r, secret.r);
  ed25519::store_scalar(secret.nonce, secret.r);
  kernel_->base_multiple(signature.data(), secret.nonce);
  // R is public: it stands in the signature.
  ct::declassify(signature.first<32>());
  Hash hash(kSha512);
  hash.update(signature.first<32>()).update(public_);
  for (const Bytes part : message) {
    hash.update(part);
  }
  hash.finish(secret.digest);
  // S = r + k a: k in Montgomery form times a plain.
  ed25519::reduce_wide(secret.s, secret.digest);
  Scalars::multiply(secret.s, ed25519::load_scalar(expanded.data()), secret.s);
  Scalars::add(secret.s, secret.s, secret.r);
  ed25519::store_scalar(signature.data() + 32, secret.s);
  wipe(&secret, sizeof secret);
  // A signature is public.
  ct::declassify(signature);
}

}  // namespace ashlar::crypto
