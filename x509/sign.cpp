// SPDX-License-Identifier: Apache-2.0
// Signatures made in the X.509 and TLS form, and keys written to files: what a program that only checks does
// not link.
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/x509/keys.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"
#include "signature.hpp"

namespace ashlar::x509 {

using asn1::DerWriter;

Result<Bytes> PrivateKey::sign(SignatureAlgorithm algorithm, std::span<const Bytes> message,
                               crypto::Random random, MutBytes out) const {
  std::uint8_t storage[crypto::kMaxDigestSize];
  crypto::Hash hash(hash_of(algorithm));
  for (const Bytes part : message) {
    hash.update(part);
  }
  return sign_digest(algorithm, hash.finish(storage), random, out);
}

Result<Bytes> PrivateKey::sign_digest(SignatureAlgorithm algorithm, Bytes digest, crypto::Random random,
                                      MutBytes out) const {
  if (!fits(algorithm, type())) {
    return ErrorCode::signature_algorithm_mismatch;
  }
  const SignatureAlgorithmRow& row = row_of(algorithm);
  if (digest.size() != row.hash.digest_size) {
    return ErrorCode::invalid_argument;
  }
  if (const auto* key = rsa()) {
    if (out.size() < key->size()) {
      return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
    }
    ASHLAR_TRY(const MutBytes signature, row.parameters == SignatureAlgorithmRow::Parameters::pss
                                             ? key->sign_pss(row.hash, digest, random, out)
                                             : key->sign_pkcs1(row.hash, digest, random, out));
    return Bytes(signature);
  }
  std::uint8_t numbers[crypto::kP256SignatureSize];
  ASHLAR_CHECK(p256()->sign(digest, &random, numbers));
  return write_ecdsa_signature(numbers, out);
}

namespace {

// RSAPrivateKey (RFC 8017 §A.1.2).
void write_rsa(DerWriter& writer, const crypto::RsaPrivateKey& key) {
  SecretBuffer<5 * crypto::kRsaMaxSize + 8> storage;
  storage.resize(storage.capacity());
  const crypto::RsaComponents numbers = key.components(storage.reveal_mut());
  const auto fields = writer.sequence();
  writer.small_integer(0);
  for (const Bytes number :
       {numbers.modulus, numbers.public_exponent, numbers.private_exponent, numbers.prime1, numbers.prime2,
        numbers.exponent1, numbers.exponent2, numbers.coefficient}) {
    writer.unsigned_integer(number);
  }
}

// ECPrivateKey (RFC 5915 §3) without the curve, which PKCS#8 tells, with the public key.
void write_ec(DerWriter& writer, const crypto::P256PrivateKey& key) {
  std::uint8_t point[crypto::kP256PointSize];
  key.public_key().point(point);
  const auto fields = writer.sequence();
  writer.small_integer(1);
  writer.octet_string(key.reveal());
  const auto field = writer.scope(asn1::context_constructed(1));
  writer.bit_string(point);
}

}  // namespace

Result<MutBytes> PrivateKey::write_pkcs8(MutBytes out) const {
  DerWriter writer(out);
  {
    const auto info = writer.sequence();
    writer.small_integer(0);
    {
      const auto algorithm = writer.sequence();
      if (type() == KeyType::rsa) {
        writer.oid(oids::kRsaEncryption);
        writer.null();
      } else {
        writer.oid(oids::kEcPublicKey);
        writer.oid(oids::kP256);
      }
    }
    const auto inner = writer.octet_string_scope();
    if (const auto* key = rsa()) {
      write_rsa(writer, *key);
    } else {
      write_ec(writer, *p256());
    }
  }
  const auto written = writer.finish();
  if (!written) {
    wipe(out);
    return written.error();
  }
  return out.first(written->size());
}

}  // namespace ashlar::x509
