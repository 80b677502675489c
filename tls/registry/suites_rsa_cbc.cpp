// SPDX-License-Identifier: Apache-2.0
// RSA key transport, without forward secrecy, with AES-CBC: RFC 5246 §A.5. TLS_RSA_WITH_AES_128_CBC_SHA is
// the one that RFC 5246 §9 makes mandatory.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kRsaAes128CbcSha = {
    {
        .id = SuiteId{0x002f},
        .name = "TLS_RSA_WITH_AES_128_CBC_SHA",
        .openssl_name = "AES128-SHA",
        .cipher = &kAes128CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kRsaTransport,
    },
    &tls12::kRsa,
};
constinit const tls12::Suite kRsaAes256CbcSha = {
    {
        .id = SuiteId{0x0035},
        .name = "TLS_RSA_WITH_AES_256_CBC_SHA",
        .openssl_name = "AES256-SHA",
        .cipher = &kAes256CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kRsaTransport,
    },
    &tls12::kRsa,
};
constinit const tls12::Suite kRsaAes128CbcSha256 = {
    {
        .id = SuiteId{0x003c},
        .name = "TLS_RSA_WITH_AES_128_CBC_SHA256",
        .openssl_name = "AES128-SHA256",
        .cipher = &kAes128CbcSha256Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kRsaTransport,
    },
    &tls12::kRsa,
};
constinit const tls12::Suite kRsaAes256CbcSha256 = {
    {
        .id = SuiteId{0x003d},
        .name = "TLS_RSA_WITH_AES_256_CBC_SHA256",
        .openssl_name = "AES256-SHA256",
        .cipher = &kAes256CbcSha256Records,
        .hash = &crypto::kSha256,
        .legacy = legacy::kRsaTransport,
    },
    &tls12::kRsa,
};

}  // namespace ashlar::tls
