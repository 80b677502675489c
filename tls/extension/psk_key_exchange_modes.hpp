// SPDX-License-Identifier: Apache-2.0
// psk_key_exchange_modes (RFC 9846 §4.2.9): psk_dhe_ke, a fresh key exchange beside the pre-shared key, so
// that forward secrecy is kept. psk_ke, without one, if the policy allows it.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr std::uint8_t kPskKe = 0;
inline constexpr std::uint8_t kPskDheKe = 1;

inline constexpr Extension kPskKeyExchangeModes = {
    .type = ExtensionType::psk_key_exchange_modes,
    .name = "psk_key_exchange_modes",
    .allowed = in(Carrier::client_hello, Versions::tls13),
    .client_hello = u8_vector<ClientHello, &ClientHello::psk_key_exchange_modes, 1>(
        Place::client_hello_psk_key_exchange_modes),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      static constexpr std::uint8_t kModes[] = {kPskDheKe, kPskKe};
      hello.psk_key_exchange_modes = Bytes(kModes).first(from.policy.psk_without_key_exchange ? 2 : 1);
      return {};
    },
};

}  // namespace ashlar::tls
