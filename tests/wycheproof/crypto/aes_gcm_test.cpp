// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/gcm.hpp>

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

// GMAC is GCM of an empty plaintext.
TEST_CASE("wycheproof-aes_gmac_test") {
  WYCHEPROOF_FILE(file, "aes_gmac_test");
  file.run(short_tag, [](const Json&, const Json& test) {
    return on_rows(crypto::gcm_kernels(), [&](const crypto::GcmKernel& row) {
      return open_and_seal<crypto::AesGcmKey>(row, bytes(test, "key"), bytes(test, "iv"), bytes(test, "msg"),
                                              {}, {}, bytes(test, "tag"));
    });
  });
}
