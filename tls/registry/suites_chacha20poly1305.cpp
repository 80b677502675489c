// SPDX-License-Identifier: Apache-2.0
// ECDHE and DHE with ChaCha20-Poly1305: RFC 7905.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kEcdheRsaChaCha20Poly1305 = {
    {
        .id = SuiteId{0xcca8},
        .name = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        .openssl_name = "ECDHE-RSA-CHACHA20-POLY1305",
        .cipher = &kChaCha20Poly1305Records,
        .hash = &crypto::kSha256,
    },
    &tls12::kEcdheRsa,
};
constinit const tls12::Suite kEcdheEcdsaChaCha20Poly1305 = {
    {
        .id = SuiteId{0xcca9},
        .name = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        .openssl_name = "ECDHE-ECDSA-CHACHA20-POLY1305",
        .cipher = &kChaCha20Poly1305Records,
        .hash = &crypto::kSha256,
    },
    &tls12::kEcdheEcdsa,
};
constinit const tls12::Suite kDheRsaChaCha20Poly1305 = {
    {
        .id = SuiteId{0xccaa},
        .name = "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        .openssl_name = "DHE-RSA-CHACHA20-POLY1305",
        .cipher = &kChaCha20Poly1305Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};

}  // namespace ashlar::tls
