// SPDX-License-Identifier: Apache-2.0
// The check of a decrypted CBC record: padding and MAC together. Nobody can tell which of them was wrong
// (S09).
#pragma once

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/hmac.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

// Secret until `good` is declassified.
struct CbcVerdict {
  ct::Mask good;
  std::uint64_t padding_size;  // without the length byte; 0 where the padding is bad
};

// Checks the padding at the end of `data` (RFC 5246 §6.2.3.2): every padding byte equals the length byte, and
// at least `reserved` bytes stand before the padding. Constant time in the content of `data`, which holds at
// least reserved + 1 bytes.
CbcVerdict check_cbc_padding(Bytes data, std::size_t reserved);

// Checks content || HMAC || padding. Constant time in the content of `data`, which holds at least key.size()
// + 1 bytes: the work is the same for any padding, good or bad.
CbcVerdict check_mac_then_encrypt(const crypto::HmacKey& key, std::uint64_t sequence, ContentType type,
                                  Bytes data);

}  // namespace ashlar::tls
