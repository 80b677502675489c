// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/pem.hpp>
#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/pbkdf2.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/encrypted_key.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;
using asn1::Element;
using asn1::Tag;

namespace {

constexpr std::size_t kBlock = crypto::kAesBlockSize;
constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kMaxKey = 32;

// The pseudorandom functions of PBKDF2 (RFC 8018 §B.1). HMAC with SHA-1 is sound here.
struct Prf {
  asn1::Oid oid;
  const crypto::HashAlgorithm& hash;
};
constexpr Prf kPrfs[] = {
    {oids::kHmacWithSha1, crypto::kSha1},
    {oids::kHmacWithSha256, crypto::kSha256},
    {oids::kHmacWithSha384, crypto::kSha384},
    {oids::kHmacWithSha512, crypto::kSha512},
};

// The ciphers (RFC 8018 §B.2.5).
struct Cipher {
  asn1::Oid oid;
  std::size_t key_size;
};
constexpr Cipher kCiphers[] = {{oids::kAes128Cbc, 16}, {oids::kAes192Cbc, 24}, {oids::kAes256Cbc, 32}};

template <class Row, std::size_t N>
const Row* row_of(const Row (&rows)[N], Bytes oid) {
  for (const Row& row : rows) {
    if (row.oid.is(oid)) {
      return &row;
    }
  }
  return nullptr;
}

Error unsupported(std::uint32_t offset) {
  return DerReader::fail_at(ErrorCode::unsupported_key_encryption, offset);
}

Result<DerReader> parameters_of(const AlgorithmIdentifier& algorithm) {
  if (!algorithm.parameters || algorithm.parameters->tag != Tag::sequence) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, algorithm.offset);
  }
  return DerReader(*algorithm.parameters);
}

// keyLength INTEGER OPTIONAL. It must be the cipher's.
Result<void> check_key_length(DerReader& fields, std::size_t wanted) {
  if (!fields.next_is(Tag::integer)) {
    return {};
  }
  const std::uint32_t offset = fields.offset();
  ASHLAR_TRY(const std::uint32_t found, fields.small_integer());
  if (found != wanted) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, offset);
  }
  return {};
}

struct Pbkdf2 {
  Bytes salt;
  std::uint32_t iterations;
  const crypto::HashAlgorithm* prf;
};

// PBKDF2-params (RFC 8018 §A.2): the salt itself, iterationCount, keyLength OPTIONAL, prf DEFAULT
// hmacWithSHA1.
Result<Pbkdf2> read_pbkdf2(const AlgorithmIdentifier& algorithm, std::size_t key_size) {
  ASHLAR_TRY(DerReader fields, parameters_of(algorithm));
  Pbkdf2 found{{}, 0, &crypto::kSha1};
  if (fields.next_is(Tag::sequence)) {
    return unsupported(fields.offset());  // an otherSource salt
  }
  ASHLAR_TRY(found.salt, fields.octet_string());
  const std::uint32_t offset = fields.offset();
  ASHLAR_TRY(found.iterations, fields.small_integer());
  if (found.iterations == 0) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, offset);
  }
  if (found.iterations > kMaxKeyIterations) {
    return DerReader::fail_at(ErrorCode::key_encryption_too_costly, offset);
  }
  ASHLAR_CHECK(check_key_length(fields, key_size));
  if (!fields.empty()) {
    const std::uint32_t prf_offset = fields.offset();
    ASHLAR_TRY(const AlgorithmIdentifier prf, read_algorithm_identifier(fields));
    const Prf* const row = row_of(kPrfs, prf.oid);
    if (row == nullptr) {
      return unsupported(prf_offset);
    }
    if (prf.parameters && prf.parameters->tag != Tag::null) {
      return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, prf_offset);
    }
    found.prf = &row->hash;
  }
  ASHLAR_CHECK(fields.expect_end());
  return found;
}

bool is_affordable(const crypto::ScryptCost& cost) {
  const auto memory = crypto::scrypt_workspace_size(cost);
  return memory && 128 * cost.n * cost.r <= kMaxKeyScryptMemory &&
         128 * std::uint64_t{cost.r} * cost.p <= kMaxKeyScryptBlocks &&
         cost.n * cost.r * cost.p <= kMaxKeyScryptWork;
}

struct Scrypt {
  Bytes salt;
  crypto::ScryptCost cost;
};

// scrypt-params (RFC 7914 §7.1): salt, N, r, p, keyLength OPTIONAL.
Result<Scrypt> read_scrypt(const AlgorithmIdentifier& algorithm, std::size_t key_size) {
  ASHLAR_TRY(DerReader fields, parameters_of(algorithm));
  Scrypt found{};
  ASHLAR_TRY(found.salt, fields.octet_string());
  const std::uint32_t offset = fields.offset();
  ASHLAR_TRY(found.cost.n, fields.small_integer());
  ASHLAR_TRY(found.cost.r, fields.small_integer());
  ASHLAR_TRY(found.cost.p, fields.small_integer());
  const bool power_of_two = found.cost.n > 1 && (found.cost.n & (found.cost.n - 1)) == 0;
  if (!power_of_two || found.cost.r == 0 || found.cost.p == 0) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, offset);
  }
  if (!is_affordable(found.cost)) {
    return DerReader::fail_at(ErrorCode::key_encryption_too_costly, offset);
  }
  ASHLAR_CHECK(check_key_length(fields, key_size));
  ASHLAR_CHECK(fields.expect_end());
  return found;
}

Result<void> derive(const crypto::HashAlgorithm* prf, std::uint32_t iterations,
                    const crypto::ScryptCost& cost, Bytes passphrase, Bytes salt, MutBytes workspace,
                    MutBytes key) {
  return prf != nullptr ? crypto::pbkdf2(*prf, passphrase, salt, iterations, key)
                        : crypto::scrypt(passphrase, salt, cost, workspace, key);
}

// The bytes before the padding (RFC 8018 §6.1.1): 1 to 16 bytes that each hold their number. It shows whether
// all were right, but not which were wrong.
Result<std::size_t> size_without_padding(Bytes text) {
  const std::uint8_t last = text.back();
  ct::Mask good = ~ct::is_zero(last) & ~ct::less(kBlock, last);
  for (std::size_t i = 1; i <= kBlock; i++) {
    const ct::Mask inside = ~ct::less(last, i);
    good &= ~inside | ct::equal(text[text.size() - i], last);
  }
  // From here it is public whether the passphrase was right, and the size of the key.
  if (!good.declassify()) {
    return ErrorCode::wrong_passphrase;
  }
  std::uint8_t size = last;
  ct::declassify(&size, 1);
  return text.size() - size;
}

// Whether this looks like a PrivateKeyInfo or OneAsymmetricKey: only then is a further error the key's own.
bool is_private_key_info(Bytes der) {
  DerReader input(der);
  auto key = input.sequence();
  return key && input.empty() && key->small_integer() && key->next_is(Tag::sequence);
}

}  // namespace

Result<EncryptedKey> EncryptedKey::parse_der(Bytes der) {
  DerReader input(der);
  ASHLAR_TRY(DerReader info, at(Place::encrypted_key, input.sequence()));
  ASHLAR_CHECK(at(Place::encrypted_key, input.expect_end()));
  if (info.next_is(Tag::integer)) {
    return ErrorCode::key_not_encrypted;
  }
  EncryptedKey key;
  const auto read_algorithm = [&]() -> Result<void> {
    ASHLAR_TRY(const AlgorithmIdentifier scheme, read_algorithm_identifier(info));
    if (!oids::kPbes2.is(scheme.oid)) {
      return unsupported(scheme.offset);
    }
    ASHLAR_TRY(DerReader parts, parameters_of(scheme));
    ASHLAR_TRY(const AlgorithmIdentifier derivation, read_algorithm_identifier(parts));
    ASHLAR_TRY(const AlgorithmIdentifier encryption, read_algorithm_identifier(parts));
    ASHLAR_CHECK(parts.expect_end());
    const Cipher* const cipher = row_of(kCiphers, encryption.oid);
    if (cipher == nullptr) {
      return unsupported(encryption.offset);
    }
    const auto& iv = encryption.parameters;
    if (!iv || iv->tag != Tag::octet_string || iv->content.size() != kBlock) {
      return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, encryption.offset);
    }
    key.iv_ = iv->content;
    key.key_size_ = cipher->key_size;
    if (oids::kPbkdf2.is(derivation.oid)) {
      ASHLAR_TRY(const Pbkdf2 found, read_pbkdf2(derivation, cipher->key_size));
      key.prf_ = found.prf;
      key.iterations_ = found.iterations;
      key.salt_ = found.salt;
      return {};
    }
    if (!oids::kScrypt.is(derivation.oid)) {
      return unsupported(derivation.offset);
    }
    ASHLAR_TRY(const Scrypt found, read_scrypt(derivation, cipher->key_size));
    key.cost_ = found.cost;
    key.salt_ = found.salt;
    ASHLAR_TRY(key.workspace_size_, crypto::scrypt_workspace_size(found.cost));
    return {};
  };
  ASHLAR_CHECK(at(Place::encrypted_key_algorithm, read_algorithm()));
  const std::uint32_t offset = info.offset();
  ASHLAR_TRY(key.ciphertext_, at(Place::encrypted_key, info.octet_string()));
  ASHLAR_CHECK(at(Place::encrypted_key, info.expect_end()));
  if (key.ciphertext_.empty() || key.ciphertext_.size() % kBlock != 0) {
    return DerReader::fail_at(ErrorCode::not_block_multiple, offset).at(Place::encrypted_key);
  }
  return key;
}

Result<EncryptedKey> EncryptedKey::parse_pem(std::string_view text, MutBytes der) {
  constexpr std::string_view kEnd = "PRIVATE KEY";
  asn1::PemReader reader(text);
  while (true) {
    ASHLAR_TRY(const asn1::PemText block, reader.next_text());
    if (block.label.empty()) {
      return ErrorCode::no_private_key;
    }
    if (block.label == "ENCRYPTED PRIVATE KEY") {
      ASHLAR_TRY(const MutBytes decoded, block.decode(der));
      return parse_der(decoded);
    }
    if (block.label.size() < kEnd.size() ||
        std::string_view(block.label.data() + block.label.size() - kEnd.size(), kEnd.size()) != kEnd) {
      continue;
    }
    // Headers say how a key in the old form is encrypted (RFC 1421 §4.6).
    return block.body.find("Proc-Type:") != std::string_view::npos ? ErrorCode::unsupported_key_encryption
                                                                   : ErrorCode::key_not_encrypted;
  }
}

Result<PrivateKey> EncryptedKey::open(Bytes passphrase, MutBytes workspace,
                                      std::span<const PrivateKeyKind* const> kinds) const {
  if (ciphertext_.size() > kMaxEncryptedKeySize) {
    return Error{ErrorCode::bad_key_size, Place::encrypted_key,
                 static_cast<std::uint32_t>(ciphertext_.size())};
  }
  Secret<kMaxKey> key;
  const MutBytes used = MutBytes(key.reveal_mut()).first(key_size_);
  ASHLAR_CHECK(derive(prf_, iterations_, cost_, passphrase, salt_, workspace, used));
  ASHLAR_TRY(const crypto::AesCbcDecryptor decryptor, crypto::AesCbcDecryptor::create(used));
  SecretBuffer<kMaxEncryptedKeySize> text;
  text.resize(ciphertext_.size());
  std::uint8_t chain[kBlock];
  copy_bytes(chain, iv_);
  ASHLAR_CHECK(decryptor.decrypt(chain, ciphertext_, text.reveal_mut()));
  ASHLAR_TRY(const std::size_t size, size_without_padding(text.reveal()));
  if (!is_private_key_info(text.reveal().first(size))) {
    return ErrorCode::wrong_passphrase;
  }
  return PrivateKey::parse_der(text.reveal().first(size), kinds);
}

Result<std::size_t> key_encryption_workspace_size(const KeyEncryption& how) {
  if (how.scrypt) {
    if (!is_affordable(*how.scrypt)) {
      return ErrorCode::invalid_argument;
    }
    return crypto::scrypt_workspace_size(*how.scrypt);
  }
  if (how.iterations == 0 || how.iterations > kMaxKeyIterations) {
    return ErrorCode::invalid_argument;
  }
  return std::size_t{0};
}

namespace {

void write_derivation(DerWriter& writer, const KeyEncryption& how, Bytes salt) {
  const auto algorithm = writer.sequence();
  writer.oid(how.scrypt ? oids::kScrypt : oids::kPbkdf2);
  const auto parameters = writer.sequence();
  writer.octet_string(salt);
  if (how.scrypt) {
    writer.small_integer(static_cast<std::uint32_t>(how.scrypt->n));
    writer.small_integer(how.scrypt->r);
    writer.small_integer(how.scrypt->p);
    return;
  }
  writer.small_integer(how.iterations);
  const auto prf = writer.sequence();
  writer.oid(oids::kHmacWithSha256);
  writer.null();
}

}  // namespace

Result<Bytes> write_encrypted_key(const PrivateKey& key, Bytes passphrase, const KeyEncryption& how,
                                  crypto::Random random, MutBytes workspace, MutBytes out) {
  if (passphrase.empty()) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_CHECK(key_encryption_workspace_size(how));
  SecretBuffer<kMaxPrivateKeySize + kBlock> storage;
  storage.resize(storage.capacity());
  const MutBytes room = storage.reveal_mut();
  ASHLAR_TRY(const MutBytes plain, key.write_pkcs8(room.first(kMaxPrivateKeySize)));
  const std::size_t padding = kBlock - plain.size() % kBlock;
  const MutBytes text = room.first(plain.size() + padding);
  for (std::uint8_t& byte : text.subspan(plain.size())) {
    byte = static_cast<std::uint8_t>(padding);
  }

  std::uint8_t salt[kSaltSize], iv[kBlock], chain[kBlock];
  ASHLAR_CHECK(random.fill(salt));
  ASHLAR_CHECK(random.fill(iv));
  Secret<kMaxKey> secret;
  const crypto::HashAlgorithm* const prf = how.scrypt ? nullptr : &crypto::kSha256;
  ASHLAR_CHECK(derive(prf, how.iterations, how.scrypt.value_or(crypto::ScryptCost{}), passphrase, salt,
                      workspace, secret.reveal_mut()));
  ASHLAR_TRY(const crypto::AesCbcEncryptor encryptor, crypto::AesCbcEncryptor::create(secret.reveal()));
  copy_bytes(chain, iv);
  ASHLAR_CHECK(encryptor.encrypt(chain, text, text));

  DerWriter writer(out);
  {
    const auto info = writer.sequence();
    {
      const auto scheme = writer.sequence();
      writer.oid(oids::kPbes2);
      const auto parameters = writer.sequence();
      write_derivation(writer, how, salt);
      const auto cipher = writer.sequence();
      writer.oid(oids::kAes256Cbc);
      writer.octet_string(iv);
    }
    writer.octet_string(text);
  }
  return writer.finish();
}

}  // namespace ashlar::x509
