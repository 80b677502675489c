// SPDX-License-Identifier: Apache-2.0
// AES-128-CBC with HMAC-SHA-256: RFC 5246 §6.2.3.2, RFC 7366.
#include <ashlar/crypto/sha2.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

namespace {

constexpr RecordCipher cbc_sha256(std::string_view name, const RecordFunctions& functions,
                                  const RecordCipher* encrypt_then_mac) {
  return {
      .name = name,
      .functions = &functions,
      .mac_hash = &crypto::kSha256,
      .mac_key_size = 32,
      .key_size = 16,
      .explicit_nonce_size = 16,
      .mac_size = 32,
      .block_size = 16,
      .encrypt_then_mac = encrypt_then_mac,
  };
}

}  // namespace

constinit const RecordCipher kAes128CbcSha256EtmRecords =
    cbc_sha256("AES-128-CBC with HMAC-SHA-256, encrypt-then-MAC", kEncryptThenMacRecords, nullptr);
constinit const RecordCipher kAes128CbcSha256Records =
    cbc_sha256("AES-128-CBC with HMAC-SHA-256", kMacThenEncryptRecords, &kAes128CbcSha256EtmRecords);

}  // namespace ashlar::tls
