// SPDX-License-Identifier: Apache-2.0
// The suites of TLS 1.3: RFC 9846 Appendix B.4.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

constinit const tls13::Suite kAes128GcmSha256 = {{
    .id = SuiteId{0x1301},
    .name = "TLS_AES_128_GCM_SHA256",
    .openssl_name = "TLS_AES_128_GCM_SHA256",
    .cipher = &kAes128GcmTls13Records,
    .hash = &crypto::kSha256,
}};
constinit const tls13::Suite kAes256GcmSha384 = {{
    .id = SuiteId{0x1302},
    .name = "TLS_AES_256_GCM_SHA384",
    .openssl_name = "TLS_AES_256_GCM_SHA384",
    .cipher = &kAes256GcmTls13Records,
    .hash = &crypto::kSha384,
}};
constinit const tls13::Suite kChaCha20Poly1305Sha256 = {{
    .id = SuiteId{0x1303},
    .name = "TLS_CHACHA20_POLY1305_SHA256",
    .openssl_name = "TLS_CHACHA20_POLY1305_SHA256",
    .cipher = &kChaCha20Poly1305Tls13Records,
    .hash = &crypto::kSha256,
}};

}  // namespace ashlar::tls
