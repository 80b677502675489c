// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/ed448.hpp>

#include "support/wycheproof.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;
using ashlar::test::Buffer;

TEST_CASE("wycheproof-ed448_test") {
  WYCHEPROOF_FILE(file, "ed448_test");
  file.run([](const Json& group, const Json& test) {
    const Buffer encoded = bytes(group.at("publicKey"), "pk"), message = bytes(test, "msg"),
                 signature = bytes(test, "sig");
    const auto key = Ed448PublicKey::create(BytesOf<kEd448KeySize>(encoded.data(), encoded.size()));
    if (!key) {
      throw std::runtime_error("the public key was refused");
    }
    const Bytes parts[] = {message};
    return signature.size() == kEd448SignatureSize &&
                   key->verify(parts, BytesOf<kEd448SignatureSize>(signature.data(), signature.size())).ok()
               ? Outcome::accepted
               : Outcome::refused;
  });
}
