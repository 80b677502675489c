// SPDX-License-Identifier: Apache-2.0
// AES-CCM in TLS 1.3: RFC 9846 §5.2. A key protects 2^23 records, as in DTLS (RFC 9147 §4.5.3 and Appendix
// B), and is renewed before.
#include <ashlar/crypto/ccm.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

namespace {

constexpr std::uint64_t kRenewal = std::uint64_t{1} << 22;
constexpr std::uint64_t kEnd = std::uint64_t{1} << 23;

constexpr RecordCipher row(std::string_view name, const crypto::AeadAlgorithm& aead, std::size_t tag_size) {
  return {
      .name = name,
      .functions = &kAeadRecords,
      .aead = &aead,
      .key_size = 16,
      .fixed_iv_size = 12,
      .mac_size = tag_size,
      .inner_content_type = true,
      .limits = {.sealed = kEnd, .renewal = kRenewal},
  };
}

}  // namespace

constinit const RecordCipher kAes128CcmTls13Records = row("AES-128-CCM", crypto::kAes128Ccm, 16);
constinit const RecordCipher kAes128Ccm8Tls13Records = row("AES-128-CCM-8", crypto::kAes128Ccm8, 8);

}  // namespace ashlar::tls
