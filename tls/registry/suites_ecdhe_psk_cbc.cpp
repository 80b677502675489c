// SPDX-License-Identifier: Apache-2.0
// ECDHE with a pre-shared key and AES-CBC: RFC 5489 §4. No named policy has them.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kEcdhePskAes128CbcSha = {
    {
        .id = SuiteId{0xc035},
        .name = "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA",
        .openssl_name = "ECDHE-PSK-AES128-CBC-SHA",
        .cipher = &kAes128CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kCbc,
    },
    &tls12::kEcdhePsk,
};
constinit const tls12::Suite kEcdhePskAes256CbcSha = {
    {
        .id = SuiteId{0xc036},
        .name = "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA",
        .openssl_name = "ECDHE-PSK-AES256-CBC-SHA",
        .cipher = &kAes256CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kCbc,
    },
    &tls12::kEcdhePsk,
};

}  // namespace ashlar::tls
