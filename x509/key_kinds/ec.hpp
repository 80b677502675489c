// SPDX-License-Identifier: Apache-2.0
// What the kinds of keys on curves share: ECDSA-Sig-Value (RFC 3279 §2.2.3), ECPrivateKey (RFC 5915 §3), and
// the functions of their rows, made for a curve by ec_key and ec_private_key.
#pragma once

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/ec_key.hpp>
#include <ashlar/x509/oids.hpp>

#include "key_kinds/storage.hpp"

namespace ashlar::x509 {

// Splits a signature into r || s, each half of `out`. bad_signature for anything except the DER encoding of
// two non-negative numbers that fit. The verifier checks whether they are in range.
Result<void> read_ecdsa_signature(Bytes der, MutBytes out);
// Writes the signature of r || s into `out`.
Result<Bytes> write_ecdsa_signature(Bytes r_and_s, MutBytes out);

// SEC 1's second field is the scalar. A key outside PKCS#8 must name its curve: bad_ec_private_key,
// explicit_curve_parameters.
Result<bool> is_bare_ec_key(asn1::DerReader fields, const asn1::Oid& curve);

struct EcPrivateKeyFields {
  Bytes scalar;      // of the size asked for
  Bytes public_key;  // empty if absent
};
// The fields of an ECPrivateKey on this curve. The key may leave the curve out or repeat it.
Result<EcPrivateKeyFields> read_ec_private_key(asn1::DerReader fields, const asn1::Oid& curve,
                                               std::size_t scalar_size);
// Writes an ECPrivateKey with the public key, without the curve, which PKCS#8 already has.
void write_ec_private_key(asn1::DerWriter& writer, Bytes scalar, Bytes point);

// A curve as a row needs it: crypto's class for it, and the rows of its keys.
template <class Of, const KeyKind& kKind, const PrivateKeyKind& kPrivateKind>
struct EcCurve : Of {
  using Public = crypto::EcPublicKey<Of>;
  using Private = crypto::EcPrivateKey<Of>;
  static constexpr const KeyKind& kind() { return kKind; }
  static constexpr const PrivateKeyKind& private_kind() { return kPrivateKind; }
};

// Curve: an EcCurve.
template <class Curve>
struct EcPublic {
  using Key = typename Curve::Public;

  static Result<PublicKey> read(asn1::DerReader bits) {
    ASHLAR_TRY(const Key key, Key::create(bits.peek()));
    return KeyStorage::make(Curve::kind(), key);
  }
  static Result<Bytes> write(const PublicKey& key, MutBytes out) {
    if (out.size() < Curve::kPointSize) {
      return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
    }
    KeyStorage::get<Key>(key).point(out.template first<Curve::kPointSize>());
    return Bytes(out.first(Curve::kPointSize));
  }
  static Result<void> verify(const PublicKey& key, const SignatureMethod&, const SigningInput& input,
                             Bytes signature) {
    std::uint8_t numbers[Curve::kSignatureSize];
    ASHLAR_CHECK(read_ecdsa_signature(signature, numbers));
    return KeyStorage::get<Key>(key).verify(input.digest, numbers);
  }
};

template <class Curve>
constexpr KeyKind ec_key(std::string_view name, const asn1::Oid& oid, std::uint16_t tls_curve) {
  return {
      .name = name,
      .algorithm = oids::kEcPublicKey,
      .curve = oid,
      .no_parameters = false,
      .object_size = sizeof(typename Curve::Public),
      .max_signature_size = Curve::kSignatureSize + 8,
      .bits = [](const PublicKey&) { return Curve::kBits; },
      .read = EcPublic<Curve>::read,
      .write = EcPublic<Curve>::write,
      .verify = EcPublic<Curve>::verify,
      .encrypt = nullptr,
      .public_exponent = nullptr,
      .tls_certificate_type = 64,  // ecdsa_sign
      .tls_curve = tls_curve,
  };
}

// Curve: an EcCurve.
template <class Curve>
struct EcPrivate {
  using Key = typename Curve::Private;
  static const Key& get(const PrivateKey& key) { return KeyStorage::get<Key>(key); }

  static Result<bool> is_bare(asn1::DerReader fields) { return is_bare_ec_key(fields, Curve::kind().curve); }
  static Result<PrivateKey> read(asn1::DerReader fields) {
    ASHLAR_TRY(const EcPrivateKeyFields found,
               read_ec_private_key(fields, Curve::kind().curve, Curve::kBytes));
    ASHLAR_TRY(Key key, Key::create(found.scalar.template first<Curve::kBytes>()));
    if (!found.public_key.empty()) {
      std::uint8_t point[Curve::kPointSize];
      key.public_key().point(point);
      // The public key is public.
      ct::declassify(point);
      if (!equal_public(point, found.public_key)) {
        return fields.fail(ErrorCode::bad_ec_private_key).at(Place::ec_private_key_public_key);
      }
    }
    return KeyStorage::make(Curve::private_kind(), std::move(key));
  }
  static void write(const PrivateKey& key, asn1::DerWriter& writer) {
    std::uint8_t point[Curve::kPointSize];
    get(key).public_key().point(point);
    write_ec_private_key(writer, get(key).reveal(), point);
  }
  static PublicKey public_key(const PrivateKey& key) {
    return KeyStorage::make(Curve::kind(), get(key).public_key());
  }
  static Result<PrivateKey> generate(std::size_t bits, crypto::Random random, const KeyProgress*) {
    if (bits != Curve::kBits) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_TRY(Key key, Key::generate(random));
    return KeyStorage::make(Curve::private_kind(), std::move(key));
  }
  static Result<Bytes> sign(const PrivateKey& key, const SignatureAlgorithm&, const SigningInput& input,
                            crypto::Random random, MutBytes out) {
    std::uint8_t numbers[Curve::kSignatureSize];
    ASHLAR_CHECK(get(key).sign(input.digest, &random, numbers));
    return write_ecdsa_signature(numbers, out);
  }
};

template <class Curve>
constexpr PrivateKeyKind ec_private_key(std::span<const KeySize> sizes,
                                        const SignatureAlgorithm& issues_with) {
  return {
      .kind = Curve::kind(),
      .object_size = sizeof(typename Curve::Private),
      .sizes = sizes,
      .issues_with = issues_with,
      .inconsistent = ErrorCode::bad_ec_private_key,
      .is_bare = EcPrivate<Curve>::is_bare,
      .content = asn1::Tag::sequence,
      .read = EcPrivate<Curve>::read,
      .place = Place::ec_private_key,
      .write = EcPrivate<Curve>::write,
      .public_key = EcPrivate<Curve>::public_key,
      .generate = EcPrivate<Curve>::generate,
      .sign = EcPrivate<Curve>::sign,
      .decrypt_premaster = nullptr,
      .relocate = KeyStorage::relocate<typename Curve::Private>,
      .destroy = KeyStorage::destroy<typename Curve::Private>,
  };
}

}  // namespace ashlar::x509
