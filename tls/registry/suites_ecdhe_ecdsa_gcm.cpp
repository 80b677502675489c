// SPDX-License-Identifier: Apache-2.0
// ECDHE_ECDSA with AES-GCM: RFC 5289 §3.2.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kEcdheEcdsaAes128GcmSha256 = {
    {
        .id = SuiteId{0xc02b},
        .name = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        .openssl_name = "ECDHE-ECDSA-AES128-GCM-SHA256",
        .cipher = &kAes128GcmRecords,
        .hash = &crypto::kSha256,
    },
    &tls12::kEcdheEcdsa,
};
constinit const tls12::Suite kEcdheEcdsaAes256GcmSha384 = {
    {
        .id = SuiteId{0xc02c},
        .name = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        .openssl_name = "ECDHE-ECDSA-AES256-GCM-SHA384",
        .cipher = &kAes256GcmRecords,
        .hash = &crypto::kSha384,
    },
    &tls12::kEcdheEcdsa,
};

}  // namespace ashlar::tls
