// SPDX-License-Identifier: Apache-2.0
// AES-CBC with HMAC: RFC 5246 §6.2.3.2 and RFC 5289 §3.1; RFC 7366.
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

namespace {

// One size of key and one hash. `encrypt_then_mac` is the row beside it, or null in that row itself.
constexpr RecordCipher cbc(std::string_view name, std::size_t key_size, const crypto::HashAlgorithm& hash,
                           std::size_t mac_size, const RecordCipher* encrypt_then_mac) {
  return {
      .name = name,
      .functions = encrypt_then_mac != nullptr ? &kMacThenEncryptRecords : &kEncryptThenMacRecords,
      .mac_hash = &hash,
      .mac_key_size = mac_size,
      .key_size = key_size,
      .explicit_nonce_size = 16,
      .mac_size = mac_size,
      .block_size = 16,
      .encrypt_then_mac = encrypt_then_mac,
  };
}

}  // namespace

constinit const RecordCipher kAes128CbcShaEtmRecords =
    cbc("AES-128-CBC with HMAC-SHA-1, encrypt-then-MAC", 16, crypto::kSha1, 20, nullptr);
constinit const RecordCipher kAes128CbcShaRecords =
    cbc("AES-128-CBC with HMAC-SHA-1", 16, crypto::kSha1, 20, &kAes128CbcShaEtmRecords);
constinit const RecordCipher kAes256CbcShaEtmRecords =
    cbc("AES-256-CBC with HMAC-SHA-1, encrypt-then-MAC", 32, crypto::kSha1, 20, nullptr);
constinit const RecordCipher kAes256CbcShaRecords =
    cbc("AES-256-CBC with HMAC-SHA-1", 32, crypto::kSha1, 20, &kAes256CbcShaEtmRecords);
constinit const RecordCipher kAes128CbcSha256EtmRecords =
    cbc("AES-128-CBC with HMAC-SHA-256, encrypt-then-MAC", 16, crypto::kSha256, 32, nullptr);
constinit const RecordCipher kAes128CbcSha256Records =
    cbc("AES-128-CBC with HMAC-SHA-256", 16, crypto::kSha256, 32, &kAes128CbcSha256EtmRecords);
constinit const RecordCipher kAes256CbcSha256EtmRecords =
    cbc("AES-256-CBC with HMAC-SHA-256, encrypt-then-MAC", 32, crypto::kSha256, 32, nullptr);
constinit const RecordCipher kAes256CbcSha256Records =
    cbc("AES-256-CBC with HMAC-SHA-256", 32, crypto::kSha256, 32, &kAes256CbcSha256EtmRecords);
constinit const RecordCipher kAes256CbcSha384EtmRecords =
    cbc("AES-256-CBC with HMAC-SHA-384, encrypt-then-MAC", 32, crypto::kSha384, 48, nullptr);
constinit const RecordCipher kAes256CbcSha384Records =
    cbc("AES-256-CBC with HMAC-SHA-384", 32, crypto::kSha384, 48, &kAes256CbcSha384EtmRecords);

}  // namespace ashlar::tls
