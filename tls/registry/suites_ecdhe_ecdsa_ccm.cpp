// SPDX-License-Identifier: Apache-2.0
// ECDHE_ECDSA with AES-CCM: RFC 7251 §2.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kEcdheEcdsaAes128Ccm = {
    {
        .id = SuiteId{0xc0ac},
        .name = "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
        .openssl_name = "ECDHE-ECDSA-AES128-CCM",
        .cipher = &kAes128CcmRecords,
        .hash = &crypto::kSha256,
    },
    &tls12::kEcdheEcdsa,
};
constinit const tls12::Suite kEcdheEcdsaAes256Ccm = {
    {
        .id = SuiteId{0xc0ad},
        .name = "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
        .openssl_name = "ECDHE-ECDSA-AES256-CCM",
        .cipher = &kAes256CcmRecords,
        .hash = &crypto::kSha256,
    },
    &tls12::kEcdheEcdsa,
};
constinit const tls12::Suite kEcdheEcdsaAes128Ccm8 = {
    {
        .id = SuiteId{0xc0ae},
        .name = "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
        .openssl_name = "ECDHE-ECDSA-AES128-CCM8",
        .cipher = &kAes128Ccm8Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kShortTag,
    },
    &tls12::kEcdheEcdsa,
};
constinit const tls12::Suite kEcdheEcdsaAes256Ccm8 = {
    {
        .id = SuiteId{0xc0af},
        .name = "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8",
        .openssl_name = "ECDHE-ECDSA-AES256-CCM8",
        .cipher = &kAes256Ccm8Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kShortTag,
    },
    &tls12::kEcdheEcdsa,
};

}  // namespace ashlar::tls
