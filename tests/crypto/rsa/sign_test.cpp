// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "crypto/rows.hpp"
#include "crypto/rsa/access.hpp"
#include "crypto/rsa/key_text_8192.hpp"
#include "crypto/rsa/keys.hpp"
#include "rsa/encoding.hpp"

#include <ashlar/crypto/sha2.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::unhex;

namespace rsa_sign_test {
namespace {

constexpr std::string_view kMessage = "a stone, cut so exactly that it stands without mortar";

Digest message_digest(const HashAlgorithm& hash) {
  return digest(hash, bytes_of(kMessage));
}

Random fixed_random(std::uint64_t seed = 1) {
  static DeterministicRandom generator(seed);
  generator = DeterministicRandom(seed);
  return generator.random();
}

Result<void> no_random(void*, MutBytes out) {
  wipe(out);
  return ErrorCode::random_unavailable;
}
constexpr Random kNoRandom = {no_random, nullptr};

Buffer sign_pkcs1(const RsaPrivateKey& key, const HashAlgorithm& hash, Random random) {
  Buffer signature(key.size());
  const auto signed_ = key.sign_pkcs1(hash, message_digest(hash).bytes(), random, signature);
  REQUIRE(signed_.ok());
  return signature;
}

// Signs any encoding.
Buffer sign_encoding(const RsaPrivateKey& key, const Buffer& encoding) {
  Buffer signature(key.size());
  REQUIRE(RsaTestAccess::sign_encoding(key, encoding, fixed_random(), signature).ok());
  return signature;
}

}  // namespace

TEST_CASE("rsa: keys with primes of unequal length sign on every kernel, and are written as they were read") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    for (const auto* text : {&test::kRsaUnequal2048, &test::kRsaUnequal3072}) {
      const RsaPrivateKey key = test::rsa_key(*text, &kernel);
      const Buffer signature = sign_pkcs1(key, kSha256, fixed_random());
      CHECK(key.public_key().verify_pkcs1(kSha256, message_digest(kSha256).bytes(), signature).ok());
      // More room than requested, to see what is written past the end.
      Buffer storage(10 * key.size(), 0xa5);
      const RsaComponents written = key.components(storage);
      const auto end = storage.begin() + static_cast<std::ptrdiff_t>(5 * key.size() + 8);
      CHECK(std::all_of(end, storage.end(), [](std::uint8_t byte) { return byte == 0xa5; }));
      CHECK(RsaPrivateKey::create(written).ok());
      CHECK_BYTES(written.modulus, unhex(text->modulus));
      CHECK(test::hex(written.prime1).ends_with(text->prime1));
      CHECK(test::hex(written.prime2).ends_with(text->prime2));
    }
  });
}

TEST_CASE("rsa: PKCS#1 v1.5 signatures are those that openssl made, on every kernel") {
  struct Known {
    const test::RsaKeyText* key;
    const HashAlgorithm* hash;
    const char* signature_sha256;
  };
  const Known kKnown[] = {
      {&test::kRsa2048, &kSha224, "5a8399f9e5def1aa17c046966a49a335ebbbbbf32a9d6b2ca11c1678048092c4"},
      {&test::kRsa2048, &kSha256, "4e216516d62d68e4067d9262c3ab99bb453a51648f25a3a685aa8ac2d847e1b7"},
      {&test::kRsa2048, &kSha384, "42b4a7b534aabe793c7519affc27ac202cbd7bb49de097585d77b1ede37cf52e"},
      {&test::kRsa2048, &kSha512, "0b3878e2e687b069c3b88005ce7060812ca70304f368d44fd535f03426384362"},
      {&test::kRsa2049, &kSha224, "960e00c7e646d1c2101aa6b37b7195aa3692eae2fe3394ca0f5f2c06c83fd728"},
      {&test::kRsa2049, &kSha256, "8db6727e5d4c8423e8373c476535dbbf6fcf9f286d5e204b7ac53c70668d566e"},
      {&test::kRsa2049, &kSha384, "648ecf1266ffd348c0872d0640c2147f09335142789d17cda6248d7c5d0c17be"},
      {&test::kRsa2049, &kSha512, "74ad6e9906a0d923fe826c276b67bdaffed39ec7e51fec1b9b1cdcd54967b129"},
      {&test::kRsa3072, &kSha224, "be8bc910f7c0330ebf1ce9f0e74108ff4adf438a9d7fdd73531c63cd0ca5859d"},
      {&test::kRsa3072, &kSha256, "a5098f73d2942c5c3fc62b7d200634eb26c7a4d62d68b5b541475a75bc262579"},
      {&test::kRsa3072, &kSha384, "6f042c37c266ec51a356423e6e2a49b73a797123e65806eb2e5dd41564ec6560"},
      {&test::kRsa3072, &kSha512, "08d02eb7c7b52b4ef3bf0d78f549970454026fa805988f378c69b7339bddb13f"},
  };
  test::on_every_row("bignum", bignum_kernels(), [&](const BignumKernel& kernel) {
    for (const Known& known : kKnown) {
      const RsaPrivateKey key = test::rsa_key(*known.key, &kernel);
      const Buffer signature = sign_pkcs1(key, *known.hash, fixed_random());
      INFO(known.key->bits << " bits, " << known.hash->name);
      CHECK_BYTES(digest(kSha256, signature).bytes(), unhex(known.signature_sha256));
      CHECK(key.public_key().verify_pkcs1(*known.hash, message_digest(*known.hash).bytes(), signature).ok());
    }
  });
}

TEST_CASE("rsa: one PKCS#1 v1.5 signature in full") {
  const Buffer expected = unhex(
      "1848f5d9f348bd1bc42b7909b258d1e86ba27208793cf1f2d44cbfdbfbfcfd78d40ff27de9dcba82860f76674af97fd85bfc"
      "10beb8cd20cb7a6c693a19b28a17d0be44671ebef925bb6d0d99c705beb8d02f125d77eb083ffa6be30b15cf563430af5f9e"
      "1905759390f79ba5be0e8d327d628d4639ccdf9ea2345e36c1ae70f0c7f7c404e4b9b19e3a3be3de4b134e69a411cc264a15"
      "e288d6bc356c23f9bb918ae4f5f79eff5ef7775623cc86ee0d446f68b758fbe14397977a1f09de4720644d8453706acad5af"
      "180c506bc7594bf413548f103c03d2b838e8abbf1f3efdda9c7bbebb7e0485ec507eab652c9833337d4e4e3be0bc8320ffd6"
      "0ccd4fc170d1");
  CHECK_BYTES(sign_pkcs1(test::rsa_key(test::kRsa2048), kSha256, fixed_random()), expected);
}

TEST_CASE(
    "rsa: PSS signatures made by openssl verify, also where the encoding is a byte shorter than the "
    "modulus") {
  const Buffer of_2048 = unhex(
      "846ca604359bbe78137d5ef55a8f83f7ea965f47213a5880fc01d544e5649f6634aeb4ba6deb84b0e5f8dc069b7250c49e2a"
      "3665f81233e4539981674632bc4eb9c49a1356f94d0aeb05982d8c48a8628bb9ce6cb0cf478ce2f0fa65dd93975393d8efa7"
      "bca797a7927b3c2b56fa37fb26bf5b8e1574acf7ad5e73bd161c6683494e47e8690e594c4480e9734d646432d04fa854b9f5"
      "84837e89aea6af6710cb49af58bd3915c10004764a4a94627501615f7df820e839ca811fc54dd9f491d26afe9e509c607a8f"
      "77fdb9f37b338701c1be6de3af57c577b0abfc6899c2d04878c01ed4168460ef1c04e5f903975b01d3a1de75d2167215de8f"
      "aef5cce06ba6");
  const Buffer of_2049 = unhex(
      "015ae296331261a055a85225677f2725e031854c75ae1d51820b483be66a4b187480ffd5e3670eef9754945786d9a57f6500"
      "f0bae5a37960620a225e9f489feba3731f071946234e51d42f99cc0ed7f9d066cae565119d1316d50204fda7db4688dd25ab"
      "f8f8f019c00be6de766047ed73a3675058992687578dbc1c28ba1a8ec0fbc6711533761e279ab50c3bb0f5aa7e21e78576e4"
      "4f82f4eabebc77653f4bdf5234fc7e221335e1ca8fab0552a023c6a8e41eface6235a92f2544546b3148537c24a171aef7ca"
      "26e63dcfc9d08f02f3486a8a08b76fbf24a6e8b2ce1a9e1602c9fd99cb6bf96f08bd99304f68da61788a970a9589a388eac7"
      "d7ed14c9c676db");
  test::on_every_row("bignum", bignum_kernels(), [&](const BignumKernel& kernel) {
    const RsaPrivateKey key = test::rsa_key(test::kRsa2048, &kernel);
    CHECK(key.public_key().verify_pss(kSha256, message_digest(kSha256).bytes(), of_2048).ok());
    const RsaPrivateKey odd = test::rsa_key(test::kRsa2049, &kernel);
    CHECK(odd.size() == 257);
    CHECK(odd.public_key().verify_pss(kSha512, message_digest(kSha512).bytes(), of_2049).ok());
    Buffer wrong = of_2049;
    wrong[100] ^= 1;
    CHECK_FALSE(odd.public_key().verify_pss(kSha512, message_digest(kSha512).bytes(), wrong).ok());
    CHECK_FALSE(odd.public_key().verify_pss(kSha512, message_digest(kSha384).bytes(), of_2049).ok());
  });
}

TEST_CASE("rsa: what is signed verifies, with every key, padding and hash, and not for another digest") {
  for (const auto* text :
       {&test::kRsa2048, &test::kRsa2049, &test::kRsa3072, &test::kRsa4096, &test::kRsa8192}) {
    const RsaPrivateKey key = test::rsa_key(*text);
    INFO(text->bits << " bits");
    for (const auto* hash : {&kSha224, &kSha256, &kSha384, &kSha512}) {
      const Digest good = message_digest(*hash);
      Digest other = good;
      other.storage[3] ^= 4;
      Buffer signature(key.size() + 3);
      const auto pkcs1 = key.sign_pkcs1(*hash, good.bytes(), fixed_random(), signature);
      REQUIRE(pkcs1.ok());
      REQUIRE(pkcs1->size() == key.size());
      CHECK(key.public_key().verify_pkcs1(*hash, good.bytes(), *pkcs1).ok());
      CHECK(key.public_key().verify_pkcs1(*hash, other.bytes(), *pkcs1).error() == ErrorCode::bad_signature);
      CHECK_FALSE(key.public_key().verify_pss(*hash, good.bytes(), *pkcs1).ok());
      const auto pss = key.sign_pss(*hash, good.bytes(), fixed_random(), signature);
      REQUIRE(pss.ok());
      CHECK(key.public_key().verify_pss(*hash, good.bytes(), *pss).ok());
      CHECK(key.public_key().verify_pss(*hash, other.bytes(), *pss).error() == ErrorCode::bad_signature);
      CHECK_FALSE(key.public_key().verify_pkcs1(*hash, good.bytes(), *pss).ok());
    }
  }
}

TEST_CASE("rsa: the blinding changes from call to call and never shows in a PKCS#1 signature") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Buffer first = sign_pkcs1(key, kSha256, fixed_random(1));
  CHECK(first == sign_pkcs1(key, kSha256, fixed_random(2)));
  CHECK(first == sign_pkcs1(key, kSha256, system_random()));
  Buffer a(key.size()), b(key.size());
  REQUIRE(key.sign_pss(kSha256, message_digest(kSha256).bytes(), fixed_random(1), a).ok());
  REQUIRE(key.sign_pss(kSha256, message_digest(kSha256).bytes(), fixed_random(2), b).ok());
  CHECK(a != b);
}

TEST_CASE("R05 rsa: no two operations are blinded alike, and the blinding is drawn afresh after 32") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Buffer expected = sign_pkcs1(key, kSha256, fixed_random());
  std::vector<std::vector<std::uint64_t>> seen = {RsaTestAccess::blinding(key)};
  for (std::uint32_t use = 2; use <= 70; use++) {
    CHECK(sign_pkcs1(key, kSha256, system_random()) == expected);
    CHECK(RsaTestAccess::blinding_uses(key) == (use - 1) % 32 + 1);
    CHECK(std::find(seen.begin(), seen.end(), RsaTestAccess::blinding(key)) == seen.end());
    seen.push_back(RsaTestAccess::blinding(key));
  }
  // If the blinding is in use, another one is drawn, and this one is not changed.
  RsaTestAccess::hold_blinding(key, true);
  CHECK(sign_pkcs1(key, kSha256, system_random()) == expected);
  CHECK(RsaTestAccess::blinding(key) == seen.back());
  RsaTestAccess::hold_blinding(key, false);
  // The same random numbers are drawn for a new and for a squared blinding.
  for (int i = 0; i < 2; i++) {
    DeterministicRandom generator(std::uint64_t{5});
    Buffer signature(key.size()), after(8);
    REQUIRE(key.sign_pkcs1(kSha256, message_digest(kSha256).bytes(), generator.random(), signature).ok());
    REQUIRE(generator.random().fill(after).ok());
    static Buffer first;
    first = i == 0 ? after : first;
    CHECK(after == first);
  }
}

TEST_CASE("rsa: threads sign with one key at a time") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Buffer expected = sign_pkcs1(key, kSha256, fixed_random());
  std::atomic<int> wrong = 0;
  const auto sign = [&] {
    for (int i = 0; i < 40; i++) {
      wrong += sign_pkcs1(key, kSha256, system_random()) == expected ? 0 : 1;
    }
  };
  std::thread other(sign);
  sign();
  other.join();
  CHECK(wrong == 0);
}

TEST_CASE("rsa: no signature leaves without random numbers, room, or a digest that fits its hash") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Digest digest = message_digest(kSha256);
  Buffer out(key.size());
  CHECK(key.sign_pkcs1(kSha256, digest.bytes(), kNoRandom, out).error() == ErrorCode::random_unavailable);
  CHECK(key.sign_pss(kSha256, digest.bytes(), kNoRandom, out).error() == ErrorCode::random_unavailable);
  CHECK(out == Buffer(key.size()));
  CHECK(key.sign_pkcs1(kSha256, digest.bytes(), fixed_random(), MutBytes(out).first(255)).error() ==
        ErrorCode::buffer_too_small);
  CHECK(key.sign_pkcs1(kSha256, digest.bytes().first(31), fixed_random(), out).error() ==
        ErrorCode::invalid_argument);
  CHECK(key.sign_pss(kSha384, digest.bytes(), fixed_random(), out).error() == ErrorCode::invalid_argument);
  HashAlgorithm unknown = kSha256;
  unknown.name = "a hash that has no DigestInfo";
  CHECK(key.sign_pkcs1(unknown, digest.bytes(), fixed_random(), out).error() == ErrorCode::unsupported);
}

TEST_CASE("R01 rsa: only the one encoding of RFC 8017 §9.2 verifies") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa3072);  // with exponent 3, as the old forgeries need it
  const Digest digest = message_digest(kSha256);
  Buffer good(key.size());
  REQUIRE(rsa::encode_pkcs1(kSha256, digest.bytes(), good).ok());
  const auto verifies = [&](const Buffer& encoding) {
    return key.public_key().verify_pkcs1(kSha256, digest.bytes(), sign_encoding(key, encoding)).ok();
  };
  CHECK(verifies(good));
  // One bit wrong, anywhere.
  for (std::size_t at = 1; at < good.size(); at += at < good.size() - 60 ? 37u : 1u) {
    Buffer bad = good;
    bad[at] ^= 1;
    INFO("byte " << at);
    CHECK_FALSE(verifies(bad));
  }
  const std::size_t info = good.size() - 51;
  // Digest moved to the left, garbage behind it (Bleichenbacher 2006), with padding shortened.
  Buffer moved(good.size(), 0x5a);
  std::copy(good.begin(), good.begin() + 10, moved.begin());
  moved[10] = 0;
  std::copy(good.begin() + static_cast<std::ptrdiff_t>(info), good.end(), moved.begin() + 11);
  CHECK_FALSE(verifies(moved));
  // AlgorithmIdentifier without its NULL.
  Buffer no_null(good.size(), 0xff);
  no_null[0] = 0;
  no_null[1] = 1;
  const Buffer info_without_null = unhex("00302f300b0609608648016503040201 0420");
  std::copy(info_without_null.begin(), info_without_null.end(), no_null.end() - 32 - 18);
  std::copy(digest.bytes().begin(), digest.bytes().end(), no_null.end() - 32);
  CHECK_FALSE(verifies(no_null));
  // A length in more bytes than it needs (BERserk).
  Buffer long_form(good.size(), 0xff);
  long_form[0] = 0;
  long_form[1] = 1;
  const Buffer ber = unhex("0030820031300d060960864801650304020105000420");
  std::copy(ber.begin(), ber.end(), long_form.end() - 32 - 22);
  std::copy(digest.bytes().begin(), digest.bytes().end(), long_form.end() - 32);
  CHECK_FALSE(verifies(long_form));
  // The digest alone, and the DigestInfo of another hash of the same size.
  Buffer bare(good.size(), 0xff);
  bare[0] = 0;
  bare[1] = 1;
  bare[good.size() - 33] = 0;
  std::copy(digest.bytes().begin(), digest.bytes().end(), bare.end() - 32);
  CHECK_FALSE(verifies(bare));
}

TEST_CASE("R02 rsa: PSS takes a salt as long as the digest and no other") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Digest digest = message_digest(kSha256);
  for (const std::size_t salt_size : {0u, 1u, 20u, 31u, 32u, 33u, 64u, 222u}) {
    Buffer encoding(key.size());
    REQUIRE(rsa::encode_pss(kSha256, kSha256, digest.bytes(), test::noise(salt_size), encoding, 2047).ok());
    const Buffer signature = sign_encoding(key, encoding);
    INFO("salt of " << salt_size << " bytes");
    CHECK(key.public_key().verify_pss(kSha256, digest.bytes(), signature).ok() == (salt_size == 32));
  }
  Buffer encoding(key.size());
  CHECK_FALSE(rsa::encode_pss(kSha256, kSha256, digest.bytes(), test::noise(223), encoding, 2047).ok());
  // Another hash in MGF1; the trailer; a padding byte.
  REQUIRE(rsa::encode_pss(kSha256, kSha512, digest.bytes(), test::noise(32), encoding, 2047).ok());
  CHECK_FALSE(key.public_key().verify_pss(kSha256, digest.bytes(), sign_encoding(key, encoding)).ok());
  REQUIRE(rsa::encode_pss(kSha256, kSha256, digest.bytes(), test::noise(32), encoding, 2047).ok());
  for (const std::size_t at : {0u, 5u, 100u, 190u, 191u, 222u, 223u, 254u, 255u}) {
    Buffer bad = encoding;
    bad[at] ^= 2;
    INFO("byte " << at);
    CHECK_FALSE(key.public_key().verify_pss(kSha256, digest.bytes(), sign_encoding(key, bad)).ok());
  }
  // hLen + sLen + 2 must fit: checked before anything is indexed.
  Buffer small(65);
  CHECK_FALSE(rsa::check_pss(kSha256, kSha256, digest.bytes(), 32, small, 519).ok());
}

TEST_CASE("R02 rsa: PSS bits above the encoding's must be zero") {
  // A modulus of 2049 bits: the first byte of the signature's number is the encoding's missing one.
  const RsaPrivateKey key = test::rsa_key(test::kRsa2049);
  const Digest digest = message_digest(kSha256);
  Buffer encoding(key.size());
  REQUIRE(
      rsa::encode_pss(kSha256, kSha256, digest.bytes(), test::noise(32), MutBytes(encoding).subspan(1), 2048)
          .ok());
  CHECK(key.public_key().verify_pss(kSha256, digest.bytes(), sign_encoding(key, encoding)).ok());
  // And of 2048: the top bit of the first byte.
  const RsaPrivateKey even = test::rsa_key(test::kRsa2048);
  Buffer full(even.size());
  REQUIRE(rsa::encode_pss(kSha256, kSha256, digest.bytes(), test::noise(32), full, 2047).ok());
  CHECK(full[0] < 0x80);
  Buffer high = full;
  high[0] |= 0x80;
  CHECK_FALSE(rsa::check_pss(kSha256, kSha256, digest.bytes(), 32, high, 2047).ok());
  CHECK(rsa::check_pss(kSha256, kSha256, digest.bytes(), 32, full, 2047).ok());
}

TEST_CASE("R03 rsa: a signature is exactly as long as the modulus and below it") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Digest digest = message_digest(kSha256);
  const auto verify = [&](Bytes signature) {
    const auto result = key.public_key().verify_pkcs1(kSha256, digest.bytes(), signature);
    return result.ok() ? "ok" : result.error() == ErrorCode::bad_signature ? "bad_signature" : "?";
  };
  const Buffer good = sign_pkcs1(key, kSha256, fixed_random());
  CHECK(verify(good) == std::string("ok"));
  Buffer longer = good;
  longer.insert(longer.begin(), 0);
  CHECK(verify(longer) == std::string("bad_signature"));
  CHECK(verify(Bytes(longer).first(256)) == std::string("bad_signature"));
  CHECK(verify(Bytes(good).first(255)) == std::string("bad_signature"));
  CHECK(verify(Bytes(good).last(255)) == std::string("bad_signature"));
  CHECK(verify({}) == std::string("bad_signature"));
  // s + n, which has the same power: add with carry, where it fits the length.
  Buffer sum = good;
  const Buffer modulus = unhex(test::kRsa2048.modulus);
  unsigned carry = 0;
  for (std::size_t i = 256; i-- > 0;) {
    carry += sum[i] + unsigned{modulus[i]};
    sum[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  CHECK(verify(sum) == std::string("bad_signature"));
  CHECK(verify(modulus) == std::string("bad_signature"));
  CHECK(verify(Buffer(256)) == std::string("bad_signature"));
  CHECK(verify(Buffer(256, 0xff)) == std::string("bad_signature"));
}

TEST_CASE(
    "X16 rsa: public keys outside 2048 to 8192 bits, even ones and exponents outside 3 to 2^33 are refused") {
  const Buffer modulus = unhex(test::kRsa2048.modulus);
  const Buffer e = unhex("010001");
  const auto modulus_error = [&](const Buffer& n) {
    const auto key = RsaPublicKey::create(n, e);
    return !key.ok() && key.error() == ErrorCode::bad_rsa_modulus;
  };
  CHECK(RsaPublicKey::create(modulus, e).ok());
  Buffer even = modulus;
  even.back() ^= 1;
  CHECK(modulus_error(even));
  CHECK(modulus_error({}));
  CHECK(modulus_error({0, 0, 0}));
  CHECK(modulus_error({1}));
  Buffer short_by_one = modulus;
  short_by_one[0] = 0x7f;
  CHECK(modulus_error(short_by_one));
  Buffer large(1024, 0xff);
  CHECK(RsaPublicKey::create(large, e).ok());
  CHECK(RsaPublicKey::create(large, e)->bits() == 8192);
  large.insert(large.begin(), 1);
  CHECK(modulus_error(large));
  CHECK(modulus_error(Buffer(1u << 20, 0xff)));
  Buffer led = modulus;
  led.insert(led.begin(), 2000, 0);
  REQUIRE(RsaPublicKey::create(led, e).ok());
  CHECK(RsaPublicKey::create(led, e)->size() == 256);
  Buffer written(300);
  CHECK_BYTES(RsaPublicKey::create(led, e)->modulus(written), modulus);

  for (const char* bad : {"", "00", "01", "02", "04", "010000", "0200000001", "ffffffffff", "010000000001"}) {
    const auto key = RsaPublicKey::create(modulus, unhex(bad));
    INFO("exponent " << bad);
    REQUIRE_FALSE(key.ok());
    CHECK(key.error() == ErrorCode::bad_rsa_exponent);
  }
  for (const char* good : {"03", "11", "010001", "0000000000010001", "01ffffffff"}) {
    INFO("exponent " << good);
    CHECK(RsaPublicKey::create(modulus, unhex(good)).ok());
  }
}

TEST_CASE("A16 rsa: a private key whose parts do not belong together is refused") {
  const test::RsaKeyBytes good(test::kRsa2048);
  CHECK(RsaPrivateKey::create(good.components()).ok());
  const auto error_of = [](const test::RsaKeyBytes& bytes) {
    const auto key = RsaPrivateKey::create(bytes.components());
    REQUIRE_FALSE(key.ok());
    return key.error().code;
  };
  Buffer test::RsaKeyBytes::*const parts[] = {
      &test::RsaKeyBytes::modulus,    &test::RsaKeyBytes::private_exponent, &test::RsaKeyBytes::prime1,
      &test::RsaKeyBytes::prime2,     &test::RsaKeyBytes::exponent1,        &test::RsaKeyBytes::exponent2,
      &test::RsaKeyBytes::coefficient};
  for (const auto part : parts) {
    for (const std::size_t at : {0u, 1u, 64u, 127u}) {
      test::RsaKeyBytes bad = good;
      (bad.*part)[at] ^= 2;
      CHECK(error_of(bad) == ErrorCode::inconsistent_rsa_key);
    }
    test::RsaKeyBytes empty = good;
    (empty.*part).clear();
    CHECK(error_of(empty) ==
          (part == parts[0] ? ErrorCode::bad_rsa_modulus : ErrorCode::inconsistent_rsa_key));
    test::RsaKeyBytes huge = good;
    (huge.*part).assign(5000, 0xff);
    CHECK(error_of(huge) ==
          (part == parts[0] ? ErrorCode::bad_rsa_modulus : ErrorCode::inconsistent_rsa_key));
    test::RsaKeyBytes led = good;
    (led.*part).insert((led.*part).begin(), 1000, 0);
    CHECK(RsaPrivateKey::create(led.components()).ok());
  }
  test::RsaKeyBytes exponent = good;
  exponent.public_exponent = {3};
  CHECK(error_of(exponent) == ErrorCode::inconsistent_rsa_key);
  exponent.public_exponent = {2};
  CHECK(error_of(exponent) == ErrorCode::bad_rsa_exponent);
  // The product of 1 and n is n too.
  test::RsaKeyBytes trivial = good;
  trivial.prime1 = good.modulus;
  trivial.prime2 = {1};
  CHECK(error_of(trivial) == ErrorCode::inconsistent_rsa_key);
  test::RsaKeyBytes large = good;
  large.modulus.assign(1025, 0xff);
  CHECK(error_of(large) == ErrorCode::bad_rsa_modulus);
}

TEST_CASE("rsa: a key with the smaller prime first works") {
  test::RsaKeyBytes bytes(test::kRsa2048);
  std::swap(bytes.prime1, bytes.prime2);
  std::swap(bytes.exponent1, bytes.exponent2);
  CHECK_FALSE(RsaPrivateKey::create(bytes.components()).ok());
  // 1 / p modulo q instead of 1 / q modulo p.
  bignum::Limb p[32], q[32], inverse[32];
  REQUIRE((bignum::from_bytes(p, 32, bytes.prime1) & bignum::from_bytes(q, 32, bytes.prime2)).declassify());
  REQUIRE(RsaTestAccess::invert(inverse, q, p, 32).declassify());
  bytes.coefficient.assign(128, 0);
  bignum::to_bytes(bytes.coefficient, inverse, 32);
  const auto key = RsaPrivateKey::create(bytes.components());
  REQUIRE(key.ok());
  CHECK(sign_pkcs1(*key, kSha256, fixed_random()) ==
        sign_pkcs1(test::rsa_key(test::kRsa2048), kSha256, fixed_random()));
}

TEST_CASE("rsa: the components come back as they were given") {
  for (const auto* text :
       {&test::kRsa2048, &test::kRsa2049, &test::kRsa3072, &test::kRsa4096, &test::kRsa8192}) {
    const RsaPrivateKey key = test::rsa_key(*text);
    Buffer storage(5 * key.size() + 8);
    const RsaComponents parts = key.components(storage);
    CHECK(RsaPrivateKey::create(parts).ok());
    CHECK_BYTES(parts.modulus, unhex(text->modulus));
    CHECK_BYTES(parts.public_exponent, unhex(text->public_exponent));
    const auto stripped = [](Bytes bytes) {
      while (!bytes.empty() && bytes[0] == 0) {
        bytes = bytes.subspan(1);
      }
      return bytes;
    };
    CHECK_BYTES(stripped(parts.private_exponent), unhex(text->private_exponent));
    CHECK_BYTES(stripped(parts.prime1), unhex(text->prime1));
    CHECK_BYTES(stripped(parts.prime2), unhex(text->prime2));
    CHECK_BYTES(stripped(parts.exponent1), unhex(text->exponent1));
    CHECK_BYTES(stripped(parts.exponent2), unhex(text->exponent2));
    CHECK_BYTES(stripped(parts.coefficient), unhex(text->coefficient));
  }
}

TEST_CASE("R05 rsa: a fault in any part of the private computation lets no signature out") {
  for (const auto* text : {&test::kRsa2048, &test::kRsa2049}) {
    RsaPrivateKey key = test::rsa_key(*text);
    const Digest digest = message_digest(kSha256);
    std::size_t faults = 0;
    for (const RsaTestAccess::Part part : RsaTestAccess::parts(key)) {
      for (std::size_t bit = 0; bit<part.bits; bit += part.bits> 64 ? part.bits / 7 : 21) {
        part.limbs[bit / 64] ^= std::uint64_t{1} << (bit % 64);
        Buffer out(key.size());
        const auto pkcs1 = key.sign_pkcs1(kSha256, digest.bytes(), fixed_random(), out);
        INFO(part.name << ", bit " << bit);
        REQUIRE_FALSE(pkcs1.ok());
        CHECK(pkcs1.error() == ErrorCode::signing_fault);
        CHECK(RsaTestAccess::blinding_uses(key) == 0);  // it may be the cause
        const auto pss = key.sign_pss(kSha256, digest.bytes(), fixed_random(), out);
        REQUIRE_FALSE(pss.ok());
        CHECK(pss.error() == ErrorCode::signing_fault);
        CHECK(out == Buffer(key.size()));
        part.limbs[bit / 64] ^= std::uint64_t{1} << (bit % 64);
        faults++;
      }
    }
    CHECK(faults > 50);
    // Undamaged again.
    Buffer out(key.size());
    CHECK(key.sign_pkcs1(kSha256, digest.bytes(), fixed_random(), out).ok());
  }
}

TEST_CASE("rsa: a key that moved works, and the one it moved from is empty") {
  RsaPrivateKey first = test::rsa_key(test::kRsa2048);
  const Buffer signature = sign_pkcs1(first, kSha256, fixed_random());
  RsaPrivateKey second = std::move(first);
  CHECK(sign_pkcs1(second, kSha256, fixed_random()) == signature);
  for (const RsaTestAccess::Part part : RsaTestAccess::parts(first)) {
    for (std::size_t i = 0; i < part.bits / 64; i++) {
      REQUIRE(part.limbs[i] == 0);
    }
  }
  CHECK(RsaTestAccess::blinding_uses(first) == 0);
  CHECK(RsaTestAccess::blinding(first) == std::vector<std::uint64_t>(32));
  first = std::move(second);
  CHECK(sign_pkcs1(first, kSha256, fixed_random()) == signature);
  // The blinding of the key that was there before is of no use to it.
  RsaPrivateKey used = test::rsa_key(test::kRsaUnequal2048);
  (void)sign_pkcs1(used, kSha256, fixed_random());
  used = std::move(first);
  CHECK(sign_pkcs1(used, kSha256, fixed_random()) == signature);
}

TEST_CASE("S02 rsa: a kernel that this CPU cannot run is refused") {
  BignumKernel foreign = bignum_kernels().back();
  foreign.required.bits = ~std::uint64_t{0};
  const test::RsaKeyBytes bytes(test::kRsa2048);
  CHECK(RsaPublicKey::create(bytes.modulus, bytes.public_exponent, &foreign).error() ==
        ErrorCode::kernel_unavailable);
  CHECK(RsaPrivateKey::create(bytes.components(), &foreign).error() == ErrorCode::kernel_unavailable);
}

TEST_CASE("R02 rsa: PSS with a salt of any size verifies where any is allowed, and only there") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Digest digest = message_digest(kSha256);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{20}, std::size_t{32}, std::size_t{256 - 32 - 2}}) {
    INFO("salt of " << size);
    Buffer encoded(256);
    REQUIRE(rsa::encode_pss(kSha256, kSha384, digest.bytes(), test::noise(size, size), encoded, 2047).ok());
    const Buffer signature = sign_encoding(key, encoded);
    const auto verify = [&](const RsaPssParameters& parameters) {
      return key.public_key().verify_pss(parameters, digest.bytes(), signature).ok();
    };
    CHECK(verify({&kSha256, &kSha384}));
    CHECK(verify({&kSha256, &kSha384, size}));
    CHECK_FALSE(verify({&kSha256, &kSha384, size + 1}));
    CHECK_FALSE(verify({&kSha256}));
    CHECK_FALSE(verify({&kSha256, &kSha384, std::size_t{1} << 60}));
  }
}

namespace {

// Both big-endian; the sum has a byte more where it needs one.
Buffer sum(const Buffer& a, const Buffer& b) {
  Buffer out(std::max(a.size(), b.size()) + 1);
  unsigned carry = 0;
  for (std::size_t i = 0; i < out.size(); i++) {
    carry += (i < a.size() ? a[a.size() - 1 - i] : 0u) + (i < b.size() ? b[b.size() - 1 - i] : 0u);
    out[out.size() - 1 - i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  return out;
}

// What a call that follows finds where its local variables will be.
[[gnu::noinline]] void leave_on_stack(std::uint8_t byte) {
  volatile std::uint8_t noise[40 * 1024];
  for (auto& each : noise) {
    each = byte;
  }
}

}  // namespace

TEST_CASE("A16 rsa: numbers that are not below their modulus are refused, whatever the stack holds") {
  const test::RsaKeyBytes good(test::kRsa2048);
  const auto less_one = [](Buffer odd) {
    odd.back() ^= 1;
    return odd;
  };
  for (const std::uint8_t noise : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{0xff}}) {
    const auto refused = [&](Buffer test::RsaKeyBytes::*part, const Buffer& modulus) {
      test::RsaKeyBytes bad = good;
      bad.*part = sum(good.*part, modulus);
      leave_on_stack(noise);
      const auto key = RsaPrivateKey::create(bad.components());
      return !key && key.error() == ErrorCode::inconsistent_rsa_key;
    };
    CHECK(refused(&test::RsaKeyBytes::exponent1, less_one(good.prime1)));
    CHECK(refused(&test::RsaKeyBytes::exponent2, less_one(good.prime2)));
    CHECK(refused(&test::RsaKeyBytes::coefficient, good.prime1));
    leave_on_stack(noise);
    CHECK(RsaPrivateKey::create(good.components()).ok());
  }
}

}  // namespace rsa_sign_test
