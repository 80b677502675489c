// SPDX-License-Identifier: Apache-2.0
// AES key wrap, plain (KW: RFC 3394, SP 800-38F §6.2) and with padding (KWP: RFC 5649, SP 800-38F §6.3): keys
// encrypted and authenticated under a key-encryption key, without a nonce. Constant time in both keys; their
// sizes are public, except the size of a padded key, until it is unwrapped. Use a key-encryption key for one
// of the two modes only (SP 800-38F §5.3).
#pragma once

#include <ashlar/crypto/aes.hpp>

namespace ashlar::crypto {

// The bytes that wrapping adds to a key whose size is a multiple of 8 bytes.
inline constexpr std::size_t kKeyWrapOverhead = 8;

// Bytes of a key of `size` bytes, wrapped with padding.
constexpr std::size_t padded_wrapped_size(std::size_t size) {
  return size / 8 * 8 + (size % 8 != 0 ? 8 : 0) + kKeyWrapOverhead;
}

class AesKeyWrapper {  // one key that wraps keys
 public:
  // Errors as for AesKey.
  static Result<AesKeyWrapper> create(Bytes key, const AesKernel* kernel = nullptr);

  // KW. key: 16 bytes or more, a multiple of 8, less than 2^57 (else bad_data_size). wrapped:
  // kKeyWrapOverhead bytes more (else invalid_argument). The two may overlap in any way.
  Result<void> wrap(Bytes key, MutBytes wrapped) const;

  // KWP. key: 1 to 2^32 - 1 bytes (else bad_data_size). wrapped: padded_wrapped_size() bytes (else
  // invalid_argument). The two may overlap in any way.
  Result<void> wrap_padded(Bytes key, MutBytes wrapped) const;

 private:
  AesKeyWrapper() = default;
  AesKey key_;
};

class AesKeyUnwrapper {  // the same key, to unwrap with
 public:
  // As for AesKeyWrapper.
  static Result<AesKeyUnwrapper> create(Bytes key, const AesKernel* kernel = nullptr);

  // KW. wrapped: 24 bytes or more, a multiple of 8, at most 2^57 (else bad_data_size). key: kKeyWrapOverhead
  // bytes less (else invalid_argument); wiped when the integrity value is wrong (key_unwrap_failed). The two
  // may overlap in any way.
  Result<void> unwrap(Bytes wrapped, MutBytes key) const;

  // KWP. wrapped: 16 bytes or more, a multiple of 8, at most 2^32 + 8 (else bad_data_size). key: room for at
  // least wrapped.size() - kKeyWrapOverhead bytes, padding included (else buffer_too_small). Returns its
  // first bytes, which are the key. If the integrity value, the size in it or the padding is wrong, all of
  // that room is wiped and the error is key_unwrap_failed, which does not tell which of them it was. The two
  // may overlap in any way.
  Result<MutBytes> unwrap_padded(Bytes wrapped, MutBytes key) const;

 private:
  AesKeyUnwrapper() = default;
  AesKey key_;
};

}  // namespace ashlar::crypto
