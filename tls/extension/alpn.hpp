// SPDX-License-Identifier: Apache-2.0
// application_layer_protocol_negotiation (RFC 7301): the client lists protocols, the server names one.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

// A ProtocolNameList: at least one name, none of them empty (§3.1).
inline Result<Bytes> read_protocols(Reader body) {
  ASHLAR_TRY(Reader list, body.u16_prefixed());
  ASHLAR_CHECK(body.expect_end());
  const Bytes content = list.peek();
  if (content.empty()) {
    return bad_length(0);
  }
  while (!list.empty()) {
    ASHLAR_TRY(const Reader protocol, list.u8_prefixed());
    if (protocol.empty()) {
      return bad_length(0);
    }
  }
  return content;
}

// The same list with the one name that the server chose.
inline Result<std::string_view> read_chosen_protocol(Reader body) {
  ASHLAR_TRY(Reader list, body.u16_prefixed());
  ASHLAR_CHECK(body.expect_end());
  ASHLAR_TRY(Reader protocol, list.u8_prefixed());
  ASHLAR_CHECK(list.expect_end());
  if (protocol.empty()) {
    return bad_length(0);
  }
  return text_of(protocol.take_rest());
}

// The content of a ProtocolNameList with these names, written into `room`.
inline Result<Bytes> list_protocols(std::span<const std::string_view> protocols, Writer& room) {
  std::size_t size = 0;
  for (const std::string_view protocol : protocols) {
    if (protocol.empty() || protocol.size() > 255) {
      return ErrorCode::invalid_argument;
    }
    size += 1 + protocol.size();
  }
  const MutBytes memory = room.room(size);
  Writer list(memory);
  for (const std::string_view protocol : protocols) {
    auto name = list.u8_scope();
    list.text(protocol);
  }
  return list.finish();
}

// In a message that names the one protocol.
template <class Message>
constexpr In<Message> chosen_protocol(Place place) {
  return {
      .place = place,
      .parse = [](Message& message, Reader body) -> Result<void> {
        ASHLAR_TRY(message.alpn, read_chosen_protocol(body));
        return {};
      },
      .present = [](const Message& message) { return !message.alpn.empty(); },
      .build =
          [](const Message& message, Writer& body) {
            auto list = body.u16_scope();
            auto protocol = body.u8_scope();
            body.text(message.alpn);
          },
  };
}

inline constexpr Extension kAlpn = {
    .type = ExtensionType::application_layer_protocol_negotiation,
    .name = "application_layer_protocol_negotiation",
    .allowed = in(Carrier::client_hello, Versions::both) | in(Carrier::server_hello, Versions::tls12) |
               in(Carrier::encrypted_extensions, Versions::tls13),
    .client_hello =
        {
            .place = Place::client_hello_alpn,
            .parse = [](ClientHello& hello, Reader body) -> Result<void> {
              ASHLAR_TRY(hello.alpn, read_protocols(body));
              return {};
            },
            .present = [](const ClientHello& hello) { return !hello.alpn.empty(); },
            .build = [](const ClientHello& hello, Writer& body) { write_u16_vector(body, hello.alpn); },
        },
    .server_hello = chosen_protocol<ServerHello>(Place::server_hello_alpn),
    .encrypted_extensions = chosen_protocol<tls13::EncryptedExtensions>(Place::encrypted_extensions_alpn),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      ASHLAR_TRY(hello.alpn, list_protocols(from.protocols, from.room));
      return {};
    },
    .answer = [](const Answer& from, ServerHello& hello) { hello.alpn = from.negotiated.alpn; },
};

}  // namespace ashlar::tls
