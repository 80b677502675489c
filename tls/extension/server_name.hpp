// SPDX-License-Identifier: Apache-2.0
// server_name (RFC 6066 §3): the host that the client wants. The server's answer has no body.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

// The part of a server's name that a client sends: the DNS name without a trailing dot. Empty for an IP
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

// Whether this looks like the text of an IPv6 address. RFC 6066 forbids addresses here, but some clients send
// them. They are accepted like IPv4 addresses, which have the form of a host name. The server need not have a
// certificate for such a name.
constexpr bool is_ipv6_text(Bytes name) {
  bool colon = false;
  for (const std::uint8_t c : name) {
    const bool hexadecimal = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!hexadecimal && c != ':' && c != '.') {
      return false;
    }
    colon = colon || c == ':';
  }
  return colon && name.size() <= 45;
}

// The host_name of a ServerNameList, or nothing if it has none. Names of other types are ignored; they begin
// with a length too. No type may come twice.
inline Result<std::string_view> read_server_names(Reader body) {
  ASHLAR_TRY(Reader list, body.u16_prefixed());
  ASHLAR_CHECK(body.expect_end());
  std::string_view host;
  std::uint32_t seen[256 / 32] = {};
  do {
    ASHLAR_TRY(const std::uint8_t type, list.u8());
    ASHLAR_TRY(Reader content, list.u16_prefixed());
    const std::uint32_t bit = std::uint32_t{1} << (type % 32);
    if ((seen[type / 32] & bit) != 0) {
      return ErrorCode::bad_server_name;
    }
    seen[type / 32] |= bit;
    if (type == 0) {
      ASHLAR_TRY(const Bytes name, elements(content, 1));
      if (!is_host_name(name) && !is_ipv6_text(name)) {
        return ErrorCode::bad_server_name;
      }
      host = text_of(name);
    }
  } while (!list.empty());
  return host;
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
    .encrypted_extensions =
        flag<tls13::EncryptedExtensions, &tls13::EncryptedExtensions::acknowledges_server_name>(
            Place::encrypted_extensions_server_name),
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
