// SPDX-License-Identifier: Apache-2.0
// P-256 and X25519: key agreement, signatures.
#include "support/measure.hpp"
#include "support/openssl.hpp"

#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/x25519.hpp>

namespace ashlar::bench {

void add_ecc() {
  const crypto::Random random = crypto::system_random();

  add("x25519 key/ashlar", [random](benchmark::State& state) {
    measure(state, 0, [&] {
      std::uint8_t point[32];
      must(crypto::X25519PrivateKey::generate(random)).public_key(point);
      benchmark::DoNotOptimize(point);
    });
  });
  ADD_OPENSSL(std::string("x25519 key/"), "", openssl::generate(state, "X25519"));
  add("x25519 agree/ashlar", [random](benchmark::State& state) {
    const auto ours = must(crypto::X25519PrivateKey::generate(random));
    std::uint8_t theirs[32];
    must(crypto::X25519PrivateKey::generate(random)).public_key(theirs);
    measure(state, 0, [&] {
      Secret<32> shared;
      if (!ours.agree(theirs, shared)) {
        state.SkipWithError("refused");
      }
      benchmark::DoNotOptimize(shared);
    });
  });
  ADD_OPENSSL(std::string("x25519 agree/"), "", openssl::agree(state, "X25519"));

  add("p-256 key/ashlar", [random](benchmark::State& state) {
    measure(state, 0, [&] {
      const auto key = must(crypto::P256PrivateKey::generate(random)).public_key();
      benchmark::DoNotOptimize(&key);
    });
  });
  ADD_OPENSSL(std::string("p-256 key/"), "", openssl::generate(state, "P-256"));
  add("p-256 agree/ashlar", [random](benchmark::State& state) {
    const auto ours = must(crypto::P256PrivateKey::generate(random));
    const auto theirs = must(crypto::P256PrivateKey::generate(random)).public_key();
    measure(state, 0, [&] {
      Secret<32> shared;
      if (!ours.agree(theirs, shared)) {
        state.SkipWithError("refused");
      }
      benchmark::DoNotOptimize(shared);
    });
  });
  ADD_OPENSSL(std::string("p-256 agree/"), "", openssl::agree(state, "P-256"));
  add("p-256 sign/ashlar", [random](benchmark::State& state) {
    const auto key = must(crypto::P256PrivateKey::generate(random));
    const auto digest = filler(32);
    std::uint8_t signature[crypto::kP256SignatureSize];
    measure(state, 0, [&] {
      if (!key.sign(digest, &random, signature)) {
        state.SkipWithError("refused");
      }
      benchmark::DoNotOptimize(signature);
    });
  });
  ADD_OPENSSL(std::string("p-256 sign/"), "", openssl::sign(state, "P-256", false));
  add("p-256 verify/ashlar", [random](benchmark::State& state) {
    const auto key = must(crypto::P256PrivateKey::generate(random));
    const auto public_key = key.public_key();
    const auto digest = filler(32);
    std::uint8_t signature[crypto::kP256SignatureSize];
    if (!key.sign(digest, &random, signature)) {
      std::abort();
    }
    measure(state, 0, [&] {
      if (!public_key.verify(digest, signature)) {
        state.SkipWithError("refused");
      }
    });
  });
  ADD_OPENSSL(std::string("p-256 verify/"), "", openssl::sign(state, "P-256", true));
}

}  // namespace ashlar::bench
