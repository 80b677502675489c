// SPDX-License-Identifier: Apache-2.0
// RSA key transport, without forward secrecy: RFC 5288 §3 (GCM) and RFC 5246 §A.5 (CBC with HMAC-SHA-256).
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kRsaAes128GcmSha256 = {
    {
        .id = SuiteId{0x009c},
        .name = "TLS_RSA_WITH_AES_128_GCM_SHA256",
        .openssl_name = "AES128-GCM-SHA256",
        .cipher = &kAes128GcmRecords,
        .hash = &crypto::kSha256,
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
    },
    &tls12::kRsa,
};

}  // namespace ashlar::tls
