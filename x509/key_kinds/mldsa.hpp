// SPDX-License-Identifier: Apache-2.0
// ML-DSA in certificates and files (RFC 9881): a public key and a signature are the bytes of FIPS 204, and
// algorithms have no parameters. The functions of the rows are made for a parameter set by mldsa_key and
// mldsa_private_key.
#pragma once

#include <ashlar/crypto/mldsa_compact.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"
#include "key_kinds/storage.hpp"

namespace ashlar::x509 {

// ML-DSA-*-PrivateKey ::= CHOICE { seed [0] OCTET STRING, expandedKey OCTET STRING,
//                                  both SEQUENCE { seed OCTET STRING, expandedKey OCTET STRING } }
// (RFC 9881 §6). An empty part is not there.
struct MlDsaPrivateKeyFields {
  Bytes seed, expanded;
};
// bad_mldsa_key if it is none of these, or if a part does not have the size of the set.
Result<MlDsaPrivateKeyFields> read_mldsa_private_key(asn1::DerReader content, std::size_t expanded_size);

// Of: names the set kSet, the rows kind(), private_kind() and signature(), the OID, which keys and signatures
// share, and the names.
template <class Of>
struct MlDsaPublic {
  using Key = crypto::MlDsaPublicKey<Of::kSet>;

  static Result<PublicKey> read(asn1::DerReader bits) {
    if (bits.peek().size() != Key::kSize) {
      return bits.fail(ErrorCode::bad_mldsa_key);
    }
    ASHLAR_TRY(const Key key, Key::create(bits.peek()));
    return KeyStorage::make(Of::kind(), key);
  }
  static Result<Bytes> write(const PublicKey& key, MutBytes out) {
    if (out.size() < Key::kSize) {
      return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
    }
    copy_bytes(out, KeyStorage::get<Key>(key).encoded());
    return Bytes(out.first(Key::kSize));
  }
  static Result<void> verify(const PublicKey& key, const SignatureMethod&, const SigningInput& input,
                             Bytes signature) {
    const Key& found = KeyStorage::get<Key>(key);
    std::uint8_t mu[crypto::kMlDsaMuSize];
    crypto::mldsa_representative(mu, found.encoded(), input.message);
    return found.verify_mu(mu, signature);
  }
};

template <class Of>
constexpr KeyKind mldsa_key() {
  return {
      .name = Of::kSet.name,
      .algorithm = Of::kOid,
      .curve = {},
      .no_parameters = true,
      .object_size = sizeof(crypto::MlDsaPublicKey<Of::kSet>),
      .max_signature_size = Of::kSet.signature_size(),
      .bits = [](const PublicKey&) { return Of::kBits; },
      .read = MlDsaPublic<Of>::read,
      .write = MlDsaPublic<Of>::write,
      .verify = MlDsaPublic<Of>::verify,
      .encrypt = nullptr,
      .public_exponent = nullptr,
      .tls_certificate_type = 0,
      .tls_curve = 0,
      .tls13_alone = true,
  };
}

template <class Of>
constexpr SignatureAlgorithm mldsa_signature() {
  return {
      .name = Of::kSet.name,
      .oid = Of::kOid,
      .key_algorithm = Of::kOid,
      .hash = nullptr,
      .hash_oid = {},
      .read_parameters = read_no_parameters,
      .write_parameters = write_no_parameters,
  };
}

template <class Of>
struct MlDsaPrivate {
  using Key = crypto::MlDsaCompactKey<Of::kSet>;
  static const Key& get(const PrivateKey& key) { return KeyStorage::get<Key>(key); }

  static Result<PrivateKey> read(asn1::DerReader content) {
    ASHLAR_TRY(const MlDsaPrivateKeyFields found, read_mldsa_private_key(content, Key::kExpandedSize));
    Result<Key> key = Key::create(found.seed, found.expanded);
    if (!key) {
      return key.error();
    }
    return KeyStorage::make(Of::private_kind(), std::move(*key));
  }
  // The seed, as RFC 9881 §6 recommends, unless only the expanded form is known.
  static void write(const PrivateKey& key, asn1::DerWriter& writer) {
    writer.element(get(key).has_seed() ? asn1::context(0) : asn1::Tag::octet_string, get(key).reveal());
  }
  static PublicKey public_key(const PrivateKey& key) {
    // Any bytes of this size are a public key.
    return KeyStorage::make(Of::kind(), *MlDsaPublic<Of>::Key::create(get(key).public_key()));
  }
  static Result<PrivateKey> generate(std::size_t bits, crypto::Random random, const KeyProgress*) {
    if (bits != Of::kBits) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_TRY(Key key, Key::generate(random));
    return KeyStorage::make(Of::private_kind(), std::move(key));
  }
  static Result<Bytes> sign(const PrivateKey& key, const SignatureAlgorithm&, const SigningInput& input,
                            crypto::Random random, MutBytes out) {
    if (out.size() < Key::kSignatureSize) {
      return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
    }
    ASHLAR_CHECK(get(key).sign(input.message, &random, out.template first<Key::kSignatureSize>()));
    return Bytes(out.first(Key::kSignatureSize));
  }
};

template <class Of>
constexpr PrivateKeyKind mldsa_private_key(std::span<const KeySize> sizes) {
  return {
      .kind = Of::kind(),
      .object_size = sizeof(typename MlDsaPrivate<Of>::Key),
      .sizes = sizes,
      .issues_with = Of::signature(),
      .inconsistent = ErrorCode::inconsistent_dsa_key,
      .is_bare = [](asn1::DerReader) -> Result<bool> { return false; },
      .content = asn1::Tag{},
      .read = MlDsaPrivate<Of>::read,
      .place = Place::mldsa_private_key,
      .write = MlDsaPrivate<Of>::write,
      .public_key = MlDsaPrivate<Of>::public_key,
      .generate = MlDsaPrivate<Of>::generate,
      .sign = MlDsaPrivate<Of>::sign,
      .decrypt_premaster = nullptr,
      .relocate = KeyStorage::relocate<typename MlDsaPrivate<Of>::Key>,
      .destroy = KeyStorage::destroy<typename MlDsaPrivate<Of>::Key>,
  };
}

}  // namespace ashlar::x509
