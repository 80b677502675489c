// SPDX-License-Identifier: Apache-2.0
// Reads and writes SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), and checks signatures.
#include <ashlar/x509/keys.hpp>

#include "algorithms.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;

PublicKey& PublicKey::operator=(const PublicKey& other) {
  if (this != &other) {
    kind_ = other.kind_;
    std::memcpy(storage_, other.storage_, kind_->object_size);
  }
  return *this;
}

Result<PublicKey> PublicKey::parse_spki(Bytes der, std::span<const KeyKind* const> kinds) {
  DerReader input(der);
  ASHLAR_TRY(DerReader spki, at(Place::spki, input.sequence()));
  ASHLAR_CHECK(at(Place::spki, input.expect_end()));
  ASHLAR_TRY(const AlgorithmIdentifier algorithm, at(Place::spki_algorithm, read_algorithm_identifier(spki)));
  ASHLAR_TRY(const Bytes bits, at(Place::spki_public_key, spki.octet_aligned_bit_string()));
  ASHLAR_CHECK(at(Place::spki, spki.expect_end()));
  const auto bits_offset = static_cast<std::uint32_t>(der.size() - bits.size());
  for (const KeyKind* kind : kinds) {
    ASHLAR_TRY(const bool named, at(Place::spki_algorithm, names_kind(algorithm, *kind)));
    if (named) {
      Result<PublicKey> key = at(Place::spki_public_key, kind->read(DerReader(bits, bits_offset)));
      if (key && kind->parameters != nullptr) {
        ASHLAR_CHECK(at(Place::spki_algorithm, kind->parameters->read(algorithm, *key)));
      }
      return key;
    }
  }
  return DerReader::fail_at(ErrorCode::unsupported_key, algorithm.offset).at(Place::spki_algorithm);
}

bool PublicKey::allows(const SignatureMethod& method) const {
  return method.algorithm->fits(*kind_) &&
         (kind_->parameters == nullptr || kind_->parameters->allows(*this, method));
}

Result<void> PublicKey::verify(const SignatureMethod& method, std::span<const Bytes> message,
                               Bytes signature) const {
  if (!allows(method)) {
    return ErrorCode::signature_algorithm_mismatch;
  }
  const crypto::Digest digest = digest_of(*method.algorithm, message);
  return kind_->verify(*this, method, {message, digest.bytes()}, signature);
}

Result<void> PublicKey::verify(const SignatureMethod& method, const SigningInput& input,
                               Bytes signature) const {
  if (!allows(method)) {
    return ErrorCode::signature_algorithm_mismatch;
  }
  ASHLAR_CHECK(check_input(*method.algorithm, input));
  return kind_->verify(*this, method, input, signature);
}

Result<Bytes> PublicKey::write_spki(MutBytes out) const {
  std::uint8_t bits[kMaxSpkiSize];
  ASHLAR_TRY(const Bytes written, write_bits(bits));
  DerWriter writer(out);
  {
    const auto spki = writer.sequence();
    write_key_algorithm(writer, *this);
    writer.bit_string(written);
  }
  return writer.finish();
}

Result<void> KeySet::check_size(const PublicKey& key) const {
  for (const MinimumSize& minimum : minimum_sizes) {
    if (minimum.kind == &key.kind() && key.bits() < minimum.bits) {
      return Error{ErrorCode::key_too_small, Place::none, sizes_detail(key.bits(), minimum.bits)};
    }
  }
  return {};
}

bool PublicKey::equals(const PublicKey& other) const {
  std::uint8_t ours[kMaxSpkiSize], theirs[kMaxSpkiSize];
  const auto a = write_spki(ours), b = other.write_spki(theirs);
  return a && b && equal_public(*a, *b);
}

}  // namespace ashlar::x509
