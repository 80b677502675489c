// SPDX-License-Identifier: Apache-2.0
// What OpenSSL, AWS-LC and BoringSSL call alike: keys from passphrases.
#include "peers/parts.hpp"
#include "support/data.hpp"

#include <openssl/evp.h>

namespace ashlar::bench {

namespace {

const char* text(const std::vector<std::uint8_t>& bytes) {
  return reinterpret_cast<const char*>(bytes.data());
}

Work pbkdf2(const PeerTask&) {
  return repeat([passphrase = filler(20), salt = filler(16)] {
    std::uint8_t key[32];
    return PKCS5_PBKDF2_HMAC(text(passphrase), 20, salt.data(), 16, 2048, EVP_sha256(), sizeof key, key) == 1;
  });
}

Work scrypt(const PeerTask&) {
  return repeat([passphrase = filler(20), salt = filler(16)] {
    std::uint8_t key[32];
    return EVP_PBE_scrypt(text(passphrase), 20, salt.data(), 16, 1 << 14, 8, 1, 1 << 26, key, sizeof key) ==
           1;
  });
}

constexpr PeerRow kRows[] = {
    {"pbkdf2-sha-256 of 2048 rounds", pbkdf2},
    {"scrypt in 16 MiB", scrypt},
};

}  // namespace

Work shared(const PeerTask& task) {
  return prepare_from(kRows, task);
}

}  // namespace ashlar::bench
