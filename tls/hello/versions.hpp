// SPDX-License-Identifier: Apache-2.0
// The rows of versions, as the hello sees them: how the handshake of a version starts once the hello has
// chosen that version. Clients and servers have separate rows, so that a program with clients only does not
// link the server.
#pragma once

#include "extension/set.hpp"
#include "outbox.hpp"
#include "protocol.hpp"

namespace ashlar::tls {

// The most schemes of a policy: bounds the room for their numbers.
inline constexpr std::size_t kMaxSchemes = 32;

// What a client has said in its ClientHello.
struct SentHello {
  explicit SentHello(const Memory& memory) : message(memory) {}

  std::uint8_t random[kRandomSize] = {};
  BoundedBuffer<255> name;  // what the certificate must be for
  Session session;          // the session to resume; its id is empty if there is none
  ExtensionSet extensions;  // the extensions that it has
  Buffer message;           // the whole hello: it is hashed when the suite, and so the hash, is known
};

struct ClientVersion {
  ProtocolVersion version;
  // Starts the handshake, which takes the ServerHello as its first input.
  Result<Next> (*start)(const ClientConfig& config, const Outbox& outbox, SentHello&& hello);
  // Handles a HelloRequest that comes before the ServerHello. Null: it is refused.
  Result<void> (*pass_over_hello_request)(const Outbox& outbox, const HandshakeMessage& message);
};

struct ServerVersion {
  ProtocolVersion version;
  // Starts the handshake, which takes the ClientHello as its first input.
  Result<Next> (*start)(const ServerConfig& config, const Outbox& outbox);
};

}  // namespace ashlar::tls
