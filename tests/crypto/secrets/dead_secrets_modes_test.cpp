// SPDX-License-Identifier: Apache-2.0
// XTS, CMAC, GMAC, CBC of several streams and with HMAC, and key wrap: after key set-up and after
// every call, neither the stack below nor the vector registers hold a key, derived data, or a secret
// text.
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/aes_cbc_many.hpp>
#include <ashlar/crypto/cbc_hmac.hpp>
#include <ashlar/crypto/cmac.hpp>
#include <ashlar/crypto/gmac.hpp>
#include <ashlar/crypto/key_wrap.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/xts.hpp>

#include "catch.hpp"
#include "crypto/secrets/left.hpp"

#include <deque>

using namespace ashlar;
using namespace ashlar::crypto;
using test::append;
using test::Buffer;
using test::encrypted;
using test::left;
using test::noise;
using test::round_keys;
using test::secrets_of_hmac;

namespace {

// Twice a number in GF(2^128), with the bit order of SP 800-38B.
Buffer doubled(const Buffer& block) {
  Buffer out(16);
  for (std::size_t i = 0; i < 16; ++i) {
    out[i] = static_cast<std::uint8_t>(block[i] << 1 | (i < 15 ? block[i + 1] >> 7 : 0));
  }
  if ((block[0] & 0x80) != 0) {
    out[15] ^= 0x87;
  }
  return out;
}

}  // namespace

TEST_CASE("secrets: S12 AES-XTS", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("AES-XTS, secrets", xts_kernels(), [&](const XtsKernel& row) {
    for (const std::size_t key_size : {32u, 64u}) {
      INFO("key of " << key_size << " bytes");
      const Buffer key = noise(key_size, 1), tweak = noise(16, 3);
      const Bytes first = Bytes(key).first(key_size / 2), second = Bytes(key).last(key_size / 2);
      Buffer secrets = key;
      append(secrets, round_keys(row.expand_encrypt, first));
      append(secrets, round_keys(row.expand_decrypt, first));
      append(secrets, round_keys(row.expand_encrypt, second));
      append(secrets, encrypted(second, tweak));
      const auto made = AesXtsKey::create(key, &row);
      REQUIRE(made.ok());
      CHECK(left(secrets, [&] { (void)AesXtsKey::create(key, &row).ok(); }) == 0);
      for (const std::size_t size : {16u, 30u, 250u, 512u, 2000u}) {
        INFO(size << " bytes");
        const Buffer text = noise(size, 2);
        Buffer sealed(size), opened(size);
        Buffer of_unit = secrets;
        append(of_unit, text);
        const BytesOf<16> number(tweak);
        CHECK(left(of_unit, [&] { (void)made->encrypt(number, text, sealed).ok(); }) == 0);
        CHECK(left(of_unit, [&] { (void)made->decrypt(number, sealed, opened).ok(); }) == 0);
        REQUIRE(opened == text);
      }
    }
  });
}

TEST_CASE("secrets: S12 AES-CMAC", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("AES-CMAC, secrets", cmac_kernels(), [&](const CmacKernel& row) {
    for (const std::size_t key_size : {16u, 24u, 32u}) {
      INFO("key of " << key_size << " bytes");
      const Buffer key = noise(key_size, 1);
      const Buffer l = encrypted(key, Buffer(16));
      Buffer secrets = key;
      append(secrets, round_keys(row.expand, key));
      // The source of the subkeys, and the subkeys, also as numbers.
      for (const Buffer& block : {l, doubled(l), doubled(doubled(l))}) {
        append(secrets, block);
        append(secrets, test::reversed_words(block, 8));
      }
      const auto made = AesCmacKey::create(key, &row);
      REQUIRE(made.ok());
      CHECK(left(secrets, [&] { (void)AesCmacKey::create(key, &row).ok(); }) == 0);
      for (const std::size_t size : {0u, 5u, 16u, 100u, 256u}) {
        INFO(size << " bytes");
        const Buffer message = noise(size, 2);
        std::uint8_t mac[16];
        CHECK(left(secrets, [&] { made->mac(message, mac); }) == 0);
        CHECK(left(secrets, [&] { AesCmac(*made).update(message).update(message).finish(mac); }) == 0);
        const auto unfinished = [&] { AesCmac(*made).update(message); };
        CHECK(left(secrets, unfinished) == 0);
        CHECK(test::words_left_on_stack(message, unfinished) == 0);
      }
    }
  });
}

TEST_CASE("secrets: S12 AES-GMAC", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("AES-GMAC, secrets", gcm_kernels(), [&](const GcmKernel& row) {
    for (const std::size_t key_size : {16u, 24u, 32u}) {
      INFO("key of " << key_size << " bytes");
      const Buffer key = noise(key_size, 1), nonce = noise(12, 3);
      const Buffer secrets = test::secrets_of_gcm(row, key, nonce);
      const auto made = AesGmacKey::create(key, &row);
      REQUIRE(made.ok());
      CHECK(left(secrets, [&] { (void)AesGmacKey::create(key, &row).ok(); }) == 0);
      for (const std::size_t size : {0u, 5u, 16u, 100u, 256u}) {
        INFO(size << " bytes");
        const Buffer message = noise(size, 2);
        std::uint8_t mac[16];
        REQUIRE(made->mac(nonce, message, mac));
        CHECK(left(secrets, [&] { (void)made->mac(nonce, message, mac).ok(); }) == 0);
        Buffer refused = secrets;
        append(refused, mac);
        const std::uint8_t wrong[16] = {1, 2, 3};
        CHECK(left(refused, [&] { (void)made->verify(nonce, message, wrong).ok(); }) == 0);
        CHECK(left(refused, [&] {
                AesGmac running(*made);
                (void)running.start(nonce);
                (void)running.update(message).update({}).verify(wrong).ok();
              }) == 0);
      }
    }
  });
}

TEST_CASE("secrets: S12 AES-CBC of several streams", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row(
      "AES-CBC of several streams, secrets", aes_cbc_many_kernels(), [&](const AesCbcManyKernel& row) {
        const AesKernel& aes = row.required.bits == 0 ? aes_kernels().back() : cpu::best(aes_kernels());
        for (const std::size_t count : {1u, 3u, 17u}) {
          INFO(count << " streams");
          std::deque<AesCbcEncryptor> keys;
          std::deque<Buffer> ivs, texts, outs;
          std::vector<AesCbcStream> streams;
          Buffer secrets;
          for (std::size_t i = 0; i < count; ++i) {
            const Buffer key = noise(16 + 8 * (i % 3), i);
            append(secrets, key);
            append(secrets, round_keys(aes.expand_encrypt, key));
            auto made = AesCbcEncryptor::create(key, &aes);
            REQUIRE(made.ok());
            keys.push_back(*std::move(made));
            ivs.push_back(noise(16, 100 + i));
            texts.push_back(noise(16 * (1 + i % 5), 200 + i));
            outs.emplace_back(texts.back().size());
            append(secrets, texts.back());
          }
          for (std::size_t i = 0; i < count; ++i) {
            streams.push_back({&keys[i], MutBytesOf<16>(ivs[i]), texts[i], outs[i]});
          }
          CHECK(left(secrets, [&] { (void)aes_cbc_encrypt_many(streams, &row).ok(); }) == 0);
        }
      });
}

TEST_CASE("secrets: S12 AES-CBC with HMAC", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  for (const HashAlgorithm* const hash : {&kSha1, &kSha256, &kSha384}) {
    test::on_every_row(
        "AES-CBC with HMAC-" + std::string(hash->name) + ", secrets", cbc_hmac_kernels(*hash),
        [&](const CbcHmacKernel& row) {
          for (const std::size_t key_size : {16u, 32u}) {
            INFO("key of " << key_size << " bytes");
            const Buffer key = noise(key_size, 1), mac_key = noise(hash->digest_size, 2);
            const Buffer iv = noise(16, 3), header = noise(13, 4);
            Buffer secrets = key;
            append(secrets, round_keys(cpu::best(aes_kernels()).expand_encrypt, key));
            append(secrets, secrets_of_hmac(*hash, mac_key));
            const auto make = [&] { return CbcHmacSealer::create(*hash, mac_key, key, &row); };
            const auto made = make();
            REQUIRE(made.ok());
            CHECK(left(secrets, [&] { (void)make().ok(); }) == 0);
            for (const std::size_t size : {0u, 20u, 130u, 200u, 1350u}) {
              INFO(size << " bytes");
              const Buffer text = noise(size, 5);
              Buffer inside = secrets;
              append(inside, text);
              std::uint8_t mac[kMaxDigestSize];
              const Bytes parts[] = {header, text};
              append(inside, HmacKey(*hash, mac_key).mac(parts, mac));
              const BytesOf<16> chain(iv);
              Buffer out(CbcHmacSealer::padded_size(size + made->mac_size()));
              CHECK(left(inside, [&] { (void)made->mac_then_encrypt(chain, header, text, out).ok(); }) == 0);
              out.resize(CbcHmacSealer::padded_size(size) + made->mac_size());
              CHECK(left(inside, [&] { (void)made->encrypt_then_mac(chain, header, text, out).ok(); }) == 0);
            }
          }
        });
  }
}

TEST_CASE("secrets: S12 AES key wrap", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("AES key wrap, secrets", aes_kernels(), [&](const AesKernel& row) {
    for (const std::size_t kek_size : {16u, 24u, 32u}) {
      INFO("key-encryption key of " << kek_size << " bytes");
      const Buffer kek = noise(kek_size, 1);
      Buffer secrets = kek;
      append(secrets, round_keys(row.expand_encrypt, kek));
      append(secrets, round_keys(row.expand_decrypt, kek));
      const auto to = AesKeyWrapper::create(kek, &row);
      const auto from = AesKeyUnwrapper::create(kek, &row);
      REQUIRE((to.ok() && from.ok()));
      CHECK(left(secrets, [&] { (void)AesKeyWrapper::create(kek, &row).ok(); }) == 0);
      CHECK(left(secrets, [&] { (void)AesKeyUnwrapper::create(kek, &row).ok(); }) == 0);
      for (const std::size_t size : {8u, 13u, 16u, 21u, 40u, 256u}) {
        INFO("key of " << size << " bytes");
        const Buffer key = noise(size, 2);
        Buffer both = secrets;
        // Its last bytes, with zeros behind them and as numbers.
        Buffer padded = key;
        padded.resize((size + 7) / 8 * 8);
        append(both, padded);
        append(both, test::reversed_words(padded, 8));
        Buffer wrapped(padded_wrapped_size(size)), back(padded.size());
        CHECK(left(both, [&] { (void)to->wrap_padded(key, wrapped).ok(); }) == 0);
        CHECK(left(both, [&] { (void)from->unwrap_padded(wrapped, back).ok(); }) == 0);
        REQUIRE(back == padded);
        wrapped[0] ^= 1;
        CHECK(left(both, [&] { (void)from->unwrap_padded(wrapped, back).ok(); }) == 0);
        if (size >= 16 && size % 8 == 0) {
          CHECK(left(both, [&] { (void)to->wrap(key, wrapped).ok(); }) == 0);
          CHECK(left(both, [&] { (void)from->unwrap(wrapped, back).ok(); }) == 0);
          REQUIRE(back == key);
          wrapped[0] ^= 1;
          CHECK(left(both, [&] { (void)from->unwrap(wrapped, back).ok(); }) == 0);
          REQUIRE(back == Buffer(size));
        }
      }
    }
  });
}
