// SPDX-License-Identifier: Apache-2.0
// The rows of versions, as the hello sees them: how the handshake of a version is put in place once the hello
// has decided for it. A client's and a server's are rows of their own, so that a program with clients only
// does not hold the server.
#pragma once

#include "extension/set.hpp"
#include "outbox.hpp"
#include "protocol.hpp"

namespace ashlar::tls {

// Of a policy, for the room that their numbers need.
inline constexpr std::size_t kMaxSchemes = 32;

// What a client has said in its ClientHello.
struct SentHello {
  explicit SentHello(const Memory& memory) : message(memory) {}

  std::uint8_t random[kRandomSize] = {};
  BoundedBuffer<255> name;  // what the certificate must be for
  Session session;          // the one to be resumed; its id is empty if there is none
  ExtensionSet extensions;  // those that it has
  Buffer message;           // all of it: it is hashed when the suite, and so the hash, is known
};

struct ClientVersion {
  ProtocolVersion version;
  // The handshake, which takes the ServerHello as its first input.
  Result<Next> (*start)(const ClientConfig& config, const Outbox& outbox, SentHello&& hello);
  // What is done with a HelloRequest that comes before the ServerHello; null: it is refused.
  Result<void> (*pass_over_hello_request)(const Outbox& outbox, const HandshakeMessage& message);
};

struct ServerVersion {
  ProtocolVersion version;
  // The handshake, which takes the ClientHello as its first input.
  Result<Next> (*start)(const ServerConfig& config, const Outbox& outbox);
};

}  // namespace ashlar::tls
