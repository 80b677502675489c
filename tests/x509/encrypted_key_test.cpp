// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/pem.hpp>
#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/pbkdf2.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/encrypted_key.hpp>
#include <ashlar/x509/oids.hpp>

#include "catch.hpp"
#include "support/certificates.hpp"
#include "support/command.hpp"
#include "support/describe.hpp"
#include "support/skip.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;
using asn1::DerWriter;

namespace {

Buffer pkcs8(const PrivateKey& key) {
  Buffer out(kMaxPrivateKeySize);
  const auto written = key.write_pkcs8(out);
  REQUIRE(written);
  out.resize(written->size());
  return out;
}

// Opens with exactly the needed workspace.
Result<PrivateKey> open(const EncryptedKey& key, std::string_view passphrase) {
  Buffer workspace(key.workspace_size());
  return key.open(bytes_of(passphrase), workspace);
}

std::string opened(const Buffer& der, std::string_view passphrase = "secret") {
  const auto key = EncryptedKey::parse_der(der);
  if (!key) {
    return std::string(error_row(key.error().code)->name);
  }
  const auto inner = open(*key, passphrase);
  return inner ? "ok" : std::string(error_row(inner.error().code)->name);
}

// An EncryptedPrivateKeyInfo in parts. A test may change each part.
struct Parts {
  asn1::Oid scheme = oids::kPbes2;
  asn1::Oid derivation = oids::kPbkdf2;
  Buffer salt = {1, 2, 3, 4, 5, 6, 7, 8};
  std::optional<std::uint32_t> iterations = 2;
  std::optional<std::uint32_t> key_length;
  std::optional<asn1::Oid> prf = oids::kHmacWithSha256;
  Buffer prf_parameters = {0x05, 0x00};
  Buffer derivation_parameters;  // instead of the four above
  asn1::Oid cipher = oids::kAes256Cbc;
  Buffer iv = Buffer(16, 7);
  Buffer text;      // the plaintext, already padded
  Buffer trailing;  // behind the ciphertext
};

Buffer padded(Buffer text) {
  const std::size_t count = 16 - text.size() % 16;
  text.insert(text.end(), count, static_cast<std::uint8_t>(count));
  return text;
}

Parts parts_of(const PrivateKey& key) {
  Parts parts;
  parts.text = padded(pkcs8(key));
  return parts;
}

// Encrypted under "secret", by PBKDF2 with two rounds of HMAC-SHA-256 and AES-256-CBC.
Buffer build(const Parts& parts) {
  std::uint8_t key[32], chain[16];
  REQUIRE(crypto::pbkdf2(crypto::kSha256, bytes_of("secret"), parts.salt, 2, key));
  const auto encryptor = crypto::AesCbcEncryptor::create(key);
  Buffer text = parts.text;
  std::copy_n(Buffer(16, 7).begin(), 16, chain);
  REQUIRE(encryptor->encrypt(chain, text, text));
  return der([&](DerWriter& w) {
    const auto info = w.sequence();
    {
      const auto scheme = w.sequence();
      w.oid(parts.scheme);
      const auto both = w.sequence();
      {
        const auto derivation = w.sequence();
        w.oid(parts.derivation);
        if (!parts.derivation_parameters.empty()) {
          w.raw(parts.derivation_parameters);
        } else {
          const auto fields = w.sequence();
          w.octet_string(parts.salt);
          if (parts.iterations) {
            w.small_integer(*parts.iterations);
          }
          if (parts.key_length) {
            w.small_integer(*parts.key_length);
          }
          if (parts.prf) {
            const auto prf = w.sequence();
            w.oid(*parts.prf);
            w.raw(parts.prf_parameters);
          }
        }
      }
      const auto cipher = w.sequence();
      w.oid(parts.cipher);
      w.octet_string(parts.iv);
    }
    w.octet_string(text);
    w.raw(parts.trailing);
  });
}

template <class Change>
std::string with(Change change) {
  Parts parts = parts_of(p256_key());
  change(parts);
  return opened(build(parts));
}

}  // namespace

TEST_CASE("encrypted keys: what is written is read with its passphrase, and with no other", "[x509]") {
  crypto::DeterministicRandom random(5);
  for (const PrivateKey* key : {&p256_key(), &p384_key(), &rsa2048_key()}) {
    for (const bool scrypt : {false, true}) {
      KeyEncryption how;
      how.iterations = 1000;
      if (scrypt) {
        how.scrypt = crypto::ScryptCost{1024, 8, 1};
      }
      const auto size = key_encryption_workspace_size(how);
      REQUIRE(size);
      CHECK((*size == 0) == !scrypt);
      Buffer workspace(*size), storage(kMaxEncryptedKeySize);
      const auto written =
          write_encrypted_key(*key, bytes_of("correct horse"), how, random.random(), workspace, storage);
      REQUIRE(written);
      const auto read = EncryptedKey::parse_der(*written);
      REQUIRE(read);
      CHECK(read->workspace_size() == *size);
      const auto back = open(*read, "correct horse");
      REQUIRE(back);
      CHECK_BYTES(pkcs8(*back), pkcs8(*key));
      CHECK(open(*read, "correct horsf").error() == ErrorCode::wrong_passphrase);
      CHECK(open(*read, "").error() == ErrorCode::wrong_passphrase);
      if (scrypt) {
        Buffer less(*size - 1);
        CHECK(read->open(bytes_of("correct horse"), less).error() == ErrorCode::buffer_too_small);
      }
      // The same key under another kind's set.
      constexpr const PrivateKeyKind* kNone[] = {&kP384Private};
      if (key == &p256_key()) {
        Buffer room(*size);
        CHECK(read->open(bytes_of("correct horse"), room, kNone).error() == ErrorCode::unsupported_key);
      }
      // Salt and IV are new each time.
      Buffer again_storage(kMaxEncryptedKeySize);
      const auto again = write_encrypted_key(*key, bytes_of("correct horse"), how, random.random(), workspace,
                                             again_storage);
      REQUIRE(again);
      CHECK(!equal_public(*again, *written));
      // Derived data does not stay in the workspace.
      CHECK(std::count(workspace.begin(), workspace.end(), std::uint8_t{0}) ==
            static_cast<std::ptrdiff_t>(workspace.size()));
    }
  }
  Buffer storage(kMaxEncryptedKeySize);
  CHECK(write_encrypted_key(p256_key(), {}, {}, random.random(), {}, storage).error() ==
        ErrorCode::invalid_argument);
  CHECK(write_encrypted_key(p256_key(), bytes_of("x"), {1, {}}, random.random(), {},
                            MutBytes(storage).first(99))
            .error() == ErrorCode::buffer_too_small);
}

TEST_CASE("encrypted keys: salt and initial vector are what was drawn for each", "[x509]") {
  crypto::DeterministicRandom random(6), same(6);
  Buffer storage(kMaxEncryptedKeySize);
  const auto written = write_encrypted_key(p256_key(), bytes_of("x"), {1, {}}, random.random(), {}, storage);
  REQUIRE(written);
  for (int draw = 0; draw < 2; draw++) {
    Buffer octets = {0x04, 16};
    octets.resize(18);
    REQUIRE(same.random().fill(MutBytes(octets).subspan(2)));
    CHECK(std::search(written->begin(), written->end(), octets.begin(), octets.end()) != written->end());
  }
}

TEST_CASE("encrypted keys: costs that may be asked for, and those that may not", "[x509]") {
  const auto size = [](KeyEncryption how) { return bool(key_encryption_workspace_size(how)); };
  CHECK(size({}));
  CHECK(size({kMaxKeyIterations, {}}));
  CHECK(!size({kMaxKeyIterations + 1, {}}));
  CHECK(!size({0, {}}));
  CHECK(size({1, crypto::ScryptCost{1 << 18, 8, 4}}));
  CHECK(!size({1, crypto::ScryptCost{1 << 18, 8, 5}}));  // work
  CHECK(!size({1, crypto::ScryptCost{1 << 19, 8, 1}}));  // memory
  CHECK(size({1, crypto::ScryptCost{2, 1, 1 << 13}}));
  CHECK(!size({1, crypto::ScryptCost{2, 1, (1 << 13) + 1}}));  // memory for blocks
  CHECK(!size({1, crypto::ScryptCost{3, 8, 1}}));
}

TEST_CASE("A16 encrypted keys: one part wrong at a time", "[x509]") {
  CHECK(with([](Parts&) {}) == "ok");
  // The scheme and its parts.
  CHECK(with([](Parts& p) { p.scheme = asn1::oid("1.2.840.113549.1.5.10"); }) ==
        "unsupported_key_encryption");
  CHECK(with([](Parts& p) { p.derivation = asn1::oid("1.2.840.113549.1.5.11"); }) ==
        "unsupported_key_encryption");
  CHECK(with([](Parts& p) { p.cipher = asn1::oid("1.2.840.113549.3.7"); }) == "unsupported_key_encryption");
  CHECK(with([](Parts& p) { p.prf = asn1::oid("1.2.840.113549.2.8"); }) == "unsupported_key_encryption");
  // An absent prf means SHA-1, which gives another key. Absent and NULL parameters mean the same; others are
  // errors.
  CHECK(with([](Parts& p) { p.prf.reset(); }) == "wrong_passphrase");
  CHECK(with([](Parts& p) { p.prf_parameters.clear(); }) == "ok");
  CHECK(with([](Parts& p) { p.prf_parameters = {0x02, 0x01, 0x00}; }) == "bad_algorithm_parameters");
  // Counts and lengths.
  CHECK(with([](Parts& p) { p.iterations = 3; }) == "wrong_passphrase");
  CHECK(with([](Parts& p) { p.iterations = 0; }) == "bad_algorithm_parameters");
  CHECK(with([](Parts& p) { p.iterations = kMaxKeyIterations + 1; }) == "key_encryption_too_costly");
  CHECK(with([](Parts& p) { p.iterations.reset(); }) == "der_unexpected_tag");
  CHECK(with([](Parts& p) { p.key_length = 32; }) == "ok");
  CHECK(with([](Parts& p) { p.key_length = 16; }) == "bad_algorithm_parameters");
  CHECK(with([](Parts& p) { p.iv.push_back(0); }) == "bad_algorithm_parameters");
  CHECK(with([](Parts& p) { p.iv[0] ^= 1; }) == "wrong_passphrase");
  CHECK(with([](Parts& p) { p.salt.clear(); }) == "ok");
  // An otherSource salt.
  CHECK(with([](Parts& p) { p.derivation_parameters = unhex("300a3005060355040302010a"); }) ==
        "unsupported_key_encryption");
  CHECK(with([](Parts& p) { p.derivation_parameters = unhex("0500"); }) == "bad_algorithm_parameters");
  // The ciphertext.
  CHECK(with([](Parts& p) { p.trailing = {0x05, 0x00}; }) == "trailing_data");
  CHECK(with([](Parts& p) { p.text.clear(); }) == "not_block_multiple");
  Buffer cut = build(parts_of(p256_key()));
  cut.push_back(0);
  CHECK(opened(cut) == "trailing_data");
  CHECK(opened(pkcs8(p256_key())) == "key_not_encrypted");
}

TEST_CASE("encrypted keys: every byte of the padding counts", "[x509]") {
  const Buffer plain = pkcs8(p256_key());
  const std::size_t count = 16 - plain.size() % 16;
  REQUIRE(count > 1);
  for (std::size_t i = 1; i <= count; i++) {
    CHECK(with([&](Parts& p) { p.text[p.text.size() - i] ^= 1; }) == "wrong_passphrase");
  }
  CHECK(with([&](Parts& p) { p.text.back() = 0; }) == "wrong_passphrase");
  CHECK(with([&](Parts& p) { p.text.back() = 17; }) == "wrong_passphrase");
  // A whole block of padding, and a text of only padding.
  CHECK(with([](Parts& p) { p.text = Buffer(16, 16); }) == "wrong_passphrase");
  CHECK(with([](Parts& p) { p.text = padded(Buffer(16, 1)); }) == "wrong_passphrase");
  // The content is a key, but a wrong one. The error says so.
  CHECK(with([&](Parts& p) {
          Buffer wrong = plain;
          wrong.back() ^= 1;
          p.text = padded(wrong);
        }) == "bad_ec_private_key");
}

TEST_CASE("encrypted keys: scrypt's parameters are bounded", "[x509]") {
  const auto scrypt = [](const std::string& hex) {
    return with([&](Parts& p) {
      p.derivation = oids::kScrypt;
      p.derivation_parameters = unhex(hex);
    });
  };
  CHECK(scrypt("300d04020102020102020108020101") == "wrong_passphrase");
  CHECK(scrypt("301004020102020102020108020101020120") == "wrong_passphrase");
  CHECK(scrypt("301004020102020102020108020101020110") == "bad_algorithm_parameters");
  CHECK(scrypt("300d04020102020103020108020101") == "bad_algorithm_parameters");  // not a power of two
  CHECK(scrypt("300d04020102020101020108020101") == "bad_algorithm_parameters");
  CHECK(scrypt("300d04020102020102020100020101") == "bad_algorithm_parameters");
  CHECK(scrypt("300d04020102020102020108020100") == "bad_algorithm_parameters");
  CHECK(scrypt("300f0402010202030800000201080201"
               "01") == "key_encryption_too_costly");
  CHECK(scrypt("300f04010202020200020104020310000"
               "0") == "key_encryption_too_costly");
  // Little work, but 512 MiB: n = 2, r = 1, p = 2^22.
  CHECK(scrypt("300f0402010202010202010102034000"
               "00") == "key_encryption_too_costly");
}

TEST_CASE("encrypted keys: PEM", "[x509]") {
  const auto code = [](std::string_view text) {
    Buffer room(kMaxEncryptedKeySize);
    const auto key = EncryptedKey::parse_pem(text, room);
    return key ? ErrorCode{} : key.error().code;
  };
  const auto pem = [](std::string_view label, Bytes der) {
    std::string text(asn1::pem_encoded_size(label, der.size()), '?');
    REQUIRE(asn1::write_pem(label, der, text));
    return text;
  };
  const std::string good = pem("ENCRYPTED PRIVATE KEY", build(parts_of(p256_key())));
  CHECK(code(good) == ErrorCode{});
  CHECK(code(pem("CERTIFICATE", Buffer{1}) + good) == ErrorCode{});
  CHECK(code(pem("PRIVATE KEY", pkcs8(p256_key())) + good) == ErrorCode::key_not_encrypted);
  CHECK(code(pem("CERTIFICATE", Buffer{1})) == ErrorCode::no_private_key);
  CHECK(code("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
             "-----END RSA PRIVATE KEY-----\n") == ErrorCode::unsupported_key_encryption);
}

TEST_CASE("encrypted keys: openssl reads ours, and we read its", "[x509]") {
  if (!has_program("openssl")) {
    SKIP_CASE("openssl is not installed");
  }
  std::string plain(asn1::pem_encoded_size("PRIVATE KEY", pkcs8(p256_key()).size()), '?');
  REQUIRE(asn1::write_pem("PRIVATE KEY", pkcs8(p256_key()), plain));
  std::string ways;
  for (const std::string cipher : {"aes-128-cbc", "aes-192-cbc", "aes-256-cbc"}) {
    for (const std::string prf : {"hmacWithSHA1", "hmacWithSHA256", "hmacWithSHA384", "hmacWithSHA512"}) {
      ways += "-v2 " + cipher + " -v2prf " + prf + "\n";
    }
    ways += "-v2 " + cipher + " -scrypt -scrypt_N 1024 -scrypt_r 8 -scrypt_p 2\n";
  }
  std::istringstream lines(ways);
  for (std::string way; std::getline(lines, way);) {
    INFO(way);
    const std::string text =
        output_of("echo '" + plain + "' | openssl pkcs8 -topk8 " + way + " -passout pass:open 2>/dev/null");
    Buffer room(kMaxEncryptedKeySize);
    const auto key = EncryptedKey::parse_pem(text, room);
    INFO(sentence_of(key));
    REQUIRE(key);
    const auto back = open(*key, "open");
    REQUIRE(back);
    CHECK_BYTES(pkcs8(*back), pkcs8(p256_key()));
  }
  crypto::DeterministicRandom random(6);
  for (const bool scrypt : {false, true}) {
    KeyEncryption how{1000, {}};
    if (scrypt) {
      how.scrypt = crypto::ScryptCost{1024, 8, 1};
    }
    Buffer workspace(*key_encryption_workspace_size(how)), storage(kMaxEncryptedKeySize);
    const auto written =
        write_encrypted_key(p256_key(), bytes_of("open"), how, random.random(), workspace, storage);
    REQUIRE(written);
    std::string text(asn1::pem_encoded_size("ENCRYPTED PRIVATE KEY", written->size()), '?');
    REQUIRE(asn1::write_pem("ENCRYPTED PRIVATE KEY", *written, text));
    CHECK(output_of("echo '" + text + "' | openssl pkey -passin pass:open 2>/dev/null") == plain);
  }
}
