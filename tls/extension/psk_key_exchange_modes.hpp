// SPDX-License-Identifier: Apache-2.0
// psk_key_exchange_modes (RFC 9846 §4.2.9). psk_dhe_ke is the only mode that is used here: a session is
// resumed with a fresh key exchange, so that forward secrecy is kept.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr std::uint8_t kPskDheKe = 1;

inline constexpr Extension kPskKeyExchangeModes = {
    .type = ExtensionType::psk_key_exchange_modes,
    .name = "psk_key_exchange_modes",
    .allowed = in(Carrier::client_hello, Versions::tls13),
    .client_hello = u8_vector<ClientHello, &ClientHello::psk_key_exchange_modes, 1>(
        Place::client_hello_psk_key_exchange_modes),
    .offer = [](const Offer&, ClientHello& hello) -> Result<void> {
      static constexpr std::uint8_t kModes[] = {kPskDheKe};
      hello.psk_key_exchange_modes = kModes;
      return {};
    },
};

}  // namespace ashlar::tls
