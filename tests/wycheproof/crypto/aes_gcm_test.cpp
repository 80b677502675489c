// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/gmac.hpp>

#include "wycheproof/crypto/aead.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

namespace {

std::string short_tag(const Json& group) {
  return group["tagSize"] == 128 ? "" : "tags shorter than 128 bits";
}

}  // namespace

TEST_CASE("wycheproof-aes_gcm_test") {
  WYCHEPROOF_FILE(file, "aes_gcm_test");
  file.run(short_tag, [](const Json&, const Json& test) {
    return on_rows(crypto::gcm_kernels(), [&](const crypto::GcmKernel& row) {
      return open_and_seal<crypto::AesGcmKey>(row, bytes(test, "key"), bytes(test, "iv"), bytes(test, "aad"),
                                              bytes(test, "msg"), bytes(test, "ct"), bytes(test, "tag"));
    });
  });
}

TEST_CASE("wycheproof-aes_gmac_test") {
  WYCHEPROOF_FILE(file, "aes_gmac_test");
  file.run(short_tag, [](const Json&, const Json& test) {
    return on_rows(crypto::gcm_kernels(), [&](const crypto::GcmKernel& row) {
      const auto key = crypto::AesGmacKey::create(bytes(test, "key"), &row);
      const Buffer nonce = bytes(test, "iv");
      const Buffer message = bytes(test, "msg");
      const Buffer tag = bytes(test, "tag");
      if (!key || tag.size() != 16 || !key->verify(nonce, message, BytesOf<16>(tag.data(), 16))) {
        return Outcome::refused;
      }
      std::uint8_t mac[16];
      return key->mac(nonce, message, mac).ok() ? same(mac, tag) : Outcome::wrong;
    });
  });
}
