// SPDX-License-Identifier: Apache-2.0
// After each call on an RSA key neither the stack below nor the vector registers hold its secret numbers, as
// limbs or as digits of 52 bits, nor a decrypted message.
#include <ashlar/crypto/rsa_many.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "crypto/rsa/access.hpp"
#include "crypto/rsa/keys.hpp"
#include "crypto/secrets/left.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::append;
using test::Buffer;
using test::left;

namespace {

void append_words(Buffer& to, const std::vector<std::uint64_t>& words) {
  append(to, {reinterpret_cast<const std::uint8_t*>(words.data()), 8 * words.size()});
}

// The primes, both exponents and the coefficient.
Buffer secrets_of(RsaPrivateKey& key) {
  Buffer secrets;
  for (const RsaTestAccess::Part& part : RsaTestAccess::parts(key)) {
    if (part.bits < key.size() * 4) {
      continue;
    }
    const std::vector<std::uint64_t> limbs(part.limbs, part.limbs + part.bits / 64);
    append_words(secrets, limbs);
    std::vector<std::uint64_t> digits;
    for (std::size_t bit = 0; bit + 52 <= part.bits; bit += 52) {
      const std::size_t at = bit / 64, shift = bit % 64;
      const std::uint64_t above = shift > 12 ? limbs[at + 1] << (64 - shift) : 0;
      digits.push_back((limbs[at] >> shift | above) & ((std::uint64_t{1} << 52) - 1));
    }
    append_words(secrets, digits);
  }
  return secrets;
}

}  // namespace

TEST_CASE("secrets: S12 RSA", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  const Digest digest = crypto::digest(kSha256, {});
  Buffer message = test::noise(48, 7);
  message[0] = message[1] = 3;
  test::on_every_row("RSA, secrets", bignum_kernels(), [&](const BignumKernel& row) {
    for (const test::RsaKeyText* const text : {&test::kRsa2048, &test::kRsa3072, &test::kRsa4096}) {
      const test::RsaKeyBytes bytes(*text);
      RsaPrivateKey key = test::rsa_key(*text, &row);
      INFO(8 * key.size() << " bits");
      Buffer secrets = secrets_of(key), out(key.size()), opened(key.size());
      const Random random = system_random();
      CHECK(left(secrets, [&] { (void)RsaPrivateKey::create(bytes.components(), &row).ok(); }) == 0);
      CHECK(left(secrets, [&] { (void)key.sign_pkcs1(kSha256, digest.bytes(), random, out).ok(); }) == 0);
      append(secrets, message);
      REQUIRE(key.public_key().encrypt_pkcs1(random, message, out).ok());
      Secret<48> premaster;
      CHECK(left(secrets, [&] { (void)key.decrypt_premaster(random, out, 0x0303, premaster).ok(); }) == 0);
      CHECK(left(secrets, [&] { (void)key.decrypt_pkcs1(random, out, opened).ok(); }) == 0);
      const RsaOaepParameters oaep{&kSha256};
      REQUIRE(key.public_key().encrypt_oaep(oaep, random, message, out).ok());
      CHECK(left(secrets, [&] { (void)key.decrypt_oaep(oaep, random, out, opened).ok(); }) == 0);
    }
  });
}

TEST_CASE("secrets: S12 RSA side by side, and a new key", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Digest digest = crypto::digest(kSha256, {});
  std::vector<Buffer> out(4, Buffer(key.size()));
  std::vector<RsaSigning> signings;
  for (Buffer& signature : out) {
    signings.push_back({&key, &kSha256, digest.bytes(), signature});
  }
  test::on_every_row("RSA side by side, secrets", bignum_many_kernels(), [&](const BignumManyKernel& row) {
    CHECK(left(secrets_of(key), [&] { (void)rsa_sign_many(signings, system_random(), &row).ok(); }) == 0);
    CHECK(signings[3].result.ok());
  });
  const auto make = [] {
    DeterministicRandom random(std::uint64_t{5});
    return RsaPrivateKey::generate(2048, random.random());
  };
  auto made = make();
  REQUIRE(made.ok());
  CHECK(left(secrets_of(*made), [&] { (void)make().ok(); }) == 0);
}
