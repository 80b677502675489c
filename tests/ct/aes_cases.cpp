// SPDX-License-Identifier: Apache-2.0
// AES: secret in the key and in the data, in each mode, CCM, CMAC and GCM-SIV among them.
#include <ashlar/crypto/aes_cbc_many.hpp>
#include <ashlar/crypto/cbc_hmac.hpp>
#include <ashlar/crypto/ccm.hpp>
#include <ashlar/crypto/cmac.hpp>
#include <ashlar/crypto/gcm_siv.hpp>
#include <ashlar/crypto/key_wrap.hpp>
#include <ashlar/crypto/sha2.hpp>

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

// More streams than lanes, with different lengths, so that lanes run empty.
CT_CASE("aes: CBC encryption of several streams") {
  const auto keys = secret(10 * 16, 1);
  auto data = secret(10 * 160, 2);
  auto ivs = test::noise(10 * 16, 3);
  std::vector<crypto::AesCbcEncryptor> encryptors;
  std::vector<crypto::AesCbcStream> streams;
  encryptors.reserve(10);
  for (std::size_t i = 0; i < 10; ++i) {
    auto made = crypto::AesCbcEncryptor::create(Bytes(keys).subspan(16 * i, 16));
    expect(made.ok());
    encryptors.push_back(std::move(*made));
    const MutBytes text = MutBytes(data).subspan(160 * i, 160 - 16 * i);
    streams.push_back({&encryptors.back(), MutBytesOf<16>(ivs.data() + 16 * i, 16), text, text});
  }
  expect(crypto::aes_cbc_encrypt_many(streams).ok());
  open(data);
  expect(data[0] != data[1] || data[1] != data[2]);
}

CT_CASE("aes: CBC with HMAC, either first") {
  const auto sealer = crypto::CbcHmacSealer::create(crypto::kSha256, secret(32, 1), secret(16, 2));
  expect(sealer.ok());
  const auto text = secret(300, 3);
  const auto iv = test::noise(16, 4);
  const auto header = test::noise(13, 5);
  test::Buffer out(crypto::CbcHmacSealer::padded_size(text.size() + 32));
  expect(sealer->mac_then_encrypt(BytesOf<16>(iv.data(), 16), header, text, out).ok());
  open(out);
  expect(out[0] != out[1] || out[1] != out[2]);
  expect(sealer->encrypt_then_mac(BytesOf<16>(iv.data(), 16), header, text, out).ok());
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

CT_CASE("aes: CMAC at once, in pieces and verified, cut short too") {
  for (const crypto::MacAlgorithm* const algorithm :
       {&crypto::kAes128Cmac, &crypto::kAes192Cmac, &crypto::kAes256Cmac}) {
    const auto key_bytes = secret(algorithm->key_size, 1);
    for (const std::size_t size : {0u, 16u, 77u}) {
      const auto message = secret(size, 2);
      test::Buffer mac(crypto::kCmacSize);
      const auto key = crypto::MacKey::create(*algorithm, key_bytes);
      expect(key.ok());
      key->mac(message, mac);
      crypto::Mac running(*key);
      running.update(Bytes(message).first(size / 3)).update(Bytes(message).subspan(size / 3));
      expect(running.verify(mac).ok());
      expect(key->verify_truncated(message, Bytes(mac).first(12), 12).ok());
    }
  }
}

CT_CASE("aes: CCM both ways, and a forgery") {
  for (const crypto::AeadAlgorithm* const algorithm : {&crypto::kAes128Ccm, &crypto::kAes256Ccm8}) {
    const auto key_bytes = secret(algorithm->key_size, 1);
    const auto key = crypto::Aead::create(*algorithm, key_bytes);
    expect(key.ok());
    const auto nonce = test::noise(12, 3);
    // More than is formatted in one step.
    const auto aad = secret(99, 4);
    const Bytes parts[] = {aad};
    for (const std::size_t size : {0u, 16u, 77u}) {
      auto text = secret(size, 2);
      test::Buffer tag(algorithm->tag_size);
      expect(key->seal(nonce, parts, text, text, tag).ok());
      expect(key->open(nonce, parts, text, tag, text).ok());
      // The verdict on the tag is public. The plaintext is not, even of a forgery.
      tag[5] ^= 1;
      expect(!key->open(nonce, parts, text, tag, text).ok());
    }
  }
}

CT_CASE("aes: GCM-SIV, short and long, with additional data in pieces") {
  for (const std::size_t key_size : {16u, 32u}) {
    for (const std::size_t size : {0u, 13u, 300u}) {
      const auto key = secret(key_size, 1);
      const auto plaintext = secret(size, 2);
      const auto nonce = test::noise(12, 3);
      const auto aad = test::noise(37, 4);
      const Bytes pieces[] = {Bytes(aad).first(5), Bytes(aad).subspan(5)};
      test::Buffer sealed(size);
      test::Buffer opened(size);
      std::uint8_t tag[16];
      const auto made = crypto::AesGcmSivKey::create(key);
      expect(made && made->seal(nonce, pieces, plaintext, sealed, tag));
      // This is sent.
      open(sealed);
      open(tag);
      expect(bool(made->open(nonce, pieces, sealed, tag, opened)));
      open(opened);
      open(plaintext);
      expect(opened == plaintext);
    }
  }
}

CT_CASE("aes: key wrap, plain and padded, intact and not") {
  for (const std::size_t kek_size : {16u, 24u, 32u}) {
    const auto kek = secret(kek_size, 1);
    const auto wrapper = crypto::AesKeyWrapper::create(kek);
    const auto unwrapper = crypto::AesKeyUnwrapper::create(kek);
    expect(wrapper.ok() && unwrapper.ok());
    for (const std::size_t size : {5u, 16u, 21u, 32u}) {
      const auto key = secret(size, 2);
      test::Buffer wrapped(crypto::padded_wrapped_size(size));
      test::Buffer unwrapped(wrapped.size() - crypto::kKeyWrapOverhead);
      expect(wrapper->wrap_padded(key, wrapped).ok());
      // It becomes public whether it unwraps, and then its size. Nothing of a refused key becomes public.
      expect(unwrapper->unwrap_padded(wrapped, unwrapped).ok());
      wrapped[3] ^= 1;
      expect(!unwrapper->unwrap_padded(wrapped, unwrapped));
      if (size % 8 == 0) {
        expect(wrapper->wrap(key, wrapped).ok());
        expect(!unwrapper->unwrap_padded(wrapped, unwrapped));
        expect(unwrapper->unwrap(wrapped, unwrapped).ok());
        wrapped[9] ^= 1;
        expect(!unwrapper->unwrap(wrapped, unwrapped));
      }
    }
  }
}
