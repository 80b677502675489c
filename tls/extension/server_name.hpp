// SPDX-License-Identifier: Apache-2.0
// server_name (RFC 6066 §3): the host that the client wants. The server's answer has no body.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

// What of a server's name a client sends: the DNS name without a trailing dot. Empty for the text of an IP
// address, which is not sent.
constexpr std::string_view host_name_of(std::string_view name) {
  bool digits_and_dots = true;
  for (const char c : name) {
    if (c == ':') {
      return {};
    }
    digits_and_dots = digits_and_dots && (c == '.' || (c >= '0' && c <= '9'));
  }
  if (digits_and_dots) {
    return {};
  }
  if (!name.empty() && name.back() == '.') {
    name.remove_suffix(1);
  }
  return name;
}

constexpr bool is_host_character(std::uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Labels of 1 to 63 letters, digits, hyphens and (as people use them) underscores, without a trailing dot;
// 253 bytes at most. This refuses NUL, spaces, and the colons of IPv6 addresses.
constexpr bool is_host_name(Bytes name) {
  std::size_t label = 0;
  for (const std::uint8_t c : name) {
    if (c == '.') {
      if (label == 0) {
        return false;
      }
      label = 0;
    } else if (!is_host_character(c) || ++label > 63) {
      return false;
    }
  }
  return label != 0 && name.size() <= 253;
}

// A ServerNameList with exactly one entry, a host_name.
inline Result<std::string_view> read_server_names(Reader body) {
  ASHLAR_TRY(Reader list, body.u16_prefixed());
  ASHLAR_CHECK(body.expect_end());
  ASHLAR_TRY(const std::uint8_t name_type, list.u8());
  if (name_type != 0) {
    return ErrorCode::bad_server_name;
  }
  ASHLAR_TRY(Reader name_reader, list.u16_prefixed());
  const Bytes name = name_reader.take_rest();
  if (!list.empty() || !is_host_name(name)) {
    return ErrorCode::bad_server_name;
  }
  return text_of(name);
}

inline constexpr Extension kServerName = {
    .type = ExtensionType::server_name,
    .name = "server_name",
    .allowed = in(Carrier::client_hello, Versions::both) | in(Carrier::server_hello, Versions::tls12) |
               in(Carrier::encrypted_extensions, Versions::tls13),
    .client_hello =
        {
            .place = Place::client_hello_server_name,
            .parse = [](ClientHello& hello, Reader body) -> Result<void> {
              ASHLAR_TRY(hello.server_name, read_server_names(body));
              return {};
            },
            .present = [](const ClientHello& hello) { return !hello.server_name.empty(); },
            .build =
                [](const ClientHello& hello, Writer& body) {
                  auto list = body.u16_scope();
                  body.u8(0);
                  auto name = body.u16_scope();
                  body.text(hello.server_name);
                },
        },
    .server_hello =
        flag<ServerHello, &ServerHello::acknowledges_server_name>(Place::server_hello_server_name),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.server_name = from.server_name;
      return {};
    },
    .answer =
        [](const Answer& from, ServerHello& hello) {
          hello.acknowledges_server_name = !from.client.server_name.empty() && !from.negotiated.resumed;
        },
};

}  // namespace ashlar::tls
