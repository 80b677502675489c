// SPDX-License-Identifier: Apache-2.0
// DHE_RSA with AES-GCM: RFC 5288 §3.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kDheRsaAes128GcmSha256 = {
    {
        .id = SuiteId{0x009e},
        .name = "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
        .openssl_name = "DHE-RSA-AES128-GCM-SHA256",
        .cipher = &kAes128GcmRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};
constinit const tls12::Suite kDheRsaAes256GcmSha384 = {
    {
        .id = SuiteId{0x009f},
        .name = "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
        .openssl_name = "DHE-RSA-AES256-GCM-SHA384",
        .cipher = &kAes256GcmRecords,
        .hash = &crypto::kSha384,
        .legacy = legacy::kFiniteField,
    },
    &tls12::kDheRsa,
};

}  // namespace ashlar::tls
