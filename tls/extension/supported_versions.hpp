// SPDX-License-Identifier: Apache-2.0
// supported_versions (RFC 9846 §4.2.1): the client lists the versions that it speaks, and a server that chose
// TLS 1.3 says so here. Sent only where TLS 1.3 is offered.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr Extension kSupportedVersions = {
    .type = ExtensionType::supported_versions,
    .name = "supported_versions",
    .allowed = in(Carrier::client_hello, Versions::tls13) | in(Carrier::server_hello, Versions::tls13) |
               in(Carrier::hello_retry_request, Versions::tls13),
    .client_hello =
        u8_vector<ClientHello, &ClientHello::supported_versions, 2>(Place::client_hello_supported_versions),
    .server_hello = {
        .place = Place::server_hello_supported_versions,
        .parse = [](ServerHello& hello, Reader body) -> Result<void> {
          ASHLAR_TRY(const std::uint16_t version, body.u16());
          hello.selected_version = ProtocolVersion{version};
          return body.expect_end();
        },
        .present = [](const ServerHello& hello) { return hello.selected_version != ProtocolVersion{}; },
        .build = [](const ServerHello& hello,
                    Writer& body) { body.u16(static_cast<std::uint16_t>(hello.selected_version)); },
    },
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.supported_versions = from.version_list;
      return {};
    },
};

}  // namespace ashlar::tls
