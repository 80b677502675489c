// SPDX-License-Identifier: Apache-2.0
// What the files of X25519 and X448 have in common.
#pragma once

#include "support/base64url.hpp"
#include "support/wycheproof.hpp"

#include <algorithm>
#include <string>

namespace ashlar::test::wycheproof {

// RFC 7748 §6: a secret of zero is refused. §5: points of the twist and non-canonical points are accepted.
// File::acceptable cannot express this, since refused vectors carry the same flags as accepted ones.
inline Outcome as_rfc_7748(const Json& test, Outcome outcome) {
  const Buffer shared = bytes(test, "shared");
  const bool zero = std::all_of(shared.begin(), shared.end(), [](std::uint8_t byte) { return byte == 0; });
  if (test.at("result") == "acceptable" && outcome != (zero ? Outcome::refused : Outcome::accepted)) {
    return Outcome::wrong;
  }
  return outcome;
}

// agree(secret, peer, expected), where a vector has bytes.
template <class Agree>
void run_bytes(File& file, Agree agree) {
  file.run([agree](const Json&, const Json& test) {
    return as_rfc_7748(test, agree(bytes(test, "private"), bytes(test, "public"), bytes(test, "shared")));
  });
}

// The same where it has JSON Web Keys. A reader of these would check what is checked here before it makes a
// key.
template <class Agree>
void run_jwk(File& file, const std::string& curve, Agree agree) {
  file.run([&curve, agree](const Json&, const Json& test) {
    for (const char* name : {"public", "private"}) {
      const Json& key = test.at(name);
      if (key.value("kty", "") != "OKP" || key.value("crv", "") != curve || !key.contains("x")) {
        return Outcome::refused;
      }
    }
    const Buffer secret = unbase64url(test["private"].at("d").get<std::string>());
    const Buffer peer = unbase64url(test["public"].at("x").get<std::string>());
    return as_rfc_7748(test, agree(secret, peer, bytes(test, "shared")));
  });
}

}  // namespace ashlar::test::wycheproof
