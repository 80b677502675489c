// SPDX-License-Identifier: Apache-2.0
// The states of a TLS 1.2 handshake and what can come in. What leads from which state to which is in
// transitions.hpp.
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

}  // namespace ashlar::tls::tls12
