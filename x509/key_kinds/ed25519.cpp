// SPDX-License-Identifier: Apache-2.0
// Ed25519 (RFC 8410): keys and signatures are the bytes of RFC 8032; algorithms have no parameters.
#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"
#include "key_kinds/storage.hpp"

namespace ashlar::x509 {
namespace {

using asn1::DerReader;
using asn1::Tag;
using Public = crypto::Ed25519PublicKey;
using Private = crypto::Ed25519PrivateKey;

constexpr std::size_t kSize = 32;
constexpr std::size_t kBits = 255;
constexpr KeySize kSizes[] = {{"ed25519", kBits}};

Result<PublicKey> read_public(DerReader bits) {
  const Bytes encoded = bits.peek();
  if (encoded.size() != kSize) {
    return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(encoded.size())};
  }
  ASHLAR_TRY(const Public key, Public::create(encoded.first<kSize>()));
  return KeyStorage::make(kEd25519, key);
}

Result<Bytes> write_public(const PublicKey& key, MutBytes out) {
  if (out.size() < kSize) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  copy_bytes(out, KeyStorage::get<Public>(key).bytes());
  return Bytes(out.first(kSize));
}

Result<void> verify(const PublicKey& key, const SignatureMethod&, const SigningInput& input,
                    Bytes signature) {
  if (signature.size() != crypto::kEd25519SignatureSize) {
    return ErrorCode::bad_signature;
  }
  return KeyStorage::get<Public>(key).verify(input.message, signature.first<crypto::kEd25519SignatureSize>());
}

// CurvePrivateKey ::= OCTET STRING (RFC 8410 §7)
Result<PrivateKey> read_private(DerReader content) {
  const Bytes seed = content.peek();
  if (seed.size() != kSize) {
    return content.fail(ErrorCode::bad_ec_private_key);
  }
  return KeyStorage::make(kEd25519Private, Private::create(seed.first<kSize>()));
}

void write_private(const PrivateKey& key, asn1::DerWriter& writer) {
  writer.octet_string(KeyStorage::get<Private>(key).reveal());
}

PublicKey public_key(const PrivateKey& key) {
  // The public key of a private key is always a point.
  return KeyStorage::make(kEd25519, *Public::create(KeyStorage::get<Private>(key).public_key()));
}

Result<PrivateKey> generate(std::size_t bits, crypto::Random random, const KeyProgress*) {
  if (bits != kBits) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_TRY(Private key, Private::generate(random));
  return KeyStorage::make(kEd25519Private, std::move(key));
}

Result<Bytes> sign(const PrivateKey& key, const SignatureAlgorithm&, const SigningInput& input,
                   crypto::Random, MutBytes out) {
  if (out.size() < crypto::kEd25519SignatureSize) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  KeyStorage::get<Private>(key).sign(input.message, out.first<crypto::kEd25519SignatureSize>());
  return Bytes(out.first(crypto::kEd25519SignatureSize));
}

}  // namespace

constinit const SignatureAlgorithm kEd25519Signature = {
    .name = "Ed25519",
    .oid = oids::kEd25519,
    .key_algorithm = oids::kEd25519,
    .hash = nullptr,
    .hash_oid = {},
    .read_parameters = [](const AlgorithmIdentifier& identifier, SignatureMethod&) -> Result<bool> {
      if (identifier.parameters) {
        return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.offset);
      }
      return true;
    },
    .write_parameters = [](asn1::DerWriter&, const SignatureAlgorithm&) {},
};

constinit const KeyKind kEd25519 = {
    .name = "Ed25519",
    .algorithm = oids::kEd25519,
    .curve = {},
    .no_parameters = true,
    .object_size = sizeof(Public),
    .max_signature_size = crypto::kEd25519SignatureSize,
    .bits = [](const PublicKey&) { return kBits; },
    .read = read_public,
    .write = write_public,
    .verify = verify,
    .encrypt = nullptr,
    .public_exponent = nullptr,
    .tls_certificate_type = 64,  // ecdsa_sign (RFC 8422 §5.5)
    .tls_curve = 0,
};

constinit const PrivateKeyKind kEd25519Private = {
    .kind = kEd25519,
    .object_size = sizeof(Private),
    .sizes = kSizes,
    .issues_with = kEd25519Signature,
    .inconsistent = ErrorCode::bad_ec_private_key,
    .is_bare = [](DerReader) -> Result<bool> { return false; },
    .content = Tag::octet_string,
    .read = read_private,
    .place = Place::ec_private_key,
    .write = write_private,
    .public_key = public_key,
    .generate = generate,
    .sign = sign,
    .decrypt_premaster = nullptr,
    .relocate = KeyStorage::relocate<Private>,
    .destroy = KeyStorage::destroy<Private>,
};

}  // namespace ashlar::x509
