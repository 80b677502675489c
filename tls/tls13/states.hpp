// SPDX-License-Identifier: Apache-2.0
// The states of a TLS 1.3 handshake. What leads from which state to which is in transitions.hpp.
#pragma once

#include <iterator>

#include "input_kind.hpp"

namespace ashlar::tls::tls13 {

// The states of both sides. Each stands for a struct of the same name in client.hpp or server.hpp, but for
// the two in which nothing of the handshake is left.
enum class State : std::uint8_t {
  client_expects_server_hello,
  client_expects_second_server_hello,
  client_expects_encrypted_extensions,
  client_expects_certificate_request,  // or Certificate
  client_expects_certificate,
  client_expects_certificate_verify,
  client_expects_finished,
  client_chooses_credential,
  client_signs_certificate_verify,
  client_connected,
  server_expects_client_hello,
  server_expects_second_client_hello,
  server_chooses_credential,
  server_exchanges_keys,
  server_signs_certificate_verify,
  server_expects_end_of_early_data,
  server_expects_certificate,
  server_expects_certificate_verify,
  server_expects_finished,
  server_connected,
};
inline constexpr std::size_t kStates = 20;
// Their names, for diagrams and messages.
inline constexpr std::string_view kStateNames[] = {
    "client_expects_server_hello",
    "client_expects_second_server_hello",
    "client_expects_encrypted_extensions",
    "client_expects_certificate_request",
    "client_expects_certificate",
    "client_expects_certificate_verify",
    "client_expects_finished",
    "client_chooses_credential",
    "client_signs_certificate_verify",
    "client_connected",
    "server_expects_client_hello",
    "server_expects_second_client_hello",
    "server_chooses_credential",
    "server_exchanges_keys",
    "server_signs_certificate_verify",
    "server_expects_end_of_early_data",
    "server_expects_certificate",
    "server_expects_certificate_verify",
    "server_expects_finished",
    "server_connected",
};
static_assert(std::size(kStateNames) == kStates);

constexpr std::string_view name_of(State state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

}  // namespace ashlar::tls::tls13
