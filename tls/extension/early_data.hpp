// SPDX-License-Identifier: Apache-2.0
// early_data (RFC 9846 §4.2.10): a client says that early data follows its hello, a server that it takes it,
// and a ticket how much.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr Extension kEarlyData = {
    .type = ExtensionType::early_data,
    .name = "early_data",
    .allowed = in(Carrier::client_hello, Versions::tls13) |
               in(Carrier::encrypted_extensions, Versions::tls13) |
               in(Carrier::new_session_ticket, Versions::tls13),
    .client_hello = flag<ClientHello, &ClientHello::early_data>(Place::client_hello_early_data),
    .encrypted_extensions = flag<tls13::EncryptedExtensions, &tls13::EncryptedExtensions::early_data>(
        Place::encrypted_extensions_early_data),
    .new_session_ticket = {
        .place = Place::new_session_ticket_early_data,
        .parse = [](tls13::NewSessionTicket& ticket, Reader body) -> Result<void> {
          ASHLAR_TRY(ticket.max_early_data, body.u32());
          return body.expect_end();
        },
        .present = [](const tls13::NewSessionTicket& ticket) { return ticket.max_early_data != 0; },
        .build = [](const tls13::NewSessionTicket& ticket, Writer& body) { body.u32(ticket.max_early_data); },
    },
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.early_data = from.early_data;
      return {};
    },
};

}  // namespace ashlar::tls
