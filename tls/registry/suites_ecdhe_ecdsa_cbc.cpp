// SPDX-License-Identifier: Apache-2.0
// ECDHE_ECDSA with AES-CBC: RFC 8422 §6 (SHA-1), RFC 5289 §3.1.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kEcdheEcdsaAes128CbcSha = {
    {
        .id = SuiteId{0xc009},
        .name = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        .openssl_name = "ECDHE-ECDSA-AES128-SHA",
        .cipher = &kAes128CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kCbc,
    },
    &tls12::kEcdheEcdsa,
};
constinit const tls12::Suite kEcdheEcdsaAes256CbcSha = {
    {
        .id = SuiteId{0xc00a},
        .name = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        .openssl_name = "ECDHE-ECDSA-AES256-SHA",
        .cipher = &kAes256CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kCbc,
    },
    &tls12::kEcdheEcdsa,
};
constinit const tls12::Suite kEcdheEcdsaAes128CbcSha256 = {
    {
        .id = SuiteId{0xc023},
        .name = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        .openssl_name = "ECDHE-ECDSA-AES128-SHA256",
        .cipher = &kAes128CbcSha256Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kCbc,
    },
    &tls12::kEcdheEcdsa,
};
constinit const tls12::Suite kEcdheEcdsaAes256CbcSha384 = {
    {
        .id = SuiteId{0xc024},
        .name = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
        .openssl_name = "ECDHE-ECDSA-AES256-SHA384",
        .cipher = &kAes256CbcSha384Records,
        .hash = &crypto::kSha384,
        .legacy = legacy::kCbc,
    },
    &tls12::kEcdheEcdsa,
};

}  // namespace ashlar::tls
