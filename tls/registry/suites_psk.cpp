// SPDX-License-Identifier: Apache-2.0
// A pre-shared key alone, without forward secrecy, with authenticated encryption: RFC 5487 §2, RFC 7905.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kPskAes128GcmSha256 = {
    {
        .id = SuiteId{0x00a8},
        .name = "TLS_PSK_WITH_AES_128_GCM_SHA256",
        .openssl_name = "PSK-AES128-GCM-SHA256",
        .cipher = &kAes128GcmRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kPlainPsk,
    },
    &tls12::kPsk,
};
constinit const tls12::Suite kPskAes256GcmSha384 = {
    {
        .id = SuiteId{0x00a9},
        .name = "TLS_PSK_WITH_AES_256_GCM_SHA384",
        .openssl_name = "PSK-AES256-GCM-SHA384",
        .cipher = &kAes256GcmRecords,
        .hash = &crypto::kSha384,
        .legacy = legacy::kPlainPsk,
    },
    &tls12::kPsk,
};
constinit const tls12::Suite kPskChaCha20Poly1305 = {
    {
        .id = SuiteId{0xccab},
        .name = "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256",
        .openssl_name = "PSK-CHACHA20-POLY1305",
        .cipher = &kChaCha20Poly1305Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kPlainPsk,
    },
    &tls12::kPsk,
};

}  // namespace ashlar::tls
