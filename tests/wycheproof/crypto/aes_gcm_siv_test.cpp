// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/gcm_siv.hpp>

#include "wycheproof/crypto/aead.hpp"

using namespace ashlar;
using namespace ashlar::test::wycheproof;

TEST_CASE("wycheproof-aes_gcm_siv_test") {
  WYCHEPROOF_FILE(file, "aes_gcm_siv_test");
  file.run([](const Json&, const Json& test) {
    return on_rows(crypto::gcm_siv_kernels(), [&](const crypto::GcmSivKernel& row) {
      return open_and_seal<crypto::AesGcmSivKey>(row, bytes(test, "key"), bytes(test, "iv"),
                                                 bytes(test, "aad"), bytes(test, "msg"), bytes(test, "ct"),
                                                 bytes(test, "tag"));
    });
  });
}
