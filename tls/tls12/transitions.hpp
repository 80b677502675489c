// SPDX-License-Identifier: Apache-2.0
// The one table of what may happen when (RFC 5246 §7.3, Figures 1 and 2; H01). An input that has no row here
// is refused before any code looks at it; a state that a row does not name cannot follow.
#pragma once

#include <ashlar/tls/registry.hpp>

#include <iterator>

namespace ashlar::tls::tls12 {

// The states of both sides. Each stands for a struct of the same name in client.hpp or server.hpp, but for
// the two in which nothing of the handshake is left.
enum class State : std::uint8_t {
  client_expects_server_hello,
  client_expects_certificate,
  client_expects_server_key_exchange,
  client_expects_certificate_request,  // or ServerHelloDone
  client_expects_server_hello_done,
  client_signs_certificate_verify,
  client_expects_change_cipher_spec,
  client_expects_finished,
  client_connected,
  server_expects_client_hello,
  server_signs_server_key_exchange,
  server_expects_certificate,
  server_expects_client_key_exchange,
  server_decrypts_premaster,
  server_expects_certificate_verify,
  server_expects_change_cipher_spec,
  server_expects_finished,
  server_connected,
};
inline constexpr std::size_t kStates = 18;
// Their names, for diagrams and messages.
inline constexpr std::string_view kStateNames[] = {
    "client_expects_server_hello",
    "client_expects_certificate",
    "client_expects_server_key_exchange",
    "client_expects_certificate_request",
    "client_expects_server_hello_done",
    "client_signs_certificate_verify",
    "client_expects_change_cipher_spec",
    "client_expects_finished",
    "client_connected",
    "server_expects_client_hello",
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

// What can come in: handshake messages, the other content types, and the answer to a private-key operation.
enum class InputKind : std::uint8_t {
  hello_request,
  client_hello,
  server_hello,
  new_session_ticket,
  certificate,
  server_key_exchange,
  certificate_request,
  server_hello_done,
  certificate_verify,
  client_key_exchange,
  finished,
  unknown_message,
  change_cipher_spec,
  application_data,
  private_key_answer,
};
inline constexpr std::size_t kInputKinds = 15;
inline constexpr std::string_view kInputNames[] = {
    "HelloRequest",      "ClientHello",        "ServerHello",      "NewSessionTicket",  "Certificate",
    "ServerKeyExchange", "CertificateRequest", "ServerHelloDone",  "CertificateVerify", "ClientKeyExchange",
    "Finished",          "unknown message",    "ChangeCipherSpec", "application data",  "private-key answer",
};
static_assert(std::size(kInputNames) == kInputKinds);

constexpr InputKind input_kind(HandshakeType type) {
  switch (type) {
    case HandshakeType::hello_request:
      return InputKind::hello_request;
    case HandshakeType::client_hello:
      return InputKind::client_hello;
    case HandshakeType::server_hello:
      return InputKind::server_hello;
    case HandshakeType::new_session_ticket:
      return InputKind::new_session_ticket;
    case HandshakeType::certificate:
      return InputKind::certificate;
    case HandshakeType::server_key_exchange:
      return InputKind::server_key_exchange;
    case HandshakeType::certificate_request:
      return InputKind::certificate_request;
    case HandshakeType::server_hello_done:
      return InputKind::server_hello_done;
    case HandshakeType::certificate_verify:
      return InputKind::certificate_verify;
    case HandshakeType::client_key_exchange:
      return InputKind::client_key_exchange;
    case HandshakeType::finished:
      return InputKind::finished;
  }
  return InputKind::unknown_message;
}

struct Transition {
  State from;
  InputKind input;
  State to;
  std::string_view when;  // what decides, where one input can lead to several states
};

inline constexpr Transition kTransitions[] = {
#define ASHLAR_ROW(from, input, to, when) {State::from, InputKind::input, State::to, when},
    ASHLAR_ROW(client_expects_server_hello, server_hello, client_expects_certificate, "full handshake")
        ASHLAR_ROW(client_expects_server_hello, server_hello, client_expects_change_cipher_spec,
                   "session resumed")
            ASHLAR_ROW(client_expects_certificate, certificate, client_expects_server_key_exchange, "ECDHE")
                ASHLAR_ROW(client_expects_certificate, certificate, client_expects_certificate_request,
                           "RSA key transport") ASHLAR_ROW(client_expects_server_key_exchange,
                                                           server_key_exchange,
                                                           client_expects_certificate_request, "")
                    ASHLAR_ROW(client_expects_certificate_request, certificate_request,
                               client_expects_server_hello_done,
                               "") ASHLAR_ROW(client_expects_certificate_request, server_hello_done,
                                              client_expects_change_cipher_spec, "")
                        ASHLAR_ROW(client_expects_server_hello_done, server_hello_done,
                                   client_expects_change_cipher_spec, "no certificate to show")
                            ASHLAR_ROW(client_expects_server_hello_done, server_hello_done,
                                       client_signs_certificate_verify, "a certificate shown")
                                ASHLAR_ROW(client_signs_certificate_verify, private_key_answer,
                                           client_expects_change_cipher_spec,
                                           "") ASHLAR_ROW(client_expects_change_cipher_spec,
                                                          change_cipher_spec, client_expects_finished, "")
                                    ASHLAR_ROW(client_expects_finished, finished, client_connected, "")
                                        ASHLAR_ROW(client_connected, application_data, client_connected, "")
    // A HelloRequest is passed over while the handshake goes on and answered with no_renegotiation afterwards
    // (RFC 5246 §7.4.1.1).
    ASHLAR_ROW(client_expects_server_hello, hello_request, client_expects_server_hello, "") ASHLAR_ROW(
        client_expects_certificate, hello_request, client_expects_certificate,
        "") ASHLAR_ROW(client_expects_server_key_exchange, hello_request, client_expects_server_key_exchange,
                       "") ASHLAR_ROW(client_expects_certificate_request, hello_request,
                                      client_expects_certificate_request, "")
        ASHLAR_ROW(client_expects_server_hello_done, hello_request, client_expects_server_hello_done,
                   "") ASHLAR_ROW(client_connected, hello_request, client_connected, "")

            ASHLAR_ROW(server_expects_client_hello, client_hello, server_signs_server_key_exchange, "ECDHE")
                ASHLAR_ROW(server_expects_client_hello, client_hello, server_expects_certificate,
                           "RSA key transport, client certificate asked for")
                    ASHLAR_ROW(server_expects_client_hello, client_hello, server_expects_client_key_exchange,
                               "RSA key transport") ASHLAR_ROW(server_expects_client_hello, client_hello,
                                                               server_expects_change_cipher_spec,
                                                               "session resumed")
                        ASHLAR_ROW(server_signs_server_key_exchange, private_key_answer,
                                   server_expects_certificate, "client certificate asked for")
                            ASHLAR_ROW(server_signs_server_key_exchange, private_key_answer,
                                       server_expects_client_key_exchange,
                                       "") ASHLAR_ROW(server_expects_certificate, certificate,
                                                      server_expects_client_key_exchange, "")
                                ASHLAR_ROW(server_expects_client_key_exchange, client_key_exchange,
                                           server_decrypts_premaster, "RSA key transport")
                                    ASHLAR_ROW(server_expects_client_key_exchange, client_key_exchange,
                                               server_expects_certificate_verify,
                                               "ECDHE, client showed a certificate")
                                        ASHLAR_ROW(server_expects_client_key_exchange, client_key_exchange,
                                                   server_expects_change_cipher_spec, "ECDHE")
                                            ASHLAR_ROW(server_decrypts_premaster, private_key_answer,
                                                       server_expects_certificate_verify,
                                                       "client showed a certificate")
                                                ASHLAR_ROW(server_decrypts_premaster, private_key_answer,
                                                           server_expects_change_cipher_spec, "")
                                                    ASHLAR_ROW(server_expects_certificate_verify,
                                                               certificate_verify,
                                                               server_expects_change_cipher_spec, "")
                                                        ASHLAR_ROW(server_expects_change_cipher_spec,
                                                                   change_cipher_spec,
                                                                   server_expects_finished, "")
                                                            ASHLAR_ROW(server_expects_finished, finished,
                                                                       server_connected, "")
                                                                ASHLAR_ROW(server_connected, application_data,
                                                                           server_connected, "")
    // Renegotiation is refused with a no_renegotiation alert (H07).
    ASHLAR_ROW(server_connected, client_hello, server_connected, "")
#undef ASHLAR_ROW
};

// Whether `state` takes such an input at all.
constexpr bool allowed(State state, InputKind input) {
  for (const Transition& row : kTransitions) {
    if (row.from == state && row.input == input) {
      return true;
    }
  }
  return false;
}
// Whether `to` may follow.
constexpr bool allowed(State from, InputKind input, State to) {
  for (const Transition& row : kTransitions) {
    if (row.from == from && row.input == input && row.to == to) {
      return true;
    }
  }
  return false;
}

}  // namespace ashlar::tls::tls12
