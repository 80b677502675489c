// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/chacha20poly1305.hpp>

#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

TEST_CASE("wycheproof-chacha20_poly1305_test") {
  WYCHEPROOF_FILE(file, "chacha20_poly1305_test");
  file.run([&](const Json&, const Json& test) {
    return on_rows(crypto::chacha_kernels(), [&](const crypto::ChaChaKernel& row) {
      const auto key = crypto::ChaCha20Poly1305Key::create(bytes(test, "key"), &row);
      const Buffer nonce = bytes(test, "iv");
      if (!key || nonce.size() != 12) {
        return Outcome::refused;
      }
      const Buffer aad = bytes(test, "aad");
      const Buffer ciphertext = bytes(test, "ct");
      const Bytes parts[] = {aad};
      Buffer plaintext(ciphertext.size());
      if (!key->open(nonce, parts, ciphertext, BytesOf<16>(bytes(test, "tag")), plaintext)) {
        return Outcome::refused;
      }
      return same(plaintext, bytes(test, "msg"));
    });
  });
}
