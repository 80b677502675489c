// SPDX-License-Identifier: Apache-2.0
// extended_master_secret (RFC 7627): always offered, always answered.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr Extension kExtendedMasterSecret = {
    .type = ExtensionType::extended_master_secret,
    .name = "extended_master_secret",
    .allowed = in(Carrier::client_hello, Versions::tls12) | in(Carrier::server_hello, Versions::tls12),
    .client_hello =
        flag<ClientHello, &ClientHello::extended_master_secret>(Place::client_hello_extended_master_secret),
    .server_hello =
        flag<ServerHello, &ServerHello::extended_master_secret>(Place::server_hello_extended_master_secret),
    .offer = [](const Offer&, ClientHello& hello) -> Result<void> {
      hello.extended_master_secret = true;
      return {};
    },
    .answer =
        [](const Answer& from, ServerHello& hello) {
          hello.extended_master_secret = from.negotiated.extended_master_secret;
        },
};

}  // namespace ashlar::tls
