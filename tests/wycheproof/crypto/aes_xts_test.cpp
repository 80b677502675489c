// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/xts.hpp>

#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

TEST_CASE("wycheproof-aes_xts_test") {
  WYCHEPROOF_FILE(file, "aes_xts_test");
  const auto not_ours = [](const Json& group) -> std::string {
    return group["keySize"] == 384 ? "IEEE 1619 has no XTS with AES-192" : "";
  };
  file.run(not_ours, [](const Json&, const Json& test) {
    return on_rows(crypto::xts_kernels(), [&](const crypto::XtsKernel& row) {
      // Shorter tweaks are numbers: their first byte is the least significant.
      Buffer tweak = bytes(test, "iv");
      tweak.resize(16);
      const BytesOf<16> number(tweak.data(), 16);
      const Buffer plaintext = bytes(test, "msg");
      const Buffer ciphertext = bytes(test, "ct");
      const auto key = crypto::AesXtsKey::create(bytes(test, "key"), &row);
      Buffer opened(ciphertext.size());
      Buffer made(plaintext.size());
      if (!key || !key->decrypt(number, ciphertext, opened)) {
        return Outcome::refused;
      }
      return key->encrypt(number, plaintext, made) && made == ciphertext && opened == plaintext
                 ? Outcome::accepted
                 : Outcome::wrong;
    });
  });
}
