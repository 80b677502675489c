// SPDX-License-Identifier: Apache-2.0
// A pre-shared key alone with AES-CBC: RFC 4279 §2. No named policy has them.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/registry.hpp>

#include "record/cipher.hpp"
#include "registry/legacy.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

constinit const tls12::Suite kPskAes128CbcSha = {
    {
        .id = SuiteId{0x008c},
        .name = "TLS_PSK_WITH_AES_128_CBC_SHA",
        .openssl_name = "PSK-AES128-CBC-SHA",
        .cipher = &kAes128CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kPlainPsk,
    },
    &tls12::kPsk,
};
constinit const tls12::Suite kPskAes256CbcSha = {
    {
        .id = SuiteId{0x008d},
        .name = "TLS_PSK_WITH_AES_256_CBC_SHA",
        .openssl_name = "PSK-AES256-CBC-SHA",
        .cipher = &kAes256CbcShaRecords,
        .hash = &crypto::kSha256,
        .legacy = legacy::kPlainPsk,
    },
    &tls12::kPsk,
};

}  // namespace ashlar::tls
