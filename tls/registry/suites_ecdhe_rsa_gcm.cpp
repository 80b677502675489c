// SPDX-License-Identifier: Apache-2.0
// ECDHE_RSA with AES-GCM: RFC 5289 §3.2.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/protection.hpp"

namespace ashlar::tls {

constinit const CipherSuite kEcdheRsaAes128GcmSha256 = {
    .id = SuiteId{0xc02f},
    .name = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    .openssl_name = "ECDHE-RSA-AES128-GCM-SHA256",
    .key_exchange = KeyExchange::ecdhe,
    .authentication = Authentication::rsa,
    .cipher = &kAes128GcmRecords,
    .prf_hash = &crypto::kSha256,
};
constinit const CipherSuite kEcdheRsaAes256GcmSha384 = {
    .id = SuiteId{0xc030},
    .name = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    .openssl_name = "ECDHE-RSA-AES256-GCM-SHA384",
    .key_exchange = KeyExchange::ecdhe,
    .authentication = Authentication::rsa,
    .cipher = &kAes256GcmRecords,
    .prf_hash = &crypto::kSha384,
};

}  // namespace ashlar::tls
