// SPDX-License-Identifier: Apache-2.0
// Ed25519's private keys (RFC 8032 §5.1.5, §5.1.6).
#include "cpu/dead_stack.hpp"
#include "ed25519/kernels.hpp"
#include "ed25519/signing.hpp"

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

namespace {

// More stack than anything below the functions of a key uses. Hashes and fields leave copies there. Code with
// secrets has its own frame, so that all of it lies below.
using WipeAfter = WipeBelow<4096>;

// The scalar and the prefix of nonces, and the public key.
[[gnu::noinline]] void expand(MutBytesOf<64> expanded, std::uint8_t* public_key, const Ed25519Kernel& kernel,
                              BytesOf<32> seed) {
  Hash(kSha512).update(seed).finish(expanded);
  x25519::clamp(expanded.data(), expanded.data());
  kernel.base_multiple(public_key, expanded.data());
}

[[gnu::noinline]] void sign(MutBytesOf<kEd25519SignatureSize> signature, const Ed25519Kernel& kernel,
                            BytesOf<64> expanded, Bytes public_key, std::span<const Bytes> message) {
  struct {
    ed25519::SigningScalars scalars;
    std::uint8_t nonce[32];
  } secret;
  ed25519::make_nonce(secret.nonce, secret.scalars, expanded, message);
  kernel.base_multiple(signature.data(), secret.nonce);
  ed25519::finish_signature(signature, secret.scalars, expanded, public_key, message);
  wipe(&secret, sizeof secret);
}

}  // namespace

Ed25519PrivateKey Ed25519PrivateKey::create(BytesOf<32> seed, const Ed25519Kernel* kernel) {
  const WipeAfter wipe_after;
  Ed25519PrivateKey key;
  key.kernel_ = kernel != nullptr ? kernel : &cpu::best(ed25519_kernels());
  key.seed_ = Secret<32>(seed);
  expand(key.expanded_.reveal_mut(), key.public_, *key.kernel_, seed);
  // A public key is public by its purpose.
  ct::declassify(key.public_);
  return key;
}

Result<Ed25519PrivateKey> Ed25519PrivateKey::generate(Random random, const Ed25519Kernel* kernel) {
  const WipeAfter wipe_after;
  Secret<32> seed;
  ASHLAR_CHECK(random.fill(seed.reveal_mut()));
  return create(seed.reveal(), kernel);
}

void Ed25519PrivateKey::sign(std::span<const Bytes> message,
                             MutBytesOf<kEd25519SignatureSize> signature) const {
  const WipeAfter wipe_after;
  crypto::sign(signature, *kernel_, expanded_.reveal(), public_, message);
}

}  // namespace ashlar::crypto
