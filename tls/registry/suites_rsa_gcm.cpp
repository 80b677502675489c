// SPDX-License-Identifier: Apache-2.0
// RSA key transport, without forward secrecy, with AES-GCM: RFC 5288 §3.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kRsaAes128GcmSha256 = {
    {
        .id = SuiteId{0x009c},
        .name = "TLS_RSA_WITH_AES_128_GCM_SHA256",
        .openssl_name = "AES128-GCM-SHA256",
        .cipher = &kAes128GcmRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kRsaTransport,
    },
    &tls12::kRsa,
};
constinit const tls12::Suite kRsaAes256GcmSha384 = {
    {
        .id = SuiteId{0x009d},
        .name = "TLS_RSA_WITH_AES_256_GCM_SHA384",
        .openssl_name = "AES256-GCM-SHA384",
        .cipher = &kAes256GcmRecords,
        .hash = &crypto::kSha384,
        .legacy = legacy::kRsaTransport,
    },
    &tls12::kRsa,
};

}  // namespace ashlar::tls
