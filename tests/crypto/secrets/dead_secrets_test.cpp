// SPDX-License-Identifier: Apache-2.0
// After key set-up and after every call, neither the stack below nor the vector registers hold a key, derived
// data, or key stream: AES-CBC and AES-CTR, HMAC, key derivation and random draws. Kernels have their own
// tests. These are the calls that a user makes.
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/hkdf.hpp>
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/pbkdf2.hpp>
#include <ashlar/crypto/prf.hpp>
#include <ashlar/crypto/random.hpp>
#include <ashlar/crypto/scrypt.hpp>

#include "catch.hpp"
#include "crypto/secrets/left.hpp"
#include "crypto/tables.hpp"
#include "random/fast_key_erasure.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::append;
using test::Buffer;
using test::difference;
using test::left;
using test::noise;
using test::secrets_of_hmac;

namespace {

// A careless function, which leaves its key.
[[gnu::noinline]] void leaves_a_key_on_the_stack(Bytes key) {
  std::uint8_t copy[32];
  copy_bytes(copy, key.first(32));
  __asm__ volatile("" : : "r"(copy) : "memory");
}

}  // namespace

TEST_CASE("secrets: S12 the scan finds a key that is left behind", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  const Buffer key = noise(32, 1);
  CHECK(test::words_left_on_stack(key, [&] { leaves_a_key_on_the_stack(key); }) == 4);
  CHECK(test::words_left_on_stack(key, [] {}) == 0);
#if defined(__x86_64__)
  const std::uint8_t* const at = key.data();
  CHECK(test::words_left_in_vectors(key, [&] {
          __asm__ volatile("movdqu (%0), %%xmm9" : : "r"(at) : "xmm9", "memory");
        }) == 2);
  CHECK(test::words_left_in_vectors(key, [] {}) == 0);
#endif
}

TEST_CASE("secrets: S12 AES-CBC and AES-CTR", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("AES-CBC and AES-CTR, secrets", aes_kernels(), [&](const AesKernel& row) {
    for (const std::size_t key_size : {16u, 24u, 32u}) {
      INFO("key of " << key_size << " bytes");
      const Buffer key = noise(key_size, 1), text = noise(16 * 21, 2);
      Buffer out(text.size());
      std::uint8_t iv[16] = {};
      Buffer secrets = key;
      AesSchedule schedules[2];
      std::memset(static_cast<void*>(schedules), 0, sizeof schedules);
      row.expand_encrypt(schedules[0], key);
      row.expand_decrypt(schedules[1], key);
      append(secrets, schedules[0].round_keys);
      append(secrets, schedules[1].round_keys);
      CHECK(left(secrets, [&] { (void)AesCbcEncryptor::create(key, &row).ok(); }) == 0);
      CHECK(left(secrets, [&] { (void)AesCbcDecryptor::create(key, &row).ok(); }) == 0);
      CHECK(left(secrets, [&] { (void)AesCtr::create(key, iv, &row).ok(); }) == 0);
      CHECK(left(secrets, [&] { (void)AesCbcEncryptor::create(key, &row)->encrypt(iv, text, out).ok(); }) ==
            0);
      CHECK(left(secrets, [&] { (void)AesCbcDecryptor::create(key, &row)->decrypt(iv, text, out).ok(); }) ==
            0);
      std::memset(iv, 0, sizeof iv);
      auto ctr = AesCtr::create(key, iv, &row);
      REQUIRE((ctr && ctr->apply(Bytes(text).first(333), MutBytes(out).first(333))));
      append(secrets, Bytes(difference(text, out)).first(328));
      CHECK(left(secrets, [&] {
              auto again = AesCtr::create(key, iv, &row);
              (void)again->apply(Bytes(text).first(100), MutBytes(out).first(100)).ok();
              (void)again->apply(Bytes(text).subspan(100, 233), MutBytes(out).subspan(100, 233)).ok();
            }) == 0);
    }
  });
}

TEST_CASE("secrets: S12 HMAC with every hash", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::every_hash_table([](const HashAlgorithm& hash) {
    test::on_every_row(
        "HMAC with " + std::string(hash.name) + ", secrets", hash.kernels(), [&](const HashKernel& row) {
          const Buffer key = noise(40, 1);
          const Buffer secrets = secrets_of_hmac(hash, key);
          std::uint8_t mac[kMaxDigestSize];
          for (const std::size_t size : {0u, 20u, 70u, 300u}) {
            INFO(size << " bytes");
            const Buffer message = noise(size, 2);
            const HmacKey made(hash, key, &row);
            CHECK(left(secrets, [&] { HmacKey again(hash, key, &row); }) == 0);
            CHECK(left(secrets, [&] { made.mac(message, mac); }) == 0);
            CHECK(left(secrets, [&] { Hmac(made).update(message).update(message).finish(mac); }) == 0);
            if (hash.word_size * 16 == hash.block_size) {  // SHA-1 and SHA-2: it knows their padding
              CHECK(left(secrets, [&] { made.mac_secret_size({}, message, 0, size / 2, mac); }) == 0);
            }
          }
        });
  });
}

TEST_CASE("secrets: S12 HKDF, the TLS 1.2 PRF, PBKDF2 and scrypt", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  const Buffer key = noise(40, 1), salt = noise(32, 2);
  const Bytes info[] = {salt};
  for (const HashAlgorithm* const hash : {&kSha1, &kSha256, &kSha384, &kSha3_256}) {
    INFO(hash->name);
    std::uint8_t out[96];
    // Derived output counts too, and so does the key that HKDF extracts.
    std::uint8_t prk[kMaxDigestSize];
    const Bytes extracted = hkdf_extract(*hash, salt, key, prk);
    Buffer secrets = secrets_of_hmac(*hash, extracted);
    append(secrets, key);
    REQUIRE(hkdf(*hash, salt, key, info, out));
    append(secrets, out);
    CHECK(left(secrets, [&] { hkdf_extract(*hash, salt, key, prk); }) == 0);
    CHECK(left(secrets, [&] { (void)hkdf(*hash, salt, key, info, out).ok(); }) == 0);

    secrets = secrets_of_hmac(*hash, key);
    tls12_prf(*hash, key, "master secret", info, out);
    append(secrets, out);
    CHECK(left(secrets, [&] { tls12_prf(*hash, key, "master secret", info, out); }) == 0);

    secrets = secrets_of_hmac(*hash, key);
    REQUIRE(pbkdf2(*hash, key, salt, 3, out));
    append(secrets, out);
    CHECK(left(secrets, [&] { (void)pbkdf2(*hash, key, salt, 3, out).ok(); }) == 0);
  }
  test::on_every_row("scrypt, secrets", scrypt_kernels(), [&](const ScryptKernel& row) {
    constexpr ScryptCost kCost = {16, 8, 2};
    Buffer workspace(*scrypt_workspace_size(kCost));
    std::uint8_t out[64];
    REQUIRE(scrypt(key, salt, kCost, workspace, out, &row));
    Buffer secrets = secrets_of_hmac(kSha256, key);
    append(secrets, out);
    // The blocks before the mixing (RFC 7914 §6 step 1).
    Buffer blocks(2 * 8 * 128);
    REQUIRE(pbkdf2(kSha256, key, salt, 1, blocks));
    append(secrets, blocks);
    CHECK(left(secrets, [&] { (void)scrypt(key, salt, kCost, workspace, out, &row).ok(); }) == 0);
    CHECK(test::words_found(secrets, workspace) == 0);
  });
}

TEST_CASE("secrets: S12 random draws", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  const auto source = [](MutBytes to) -> Result<void> {
    copy_bytes(to, noise(to.size(), 9));
    return {};
  };
  const Buffer seed = noise(32, 9);
  for (const std::size_t size : {16u, 32u, 200u, 3000u}) {
    INFO(size << " bytes");
    // The same state twice: so its output and its next key are known.
    FastKeyErasure once, twice;
    std::memset(static_cast<void*>(&once), 0, sizeof once);
    std::memset(static_cast<void*>(&twice), 0, sizeof twice);
    Buffer warm(16), out(size);
    REQUIRE((once.fill(warm, source) && twice.fill(warm, source)));
    Buffer secrets = test::buffer_of({reinterpret_cast<const std::uint8_t*>(&once), 32});
    REQUIRE(once.fill(out, source));
    append(secrets, Bytes(reinterpret_cast<const std::uint8_t*>(&once), 32));
    append(secrets, Bytes(out).first(size / 8 * 8));
    FastKeyErasure thrice = twice;
    CHECK(test::words_left_on_stack(secrets, [&] { (void)twice.fill(out, source).ok(); }) == 0);
    CHECK(test::words_left_in_vectors(secrets, [&] { (void)thrice.fill(out, source).ok(); }) == 0);

    Buffer seeded = seed;
    DeterministicRandom first{BytesOf<32>(seed)}, second{BytesOf<32>(seed)}, third{BytesOf<32>(seed)};
    REQUIRE(first.random().fill(out));
    append(seeded, Bytes(out).first(size / 8 * 8));
    CHECK(test::words_left_on_stack(seeded, [&] { (void)second.random().fill(out).ok(); }) == 0);
    CHECK(test::words_left_in_vectors(seeded, [&] { (void)third.random().fill(out).ok(); }) == 0);
  }
}
