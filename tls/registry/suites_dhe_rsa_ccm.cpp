// SPDX-License-Identifier: Apache-2.0
// DHE_RSA with AES-CCM: RFC 6655 §3, §4.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kDheRsaAes128Ccm = {
    {
        .id = SuiteId{0xc09e},
        .name = "TLS_DHE_RSA_WITH_AES_128_CCM",
        .openssl_name = "DHE-RSA-AES128-CCM",
        .cipher = &kAes128CcmRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};
constinit const tls12::Suite kDheRsaAes256Ccm = {
    {
        .id = SuiteId{0xc09f},
        .name = "TLS_DHE_RSA_WITH_AES_256_CCM",
        .openssl_name = "DHE-RSA-AES256-CCM",
        .cipher = &kAes256CcmRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};
constinit const tls12::Suite kDheRsaAes128Ccm8 = {
    {
        .id = SuiteId{0xc0a2},
        .name = "TLS_DHE_RSA_WITH_AES_128_CCM_8",
        .openssl_name = "DHE-RSA-AES128-CCM8",
        .cipher = &kAes128Ccm8Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};
constinit const tls12::Suite kDheRsaAes256Ccm8 = {
    {
        .id = SuiteId{0xc0a3},
        .name = "TLS_DHE_RSA_WITH_AES_256_CCM_8",
        .openssl_name = "DHE-RSA-AES256-CCM8",
        .cipher = &kAes256Ccm8Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};

}  // namespace ashlar::tls
