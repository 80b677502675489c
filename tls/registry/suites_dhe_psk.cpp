// SPDX-License-Identifier: Apache-2.0
// DHE with a pre-shared key and authenticated encryption: RFC 5487 §2, RFC 7905.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kDhePskAes128GcmSha256 = {
    {
        .id = SuiteId{0x00aa},
        .name = "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256",
        .openssl_name = "DHE-PSK-AES128-GCM-SHA256",
        .cipher = &kAes128GcmRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDhePsk,
};
constinit const tls12::Suite kDhePskAes256GcmSha384 = {
    {
        .id = SuiteId{0x00ab},
        .name = "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384",
        .openssl_name = "DHE-PSK-AES256-GCM-SHA384",
        .cipher = &kAes256GcmRecords,
        .hash = &crypto::kSha384,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDhePsk,
};
constinit const tls12::Suite kDhePskChaCha20Poly1305 = {
    {
        .id = SuiteId{0xccad},
        .name = "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
        .openssl_name = "DHE-PSK-CHACHA20-POLY1305",
        .cipher = &kChaCha20Poly1305Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDhePsk,
};

}  // namespace ashlar::tls
