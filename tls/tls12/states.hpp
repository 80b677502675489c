// SPDX-License-Identifier: Apache-2.0
// The states of a TLS 1.2 handshake and what can come in. What leads from which state to which is in
// transitions.hpp.
#pragma once

#include <iterator>

#include "input_kind.hpp"

namespace ashlar::tls::tls12 {

// The states of both sides. Each stands for a struct of the same name in client.hpp or server.hpp, except the
// two in which the handshake is over.
enum class State : std::uint8_t {
  client_expects_server_hello,
  client_expects_certificate,
  client_expects_certificate_status,
  client_expects_server_key_exchange,
  client_expects_psk_hint,             // or ServerHelloDone
  client_expects_certificate_request,  // or ServerHelloDone
  client_chooses_credential,
  client_expects_server_hello_done,
  client_signs_certificate_verify,
  client_expects_new_session_ticket,
  client_expects_change_cipher_spec,
  client_expects_finished,
  client_connected,
  server_expects_client_hello,
  server_chooses_credential,
  server_signs_server_key_exchange,
  server_expects_certificate,
  server_expects_client_key_exchange,
  server_decrypts_premaster,
  server_expects_certificate_verify,
  server_expects_change_cipher_spec,
  server_expects_finished,
  server_connected,
};
inline constexpr std::size_t kStates = 23;
// Their names, for diagrams and messages.
inline constexpr std::string_view kStateNames[] = {
    "client_expects_server_hello",
    "client_expects_certificate",
    "client_expects_certificate_status",
    "client_expects_server_key_exchange",
    "client_expects_psk_hint",
    "client_expects_certificate_request",
    "client_chooses_credential",
    "client_expects_server_hello_done",
    "client_signs_certificate_verify",
    "client_expects_new_session_ticket",
    "client_expects_change_cipher_spec",
    "client_expects_finished",
    "client_connected",
    "server_expects_client_hello",
    "server_chooses_credential",
    "server_signs_server_key_exchange",
    "server_expects_certificate",
    "server_expects_client_key_exchange",
    "server_decrypts_premaster",
    "server_expects_certificate_verify",
    "server_expects_change_cipher_spec",
    "server_expects_finished",
    "server_connected",
};
static_assert(std::size(kStateNames) == kStates);

constexpr std::string_view name_of(State state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

}  // namespace ashlar::tls::tls12
