// SPDX-License-Identifier: Apache-2.0
// AES-GCM in TLS 1.2: RFC 5288 §3.
#include <ashlar/crypto/gcm.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

constinit const RecordCipher kAes128GcmRecords = {
    .name = "AES-128-GCM",
    .functions = &kAeadRecords,
    .aead = &crypto::kAes128Gcm,
    .key_size = 16,
    .fixed_iv_size = 4,
    .explicit_nonce_size = 8,
    .mac_size = 16,
};
constinit const RecordCipher kAes256GcmRecords = {
    .name = "AES-256-GCM",
    .functions = &kAeadRecords,
    .aead = &crypto::kAes256Gcm,
    .key_size = 32,
    .fixed_iv_size = 4,
    .explicit_nonce_size = 8,
    .mac_size = 16,
};

}  // namespace ashlar::tls
