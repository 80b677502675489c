// SPDX-License-Identifier: Apache-2.0
// The key derivations and ciphers of RFC 9180 §7.2 and §7.3.
#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/gcm.hpp>
#include <ashlar/crypto/hpke.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

constinit const HpkeKdf kHpkeHkdfSha256 = {1, &kSha256};
constinit const HpkeKdf kHpkeHkdfSha384 = {2, &kSha384};
constinit const HpkeKdf kHpkeHkdfSha512 = {3, &kSha512};

constinit const HpkeAead kHpkeAes128Gcm = {1, &kAes128Gcm};
constinit const HpkeAead kHpkeAes256Gcm = {2, &kAes256Gcm};
constinit const HpkeAead kHpkeChaCha20Poly1305 = {3, &kChaCha20Poly1305};

}  // namespace ashlar::crypto
