// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/x25519.hpp>

#include "support/base64url.hpp"
#include "support/wycheproof.hpp"

#include <optional>

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;
using ashlar::test::Buffer;

namespace {

// Runs on every row that this CPU can run; the rows must agree.
Outcome agree(Bytes secret, Bytes peer, Bytes expected) {
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

// RFC 7748 §6.1: a secret of zero is refused. §5: points of the twist and non-canonical points are
// accepted. File::acceptable cannot express this, since refused vectors carry the same flags as accepted
// ones.
Outcome as_rfc_7748(const Json& test, Outcome outcome) {
  const auto& flags = test.at("flags");
  const bool zero = std::find(flags.begin(), flags.end(), "ZeroSharedSecret") != flags.end();
  if (test.at("result") == "acceptable" && outcome != (zero ? Outcome::refused : Outcome::accepted)) {
    return Outcome::wrong;
  }
  return outcome;
}

}  // namespace

TEST_CASE("wycheproof-x25519_test") {
  WYCHEPROOF_FILE(file, "x25519_test");
  file.run([](const Json&, const Json& test) {
    return as_rfc_7748(test, agree(bytes(test, "private"), bytes(test, "public"), bytes(test, "shared")));
  });
}

TEST_CASE("wycheproof-x25519_jwk_test") {
  WYCHEPROOF_FILE(file, "x25519_jwk_test");
  file.run([](const Json&, const Json& test) {
    // A reader of JSON Web Keys would check this before it makes a key.
    for (const char* name : {"public", "private"}) {
      const Json& key = test.at(name);
      if (key.value("kty", "") != "OKP" || key.value("crv", "") != "X25519" || !key.contains("x")) {
        return Outcome::refused;
      }
    }
    const Buffer secret = ashlar::test::unbase64url(test["private"].at("d").get<std::string>());
    const Buffer peer = ashlar::test::unbase64url(test["public"].at("x").get<std::string>());
    return as_rfc_7748(test, agree(secret, peer, bytes(test, "shared")));
  });
}
