// SPDX-License-Identifier: Apache-2.0
// AES: secret in the key and in the data, in each mode.
#include <ashlar/crypto/aes.hpp>

#include "cases.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;

CT_CASE("aes: CBC both ways with every key size") {
  for (const std::size_t key_size : {16u, 32u}) {
    const auto key = secret(key_size, 1);
    const auto plaintext = secret(16 * 19, 2);
    const auto iv = test::noise(16, 3);
    test::Buffer sealed(plaintext.size());
    test::Buffer opened(plaintext.size());
    auto chain = iv;
    auto encryptor = crypto::AesCbcEncryptor::create(key);
    expect(encryptor && encryptor->encrypt(MutBytesOf<16>(chain.data(), 16), plaintext, sealed));
    chain = iv;
    auto decryptor = crypto::AesCbcDecryptor::create(key);
    expect(decryptor && decryptor->decrypt(MutBytesOf<16>(chain.data(), 16), sealed, opened));
    open(opened);
    open(plaintext);
    expect(opened == plaintext);
  }
}

CT_CASE("aes: CTR") {
  const auto key = secret(32, 1);
  const auto plaintext = secret(333, 2);
  const auto counter = test::noise(16, 3);
  test::Buffer sealed(plaintext.size());
  auto ctr = crypto::AesCtr::create(key, BytesOf<16>(counter.data(), 16));
  expect(ctr && ctr->apply(plaintext, sealed));
  open(sealed);
  open(plaintext);
  expect(sealed != plaintext);
}
