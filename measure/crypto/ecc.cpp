// SPDX-License-Identifier: Apache-2.0
// X25519, Ed25519, P-256, P-384 and P-521: key agreement, signatures.
#include "measure/contest.hpp"

#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/p521.hpp>
#include <ashlar/crypto/x25519.hpp>

#include <array>

namespace ashlar::measure {

namespace {

using X25519 = crypto::X25519PrivateKey;
using Ed25519 = crypto::Ed25519PrivateKey;

// A signature made or checked again and again.
template <class Curve>
Work sign(const crypto::EcKernel<Curve>& kernel, bool verify) {
  using Key = crypto::EcPrivateKey<Curve>;
  const crypto::Random random = crypto::system_random();
  auto key = must(Key::generate(random, &kernel));
  std::array<std::uint8_t, Curve::kSignatureSize> signature;
  if (!key.sign(filler(32), &random, signature)) {
    return {};
  }
  if (verify) {
    return repeat([key = key.public_key(), digest = filler(32), signature] {
      return bool(key.verify(digest, signature));
    });
  }
  return repeat([key = std::move(key), digest = filler(32), random] {
    std::uint8_t again[Curve::kSignatureSize];
    return bool(key.sign(digest, &random, again));
  });
}

template <class Curve>
void add_curve(const std::string& name, std::span<const crypto::EcKernel<Curve>> kernels) {
  using Key = crypto::EcPrivateKey<Curve>;
  const crypto::Random random = crypto::system_random();
  Group generate(name + " key");
  Group agree(name + " agree");
  Group signing(name + " sign");
  Group verifying(name + " verify");
  for (const crypto::EcKernel<Curve>& kernel : usable(kernels)) {
    generate.add(kernel.name, [random, &kernel] {
      return repeat([random, &kernel] {
        must(Key::generate(random, &kernel)).public_key();
        return true;
      });
    });
    agree.add(kernel.name, [random, &kernel] {
      return repeat(
          [ours = must(Key::generate(random, &kernel)), theirs = must(Key::generate(random)).public_key()] {
            Secret<Curve::kBytes> shared;
            return bool(ours.agree(theirs, shared));
          });
    });
    signing.add(kernel.name, [&kernel] { return sign(kernel, false); });
    verifying.add(kernel.name, [&kernel] { return sign(kernel, true); });
  }
}

void add_x25519() {
  const crypto::Random random = crypto::system_random();
  Group generate("x25519 key");
  Group agree("x25519 agree");
  for (const crypto::X25519Kernel& kernel : usable(crypto::x25519_kernels())) {
    generate.add(kernel.name, [random, &kernel] {
      return repeat([random, &kernel] {
        std::uint8_t point[32];
        must(X25519::generate(random, &kernel)).public_key(point);
        return true;
      });
    });
    agree.add(kernel.name, [random, &kernel] {
      std::array<std::uint8_t, 32> theirs;
      must(X25519::generate(random)).public_key(theirs);
      return repeat([ours = must(X25519::generate(random, &kernel)), theirs] {
        Secret<32> shared;
        return bool(ours.agree(theirs, shared));
      });
    });
  }
}

// Messages of 32 bytes, as hashes of handshakes are.
void add_ed25519() {
  const crypto::Random random = crypto::system_random();
  Group generate("ed25519 key");
  Group signing("ed25519 sign");
  Group verifying("ed25519 verify");
  for (const crypto::Ed25519Kernel& kernel : usable(crypto::ed25519_kernels())) {
    generate.add(kernel.name, [random, &kernel] {
      return repeat([random, &kernel] {
        must(Ed25519::generate(random, &kernel));
        return true;
      });
    });
    signing.add(kernel.name, [random, &kernel] {
      return repeat([key = must(Ed25519::generate(random, &kernel)), message = filler(32)] {
        const Bytes parts[] = {message};
        std::uint8_t signature[crypto::kEd25519SignatureSize];
        key.sign(parts, signature);
        return true;
      });
    });
    verifying.add(kernel.name, [random, &kernel] {
      const auto key = must(Ed25519::generate(random, &kernel));
      auto message = filler(32);
      const Bytes whole[] = {message};
      std::array<std::uint8_t, crypto::kEd25519SignatureSize> signature;
      key.sign(whole, signature);
      // From the bytes of the key, as the peers do it.
      std::array<std::uint8_t, 32> encoded;
      copy_bytes(encoded, key.public_key());
      return repeat([encoded, message = std::move(message), signature, &kernel] {
        const Bytes parts[] = {message};
        return must(crypto::Ed25519PublicKey::create(encoded, &kernel)).verify(parts, signature).ok();
      });
    });
  }
}

}  // namespace

void add_ecc() {
  add_x25519();
  add_ed25519();
  add_curve("p-256", crypto::p256_kernels());
  add_curve("p-384", crypto::p384_kernels());
  add_curve("p-521", crypto::p521_kernels());
}

}  // namespace ashlar::measure
