// SPDX-License-Identifier: Apache-2.0
// One vector of an AEAD with tags of 16 bytes.
#pragma once

#include "wycheproof/crypto/on_rows.hpp"

namespace ashlar::test::wycheproof {

// Opens the message. If that works, seals it again and compares both results.
template <class Key, class Row>
Outcome open_and_seal(const Row& row, Bytes key_bytes, Bytes nonce, Bytes aad, Bytes plaintext,
                      Bytes ciphertext, const Buffer& tag) {
  const auto key = Key::create(key_bytes, &row);
  if (!key || tag.size() != 16) {
    return Outcome::refused;
  }
  const Bytes parts[] = {aad};
  Buffer opened(ciphertext.size());
  const BytesOf<16> right(tag.data(), 16);
  if (!key->open(nonce, parts, ciphertext, right, opened)) {
    return Outcome::refused;
  }
  Buffer sealed(plaintext.size());
  Buffer made(16);
  if (!key->seal(nonce, parts, plaintext, sealed, MutBytesOf<16>(made.data(), 16))) {
    return Outcome::wrong;
  }
  const bool same_all = equal_public(opened, plaintext) && equal_public(sealed, ciphertext) && made == tag;
  return same_all ? Outcome::accepted : Outcome::wrong;
}

}  // namespace ashlar::test::wycheproof
