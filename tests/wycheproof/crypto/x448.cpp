// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/x448.hpp>

#include "wycheproof/crypto/montgomery.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;

namespace {

Outcome x448_agreement(Bytes secret, Bytes peer, Bytes expected) {
  if (secret.size() != kX448Size || peer.size() != kX448Size) {
    return Outcome::refused;
  }
  Secret<kX448Size> shared;
  const X448PrivateKey key(BytesOf<kX448Size>(secret.data(), kX448Size));
  const auto agreed = key.agree(BytesOf<kX448Size>(peer.data(), kX448Size), shared);
  return agreed.ok() ? same(shared.reveal(), expected) : Outcome::refused;
}

}  // namespace

TEST_CASE("wycheproof-x448_test") {
  WYCHEPROOF_FILE(file, "x448_test");
  run_bytes(file, x448_agreement);
}

TEST_CASE("wycheproof-x448_jwk_test") {
  WYCHEPROOF_FILE(file, "x448_jwk_test");
  run_jwk(file, "X448", x448_agreement);
}
