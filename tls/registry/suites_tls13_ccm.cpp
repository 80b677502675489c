// SPDX-License-Identifier: Apache-2.0
// The suites of TLS 1.3 with AES-CCM: RFC 9846 Appendix B.4. No named policy has them.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"

namespace ashlar::tls {

constinit const tls13::Suite kAes128CcmSha256 = {{
    .id = SuiteId{0x1304},
    .name = "TLS_AES_128_CCM_SHA256",
    .openssl_name = "TLS_AES_128_CCM_SHA256",
    .cipher = &kAes128CcmTls13Records,
    .hash = &crypto::kSha256,
}};
constinit const tls13::Suite kAes128Ccm8Sha256 = {{
    .id = SuiteId{0x1305},
    .name = "TLS_AES_128_CCM_8_SHA256",
    .openssl_name = "TLS_AES_128_CCM_8_SHA256",
    .cipher = &kAes128Ccm8Tls13Records,
    .hash = &crypto::kSha256,
    .legacy = legacy::kShortTag,
}};

}  // namespace ashlar::tls
