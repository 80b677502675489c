// SPDX-License-Identifier: Apache-2.0
// RSA key transport, without forward secrecy: RFC 5288 §3 (GCM) and RFC 5246 §A.5 (CBC with HMAC-SHA-256).
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/protection.hpp"

namespace ashlar::tls {

constinit const CipherSuite kRsaAes128GcmSha256 = {
    .id = SuiteId{0x009c},
    .name = "TLS_RSA_WITH_AES_128_GCM_SHA256",
    .openssl_name = "AES128-GCM-SHA256",
    .key_exchange = KeyExchange::rsa,
    .authentication = Authentication::rsa,
    .cipher = &kAes128GcmRecords,
    .prf_hash = &crypto::kSha256,
};
constinit const CipherSuite kRsaAes128CbcSha256 = {
    .id = SuiteId{0x003c},
    .name = "TLS_RSA_WITH_AES_128_CBC_SHA256",
    .openssl_name = "AES128-SHA256",
    .key_exchange = KeyExchange::rsa,
    .authentication = Authentication::rsa,
    .cipher = &kAes128CbcSha256Records,
    .prf_hash = &crypto::kSha256,
};

}  // namespace ashlar::tls
