// SPDX-License-Identifier: Apache-2.0
// session_ticket (RFC 5077 §3.2): the client shows a ticket, or says with an empty one that it takes tickets;
// the server says with its own, always empty one that a NewSessionTicket follows.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr Extension kSessionTicket = {
    .type = ExtensionType::session_ticket,
    .name = "session_ticket",
    .allowed = in(Carrier::client_hello, Versions::tls12) | in(Carrier::server_hello, Versions::tls12),
    .client_hello =
        {
            .place = Place::client_hello_session_ticket,
            .parse = [](ClientHello& hello, Reader body) -> Result<void> {
              hello.takes_tickets = true;
              hello.session_ticket = body.take_rest();
              return {};
            },
            .present = [](const ClientHello& hello) { return hello.takes_tickets; },
            .build = [](const ClientHello& hello, Writer& body) { body.bytes(hello.session_ticket); },
        },
    .server_hello = flag<ServerHello, &ServerHello::gives_ticket>(Place::server_hello_session_ticket),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.takes_tickets = true;
      hello.session_ticket = from.ticket;
      return {};
    },
    .answer = [](const Answer& from, ServerHello& hello) { hello.gives_ticket = from.ticket; },
};

}  // namespace ashlar::tls
