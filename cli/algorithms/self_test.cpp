// SPDX-License-Identifier: Apache-2.0
#include "algorithms/self_test.hpp"

#include "output/terminal.hpp"

#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/gcm.hpp>
#include <ashlar/crypto/hkdf.hpp>
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/mlkem.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/random.hpp>
#include <ashlar/crypto/rsa.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>
#include <ashlar/crypto/x25519.hpp>

#include <array>

namespace ashlar::cli {
namespace {

template <std::size_t N>
std::array<std::uint8_t, N / 2> unhex(const char (&text)[N]) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::array<std::uint8_t, N / 2> out{};
  for (std::size_t i = 0; i < N / 2; ++i) {
    out[i] = static_cast<std::uint8_t>(digit(text[2 * i]) * 16 + digit(text[2 * i + 1]));
  }
  return out;
}

class Runner {
 public:
  // Runs a check on every row of a table that this CPU can run.
  template <class Row, class Check>
  void each(const char* name, const char* source, std::span<const Row> rows, Check check) {
    for (const Row& row : rows) {
      if (cpu::features().contains(row.required)) {
        results.push_back({name, std::string(row.name), source, check(row)});
      }
    }
  }
  void once(const char* name, const char* source, bool passed) {
    results.push_back({name, "", source, passed});
  }

  std::vector<SelfTest> results;
};

void test_hashes(Runner& runner) {
  struct Known {
    const char* name;
    const crypto::HashAlgorithm& algorithm;
    const char* source;
    const char* digest;
  };
  // The digest of "abc".
  const Known known[] = {
      {"SHA-1", crypto::kSha1, "FIPS 180-4", "a9993e364706816aba3e25717850c26c9cd0d89d"},
      {"SHA-224", crypto::kSha224, "FIPS 180-4", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
      {"SHA-256", crypto::kSha256, "FIPS 180-4",
       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"SHA-384", crypto::kSha384, "FIPS 180-4",
       "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
      {"SHA-512", crypto::kSha512, "FIPS 180-4",
       "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
       "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
      {"SHA3-256", crypto::kSha3_256, "FIPS 202",
       "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
  };
  for (const Known& row : known) {
    runner.each(row.name, row.source, row.algorithm.kernels(), [&](const crypto::HashKernel& kernel) {
      std::uint8_t digest[crypto::kMaxDigestSize];
      crypto::Hash hash(row.algorithm, &kernel);
      return hex(hash.update(bytes_of("abc")).finish(digest)) == row.digest;
    });
  }
  std::uint8_t mac[32];
  const crypto::HmacKey key(crypto::kSha256, bytes_of("Jefe"));
  runner.once("HMAC-SHA-256", "RFC 4231 §4.3",
              hex(key.mac(bytes_of("what do ya want for nothing?"), mac)) ==
                  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

void test_ciphers(Runner& runner) {
  const auto key = unhex("2b7e151628aed2a6abf7158809cf4f3c");
  const auto plain = unhex("6bc1bee22e409f96e93d7e117393172a");
  runner.each("AES-128-CBC", "NIST SP 800-38A §F.2.1", crypto::aes_kernels(),
              [&](const crypto::AesKernel& kernel) {
                auto iv = unhex("000102030405060708090a0b0c0d0e0f");
                auto back = iv;
                std::uint8_t out[16], again[16];
                const auto encryptor = crypto::AesCbcEncryptor::create(key, &kernel);
                const auto decryptor = crypto::AesCbcDecryptor::create(key, &kernel);
                return encryptor && decryptor && encryptor->encrypt(iv, plain, out) &&
                       hex(out) == "7649abac8119b246cee98e9b12e9197d" &&
                       decryptor->decrypt(back, out, again) && equal_public(again, plain);
              });
  // Test case 3 of the GCM specification.
  const auto gcm_key = unhex("feffe9928665731c6d6a8f9467308308");
  const auto nonce = unhex("cafebabefacedbaddecaf888");
  const auto text = unhex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aed"
      "f5aa0d"
      "e657ba637b391aafd255");
  runner.each("AES-128-GCM", "GCM specification, test case 3", crypto::gcm_kernels(),
              [&](const crypto::GcmKernel& kernel) {
                std::uint8_t out[64], again[64], tag[16];
                const auto gcm = crypto::AesGcmKey::create(gcm_key, &kernel);
                if (!gcm || !gcm->seal(nonce, {}, text, out, tag)) {
                  return false;
                }
                const bool sealed = hex(tag) == "4d5c2af327cd64a62cf35abd2ba6fab4" &&
                                    hex(Bytes(out).first(16)) == "42831ec2217774244b7221b784d0d49c";
                const bool opened = gcm->open(nonce, {}, out, tag, again).ok() && equal_public(again, text);
                tag[15] ^= 1;
                return sealed && opened && !gcm->open(nonce, {}, out, tag, again);
              });

  const auto chacha_key = unhex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const auto chacha_nonce = unhex("070000004041424344454647");
  const auto aad = unhex("50515253c0c1c2c3c4c5c6c7");
  const std::string_view sunscreen =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
      "would be it.";
  runner.each("ChaCha20-Poly1305", "RFC 8439 §2.8.2", crypto::chacha_kernels(),
              [&](const crypto::ChaChaKernel& kernel) {
                std::uint8_t out[114], again[114], tag[16];
                const Bytes parts[] = {aad};
                const auto made = crypto::ChaCha20Poly1305Key::create(chacha_key, &kernel);
                if (!made || !made->seal(chacha_nonce, parts, bytes_of(sunscreen), out, tag)) {
                  return false;
                }
                const bool sealed = hex(tag) == "1ae10b594f09e26a7e902ecbd0600691" &&
                                    hex(Bytes(out).first(16)) == "d31a8d34648e60db7b86afbc53ef7ec2";
                const bool opened = made->open(chacha_nonce, parts, out, tag, again).ok() &&
                                    equal_public(again, bytes_of(sunscreen));
                tag[0] ^= 1;
                return sealed && opened && !made->open(chacha_nonce, parts, out, tag, again);
              });
}

void test_curves(Runner& runner) {
  const auto scalar = unhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
  const auto point = unhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
  Secret<32> shared;
  runner.once("X25519", "RFC 7748 §5.2",
              crypto::X25519PrivateKey(scalar).agree(point, shared).ok() &&
                  hex(shared.reveal()) == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");

  const auto seed = unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const auto ed25519 = crypto::Ed25519PrivateKey::create(BytesOf<32>(seed.data(), 32));
  std::uint8_t made[crypto::kEd25519SignatureSize];
  ed25519.sign({}, made);
  const auto ed25519_public = crypto::Ed25519PublicKey::create(ed25519.public_key());
  runner.once("Ed25519", "RFC 8032 §7.1",
              hex(made) ==
                      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
                      "701cf9b46b"
                      "d25bf5f0595bbe24655141438e7a100b" &&
                  ed25519_public && ed25519_public->verify({}, made).ok());

  // The signature of "sample" with SHA-256.
  const auto secret = unhex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
  const auto key = crypto::P256PrivateKey::create(secret);
  std::uint8_t signature[crypto::kP256SignatureSize];
  const crypto::Digest digest = crypto::digest(crypto::kSha256, bytes_of("sample"));
  bool passed = key && key->sign(digest.bytes(), nullptr, signature).ok() &&
                hex(signature) ==
                    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8" &&
                key->public_key().verify(digest.bytes(), signature).ok();
  if (passed) {
    signature[0] ^= 1;
    passed = !key->public_key().verify(digest.bytes(), signature);
  }
  runner.once("ECDSA P-256", "RFC 6979 §A.2.5", passed);
}

// What TLS 1.3 derives its keys with, and its first key exchange, whose keys are its own.
void test_tls13(Runner& runner) {
  const auto input = unhex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
  const auto salt = unhex("000102030405060708090a0b0c");
  const auto info = unhex("f0f1f2f3f4f5f6f7f8f9");
  const Bytes infos[] = {info};
  std::uint8_t out[42];
  runner.once(
      "HKDF-SHA-256", "RFC 5869 §A.1",
      crypto::hkdf(crypto::kSha256, salt, input, infos, out).ok() &&
          hex(out) == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");

  runner.each("ML-KEM-768", "a key of its own, made now", crypto::mlkem_kernels(),
              [](const crypto::MlKemKernel& kernel) {
                using Key = crypto::MlKemDecapsulationKey<crypto::kMlKem768>;
                const crypto::Random random = crypto::system_random();
                const auto key = Key::generate(random, &kernel);
                if (!key) {
                  return false;
                }
                const auto peer = crypto::MlKemEncapsulationKey<crypto::kMlKem768>::create(
                    key->encapsulation_key(), &kernel);
                std::uint8_t ciphertext[Key::kCiphertextSize];
                Secret<crypto::kMlKemSecretSize> sent, opened;
                const bool agreed = peer && peer->encapsulate(random, ciphertext, sent).ok() &&
                                    key->decapsulate(ciphertext, opened).ok() &&
                                    equal_public(opened.reveal(), sent.reveal());
                ciphertext[0] ^= 1;  // gives another secret, and no error (FIPS 203 §6.3)
                return agreed && key->decapsulate(ciphertext, opened).ok() &&
                       !equal_public(opened.reveal(), sent.reveal());
              });
}

// Makes a new key and uses it for a signature and for the premaster secret of RSA key transport.
void test_rsa(Runner& runner) {
  const crypto::Random random = crypto::system_random();
  const auto key = crypto::RsaPrivateKey::generate(2048, random);
  bool passed = key.ok();
  if (passed) {
    const crypto::Digest digest = crypto::digest(crypto::kSha256, bytes_of("sample"));
    std::uint8_t room[crypto::kRsaMaxSize];
    const auto signature = key->sign_pss(crypto::kSha256, digest.bytes(), random, room);
    passed = signature && key->public_key().verify_pss(crypto::kSha256, digest.bytes(), *signature).ok();
    std::uint8_t premaster[48] = {3, 3};
    Secret<48> opened;
    const auto sent = key->public_key().encrypt_pkcs1(random, premaster, room);
    passed = passed && sent && key->decrypt_premaster(random, *sent, 0x0303, opened).ok() &&
             equal_public(opened.reveal(), premaster);
  }
  runner.once("RSA-2048", "a key of its own, made now", passed);
}

}  // namespace

std::vector<SelfTest> run_self_tests() {
  Runner runner;
  test_hashes(runner);
  test_ciphers(runner);
  test_curves(runner);
  test_tls13(runner);
  test_rsa(runner);
  return std::move(runner.results);
}

}  // namespace ashlar::cli
