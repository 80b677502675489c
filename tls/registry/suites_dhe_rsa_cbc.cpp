// SPDX-License-Identifier: Apache-2.0
// DHE_RSA with AES-CBC: RFC 5246 §A.5.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kDheRsaAes128CbcSha = {
    {
        .id = SuiteId{0x0033},
        .name = "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
        .openssl_name = "DHE-RSA-AES128-SHA",
        .cipher = &kAes128CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};
constinit const tls12::Suite kDheRsaAes256CbcSha = {
    {
        .id = SuiteId{0x0039},
        .name = "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
        .openssl_name = "DHE-RSA-AES256-SHA",
        .cipher = &kAes256CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};
constinit const tls12::Suite kDheRsaAes128CbcSha256 = {
    {
        .id = SuiteId{0x0067},
        .name = "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
        .openssl_name = "DHE-RSA-AES128-SHA256",
        .cipher = &kAes128CbcSha256Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};
constinit const tls12::Suite kDheRsaAes256CbcSha256 = {
    {
        .id = SuiteId{0x006b},
        .name = "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
        .openssl_name = "DHE-RSA-AES256-SHA256",
        .cipher = &kAes256CbcSha256Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};

}  // namespace ashlar::tls
