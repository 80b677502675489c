// SPDX-License-Identifier: Apache-2.0
// AES-GCM in TLS 1.2: RFC 5288 §3.
#include <ashlar/crypto/gcm.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

namespace {

constexpr RecordCipher gcm(std::string_view name, const crypto::AeadAlgorithm& aead, std::size_t key_size) {
  return {
      .name = name,
      .functions = &kAeadRecords,
      .aead = &aead,
      .key_size = key_size,
      .fixed_iv_size = 4,
      .explicit_nonce_size = 8,
      .mac_size = 16,
  };
}

}  // namespace

constinit const RecordCipher kAes128GcmRecords = gcm("AES-128-GCM", crypto::kAes128Gcm, 16);
constinit const RecordCipher kAes256GcmRecords = gcm("AES-256-GCM", crypto::kAes256Gcm, 32);

}  // namespace ashlar::tls
