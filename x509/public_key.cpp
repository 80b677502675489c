// SPDX-License-Identifier: Apache-2.0
// SubjectPublicKeyInfo in and out (RFC 5280 §4.1.2.7, RFC 3279 §2.3, RFC 5480 §2), and signatures checked.
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/x509/keys.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"
#include "signature.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;
using asn1::Tag;

namespace {

// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }; `key` is the BIT STRING's content.
Result<PublicKey> read_rsa(DerReader key) {
  ASHLAR_TRY(DerReader numbers, key.sequence());
  ASHLAR_CHECK(key.expect_end());
  ASHLAR_TRY(const Bytes modulus, numbers.unsigned_integer());
  ASHLAR_TRY(const Bytes exponent, numbers.unsigned_integer());
  ASHLAR_CHECK(numbers.expect_end());
  ASHLAR_TRY(crypto::RsaPublicKey rsa, crypto::RsaPublicKey::create(modulus, exponent));
  return PublicKey(rsa);
}

Result<PublicKey> read_p256(DerReader key) {
  ASHLAR_TRY(crypto::P256PublicKey point, crypto::P256PublicKey::create(key.peek()));
  return PublicKey(point);
}

Result<PublicKey> read_p384(DerReader key) {
  ASHLAR_TRY(crypto::P384PublicKey point, crypto::P384PublicKey::create(key.peek()));
  return PublicKey(point);
}

// The kinds of keys; ECDSA's by the curve that the parameters name.
struct Kind {
  KeyType type;
  asn1::Oid algorithm;
  asn1::Oid curve;  // empty: the parameters are NULL
  std::string_view name;
  Result<PublicKey> (*read)(DerReader key);
};
constexpr Kind kKinds[] = {
    {KeyType::rsa, oids::kRsaEncryption, {}, "RSA", read_rsa},
    {KeyType::p256, oids::kEcPublicKey, oids::kP256, "ECDSA P-256", read_p256},
    {KeyType::p384, oids::kEcPublicKey, oids::kP384, "ECDSA P-384", read_p384},
};

Result<const Kind*> kind_of(const AlgorithmIdentifier& identifier) {
  const auto& parameters = identifier.parameters;
  if (oids::kRsaEncryption.is(identifier.oid)) {
    if (!parameters || parameters->tag != Tag::null) {
      return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.offset);
    }
    return &kKinds[0];
  }
  if (oids::kEcPublicKey.is(identifier.oid)) {
    if (parameters && parameters->tag == Tag::sequence) {
      return DerReader::fail_at(ErrorCode::explicit_curve_parameters, identifier.offset);
    }
    if (!parameters || parameters->tag != Tag::oid) {
      return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.offset);
    }
    for (const Kind& kind : kKinds) {
      if (kind.curve.size != 0 && kind.curve.is(parameters->content)) {
        return &kind;
      }
    }
  }
  return DerReader::fail_at(ErrorCode::unsupported_key, identifier.offset);
}

void write_algorithm(DerWriter& writer, const Kind& kind) {
  const auto identifier = writer.sequence();
  writer.oid(kind.algorithm);
  if (kind.curve.size == 0) {
    writer.null();
  } else {
    writer.oid(kind.curve);
  }
}

}  // namespace

std::string_view name(KeyType type) {
  return kKinds[static_cast<std::size_t>(type)].name;
}

Result<PublicKey> PublicKey::parse_spki(Bytes der) {
  DerReader input(der);
  ASHLAR_TRY(DerReader spki, at(Place::spki, input.sequence()));
  ASHLAR_CHECK(at(Place::spki, input.expect_end()));
  ASHLAR_TRY(const AlgorithmIdentifier algorithm, at(Place::spki_algorithm, read_algorithm_identifier(spki)));
  ASHLAR_TRY(const Bytes bits, at(Place::spki_public_key, spki.octet_aligned_bit_string()));
  ASHLAR_CHECK(at(Place::spki, spki.expect_end()));
  ASHLAR_TRY(const Kind* kind, at(Place::spki_algorithm, kind_of(algorithm)));
  const auto bits_offset = static_cast<std::uint32_t>(der.size() - bits.size());
  return at(Place::spki_public_key, kind->read(DerReader(bits, bits_offset)));
}

std::size_t PublicKey::bits() const {
  if (const auto* key = rsa()) {
    return key->bits();
  }
  return type() == KeyType::p256 ? 256 : 384;
}

Result<void> PublicKey::verify(SignatureAlgorithm algorithm, std::span<const Bytes> message,
                               Bytes signature) const {
  std::uint8_t storage[crypto::kMaxDigestSize];
  crypto::Hash hash(hash_of(algorithm));
  for (const Bytes part : message) {
    hash.update(part);
  }
  return verify_digest(algorithm, hash.finish(storage), signature);
}

Result<void> PublicKey::verify_digest(SignatureAlgorithm algorithm, Bytes digest, Bytes signature) const {
  if (!fits(algorithm, type())) {
    return ErrorCode::signature_algorithm_mismatch;
  }
  const SignatureAlgorithmRow& row = row_of(algorithm);
  if (digest.size() != row.hash.digest_size) {
    return ErrorCode::invalid_argument;
  }
  if (const auto* key = rsa()) {
    return row.parameters == SignatureAlgorithmRow::Parameters::pss
               ? key->verify_pss(row.hash, digest, signature)
               : key->verify_pkcs1(row.hash, digest, signature);
  }
  if (const auto* key = p256()) {
    std::uint8_t numbers[crypto::kP256SignatureSize];
    ASHLAR_CHECK(read_ecdsa_signature(signature, numbers));
    return key->verify(digest, numbers);
  }
  std::uint8_t numbers[crypto::kP384SignatureSize];
  ASHLAR_CHECK(read_ecdsa_signature(signature, numbers));
  return p384()->verify(digest, numbers);
}

Result<Bytes> PublicKey::write_spki(MutBytes out) const {
  DerWriter writer(out);
  {
    const auto spki = writer.sequence();
    write_algorithm(writer, kKinds[key_.index()]);
    if (const auto* key = rsa()) {
      std::uint8_t modulus[crypto::kRsaMaxVerifySize];
      std::uint8_t exponent[8];
      std::uint64_t rest = key->exponent();
      for (std::size_t i = 8; i-- > 0; rest >>= 8) {
        exponent[i] = static_cast<std::uint8_t>(rest);
      }
      const auto bits = writer.bit_string_scope();
      const auto numbers = writer.sequence();
      writer.unsigned_integer(key->modulus(modulus));
      writer.unsigned_integer(exponent);
    } else if (const auto* key = p256()) {
      std::uint8_t point[crypto::kP256PointSize];
      key->point(point);
      writer.bit_string(point);
    } else {
      std::uint8_t point[crypto::kP384PointSize];
      p384()->point(point);
      writer.bit_string(point);
    }
  }
  return writer.finish();
}

bool PublicKey::equals(const PublicKey& other) const {
  std::uint8_t ours[kMaxSpkiSize], theirs[kMaxSpkiSize];
  const auto a = write_spki(ours), b = other.write_spki(theirs);
  return a && b && equal_public(*a, *b);
}

}  // namespace ashlar::x509
