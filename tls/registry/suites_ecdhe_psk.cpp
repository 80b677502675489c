// SPDX-License-Identifier: Apache-2.0
// ECDHE with a pre-shared key and authenticated encryption: RFC 8442, RFC 7905.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kEcdhePskAes128GcmSha256 = {
    {
        .id = SuiteId{0xd001},
        .name = "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256",
        .openssl_name = "ECDHE-PSK-AES128-GCM-SHA256",
        .cipher = &kAes128GcmRecords,
        .hash = &crypto::kSha256,
    },
    &tls12::kEcdhePsk,
};
constinit const tls12::Suite kEcdhePskAes256GcmSha384 = {
    {
        .id = SuiteId{0xd002},
        .name = "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384",
        .openssl_name = "ECDHE-PSK-AES256-GCM-SHA384",
        .cipher = &kAes256GcmRecords,
        .hash = &crypto::kSha384,
    },
    &tls12::kEcdhePsk,
};
constinit const tls12::Suite kEcdhePskChaCha20Poly1305 = {
    {
        .id = SuiteId{0xccac},
        .name = "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
        .openssl_name = "ECDHE-PSK-CHACHA20-POLY1305",
        .cipher = &kChaCha20Poly1305Records,
        .hash = &crypto::kSha256,
    },
    &tls12::kEcdhePsk,
};

}  // namespace ashlar::tls
