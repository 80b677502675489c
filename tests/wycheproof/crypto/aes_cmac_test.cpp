// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/cmac.hpp>

#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

TEST_CASE("wycheproof-aes_cmac_test") {
  WYCHEPROOF_FILE(file, "aes_cmac_test");
  file.run([](const Json&, const Json& test) {
    return on_rows(crypto::cmac_kernels(), [&](const crypto::CmacKernel& row) {
      const auto key = crypto::AesCmacKey::create(bytes(test, "key"), &row);
      if (!key) {
        return Outcome::refused;
      }
      Buffer mac(crypto::kCmacSize);
      key->mac(bytes(test, "msg"), mac);
      return mac == bytes(test, "tag") ? Outcome::accepted : Outcome::refused;
    });
  });
}
