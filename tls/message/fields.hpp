// SPDX-License-Identifier: Apache-2.0
// What several messages and extensions share: vectors with bounds, and lists of 16-bit numbers.
#pragma once

#include "message/message.hpp"

namespace ashlar::tls {

// bad_vector_length, with the length that was found.
inline Error bad_length(std::size_t length) {
  return {ErrorCode::bad_vector_length, Place::none, static_cast<std::uint32_t>(length)};
}

// The content of a vector: one or more whole elements.
inline Result<Bytes> elements(Reader vector, std::size_t element_size) {
  const Bytes content = vector.take_rest();
  if (content.empty() || content.size() % element_size != 0) {
    return bad_length(content.size());
  }
  return content;
}

// One entry of a certificate list, which goes behind those that are there.
inline Result<void> read_certificate(Reader& list, BoundedVector<Bytes, kMaxCertificates>& certificates) {
  ASHLAR_TRY(Reader certificate, list.u24_prefixed());
  if (certificate.empty()) {
    return bad_length(0);
  }
  if (!certificates.push(certificate.take_rest())) {
    return Error{ErrorCode::too_many_certificates, Place::none, kMaxCertificates + 1};
  }
  return {};
}

// The content of a list of DistinguishedName<1..2^16-1>, which may be empty.
inline Result<Bytes> read_authorities(Reader list) {
  const Bytes content = list.peek();
  while (!list.empty()) {
    ASHLAR_TRY(const Reader name, list.u16_prefixed());
    if (name.empty()) {
      return bad_length(0);
    }
  }
  return content;
}

// Writes a vector with its length in one or two bytes before it. Not inline, because many extensions do it.
[[gnu::noinline]] inline void write_u8_vector(Writer& writer, Bytes content) {
  auto vector = writer.u8_scope();
  writer.bytes(content);
}
[[gnu::noinline]] inline void write_u16_vector(Writer& writer, Bytes content) {
  auto vector = writer.u16_scope();
  writer.bytes(content);
}

// Whether a list of 16-bit numbers holds this one. elements() has already checked the list.
template <class Id>
bool list_holds(Bytes list, Id id) {
  for (Reader reader(list); reader.remaining() >= 2;) {
    const auto value = reader.u16();
    if (value && *value == static_cast<std::uint16_t>(id)) {
      return true;
    }
  }
  return false;
}

// Writes the numbers of rows into `room` in wire form, and returns them. Empty if they do not all fit;
// room.finish() then fails too. first: a number before them; 0: none.
template <class Row>
Bytes list_ids(std::span<const Row* const> rows, Writer& room, std::uint16_t first = 0) {
  const MutBytes list = room.room(2 * (rows.size() + (first != 0 ? 1u : 0u)));
  Writer writer(list);
  if (first != 0) {
    writer.u16(first);
  }
  for (const Row* row : rows) {
    writer.u16(static_cast<std::uint16_t>(row->id));
  }
  return list;
}

}  // namespace ashlar::tls
