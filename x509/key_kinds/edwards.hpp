// SPDX-License-Identifier: Apache-2.0
// What the kinds of keys of RFC 8410 share: keys and signatures are the bytes of RFC 8032, and algorithms
// have no parameters. The functions of their rows are made for a curve by edwards_key and
// edwards_private_key.
#pragma once

#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"
#include "key_kinds/storage.hpp"

namespace ashlar::x509 {

// Curve: names crypto's classes Public and Private, kKeySize, kSignatureSize and kBits, the rows kind(),
// private_kind() and signature(), and the OID, which keys and signatures share.
template <class Curve>
struct EdwardsPublic {
  using Key = typename Curve::Public;

  static Result<PublicKey> read(asn1::DerReader bits) {
    const Bytes encoded = bits.peek();
    if (encoded.size() != Curve::kKeySize) {
      return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(encoded.size())};
    }
    ASHLAR_TRY(const Key key, Key::create(encoded.template first<Curve::kKeySize>()));
    return KeyStorage::make(Curve::kind(), key);
  }
  static Result<Bytes> write(const PublicKey& key, MutBytes out) {
    if (out.size() < Curve::kKeySize) {
      return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
    }
    copy_bytes(out, KeyStorage::get<Key>(key).bytes());
    return Bytes(out.first(Curve::kKeySize));
  }
  static Result<void> verify(const PublicKey& key, const SignatureMethod&, const SigningInput& input,
                             Bytes signature) {
    if (signature.size() != Curve::kSignatureSize) {
      return ErrorCode::bad_signature;
    }
    return KeyStorage::get<Key>(key).verify(input.message, signature.template first<Curve::kSignatureSize>());
  }
};

template <class Curve>
constexpr KeyKind edwards_key(std::string_view name) {
  return {
      .name = name,
      .algorithm = Curve::kOid,
      .curve = {},
      .no_parameters = true,
      .object_size = sizeof(typename Curve::Public),
      .max_signature_size = Curve::kSignatureSize,
      .bits = [](const PublicKey&) { return Curve::kBits; },
      .read = EdwardsPublic<Curve>::read,
      .write = EdwardsPublic<Curve>::write,
      .verify = EdwardsPublic<Curve>::verify,
      .encrypt = nullptr,
      .public_exponent = nullptr,
      .tls_certificate_type = 64,  // ecdsa_sign (RFC 8422 §5.5)
      .tls_curve = 0,
  };
}

template <class Curve>
constexpr SignatureAlgorithm edwards_signature(std::string_view name) {
  return {
      .name = name,
      .oid = Curve::kOid,
      .key_algorithm = Curve::kOid,
      .hash = nullptr,
      .hash_oid = {},
      .read_parameters = read_no_parameters,
      .write_parameters = write_no_parameters,
  };
}

template <class Curve>
struct EdwardsPrivate {
  using Key = typename Curve::Private;
  static const Key& get(const PrivateKey& key) { return KeyStorage::get<Key>(key); }

  // CurvePrivateKey ::= OCTET STRING (RFC 8410 §7)
  static Result<PrivateKey> read(asn1::DerReader content) {
    const Bytes seed = content.peek();
    if (seed.size() != Curve::kKeySize) {
      return content.fail(ErrorCode::bad_ec_private_key);
    }
    return KeyStorage::make(Curve::private_kind(), Key::create(seed.template first<Curve::kKeySize>()));
  }
  static void write(const PrivateKey& key, asn1::DerWriter& writer) {
    writer.octet_string(get(key).reveal());
  }
  static PublicKey public_key(const PrivateKey& key) {
    // The public key of a private key is always a point.
    return KeyStorage::make(Curve::kind(), *Curve::Public::create(get(key).public_key()));
  }
  static Result<PrivateKey> generate(std::size_t bits, crypto::Random random, const KeyProgress*) {
    if (bits != Curve::kBits) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_TRY(Key key, Key::generate(random));
    return KeyStorage::make(Curve::private_kind(), std::move(key));
  }
  static Result<Bytes> sign(const PrivateKey& key, const SignatureAlgorithm&, const SigningInput& input,
                            crypto::Random, MutBytes out) {
    if (out.size() < Curve::kSignatureSize) {
      return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
    }
    get(key).sign(input.message, out.template first<Curve::kSignatureSize>());
    return Bytes(out.first(Curve::kSignatureSize));
  }
};

template <class Curve>
constexpr PrivateKeyKind edwards_private_key(std::span<const KeySize> sizes) {
  return {
      .kind = Curve::kind(),
      .object_size = sizeof(typename Curve::Private),
      .sizes = sizes,
      .issues_with = Curve::signature(),
      .inconsistent = ErrorCode::bad_ec_private_key,
      .is_bare = [](asn1::DerReader) -> Result<bool> { return false; },
      .content = asn1::Tag::octet_string,
      .read = EdwardsPrivate<Curve>::read,
      .place = Place::ec_private_key,
      .write = EdwardsPrivate<Curve>::write,
      .public_key = EdwardsPrivate<Curve>::public_key,
      .generate = EdwardsPrivate<Curve>::generate,
      .sign = EdwardsPrivate<Curve>::sign,
      .decrypt_premaster = nullptr,
      .relocate = KeyStorage::relocate<typename Curve::Private>,
      .destroy = KeyStorage::destroy<typename Curve::Private>,
  };
}

}  // namespace ashlar::x509
