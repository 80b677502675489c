// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/x25519.hpp>

#include "wycheproof/crypto/montgomery.hpp"

#include <optional>

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;

namespace {

// Runs on every row that this CPU can run; the rows must agree.
Outcome x25519_agreement(Bytes secret, Bytes peer, Bytes expected) {
  if (secret.size() != 32 || peer.size() != 32) {
    return Outcome::refused;
  }
  std::optional<Outcome> outcome;
  for (const X25519Kernel& row : x25519_kernels()) {
    if (!cpu::features().contains(row.required)) {
      continue;
    }
    Secret<32> shared;
    const X25519PrivateKey key(BytesOf<32>(secret.data(), 32), &row);
    const auto agreed = key.agree(BytesOf<32>(peer.data(), 32), shared);
    const Outcome here = agreed.ok() ? same(shared.reveal(), expected) : Outcome::refused;
    outcome = !outcome || *outcome == here ? here : Outcome::wrong;
  }
  return *outcome;
}

}  // namespace

TEST_CASE("wycheproof-x25519_test") {
  WYCHEPROOF_FILE(file, "x25519_test");
  run_bytes(file, x25519_agreement);
}

TEST_CASE("wycheproof-x25519_jwk_test") {
  WYCHEPROOF_FILE(file, "x25519_jwk_test");
  run_jwk(file, "X25519", x25519_agreement);
}
