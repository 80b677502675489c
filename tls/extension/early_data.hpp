// SPDX-License-Identifier: Apache-2.0
// early_data (RFC 9846 §4.2.10). It is known so that it can be refused: no client here sends early data, and
// a server passes over what comes.
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
        .parse = [](tls13::NewSessionTicket&, Reader body) -> Result<void> {
          ASHLAR_CHECK(body.u32());
          return body.expect_end();
        },
        .present = [](const tls13::NewSessionTicket&) { return false; },
        .build = [](const tls13::NewSessionTicket&, Writer&) {},
    },
    .offer = [](const Offer&, ClientHello&) -> Result<void> { return {}; },
};

}  // namespace ashlar::tls
