// SPDX-License-Identifier: Apache-2.0
// Private keys from files. The shapes are told apart by their second element; lengths and structure are
// public, the numbers themselves are only handed on.
#include <ashlar/asn1/pem.hpp>
#include <ashlar/base/ct.hpp>
#include <ashlar/x509/keys.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Element;
using asn1::Tag;

namespace {

constexpr Tag kField0 = asn1::context_constructed(0);
constexpr Tag kField1 = asn1::context_constructed(1);

// RSAPrivateKey (RFC 8017 §A.1.2), two primes.
Result<PrivateKey> read_rsa(DerReader key) {
  const std::uint32_t offset = key.offset();
  ASHLAR_TRY(const std::uint32_t version, key.small_integer());
  if (version != 0) {
    // Version 1 has further primes.
    return DerReader::fail_at(version == 1 ? ErrorCode::unsupported_key : ErrorCode::bad_private_key_version,
                              offset);
  }
  crypto::RsaComponents numbers;
  for (Bytes* number :
       {&numbers.modulus, &numbers.public_exponent, &numbers.private_exponent, &numbers.prime1,
        &numbers.prime2, &numbers.exponent1, &numbers.exponent2, &numbers.coefficient}) {
    ASHLAR_TRY(*number, key.unsigned_integer());
  }
  ASHLAR_CHECK(key.expect_end());
  ASHLAR_TRY(crypto::RsaPrivateKey rsa, crypto::RsaPrivateKey::create(numbers));
  return PrivateKey(std::move(rsa));
}

// The curve of an EC key: P-256 by its name.
Result<void> check_curve(Tag tag, Bytes content, std::uint32_t offset) {
  if (tag == Tag::sequence) {
    return DerReader::fail_at(ErrorCode::explicit_curve_parameters, offset);
  }
  if (tag != Tag::oid || !oids::kP256.is(content)) {
    return DerReader::fail_at(ErrorCode::unsupported_key, offset);
  }
  return {};
}

// ECPrivateKey (RFC 5915 §3) on P-256. Inside PKCS#8 the curve is known already and need not be told again.
Result<PrivateKey> read_ec(DerReader key, bool curve_known) {
  const Error bad = key.fail(ErrorCode::bad_ec_private_key);
  ASHLAR_TRY(const std::uint32_t version, key.small_integer());
  ASHLAR_TRY(const Bytes scalar, key.octet_string());
  if (version != 1) {
    return bad;
  }
  if (key.next_is(kField0)) {
    ASHLAR_TRY(DerReader parameters, key.nested(kField0));
    ASHLAR_TRY(const Element curve, parameters.any());
    ASHLAR_CHECK(parameters.expect_end());
    ASHLAR_CHECK(at(Place::ec_private_key_parameters, check_curve(curve.tag, curve.content, curve.offset)));
  } else if (!curve_known) {
    return bad;
  }
  Bytes public_key;
  if (key.next_is(kField1)) {
    ASHLAR_TRY(DerReader field, key.nested(kField1));
    ASHLAR_TRY(public_key, field.octet_aligned_bit_string());
    ASHLAR_CHECK(field.expect_end());
  }
  ASHLAR_CHECK(key.expect_end());
  if (scalar.size() != 32) {
    return bad;
  }
  ASHLAR_TRY(crypto::P256PrivateKey p256, crypto::P256PrivateKey::create(BytesOf<32>(scalar.data(), 32)));
  if (!public_key.empty()) {
    std::uint8_t point[crypto::kP256PointSize];
    p256.public_key().point(point);
    // The public key is public.
    ct::declassify(point);
    if (!equal_public(point, public_key)) {
      return bad.at(Place::ec_private_key_public_key);
    }
  }
  return PrivateKey(std::move(p256));
}

// OneAsymmetricKey (RFC 5958 §2): PKCS#8, version 0, or 1 with the public key beside it.
Result<PrivateKey> read_pkcs8(DerReader key) {
  const Error bad_version = key.fail(ErrorCode::bad_private_key_version);
  ASHLAR_TRY(const std::uint32_t version, key.small_integer());
  ASHLAR_TRY(const AlgorithmIdentifier algorithm, at(Place::pkcs8_algorithm, read_algorithm_identifier(key)));
  ASHLAR_TRY(const Element inner, at(Place::pkcs8_private_key, key.element(Tag::octet_string)));
  ASHLAR_TRY(const auto attributes, at(Place::pkcs8_attributes, key.optional(kField0)));
  if (attributes) {
    ASHLAR_CHECK(at(Place::pkcs8_attributes, asn1::check_tree(attributes->content, attributes->offset)));
  }
  Bytes public_key;
  const bool has_public_key = key.next_is(asn1::context(1));
  if (has_public_key) {
    ASHLAR_TRY(public_key, at(Place::pkcs8_public_key, key.octet_aligned_bit_string(asn1::context(1))));
  }
  ASHLAR_CHECK(key.expect_end());
  if (version > 1 || (has_public_key && version == 0)) {
    return bad_version;
  }

  DerReader content(inner);
  ASHLAR_TRY(DerReader fields, at(Place::pkcs8_private_key, content.sequence()));
  ASHLAR_CHECK(at(Place::pkcs8_private_key, content.expect_end()));
  const Error bad_algorithm = DerReader::fail_at(ErrorCode::unsupported_key, algorithm.offset);
  const auto& parameters = algorithm.parameters;
  if (oids::kRsaEncryption.is(algorithm.oid)) {
    if (!parameters || parameters->tag != Tag::null) {
      return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, algorithm.offset)
          .at(Place::pkcs8_algorithm);
    }
    return at(Place::rsa_private_key, read_rsa(fields));
  }
  if (!oids::kEcPublicKey.is(algorithm.oid)) {
    return bad_algorithm.at(Place::pkcs8_algorithm);
  }
  ASHLAR_CHECK(
      at(Place::pkcs8_algorithm, check_curve(parameters ? parameters->tag : Tag::null,
                                             parameters ? parameters->content : Bytes(), algorithm.offset)));
  ASHLAR_TRY(PrivateKey result, at(Place::ec_private_key, read_ec(fields, true)));
  if (has_public_key) {
    std::uint8_t point[crypto::kP256PointSize];
    result.p256()->public_key().point(point);
    // The public key is public.
    ct::declassify(point);
    if (!equal_public(point, public_key)) {
      return key.fail(ErrorCode::bad_ec_private_key).at(Place::pkcs8_public_key);
    }
  }
  return result;
}

}  // namespace

Result<PrivateKey> PrivateKey::parse_der(Bytes der) {
  DerReader input(der);
  ASHLAR_TRY(DerReader key, at(Place::pkcs8, input.sequence()));
  ASHLAR_CHECK(at(Place::pkcs8, input.expect_end()));
  // EncryptedPrivateKeyInfo has no version: an algorithm, then the ciphertext (RFC 5958 §3).
  if (key.next_is(Tag::sequence)) {
    return ErrorCode::key_encrypted;
  }
  DerReader probe = key;
  ASHLAR_CHECK(at(Place::pkcs8, probe.small_integer()));
  if (probe.next_is(Tag::integer)) {
    return at(Place::rsa_private_key, read_rsa(key));
  }
  if (probe.next_is(Tag::octet_string)) {
    return at(Place::ec_private_key, read_ec(key, false));
  }
  return at(Place::pkcs8, read_pkcs8(key));
}

Result<PrivateKey> PrivateKey::parse_pem(std::string_view text) {
  struct Label {
    std::string_view label;
    ErrorCode error;  // for the kinds that are not read
  };
  constexpr Label kLabels[] = {
      {"PRIVATE KEY", {}},
      {"RSA PRIVATE KEY", {}},
      {"EC PRIVATE KEY", {}},
      {"ENCRYPTED PRIVATE KEY", ErrorCode::key_encrypted},
      {"DSA PRIVATE KEY", ErrorCode::unsupported_key},
      {"OPENSSH PRIVATE KEY", ErrorCode::unsupported_key},
  };
  asn1::PemReader reader(text);
  while (true) {
    ASHLAR_TRY(const asn1::PemText block, reader.next_text());
    if (block.label.empty()) {
      return ErrorCode::no_private_key;
    }
    for (const Label& row : kLabels) {
      if (row.label != block.label) {
        continue;
      }
      if (row.error != ErrorCode{}) {
        return row.error;
      }
      SecretBuffer<kMaxPrivateKeySize> der;
      der.resize(kMaxPrivateKeySize);
      const auto decoded = block.decode(der.reveal_mut());
      if (!decoded) {
        // Headers say how a key in the old form is encrypted (RFC 1421 §4.6).
        return decoded.error() == ErrorCode::pem_has_headers ? Error{ErrorCode::key_encrypted}
                                                             : decoded.error();
      }
      return parse_der(*decoded);
    }
  }
}

PublicKey PrivateKey::public_key() const {
  if (const auto* key = rsa()) {
    return PublicKey(key->public_key());
  }
  return PublicKey(p256()->public_key());
}

}  // namespace ashlar::x509
