// SPDX-License-Identifier: Apache-2.0
// What several messages and extensions have in common: vectors with bounds, and lists of 16-bit numbers.
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

// Whether a list of 16-bit numbers, already judged by elements(), holds this one.
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

// Writes the numbers of rows into `room` as the wire has them, and returns them. Empty if there is not room
// for all, which room.finish() tells too.
template <class Row>
Bytes list_ids(std::span<const Row* const> rows, Writer& room) {
  const MutBytes list = room.room(2 * rows.size());
  Writer writer(list);
  for (const Row* row : rows) {
    writer.u16(static_cast<std::uint16_t>(row->id));
  }
  return list;
}

}  // namespace ashlar::tls
