// SPDX-License-Identifier: Apache-2.0
// ticket_request (RFC 9149): a client says how many tickets it wants, and a server how many it will send.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr Extension kTicketRequest = {
    .type = ExtensionType::ticket_request,
    .name = "ticket_request",
    .allowed =
        in(Carrier::client_hello, Versions::tls13) | in(Carrier::encrypted_extensions, Versions::tls13),
    .client_hello = {
        .place = Place::client_hello_ticket_request,
        .parse = [](ClientHello& hello, Reader body) -> Result<void> {
          hello.has_ticket_request = true;
          ASHLAR_TRY(hello.new_session_tickets, body.u8());
          ASHLAR_TRY(hello.resumption_tickets, body.u8());
          return body.expect_end();
        },
        .present = [](const ClientHello& hello) { return hello.has_ticket_request; },
        .build =
            [](const ClientHello& hello, Writer& body) {
              body.u8(hello.new_session_tickets);
              body.u8(hello.resumption_tickets);
            },
    },
    .encrypted_extensions = {
        .place = Place::encrypted_extensions_ticket_request,
        .parse = [](tls13::EncryptedExtensions& message, Reader body) -> Result<void> {
          message.has_expected_tickets = true;
          ASHLAR_TRY(message.expected_tickets, body.u8());
          return body.expect_end();
        },
        .present = [](const tls13::EncryptedExtensions& message) { return message.has_expected_tickets; },
        .build = [](const tls13::EncryptedExtensions& message,
                    Writer& body) { body.u8(message.expected_tickets); },
    },
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.has_ticket_request = from.tickets != nullptr;
      if (from.tickets != nullptr) {
        hello.new_session_tickets = from.tickets->new_session;
        hello.resumption_tickets = from.tickets->resumption;
      }
      return {};
    },
};

}  // namespace ashlar::tls
