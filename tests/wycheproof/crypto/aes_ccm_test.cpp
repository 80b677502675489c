// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/ccm.hpp>

#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

// Opens the message. If that works, seals it again and compares both results.
TEST_CASE("wycheproof-aes_ccm_test") {
  WYCHEPROOF_FILE(file, "aes_ccm_test");
  file.run([](const Json& group, const Json& test) {
    return on_rows(crypto::ccm_kernels(), [&](const crypto::CcmKernel& row) {
      const auto key =
          crypto::AesCcmKey::create(bytes(test, "key"), group.at("tagSize").get<std::size_t>() / 8, &row);
      const Buffer nonce = bytes(test, "iv");
      const Buffer aad = bytes(test, "aad");
      const Buffer plaintext = bytes(test, "msg");
      const Buffer ciphertext = bytes(test, "ct");
      const Buffer tag = bytes(test, "tag");
      const Bytes parts[] = {aad};
      Buffer opened(ciphertext.size());
      if (!key || !key->open(nonce, parts, ciphertext, tag, opened)) {
        return Outcome::refused;
      }
      Buffer sealed(plaintext.size());
      Buffer made(tag.size());
      if (!key->seal(nonce, parts, plaintext, sealed, made)) {
        return Outcome::wrong;
      }
      return opened == plaintext && sealed == ciphertext && made == tag ? Outcome::accepted : Outcome::wrong;
    });
  });
}
