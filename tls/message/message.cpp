// SPDX-License-Identifier: Apache-2.0
// The header of handshake messages (RFC 5246 §7.4): type and 24-bit length.
#include "message/message.hpp"

namespace ashlar::tls {
namespace {

// A length that the type does not allow is refused before any byte of the body has come.
Result<void> judge_header(HandshakeType type, std::uint32_t length) {
  const MessageType* row = message_type(type);
  if (row == nullptr) {
    return Error{ErrorCode::unexpected_message, Place::none, static_cast<std::uint32_t>(type)};
  }
  if (length > row->max_size) {
    return Error{ErrorCode::message_too_large, Place::none, length};
  }
  return {};
}

}  // namespace

Result<std::optional<HandshakeMessage>> next_handshake_message(Bytes buffered) {
  Reader reader(buffered);
  if (reader.remaining() < kHandshakeHeaderSize) {
    return std::optional<HandshakeMessage>();
  }
  ASHLAR_TRY(const std::uint8_t type_byte, reader.u8());
  const HandshakeType type{type_byte};
  ASHLAR_TRY(const std::uint32_t length, reader.u24());
  ASHLAR_CHECK(judge_header(type, length));
  if (reader.remaining() < length) {
    return std::optional<HandshakeMessage>();
  }
  ASHLAR_TRY(const Bytes body, reader.take(length));
  return std::optional<HandshakeMessage>({type, body, buffered.first(kHandshakeHeaderSize + length)});
}

Writer::Scope handshake_scope(Writer& writer, HandshakeType type) {
  writer.u8(static_cast<std::uint8_t>(type));
  return writer.u24_scope();
}

}  // namespace ashlar::tls
