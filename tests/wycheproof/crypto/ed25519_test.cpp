// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/ed25519.hpp>

#include "support/wycheproof.hpp"
#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;
using ashlar::test::Buffer;

TEST_CASE("wycheproof-ed25519_test") {
  WYCHEPROOF_FILE(file, "ed25519_test");
  file.run([](const Json& group, const Json& test) {
    const Buffer encoded = bytes(group.at("publicKey"), "pk"), message = bytes(test, "msg"),
                 signature = bytes(test, "sig");
    return on_rows(ed25519_kernels(), [&](const Ed25519Kernel& row) {
      const auto key = Ed25519PublicKey::create(BytesOf<32>(encoded.data(), 32), &row);
      if (!key) {
        throw std::runtime_error("the public key was refused");
      }
      const Bytes parts[] = {message};
      return signature.size() == 64 && key->verify(parts, BytesOf<64>(signature.data(), 64)).ok()
                 ? Outcome::accepted
                 : Outcome::refused;
    });
  });
}
