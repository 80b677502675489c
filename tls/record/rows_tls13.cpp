// SPDX-License-Identifier: Apache-2.0
// The records of TLS 1.3: RFC 9846 §5.2, §5.3, §5.5. A key of AES-GCM protects 2^24.5 full records; it is
// renewed long before (S04). ChaCha20-Poly1305 has no such limit short of the sequence number's.
#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/gcm.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

namespace {

constexpr std::uint64_t kGcmRenewal = std::uint64_t{1} << 23;
constexpr std::uint64_t kGcmEnd = 23726566;  // 2^24.5

constexpr RecordCipher row(std::string_view name, const crypto::AeadAlgorithm& aead, std::size_t key_size,
                           RecordLimits limits) {
  return {
      .name = name,
      .functions = &kAeadRecords,
      .aead = &aead,
      .key_size = key_size,
      .fixed_iv_size = 12,
      .mac_size = 16,
      .inner_content_type = true,
      .limits = limits,
  };
}

}  // namespace

constinit const RecordCipher kAes128GcmTls13Records =
    row("AES-128-GCM", crypto::kAes128Gcm, 16, {.sealed = kGcmEnd, .renewal = kGcmRenewal});
constinit const RecordCipher kAes256GcmTls13Records =
    row("AES-256-GCM", crypto::kAes256Gcm, 32, {.sealed = kGcmEnd, .renewal = kGcmRenewal});
constinit const RecordCipher kChaCha20Poly1305Tls13Records =
    row("ChaCha20-Poly1305", crypto::kChaCha20Poly1305, 32, {});

}  // namespace ashlar::tls
