// SPDX-License-Identifier: Apache-2.0
// AES-128-CBC with HMAC-SHA-256: RFC 5246 §6.2.3.2, RFC 7366.
#include <ashlar/crypto/sha2.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

constinit const RecordCipher kAes128CbcSha256EtmRecords = {
    .name = "AES-128-CBC with HMAC-SHA-256, encrypt-then-MAC",
    .functions = &kEncryptThenMacRecords,
    .mac_hash = &crypto::kSha256,
    .mac_key_size = 32,
    .key_size = 16,
    .explicit_nonce_size = 16,
    .mac_size = 32,
    .block_size = 16,
};
constinit const RecordCipher kAes128CbcSha256Records = {
    .name = "AES-128-CBC with HMAC-SHA-256",
    .functions = &kMacThenEncryptRecords,
    .mac_hash = &crypto::kSha256,
    .mac_key_size = 32,
    .key_size = 16,
    .explicit_nonce_size = 16,
    .mac_size = 32,
    .block_size = 16,
    .encrypt_then_mac = &kAes128CbcSha256EtmRecords,
};

}  // namespace ashlar::tls
