// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/x448.hpp>

#include "support/base64url.hpp"
#include "support/wycheproof.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;
using ashlar::test::Buffer;

namespace {

Outcome agree(Bytes secret, Bytes peer, Bytes expected) {
  if (secret.size() != kX448Size || peer.size() != kX448Size) {
    return Outcome::refused;
  }
  Secret<kX448Size> shared;
  const X448PrivateKey key(BytesOf<kX448Size>(secret.data(), kX448Size));
  const auto agreed = key.agree(BytesOf<kX448Size>(peer.data(), kX448Size), shared);
  return agreed.ok() ? same(shared.reveal(), expected) : Outcome::refused;
}

// RFC 7748 §6.2: a secret of zero is refused; §5: points of the twist and non-canonical ones are accepted.
Outcome as_rfc_7748(const Json& test, Outcome outcome) {
  const Buffer shared = bytes(test, "shared");
  const bool zero = std::all_of(shared.begin(), shared.end(), [](std::uint8_t byte) { return byte == 0; });
  if (test.at("result") == "acceptable" && outcome != (zero ? Outcome::refused : Outcome::accepted)) {
    return Outcome::wrong;
  }
  return outcome;
}

}  // namespace

TEST_CASE("wycheproof-x448_test") {
  WYCHEPROOF_FILE(file, "x448_test");
  file.run([](const Json&, const Json& test) {
    return as_rfc_7748(test, agree(bytes(test, "private"), bytes(test, "public"), bytes(test, "shared")));
  });
}

TEST_CASE("wycheproof-x448_jwk_test") {
  WYCHEPROOF_FILE(file, "x448_jwk_test");
  file.run([](const Json&, const Json& test) {
    // A reader of JSON Web Keys would check this before it makes a key.
    for (const char* name : {"public", "private"}) {
      const Json& key = test.at(name);
      if (key.value("kty", "") != "OKP" || key.value("crv", "") != "X448" || !key.contains("x")) {
        return Outcome::refused;
      }
    }
    const Buffer secret = ashlar::test::unbase64url(test["private"].at("d").get<std::string>());
    const Buffer peer = ashlar::test::unbase64url(test["public"].at("x").get<std::string>());
    return as_rfc_7748(test, agree(secret, peer, bytes(test, "shared")));
  });
}
