// SPDX-License-Identifier: Apache-2.0
// Which keys and signatures are allowed. Parsing and verifying take such a set, and only what it names is linked.
#pragma once

#include <ashlar/x509/keys.hpp>

namespace ashlar::x509 {

// One kind of key: everything about it. kRsa, kP256, kP384.
struct KeyKind;

// The kinds of keys that are read and the signature algorithms that are checked. All others are told as
// unsupported.
struct KeySet {
  std::span<const KeyKind* const> kinds;
  std::span<const SignatureAlgorithm* const> algorithms;
};
// Everything that Ashlar has: for tools that show and judge whatever comes.
extern const KeySet kAllKeys;

}  // namespace ashlar::x509
