// SPDX-License-Identifier: Apache-2.0
// Calls that OpenSSL, AWS-LC and BoringSSL have in common: keys from passphrases. And records of TLS 1.2 with
// CBC and HMAC in one pass, which all but BoringSSL have.
#include "measure/data.hpp"
#include "peers/parts.hpp"
#include "peers/pointers.hpp"

#include <openssl/evp.h>

#include <array>

namespace ashlar::measure {

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

#ifndef OPENSSL_IS_BORINGSSL
// A record of TLS 1.2 (RFC 5246 §6.2.3.2) with task.size bytes, in place: MAC, padding, encryption.
template <const EVP_CIPHER* (*Cipher)()>
Work cbc_hmac(const PeerTask& task) {
  Ptr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  auto key = filler(32);
  const auto iv = filler(16);
  if (EVP_EncryptInit_ex(context.get(), Cipher(), nullptr, key.data(), iv.data()) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_MAC_KEY, 32, key.data()) < 0) {
    return {};
  }
  // The explicit IV stands before the data and counts as data.
  const std::size_t length = 16 + task.size;
  std::array<std::uint8_t, EVP_AEAD_TLS1_AAD_LEN> header = {0,
                                                            0,
                                                            0,
                                                            0,
                                                            0,
                                                            0,
                                                            0,
                                                            1,
                                                            23,
                                                            3,
                                                            3,
                                                            static_cast<std::uint8_t>(length >> 8),
                                                            static_cast<std::uint8_t>(length)};
  return repeat([context = std::move(context), record = filler(length + 64), header, length]() mutable {
    auto aad = header;  // a copy: the call changes it
    const int more =
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_TLS1_AAD, EVP_AEAD_TLS1_AAD_LEN, aad.data());
    const auto whole = static_cast<int>(length) + more;
    return more > 0 &&
           EVP_Cipher(context.get(), record.data(), record.data(), static_cast<unsigned>(whole)) > 0;
  });
}
#endif

constexpr PeerRow kRows[] = {
#ifndef OPENSSL_IS_BORINGSSL
    {"aes-128-cbc-hmac-sha-256 seal", cbc_hmac<EVP_aes_128_cbc_hmac_sha256>},
    {"aes-128-cbc-hmac-sha-1 seal", cbc_hmac<EVP_aes_128_cbc_hmac_sha1>},
#endif
    {"pbkdf2-sha-256 of 2048 rounds", pbkdf2},
    {"scrypt in 16 MiB", scrypt},
};

}  // namespace

Work shared(const PeerTask& task) {
  return prepare_from(kRows, task);
}

}  // namespace ashlar::measure
