// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "crypto/rows.hpp"
#include "crypto/rsa/access.hpp"
#include "crypto/rsa/key_text_8192.hpp"
#include "crypto/rsa/keys.hpp"

#include "rsa/encoding.hpp"

#include <ashlar/crypto/sha2.hpp>

#include <functional>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

namespace {

// Encrypts any encoding: raises it to the public exponent, as the inverse of a signature.
Buffer encrypt_encoding(const RsaPublicKey& key, const Buffer& encoding) {
  Buffer out(key.size());
  REQUIRE(RsaTestAccess::open_signature(key, encoding, out).ok());
  return out;
}

constexpr std::uint16_t kVersion = 0x0303;

Buffer premaster_of(std::uint16_t version) {
  Buffer premaster = test::noise(48, 9);
  premaster[0] = static_cast<std::uint8_t>(version >> 8);
  premaster[1] = static_cast<std::uint8_t>(version);
  return premaster;
}

// 00 02, padding, 00, message.
Buffer encode(std::size_t size, const Buffer& message) {
  Buffer encoding(size, 0xa7);
  encoding[0] = 0;
  encoding[1] = 2;
  encoding[size - message.size() - 1] = 0;
  std::copy(message.begin(), message.end(), encoding.end() - static_cast<std::ptrdiff_t>(message.size()));
  return encoding;
}

Buffer decrypted_premaster(const RsaPrivateKey& key, Bytes ciphertext, std::uint64_t seed) {
  DeterministicRandom generator(seed);
  Secret<48> premaster;
  REQUIRE(key.decrypt_premaster(generator.random(), ciphertext, kVersion, premaster).ok());
  return test::buffer_of(premaster.reveal());
}

}  // namespace

TEST_CASE("rsa: what is encrypted decrypts, for every length, key and kernel") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    for (const auto* text : {&test::kRsa2048, &test::kRsa2049, &test::kRsa3072, &test::kRsa4096,
                             &test::kRsaUnequal2048, &test::kRsaUnequal3072}) {
      const RsaPrivateKey key = test::rsa_key(*text, &kernel);
      for (const std::size_t size :
           {std::size_t{0}, std::size_t{1}, std::size_t{48}, key.size() - 12, key.size() - 11}) {
        INFO(text->bits << " bits, message of " << size);
        const Buffer message = test::noise(size, 5);
        Buffer ciphertext(key.size()), out(key.size());
        REQUIRE(key.public_key().encrypt_pkcs1(system_random(), message, ciphertext).ok());
        const auto opened = key.decrypt_pkcs1(system_random(), ciphertext, out);
        REQUIRE(opened.ok());
        CHECK_BYTES(*opened, message);
      }
    }
  });
}

TEST_CASE("rsa: encryption is randomised and refuses messages that are too long") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Buffer message = test::noise(48);
  Buffer a(256), b(256);
  REQUIRE(key.public_key().encrypt_pkcs1(system_random(), message, a).ok());
  REQUIRE(key.public_key().encrypt_pkcs1(system_random(), message, b).ok());
  CHECK(a != b);
  CHECK(key.public_key().encrypt_pkcs1(system_random(), test::noise(246), a).error() ==
        ErrorCode::rsa_message_too_long);
  CHECK(key.public_key().encrypt_pkcs1(system_random(), message, MutBytes(a).first(255)).error() ==
        ErrorCode::buffer_too_small);
  // A generator that gives many zeros. None of them gets into the padding.
  struct Sparse {
    static Result<void> fill(void* context, MutBytes out) {
      auto& count = *static_cast<unsigned*>(context);
      for (std::uint8_t& byte : out) {
        byte = ++count % 3 == 0 ? 1 : 0;
      }
      return {};
    }
  };
  unsigned count = 0;
  REQUIRE(key.public_key().encrypt_pkcs1({Sparse::fill, &count}, {}, a).ok());
  Buffer out(256);
  const auto opened = key.decrypt_pkcs1(system_random(), a, out);
  REQUIRE(opened.ok());
  CHECK(opened->empty());
}

TEST_CASE("rsa: decryption refuses every malformed encoding with one error") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Buffer good = encode(256, test::noise(20, 3));
  Buffer out(256);
  const auto opens = [&](const Buffer& encoding) {
    const auto opened = key.decrypt_pkcs1(system_random(), encrypt_encoding(key.public_key(), encoding), out);
    REQUIRE((opened.ok() || opened.error() == ErrorCode::decryption_failed));
    return opened.ok();
  };
  CHECK(opens(good));
  for (const auto& [at, value] : {std::pair{0, 1}, {1, 0}, {1, 1}, {1, 3}, {2, 0}, {5, 0}, {9, 0}}) {
    Buffer bad = good;
    bad[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(value);
    INFO("byte " << at << " = " << value);
    CHECK_FALSE(opens(bad));
  }
  Buffer eight = good;
  eight[10] = 0;  // eight bytes of padding: the fewest
  CHECK(opens(eight));
  Buffer endless(256, 0x55);
  endless[0] = 0;
  endless[1] = 2;
  CHECK_FALSE(opens(endless));
  endless[255] = 0;
  CHECK(opens(endless));

  const Buffer ciphertext = encrypt_encoding(key.public_key(), good);
  CHECK(key.decrypt_pkcs1(system_random(), Bytes(ciphertext).first(255), out).error() ==
        ErrorCode::decryption_failed);
  CHECK(key.decrypt_pkcs1(system_random(), Buffer(257), out).error() == ErrorCode::decryption_failed);
  CHECK(key.decrypt_pkcs1(system_random(), Buffer(256, 0xff), out).error() == ErrorCode::decryption_failed);
  CHECK(key.decrypt_pkcs1(system_random(), ciphertext, MutBytes(out).first(19)).error() ==
        ErrorCode::buffer_too_small);
  CHECK(key.decrypt_pkcs1(system_random(), ciphertext, MutBytes(out).first(20)).ok());
}

TEST_CASE("R04 rsa: the premaster secret comes out when everything about it is right") {
  for (const auto* text : {&test::kRsa2048, &test::kRsa2049, &test::kRsa4096, &test::kRsa8192}) {
    const RsaPrivateKey key = test::rsa_key(*text);
    const Buffer premaster = premaster_of(kVersion);
    const Buffer ciphertext = encrypt_encoding(key.public_key(), encode(key.size(), premaster));
    CHECK_BYTES(decrypted_premaster(key, ciphertext, 1), premaster);
    CHECK_BYTES(decrypted_premaster(key, ciphertext, 2), premaster);
  }
}

TEST_CASE("R04 rsa: whatever is wrong with a premaster secret, 48 random bytes come out and no error") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Buffer premaster = premaster_of(kVersion);
  const Buffer good = encode(256, premaster);
  std::vector<std::pair<std::string, Buffer>> bad;
  const auto with = [&](const char* what, std::size_t at, std::uint8_t value) {
    Buffer encoding = good;
    encoding[at] = value;
    bad.emplace_back(what, encoding);
  };
  with("first byte", 0, 1);
  with("block type 0", 1, 0);
  with("block type 1", 1, 1);
  with("block type 3", 1, 3);
  with("a zero at the start of the padding", 2, 0);
  with("a zero in its eighth byte", 9, 0);
  with("a zero in its ninth byte: a longer message", 10, 0);
  with("a zero in its last byte: 49 bytes", 206, 0);
  with("no zero where the padding ends", 207, 7);
  with("an older version", 209, 2);
  with("a newer version", 209, 4);
  with("another major version", 208, 2);
  bad.emplace_back("47 bytes", encode(256, Buffer(premaster.begin(), premaster.end() - 1)));
  bad.emplace_back("47 bytes without the version",
                   encode(256, Buffer(premaster.begin() + 1, premaster.end())));
  Buffer longer = premaster;
  longer.push_back(1);
  bad.emplace_back("49 bytes", encode(256, longer));
  bad.emplace_back("nothing", encode(256, {}));
  bad.emplace_back("zero", Buffer(256));
  for (const auto& [what, encoding] : bad) {
    INFO(what);
    const Buffer ciphertext = encrypt_encoding(key.public_key(), encoding);
    const Buffer first = decrypted_premaster(key, ciphertext, 1);
    const Buffer second = decrypted_premaster(key, ciphertext, 2);
    // The generator's bytes: the same for the same seed, different for another seed, and never the peer's.
    CHECK(first == decrypted_premaster(key, ciphertext, 1));
    CHECK(first != second);
    CHECK(first != premaster);
    CHECK(Buffer(first.begin() + 2, first.end()) != Buffer(premaster.begin() + 2, premaster.end()));
  }
  // A number that is not below the modulus is treated in the same way.
  const Buffer all_ones(256, 0xff);
  CHECK(decrypted_premaster(key, all_ones, 1) != decrypted_premaster(key, all_ones, 2));
}

TEST_CASE(
    "R04 rsa: only a ciphertext of the wrong size or missing random bytes make the premaster call fail") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  Secret<48> premaster;
  CHECK(key.decrypt_premaster(system_random(), Buffer(255), kVersion, premaster).error() ==
        ErrorCode::decryption_failed);
  CHECK(key.decrypt_premaster(system_random(), Buffer(257), kVersion, premaster).error() ==
        ErrorCode::decryption_failed);
  const Random none = {[](void*, MutBytes) -> Result<void> { return ErrorCode::random_unavailable; },
                       nullptr};
  CHECK(key.decrypt_premaster(none, Buffer(256), kVersion, premaster).error() ==
        ErrorCode::random_unavailable);
}

TEST_CASE("R05 rsa: a fault lets no plaintext out either") {
  RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Buffer premaster = premaster_of(kVersion);
  const Buffer ciphertext = encrypt_encoding(key.public_key(), encode(256, premaster));
  for (const RsaTestAccess::Part part : RsaTestAccess::parts(key)) {
    part.limbs[0] ^= 4;
    INFO(part.name);
    Buffer out(256);
    CHECK(key.decrypt_pkcs1(system_random(), ciphertext, out).error() == ErrorCode::signing_fault);
    CHECK(out == Buffer(256));
    Secret<48> opened;
    CHECK(key.decrypt_premaster(system_random(), ciphertext, kVersion, opened).error() ==
          ErrorCode::signing_fault);
    CHECK(test::buffer_of(opened.reveal()) != premaster);
    part.limbs[0] ^= 4;
  }
}

TEST_CASE("rsa: OAEP opens what it sealed, on every row, and nothing else") {
  const Buffer label = {'l', 'a', 'b', 'e', 'l'};
  test::on_every_row("bignum", bignum_kernels(), [&](const BignumKernel& kernel) {
    const RsaPrivateKey key = test::rsa_key(test::kRsa2048, &kernel);
    const RsaPublicKey& to = key.public_key();
    const RsaOaepParameters plain{&kSha256};
    const RsaOaepParameters mixed{&kSha384, &kSha256, label};
    for (const RsaOaepParameters& parameters : {plain, mixed}) {
      const std::size_t most = key.size() - 2 - 2 * parameters.hash->digest_size;
      for (const std::size_t size : {std::size_t{0}, std::size_t{48}, most}) {
        const Buffer message = test::noise(size, size);
        Buffer ciphertext(key.size() + 1), out(key.size());
        const auto sealed = to.encrypt_oaep(parameters, system_random(), message, ciphertext);
        REQUIRE(sealed.ok());
        REQUIRE(sealed->size() == key.size());
        const auto opened = key.decrypt_oaep(parameters, system_random(), *sealed, out);
        REQUIRE(opened.ok());
        CHECK(test::buffer_of(*opened) == message);
        // With another label or another hash it does not decrypt.
        const RsaOaepParameters labelled{parameters.hash, parameters.mask_hash, Bytes(label).first(4)};
        const RsaOaepParameters other{parameters.hash, &kSha512, parameters.label};
        for (const RsaOaepParameters& wrong : {labelled, other}) {
          CHECK(key.decrypt_oaep(wrong, system_random(), *sealed, out).error() ==
                ErrorCode::decryption_failed);
        }
        if (size > 0) {
          CHECK(
              key.decrypt_oaep(parameters, system_random(), *sealed, MutBytes(out).first(size - 1)).error() ==
              ErrorCode::buffer_too_small);
        }
      }
      Buffer ciphertext(key.size());
      CHECK(to.encrypt_oaep(parameters, system_random(), Buffer(most + 1), ciphertext).error() ==
            ErrorCode::rsa_message_too_long);
      CHECK(to.encrypt_oaep(parameters, system_random(), {}, MutBytes(ciphertext).first(255)).error() ==
            ErrorCode::buffer_too_small);
    }
  });
}

// Manger's attack distinguishes a nonzero first byte from all other faults.
TEST_CASE("rsa: every damage to an OAEP encoding is refused with one error") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Buffer seed(32, 7);
  Buffer encoded(256), out(256);
  const Buffer message = {1, 2, 3};
  REQUIRE(rsa::encode_oaep(kSha256, kSha256, {}, message, seed, encoded).ok());
  const auto opens = [&](const Buffer& encoding) {
    const Buffer ciphertext = encrypt_encoding(key.public_key(), encoding);
    const auto opened = key.decrypt_oaep({&kSha256}, system_random(), ciphertext, out);
    CHECK((opened.ok() || opened.error() == ErrorCode::decryption_failed));
    return opened.ok();
  };
  CHECK(opens(encoded));
  for (const std::size_t at : {0u, 1u, 32u, 33u, 64u, 65u, 100u, 251u, 252u}) {
    Buffer bad = encoded;
    bad[at] ^= 1;
    INFO("byte " << at);
    CHECK_FALSE(opens(bad));
  }
  // Zeros to the end: no message begins.
  Buffer empty(256);
  copy_bytes(MutBytes(empty).subspan(1), seed);
  copy_bytes(MutBytes(empty).subspan(33), digest(kSha256, {}).bytes());
  rsa::mask_mgf1(kSha256, seed, MutBytes(empty).subspan(33));
  rsa::mask_mgf1(kSha256, Bytes(empty).subspan(33), MutBytes(empty).subspan(1, 32));
  CHECK_FALSE(opens(empty));
}
