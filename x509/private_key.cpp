// SPDX-License-Identifier: Apache-2.0
// Reads and writes private keys of files, and makes signatures. The second element tells the formats apart.
// Lengths and structure are public. The numbers themselves are only passed on.
#include <ashlar/asn1/pem.hpp>
#include <ashlar/base/ct.hpp>
#include <ashlar/x509/keys.hpp>

#include "algorithms.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;
using asn1::Element;
using asn1::Tag;

namespace {

constexpr Tag kField0 = asn1::context_constructed(0);
using Kinds = std::span<const PrivateKeyKind* const>;

// OneAsymmetricKey (RFC 5958 §2): PKCS#8, version 0, or 1 with the public key beside it.
Result<PrivateKey> read_pkcs8(DerReader key, Kinds kinds) {
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

  for (const PrivateKeyKind* kind : kinds) {
    ASHLAR_TRY(const bool named, at(Place::pkcs8_algorithm, names_kind(algorithm, kind->kind)));
    if (!named) {
      continue;
    }
    DerReader content(inner);
    if (kind->content != Tag{}) {
      ASHLAR_TRY(const Element found, at(Place::pkcs8_private_key, content.element(kind->content)));
      ASHLAR_CHECK(at(Place::pkcs8_private_key, content.expect_end()));
      content = DerReader(found);
    }
    // Not moved out of its Result: it takes 12 kB of stack.
    Result<PrivateKey> result = at(kind->place, kind->read(content));
    if (result && kind->kind.parameters != nullptr) {
      ASHLAR_CHECK(at(Place::pkcs8_algorithm, kind->kind.parameters->read_private(algorithm, *result)));
    }
    if (result && has_public_key) {
      std::uint8_t storage[kMaxSpkiSize];
      ASHLAR_TRY(const Bytes own, result->public_key().write_bits(storage));
      // The public key is public.
      ct::declassify(own);
      if (!equal_public(own, public_key)) {
        return key.fail(kind->inconsistent).at(Place::pkcs8_public_key);
      }
    }
    return result;
  }
  return DerReader::fail_at(ErrorCode::unsupported_key, algorithm.offset).at(Place::pkcs8_algorithm);
}

// PKCS#1 or SEC 1.
Result<PrivateKey> read_bare(DerReader key, Kinds kinds) {
  for (const PrivateKeyKind* kind : kinds) {
    ASHLAR_TRY(const bool bare, at(kind->place, kind->is_bare(key)));
    if (bare) {
      return at(kind->place, kind->read(key));
    }
  }
  return key.fail(ErrorCode::unsupported_key);
}

}  // namespace

Result<PrivateKey> PrivateKey::parse_der(Bytes der, Kinds kinds) {
  DerReader input(der);
  ASHLAR_TRY(DerReader key, at(Place::pkcs8, input.sequence()));
  ASHLAR_CHECK(at(Place::pkcs8, input.expect_end()));
  // EncryptedPrivateKeyInfo has no version: an algorithm, then the ciphertext (RFC 5958 §3).
  if (key.next_is(Tag::sequence)) {
    return ErrorCode::key_encrypted;
  }
  DerReader probe = key;
  ASHLAR_CHECK(at(Place::pkcs8, probe.small_integer()));
  if (probe.next_is(Tag::sequence)) {
    return at(Place::pkcs8, read_pkcs8(key, kinds));
  }
  if (probe.next_is(Tag::integer) || probe.next_is(Tag::octet_string)) {
    return read_bare(key, kinds);
  }
  return at(Place::pkcs8, read_pkcs8(key, kinds));
}

Result<PrivateKey> PrivateKey::parse_pem(std::string_view text, Kinds kinds) {
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
        return decoded.error() == ErrorCode::pem_has_headers ? Error{ErrorCode::unsupported_key_encryption}
                                                             : decoded.error();
      }
      return parse_der(*decoded, kinds);
    }
  }
}

PublicKey PrivateKey::public_key() const {
  return kind_->public_key(*this);
}

const SignatureAlgorithm& PrivateKey::issues_with() const {
  const KeyParameters* const parameters = kind().parameters;
  const SignatureAlgorithm* const only = parameters != nullptr ? parameters->only(public_key()) : nullptr;
  return only != nullptr ? *only : kind_->issues_with;
}

namespace {

// As PublicKey::allows, with a salt as long as the digest. The public half is made only where it is asked.
bool allows(const PrivateKey& key, const SignatureAlgorithm& algorithm) {
  return algorithm.fits(key.kind()) &&
         (key.kind().parameters == nullptr || key.public_key().allows(algorithm));
}

}  // namespace

PrivateKey& PrivateKey::operator=(PrivateKey&& other) noexcept {
  if (this != &other) {
    clear();
    take(other);
  }
  return *this;
}

void PrivateKey::take(PrivateKey& other) {
  kind_ = other.kind_;
  if (kind_ != nullptr) {
    kind_->relocate(storage_, other.storage_);
    other.kind_ = nullptr;
    wipe(other.storage_, kind_->object_size);
  }
}

void PrivateKey::clear() {
  if (kind_ != nullptr) {
    kind_->destroy(storage_);
    wipe(storage_, kind_->object_size);
    kind_ = nullptr;
  }
}

Result<PrivateKey> PrivateKey::generate(const PrivateKeyKind& kind, std::size_t bits, crypto::Random random,
                                        const KeyProgress* progress) {
  return kind.generate(bits, random, progress);
}

Result<Bytes> PrivateKey::sign(const SignatureAlgorithm& algorithm, std::span<const Bytes> message,
                               crypto::Random random, MutBytes out) const {
  if (!allows(*this, algorithm)) {
    return ErrorCode::signature_algorithm_mismatch;
  }
  const crypto::Digest digest = digest_of(algorithm, message);
  return kind_->sign(*this, algorithm, {message, digest.bytes()}, random, out);
}

Result<Bytes> PrivateKey::sign(const SignatureAlgorithm& algorithm, const SigningInput& input,
                               crypto::Random random, MutBytes out) const {
  if (!allows(*this, algorithm)) {
    return ErrorCode::signature_algorithm_mismatch;
  }
  ASHLAR_CHECK(check_input(algorithm, input));
  return kind_->sign(*this, algorithm, input, random, out);
}

Result<void> PrivateKey::decrypt_premaster(crypto::Random random, Bytes ciphertext,
                                           std::uint16_t client_version, Secret<48>& premaster) const {
  if (kind_->decrypt_premaster == nullptr) {
    return ErrorCode::unsupported_key;
  }
  return kind_->decrypt_premaster(*this, random, ciphertext, client_version, premaster);
}

Result<MutBytes> PrivateKey::write_pkcs8(MutBytes out) const {
  DerWriter writer(out);
  {
    const auto info = writer.sequence();
    writer.small_integer(0);
    write_key_algorithm(writer, public_key());
    const auto inner = writer.octet_string_scope();
    kind_->write(*this, writer);
  }
  const auto written = writer.finish();
  if (!written) {
    wipe(out);
    return written.error();
  }
  return out.first(written->size());
}

}  // namespace ashlar::x509
