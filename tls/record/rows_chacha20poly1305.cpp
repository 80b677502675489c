// SPDX-License-Identifier: Apache-2.0
// ChaCha20-Poly1305 in TLS 1.2: RFC 7905 §2.
#include <ashlar/crypto/chacha20poly1305.hpp>

#include "record/cipher.hpp"

namespace ashlar::tls {

constinit const RecordCipher kChaCha20Poly1305Records = {
    .name = "ChaCha20-Poly1305",
    .functions = &kAeadRecords,
    .aead = &crypto::kChaCha20Poly1305,
    .key_size = 32,
    .fixed_iv_size = 12,
    .mac_size = 16,
};

}  // namespace ashlar::tls
