// SPDX-License-Identifier: Apache-2.0
// The types of handshake messages: one row each. A new type is one row here and a number in HandshakeType.
#pragma once

#include <ashlar/tls/event.hpp>

#include "message/versions.hpp"

#include <array>

namespace ashlar::tls {

// The longest bodies that are read (threats T10, H16). A ClientHello: as many extensions as a block can hold,
// and 1 KiB beside.
inline constexpr std::size_t kMaxClientHelloSize = 65 * 1024;
inline constexpr std::size_t kMaxHandshakeMessageSize = 64 * 1024;
inline constexpr std::size_t kMaxCertificateMessageSize = 128 * 1024;
inline constexpr std::size_t kMaxKeyExchangeMessageSize =
    65 * 1024;  // an identity of 65535 bytes, and a share

struct MessageType {
  HandshakeType type;
  std::string_view name;  // as the RFCs write it
  std::size_t max_size;   // of the body
  Versions versions;      // that have it
  // The phase of the handshake in which a client or a server sends it (RFC 5246 §7.3).
  Phase from_client;
  Phase from_server;
};

// clang-format off
inline constexpr auto kMessageTypes = [] {
  using enum HandshakeType;
  using enum Versions;
  constexpr Phase hello = Phase::hello;
  constexpr Phase server = Phase::server_authentication;
  constexpr Phase client = Phase::client_key_exchange;
  constexpr Phase finish = Phase::finish;
  constexpr std::size_t usual = kMaxHandshakeMessageSize;
  return std::to_array<MessageType>({
    //type                    name                     longest                     versions from client, server
    { hello_request,          "HelloRequest",          usual,                      tls12, server, server },
    { client_hello,           "ClientHello",           kMaxClientHelloSize,        both,  hello,  hello  },
    { server_hello,           "ServerHello",           usual,                      both,  hello,  hello  },
    { new_session_ticket,     "NewSessionTicket",      usual,                      both,  finish, finish },
    { end_of_early_data,      "EndOfEarlyData",        usual,                      tls13, finish, finish },
    { encrypted_extensions,   "EncryptedExtensions",   usual,                      tls13, server, server },
    { certificate,            "Certificate",           kMaxCertificateMessageSize, both,  client, server },
    { server_key_exchange,    "ServerKeyExchange",     kMaxKeyExchangeMessageSize, tls12, server, server },
    { certificate_request,    "CertificateRequest",    usual,                      both,  server, server },
    { server_hello_done,      "ServerHelloDone",       usual,                      tls12, server, server },
    { certificate_verify,     "CertificateVerify",     usual,                      both,  client, server },
    { client_key_exchange,    "ClientKeyExchange",     kMaxKeyExchangeMessageSize, tls12, client, client },
    { finished,               "Finished",              usual,                      both,  finish, finish },
    { certificate_status,     "CertificateStatus",     usual,                      tls12, server, server },
    { key_update,             "KeyUpdate",             usual,                      tls13, finish, finish },
    { compressed_certificate, "CompressedCertificate", kMaxCertificateMessageSize, tls13, client, server },
  });
}();
// clang-format on

// The row of a type; null if no message that is spoken here has it.
constexpr const MessageType* message_type(HandshakeType type) {
  for (const MessageType& row : kMessageTypes) {
    if (row.type == type) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace ashlar::tls
