// SPDX-License-Identifier: Apache-2.0
// What several handshake messages have in common: vectors with bounds, and lists of 16-bit numbers.
#pragma once

#include "message/message.hpp"

namespace ashlar::tls {

// bad_vector_length, which tells the length found.
inline Error bad_length(std::size_t length) {
  return {ErrorCode::bad_vector_length, Place::none, static_cast<std::uint32_t>(length)};
}

// All that a vector holds, which must be at least one element, and whole elements.
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

// Reads the extensions of a hello, if it has any, to its end. Calls each(type, body) for every extension and
// returns its first error. An extension that comes twice is duplicate_extension; H15's bound is kept.
inline constexpr std::size_t kMaxExtensions = 64;
template <class Each>
Result<void> read_extensions(Reader& message, Each each) {
  if (message.empty()) {
    return {};
  }
  ASHLAR_TRY(Reader block, message.u16_prefixed());
  ASHLAR_CHECK(message.expect_end());
  BoundedVector<std::uint16_t, kMaxExtensions> seen;
  while (!block.empty()) {
    ASHLAR_TRY(const std::uint16_t type, block.u16());
    ASHLAR_TRY(Reader body, block.u16_prefixed());
    for (const std::uint16_t earlier : seen) {
      if (earlier == type) {
        return Error{ErrorCode::duplicate_extension, Place::none, type};
      }
    }
    if (!seen.push(type)) {
      return Error{ErrorCode::too_many_extensions, Place::none, kMaxExtensions + 1};
    }
    ASHLAR_CHECK(each(ExtensionType{type}, body));
  }
  return {};
}

// Writes the type of an extension whose body is written next.
[[nodiscard]] inline Writer::Scope extension_scope(Writer& writer, ExtensionType type) {
  writer.u16(static_cast<std::uint16_t>(type));
  return writer.u16_scope();
}
inline void empty_extension(Writer& writer, ExtensionType type) {
  auto body = extension_scope(writer, type);
}

// renegotiation_info in an initial handshake holds one empty vector (RFC 5746 §3.4, §3.6).
Result<void> read_renegotiation_info(Reader body);
void write_renegotiation_info(Writer& writer);
// ECPointFormatList: whether uncompressed points are among them (RFC 8422 §5.1.2).
Result<bool> read_point_formats(Reader body);
void write_point_formats(Writer& writer);

}  // namespace ashlar::tls
