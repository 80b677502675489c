// SPDX-License-Identifier: Apache-2.0
#include "algorithms.hpp"

#include <ashlar/x509/keys.hpp>

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;
using asn1::Element;
using asn1::Tag;

Result<AlgorithmIdentifier> read_algorithm_identifier(DerReader& reader) {
  DerReader probe = reader;
  ASHLAR_TRY(const Element whole, probe.element(Tag::sequence));
  ASHLAR_TRY(DerReader content, reader.sequence());
  AlgorithmIdentifier identifier{{}, {}, whole.whole, whole.offset};
  ASHLAR_TRY(identifier.oid, content.oid());
  if (!content.empty()) {
    const std::uint32_t offset = content.offset();
    ASHLAR_TRY(const Element parameters, content.any());
    ASHLAR_CHECK(content.expect_end());
    ASHLAR_CHECK(asn1::check_tree(parameters.whole, offset));
    identifier.parameters = parameters;
  }
  return identifier;
}

Result<bool> names_kind(const AlgorithmIdentifier& identifier, const KeyKind& kind) {
  if (!kind.algorithm.is(identifier.oid)) {
    return false;
  }
  if (kind.parameters != nullptr) {
    return true;  // what they are is read into the key
  }
  const auto& parameters = identifier.parameters;
  const bool named = kind.curve.size != 0;
  if (named && parameters && parameters->tag == Tag::sequence) {
    return DerReader::fail_at(ErrorCode::explicit_curve_parameters, identifier.offset);
  }
  if (kind.no_parameters ? parameters.has_value()
                         : !parameters || parameters->tag != (named ? Tag::oid : Tag::null)) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.offset);
  }
  return !named || kind.curve.is(parameters->content);
}

void write_key_algorithm(DerWriter& writer, const PublicKey& key) {
  const KeyKind& kind = key.kind();
  const auto identifier = writer.sequence();
  writer.oid(kind.algorithm);
  if (kind.parameters != nullptr) {
    kind.parameters->write(key, writer);
  } else if (kind.curve.size != 0) {
    writer.oid(kind.curve);
  } else if (!kind.no_parameters) {
    writer.null();
  }
}

void write_signature_algorithm(DerWriter& writer, const SignatureAlgorithm& algorithm) {
  const auto identifier = writer.sequence();
  writer.oid(algorithm.oid);
  algorithm.write_parameters(writer, algorithm);
}

crypto::Digest digest_of(const SignatureAlgorithm& algorithm, std::span<const Bytes> message) {
  crypto::Digest digest{};
  if (algorithm.hash != nullptr) {
    crypto::Hash hash(*algorithm.hash);
    for (const Bytes part : message) {
      hash.update(part);
    }
    digest.size = hash.finish(digest.storage).size();
  }
  return digest;
}

Result<void> check_input(const SignatureAlgorithm& algorithm, const SigningInput& input) {
  const std::size_t wanted = algorithm.hash != nullptr ? algorithm.hash->digest_size : 0;
  return input.digest.size() == wanted ? Result<void>{} : ErrorCode::invalid_argument;
}

Result<bool> read_no_parameters(const AlgorithmIdentifier& identifier, SignatureMethod&) {
  if (identifier.parameters) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.offset);
  }
  return true;
}

void write_no_parameters(DerWriter&, const SignatureAlgorithm&) {}

bool SignatureAlgorithm::fits(const KeyKind& kind) const {
  return key_algorithm.is(kind.algorithm) || oid.is(kind.algorithm);
}

Result<std::optional<SignatureMethod>> KeySet::method(Bytes identifier, std::uint32_t base_offset) const {
  DerReader reader(identifier, base_offset);
  ASHLAR_TRY(const AlgorithmIdentifier found, read_algorithm_identifier(reader));
  for (const SignatureAlgorithm* row : algorithms) {
    if (!row->oid.is(found.oid)) {
      continue;
    }
    SignatureMethod method(*row);
    ASHLAR_TRY(const bool named, row->read_parameters(found, method));
    if (named) {
      return std::optional<SignatureMethod>(method);
    }
  }
  return std::optional<SignatureMethod>();
}

}  // namespace ashlar::x509
