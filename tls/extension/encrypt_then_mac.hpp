// SPDX-License-Identifier: Apache-2.0
// encrypt_then_mac (RFC 7366): offered if a suite of the policy has CBC, answered if such a suite was chosen.
#pragma once

#include "extension/extension.hpp"
#include "record/protection.hpp"

namespace ashlar::tls {

inline constexpr Extension kEncryptThenMac = {
    .type = ExtensionType::encrypt_then_mac,
    .name = "encrypt_then_mac",
    .allowed = in(Carrier::client_hello, Versions::tls12) | in(Carrier::server_hello, Versions::tls12),
    .client_hello = flag<ClientHello, &ClientHello::encrypt_then_mac>(Place::client_hello_encrypt_then_mac),
    .server_hello = flag<ServerHello, &ServerHello::encrypt_then_mac>(Place::server_hello_encrypt_then_mac),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      for (const tls12::Suite* suite : from.policy.suites) {
        hello.encrypt_then_mac = hello.encrypt_then_mac || suite->cipher->encrypt_then_mac != nullptr;
      }
      return {};
    },
    .answer = [](const Answer& from,
                 ServerHello& hello) { hello.encrypt_then_mac = from.negotiated.encrypt_then_mac; },
};

}  // namespace ashlar::tls
