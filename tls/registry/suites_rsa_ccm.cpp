// SPDX-License-Identifier: Apache-2.0
// RSA key transport, without forward secrecy, with AES-CCM: RFC 6655 §3, §4.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kRsaAes128Ccm = {
    {
        .id = SuiteId{0xc09c},
        .name = "TLS_RSA_WITH_AES_128_CCM",
        .openssl_name = "AES128-CCM",
        .cipher = &kAes128CcmRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kRsaTransport,
    },
    &tls12::kRsa,
};
constinit const tls12::Suite kRsaAes256Ccm = {
    {
        .id = SuiteId{0xc09d},
        .name = "TLS_RSA_WITH_AES_256_CCM",
        .openssl_name = "AES256-CCM",
        .cipher = &kAes256CcmRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kRsaTransport,
    },
    &tls12::kRsa,
};
constinit const tls12::Suite kRsaAes128Ccm8 = {
    {
        .id = SuiteId{0xc0a0},
        .name = "TLS_RSA_WITH_AES_128_CCM_8",
        .openssl_name = "AES128-CCM8",
        .cipher = &kAes128Ccm8Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kRsaTransport,
    },
    &tls12::kRsa,
};
constinit const tls12::Suite kRsaAes256Ccm8 = {
    {
        .id = SuiteId{0xc0a1},
        .name = "TLS_RSA_WITH_AES_256_CCM_8",
        .openssl_name = "AES256-CCM8",
        .cipher = &kAes256Ccm8Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kRsaTransport,
    },
    &tls12::kRsa,
};

}  // namespace ashlar::tls
