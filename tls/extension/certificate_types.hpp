// SPDX-License-Identifier: Apache-2.0
// client_certificate_type and server_certificate_type (RFC 7250): the client says what it can show and what
// it takes, the server what it asks for and what it shows. Who knows certificates alone does not send them.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

// A client's list, CertificateType<1..2^8-1>. Types that are not known may stand in it. X.509 alone is said
// by leaving it out (§4.1).
template <Bytes ClientHello::*Field>
constexpr In<ClientHello> certificate_types(Place place) {
  return {
      .place = place,
      .parse = [](ClientHello& hello, Reader body) -> Result<void> {
        ASHLAR_TRY(const Reader list, body.u8_prefixed());
        ASHLAR_CHECK(body.expect_end());
        ASHLAR_TRY(const Bytes types, elements(list, 1));
        if (types.size() == 1 && types[0] == static_cast<std::uint8_t>(CertificateType::x509)) {
          return ErrorCode::pointless_certificate_types;
        }
        hello.*Field = types;
        return {};
      },
      .present = [](const ClientHello& hello) { return !(hello.*Field).empty(); },
      .build = [](const ClientHello& hello, Writer& body) { write_u8_vector(body, hello.*Field); },
  };
}

// A server's choice. Whether it is one of the client's, the handshake judges.
template <class Message, std::optional<CertificateType> Message::*Field>
constexpr In<Message> certificate_type(Place place) {
  return {
      .place = place,
      .parse = [](Message& message, Reader body) -> Result<void> {
        ASHLAR_TRY(const std::uint8_t type, body.u8());
        message.*Field = CertificateType{type};
        return body.expect_end();
      },
      .present = [](const Message& message) { return (message.*Field).has_value(); },
      .build = [](const Message& message,
                  Writer& body) { body.u8(static_cast<std::uint8_t>(*(message.*Field))); },
  };
}

inline constexpr Carriers kCertificateTypeCarriers = in(Carrier::client_hello, Versions::both) |
                                                     in(Carrier::server_hello, Versions::tls12) |
                                                     in(Carrier::encrypted_extensions, Versions::tls13);

inline constexpr Extension kClientCertificateType = {
    .type = ExtensionType::client_certificate_type,
    .name = "client_certificate_type",
    .allowed = kCertificateTypeCarriers,
    .client_hello = certificate_types<&ClientHello::client_certificate_types>(
        Place::client_hello_client_certificate_type),
    .server_hello = certificate_type<ServerHello, &ServerHello::client_certificate_type>(
        Place::server_hello_client_certificate_type),
    .encrypted_extensions =
        certificate_type<tls13::EncryptedExtensions, &tls13::EncryptedExtensions::client_certificate_type>(
            Place::encrypted_extensions_client_certificate_type),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.client_certificate_types = from.client_certificate_types;
      return {};
    },
    .answer =
        [](const Answer& from, ServerHello& hello) {
          if (from.client_certificate) {
            hello.client_certificate_type =
                answered_type(from.client.client_certificate_types, from.negotiated.client_certificate_type);
          }
        },
};

inline constexpr Extension kServerCertificateType = {
    .type = ExtensionType::server_certificate_type,
    .name = "server_certificate_type",
    .allowed = kCertificateTypeCarriers,
    .client_hello = certificate_types<&ClientHello::server_certificate_types>(
        Place::client_hello_server_certificate_type),
    .server_hello = certificate_type<ServerHello, &ServerHello::server_certificate_type>(
        Place::server_hello_server_certificate_type),
    .encrypted_extensions =
        certificate_type<tls13::EncryptedExtensions, &tls13::EncryptedExtensions::server_certificate_type>(
            Place::encrypted_extensions_server_certificate_type),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.server_certificate_types = from.server_certificate_types;
      return {};
    },
    .answer =
        [](const Answer& from, ServerHello& hello) {
          hello.server_certificate_type =
              answered_type(from.client.server_certificate_types, from.negotiated.server_certificate_type);
        },
};

}  // namespace ashlar::tls
