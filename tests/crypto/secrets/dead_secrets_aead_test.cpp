// SPDX-License-Identifier: Apache-2.0
// AEADs: after key set-up, sealing, opening and refusing, neither the stack below nor the vector registers
// hold a key, derived data, or key stream. After refusing they hold neither the text nor the right tag.
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/ccm.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/gcm.hpp>
#include <ashlar/crypto/gcm_siv.hpp>

#include "catch.hpp"
#include "crypto/secrets/left.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::append;
using test::Buffer;
using test::difference;
using test::encrypted;
using test::left;
using test::noise;
using test::round_keys;

namespace {

constexpr std::size_t kSizes[] = {0, 16, 100, 257, 1350, 13000};

// secrets: derived from the key for messages with this nonce. make: gives the Result of a key.
template <class Make>
void check_aead(Buffer secrets, Bytes nonce, Make make) {
  const auto made = make();
  REQUIRE(made.ok());
  CHECK(left(secrets, [&] { (void)make().ok(); }) == 0);
  for (const std::size_t size : kSizes) {
    INFO(size << " bytes of text");
    const Buffer text = noise(size, 2), aad = noise(13, 4);
    const Bytes parts[] = {aad};
    Buffer sealed(size), opened(size);
    std::uint8_t tag[16];
    REQUIRE(made->seal(nonce, parts, text, sealed, tag));
    Buffer of_message = secrets;
    append(of_message, Bytes(difference(text, sealed)).first(size / 8 * 8));
    CHECK(left(of_message, [&] { (void)made->seal(nonce, parts, text, sealed, tag).ok(); }) == 0);
    CHECK(left(of_message, [&] { (void)made->open(nonce, parts, sealed, tag, opened).ok(); }) == 0);
    REQUIRE(opened == text);

    // A tag in which every word is wrong.
    append(of_message, text);
    append(of_message, tag);
    std::uint8_t wrong[16];
    std::memcpy(wrong, tag, sizeof wrong);
    wrong[0] ^= 1;
    wrong[8] ^= 1;
    CHECK(left(of_message, [&] { (void)made->open(nonce, parts, sealed, wrong, opened).ok(); }) == 0);
    REQUIRE(opened == Buffer(size));
  }
}

// RFC 8452 §4: the keys of a message, the one that authenticates and the one that encrypts.
std::pair<Buffer, Buffer> derived_keys(Bytes key, Bytes nonce) {
  Buffer all;
  for (std::uint8_t i = 0; i < (key.size() == 32 ? 6 : 4); ++i) {
    Buffer block(16);
    block[0] = i;
    copy_bytes(MutBytes(block).subspan(4), nonce);
    append(all, Bytes(encrypted(key, block)).first(8));
  }
  return {test::buffer_of(Bytes(all).first(16)), test::buffer_of(Bytes(all).subspan(16))};
}

}  // namespace

TEST_CASE("secrets: S12 AES-GCM", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("AES-GCM, secrets", gcm_kernels(), [&](const GcmKernel& row) {
    for (const std::size_t key_size : {16u, 24u, 32u}) {
      INFO("key of " << key_size << " bytes");
      const Buffer key = noise(key_size, 1), nonce = noise(12, 3);
      const Buffer secrets = test::secrets_of_gcm(row, key, nonce);
      check_aead(secrets, nonce, [&] { return AesGcmKey::create(key, &row); });
    }
  });
}

TEST_CASE("secrets: S12 ChaCha20-Poly1305 and XChaCha20-Poly1305", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("ChaCha20-Poly1305, secrets", chacha_kernels(), [&](const ChaChaKernel& row) {
    const Buffer key = noise(32, 1), nonce = noise(12, 3);
    Buffer poly_key(32);
    REQUIRE(chacha20_xor(BytesOf<32>(key), BytesOf<12>(nonce), 0, poly_key, poly_key));
    Buffer secrets = key;
    append(secrets, poly_key);
    check_aead(secrets, nonce, [&] { return ChaCha20Poly1305Key::create(key, &row); });
    for (const std::size_t size : kSizes) {
      const Buffer text = noise(size, 2);
      std::uint8_t tag[16];
      const auto authenticate = [&] { poly1305(BytesOf<32>(poly_key), text, MutBytesOf<16>(tag), &row); };
      CHECK(left(secrets, authenticate) == 0);
      CHECK(test::words_left_on_stack(text, authenticate) == 0);
    }
    check_aead(key, noise(24, 3), [&] { return ChaCha20Poly1305Key::create(key, &row); });
  });
}

TEST_CASE("secrets: S12 AES-CCM", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("AES-CCM, secrets", ccm_kernels(), [&](const CcmKernel& row) {
    for (const std::size_t key_size : {16u, 24u, 32u}) {
      INFO("key of " << key_size << " bytes");
      const Buffer key = noise(key_size, 1), nonce = noise(12, 3);
      Buffer secrets = key;
      append(secrets, round_keys(row.expand, key));
      // The mask of the tag (SP 800-38C §A.3). The length has three bytes.
      Buffer first = {2};
      append(first, nonce);
      first.resize(16);
      append(secrets, encrypted(key, first));
      check_aead(secrets, nonce, [&] { return AesCcmKey::create(key, 16, &row); });
    }
  });
}

TEST_CASE("secrets: S12 AES-GCM-SIV", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("AES-GCM-SIV, secrets", gcm_siv_kernels(), [&](const GcmSivKernel& row) {
    for (const std::size_t key_size : {16u, 32u}) {
      INFO("key of " << key_size << " bytes");
      const Buffer key = noise(key_size, 1), nonce = noise(12, 3);
      const auto [authenticating, encrypting] = derived_keys(key, nonce);
      Buffer secrets = key;
      append(secrets, round_keys(row.expand, key));
      append(secrets, authenticating);
      append(secrets, test::reversed_words(authenticating, 16));
      append(secrets, encrypting);
      append(secrets, round_keys(row.expand, encrypting));
      check_aead(secrets, nonce, [&] { return AesGcmSivKey::create(key, &row); });
    }
  });
}

TEST_CASE("secrets: S12 type-erased AEADs", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  for (const AeadAlgorithm* const algorithm : {&kAes128Gcm, &kAes256Gcm, &kAes128Ccm, &kAes256Ccm,
                                               &kAes128GcmSiv, &kAes256GcmSiv, &kChaCha20Poly1305}) {
    INFO(algorithm->name);
    const Buffer key = noise(algorithm->key_size, 1);
    Buffer secrets = key;
    if (algorithm != &kChaCha20Poly1305) {
      append(secrets, round_keys(cpu::best(aes_kernels()).expand_encrypt, key));
    }
    check_aead(secrets, noise(12, 3), [&] { return Aead::create(*algorithm, key); });
  }
}
