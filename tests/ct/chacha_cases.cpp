// SPDX-License-Identifier: Apache-2.0
// ChaCha20-Poly1305: the key and the plaintext are secret.
#include <ashlar/crypto/chacha20poly1305.hpp>

#include "cases.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;

CT_CASE("chacha20-poly1305: seal and open, short and long") {
  for (const std::size_t size : {16u, 1350u}) {
    const auto key = secret(32, 1);
    const auto plaintext = secret(size, 2);
    const auto nonce = test::noise(12, 3);
    test::Buffer sealed(size), opened(size);
    std::uint8_t tag[16];
    const auto made = crypto::ChaCha20Poly1305Key::create(key);
    expect(made && made->seal(nonce, {}, plaintext, sealed, tag));
    // This is sent.
    open(sealed);
    open(tag);
    expect(bool(made->open(nonce, {}, sealed, tag, opened)));
    open(opened);
    open(plaintext);
    expect(opened == plaintext);
  }
}
