// SPDX-License-Identifier: Apache-2.0
// AES-CCM in TLS 1.2: RFC 6655 §3; with tags of 8 bytes §4.
#include <ashlar/crypto/ccm.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

namespace {

constexpr RecordCipher ccm(std::string_view name, const crypto::AeadAlgorithm& aead, std::size_t key_size,
                           std::size_t tag_size) {
  return {
      .name = name,
      .functions = &kAeadRecords,
      .aead = &aead,
      .key_size = key_size,
      .fixed_iv_size = 4,
      .explicit_nonce_size = 8,
      .mac_size = tag_size,
  };
}

}  // namespace

constinit const RecordCipher kAes128CcmRecords = ccm("AES-128-CCM", crypto::kAes128Ccm, 16, 16);
constinit const RecordCipher kAes256CcmRecords = ccm("AES-256-CCM", crypto::kAes256Ccm, 32, 16);
constinit const RecordCipher kAes128Ccm8Records = ccm("AES-128-CCM-8", crypto::kAes128Ccm8, 16, 8);
constinit const RecordCipher kAes256Ccm8Records = ccm("AES-256-CCM-8", crypto::kAes256Ccm8, 32, 8);

}  // namespace ashlar::tls
