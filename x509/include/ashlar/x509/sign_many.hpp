// SPDX-License-Identifier: Apache-2.0
// Independent signatures side by side: for servers that have several handshakes at hand.
#pragma once

#include <ashlar/x509/keys.hpp>

namespace ashlar::x509 {

// One signature to make, as PrivateKey::sign makes it. What that would return is put into `result`: bytes in
// `out`.
struct Signing {
  const PrivateKey* key;
  const SignatureAlgorithm* algorithm;
  SigningInput input;
  MutBytes out;  // key->kind().max_signature_size bytes hold any
  Result<Bytes> result = Bytes();
};

// Any number of signatures with any keys. Those with RSA, ECDSA on P-256 and Ed25519 go to the calls of
// crypto that do several at once, up to eight of a kind, wherever that is faster; all others are made one
// after the other. What is wrong with one stands in its result and does not touch the others. Constant time
// as PrivateKey::sign is. Takes less than 192 KiB of stack.
void sign_many(std::span<Signing> signings, crypto::Random random);

}  // namespace ashlar::x509
