// SPDX-License-Identifier: Apache-2.0
// RSA (RFC 3279 §2.3.1, RFC 8017): RSAPublicKey and RSAPrivateKey, PKCS#1 v1.5 and PSS, key transport.
#include <ashlar/crypto/rsa.hpp>
#include <ashlar/x509/oids.hpp>

#include "key_kinds/storage.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;
using asn1::Tag;
using crypto::RsaPrivateKey;
using crypto::RsaPublicKey;

namespace {

static_assert(kMaxSignatureSize >= crypto::kRsaMaxSize);

const RsaPublicKey& rsa(const PublicKey& key) {
  return KeyStorage::get<RsaPublicKey>(key);
}
const RsaPrivateKey& rsa(const PrivateKey& key) {
  return KeyStorage::get<RsaPrivateKey>(key);
}

bool is_pss(const SignatureAlgorithm& algorithm) {
  return oids::kRsaPss.is(algorithm.oid);
}

// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
Result<PublicKey> read_public(DerReader bits) {
  ASHLAR_TRY(DerReader numbers, bits.sequence());
  ASHLAR_CHECK(bits.expect_end());
  ASHLAR_TRY(const Bytes modulus, numbers.unsigned_integer());
  ASHLAR_TRY(const Bytes exponent, numbers.unsigned_integer());
  ASHLAR_CHECK(numbers.expect_end());
  ASHLAR_TRY(const RsaPublicKey key, RsaPublicKey::create(modulus, exponent));
  return KeyStorage::make(kRsa, key);
}

Result<Bytes> write_public(const PublicKey& key, MutBytes out) {
  std::uint8_t modulus[crypto::kRsaMaxSize];
  std::uint8_t exponent[8];
  std::uint64_t rest = rsa(key).exponent();
  for (std::size_t i = 8; i-- > 0; rest >>= 8) {
    exponent[i] = static_cast<std::uint8_t>(rest);
  }
  DerWriter writer(out);
  {
    const auto numbers = writer.sequence();
    writer.unsigned_integer(rsa(key).modulus(modulus));
    writer.unsigned_integer(exponent);
  }
  return writer.finish();
}

Result<void> verify(const PublicKey& key, const SignatureMethod& method, const SigningInput& input,
                    Bytes signature) {
  const crypto::HashAlgorithm& hash = *method.algorithm->hash;
  if (!is_pss(*method.algorithm)) {
    return rsa(key).verify_pkcs1(hash, input.digest, signature);
  }
  const bool as_digest = method.salt_size == SignatureMethod::kSaltAsLongAsDigest;
  return rsa(key).verify_pss(hash, input.digest, signature, as_digest ? hash.digest_size : method.salt_size);
}

Result<MutBytes> encrypt(const PublicKey& key, crypto::Random random, Bytes message, MutBytes out) {
  return rsa(key).encrypt_pkcs1(random, message, out);
}

// PKCS#1's second field is a number: the modulus.
Result<bool> is_bare(DerReader fields) {
  ASHLAR_CHECK(fields.small_integer());
  return fields.next_is(Tag::integer);
}

// RSAPrivateKey (RFC 8017 §A.1.2), two primes.
Result<PrivateKey> read_private(DerReader fields) {
  const std::uint32_t offset = fields.offset();
  ASHLAR_TRY(const std::uint32_t version, fields.small_integer());
  if (version != 0) {
    // Version 1 has more than two primes.
    return DerReader::fail_at(version == 1 ? ErrorCode::unsupported_key : ErrorCode::bad_private_key_version,
                              offset);
  }
  crypto::RsaComponents numbers;
  for (Bytes* number :
       {&numbers.modulus, &numbers.public_exponent, &numbers.private_exponent, &numbers.prime1,
        &numbers.prime2, &numbers.exponent1, &numbers.exponent2, &numbers.coefficient}) {
    ASHLAR_TRY(*number, fields.unsigned_integer());
  }
  ASHLAR_CHECK(fields.expect_end());
  ASHLAR_TRY(RsaPrivateKey key, RsaPrivateKey::create(numbers));
  return KeyStorage::make(kRsaPrivate, std::move(key));
}

void write_private(const PrivateKey& key, DerWriter& writer) {
  SecretBuffer<5 * crypto::kRsaMaxSize + 8> storage;
  storage.resize(storage.capacity());
  const crypto::RsaComponents numbers = rsa(key).components(storage.reveal_mut());
  const auto fields = writer.sequence();
  writer.small_integer(0);
  for (const Bytes number :
       {numbers.modulus, numbers.public_exponent, numbers.private_exponent, numbers.prime1, numbers.prime2,
        numbers.exponent1, numbers.exponent2, numbers.coefficient}) {
    writer.unsigned_integer(number);
  }
}

Result<PrivateKey> generate(std::size_t bits, crypto::Random random, const KeyProgress* progress) {
  RsaPrivateKey::Progress told{};
  if (progress != nullptr) {
    told = {progress->candidate, progress->context};
  }
  ASHLAR_TRY(RsaPrivateKey key, RsaPrivateKey::generate(bits, random, progress != nullptr ? &told : nullptr));
  return KeyStorage::make(kRsaPrivate, std::move(key));
}

Result<Bytes> sign(const PrivateKey& key, const SignatureAlgorithm& algorithm, const SigningInput& input,
                   crypto::Random random, MutBytes out) {
  if (out.size() < rsa(key).size()) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  ASHLAR_TRY(const MutBytes signature, is_pss(algorithm)
                                           ? rsa(key).sign_pss(*algorithm.hash, input.digest, random, out)
                                           : rsa(key).sign_pkcs1(*algorithm.hash, input.digest, random, out));
  return Bytes(signature);
}

Result<void> decrypt_premaster(const PrivateKey& key, crypto::Random random, Bytes ciphertext,
                               std::uint16_t client_version, Secret<48>& premaster) {
  return rsa(key).decrypt_premaster(random, ciphertext, client_version, premaster);
}

constexpr KeySize kSizes[] = {{"rsa:2048", 2048}, {"rsa:3072", 3072}, {"rsa:4096", 4096}, {"rsa:8192", 8192}};

}  // namespace

constinit const KeyKind kRsa = {
    .name = "RSA",
    .algorithm = oids::kRsaEncryption,
    .curve = {},
    .no_parameters = false,
    .object_size = sizeof(RsaPublicKey),
    .max_signature_size = crypto::kRsaMaxSize,
    .bits = [](const PublicKey& key) { return rsa(key).bits(); },
    .read = read_public,
    .write = write_public,
    .verify = verify,
    .encrypt = encrypt,
    .public_exponent = [](const PublicKey& key) { return rsa(key).exponent(); },
    .tls_certificate_type = 1,  // rsa_sign
    .tls_curve = 0,
};

constinit const PrivateKeyKind kRsaPrivate = {
    .kind = kRsa,
    .object_size = sizeof(RsaPrivateKey),
    .sizes = kSizes,
    .issues_with = kRsaPkcs1Sha256,
    .inconsistent = ErrorCode::inconsistent_rsa_key,
    .is_bare = is_bare,
    .content = Tag::sequence,
    .read = read_private,
    .place = Place::rsa_private_key,
    .write = write_private,
    .public_key = [](const PrivateKey& key) { return KeyStorage::make(kRsa, rsa(key).public_key()); },
    .generate = generate,
    .sign = sign,
    .decrypt_premaster = decrypt_premaster,
    .relocate = KeyStorage::relocate<RsaPrivateKey>,
    .destroy = KeyStorage::destroy<RsaPrivateKey>,
};

}  // namespace ashlar::x509
