// SPDX-License-Identifier: Apache-2.0
// ECDHE_RSA with AES-CBC: RFC 8422 §6 (SHA-1), RFC 5289 §3.1.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kEcdheRsaAes128CbcSha = {
    {
        .id = SuiteId{0xc013},
        .name = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        .openssl_name = "ECDHE-RSA-AES128-SHA",
        .cipher = &kAes128CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kCbc,
    },
    &tls12::kEcdheRsa,
};
constinit const tls12::Suite kEcdheRsaAes256CbcSha = {
    {
        .id = SuiteId{0xc014},
        .name = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        .openssl_name = "ECDHE-RSA-AES256-SHA",
        .cipher = &kAes256CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kCbc,
    },
    &tls12::kEcdheRsa,
};
constinit const tls12::Suite kEcdheRsaAes128CbcSha256 = {
    {
        .id = SuiteId{0xc027},
        .name = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        .openssl_name = "ECDHE-RSA-AES128-SHA256",
        .cipher = &kAes128CbcSha256Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kCbc,
    },
    &tls12::kEcdheRsa,
};
constinit const tls12::Suite kEcdheRsaAes256CbcSha384 = {
    {
        .id = SuiteId{0xc028},
        .name = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        .openssl_name = "ECDHE-RSA-AES256-SHA384",
        .cipher = &kAes256CbcSha384Records,
        .hash = &crypto::kSha384,
        .legacy = legacy::kCbc,
    },
    &tls12::kEcdheRsa,
};

}  // namespace ashlar::tls
