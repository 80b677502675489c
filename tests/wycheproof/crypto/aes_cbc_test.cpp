// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/aes.hpp>

#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

// The file's messages are padded as in PKCS #5. The library leaves padding to its callers, so the test adds
// and checks it.
TEST_CASE("wycheproof-aes_cbc_pkcs5_test") {
  WYCHEPROOF_FILE(file, "aes_cbc_pkcs5_test");
  file.run([](const Json&, const Json& test) {
    return on_rows(crypto::aes_kernels(), [&](const crypto::AesKernel& row) {
      const Buffer key = bytes(test, "key");
      Buffer text = bytes(test, "ct");
      Buffer iv = bytes(test, "iv");
      const auto decryptor = crypto::AesCbcDecryptor::create(key, &row);
      if (!decryptor || text.empty() || !decryptor->decrypt(MutBytesOf<16>(iv.data(), 16), text, text)) {
        return Outcome::refused;
      }
      const std::size_t padding = text.back();
      if (padding == 0 || padding > 16 || padding > text.size()) {
        return Outcome::refused;
      }
      for (std::size_t i = 0; i < padding; ++i) {
        if (text[text.size() - 1 - i] != padding) {
          return Outcome::refused;
        }
      }
      const Buffer padded = text;
      text.erase(text.end() - static_cast<std::ptrdiff_t>(padding), text.end());
      if (text != bytes(test, "msg")) {
        return Outcome::wrong;
      }
      iv = bytes(test, "iv");
      const auto encryptor = crypto::AesCbcEncryptor::create(key, &row);
      Buffer encrypted(padded.size());
      if (!encryptor || !encryptor->encrypt(MutBytesOf<16>(iv.data(), 16), padded, encrypted)) {
        return Outcome::wrong;
      }
      return same(encrypted, bytes(test, "ct"));
    });
  });
}
