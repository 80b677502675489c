// SPDX-License-Identifier: Apache-2.0
// The server sends the ServerHello (RFC 5246 §7.4.1.3).
#include "extension/block.hpp"
#include "hello/downgrade.hpp"
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

Result<void> ServerHandshake::send_server_hello(const ClientHello& client) {
  ASHLAR_CHECK(settings.random.fill(server_random));
  mark_downgrade(policy(), config.versions, server_random);
  ServerHello hello;
  hello.version = ProtocolVersion::tls12;
  hello.random = server_random;
  hello.session_id = outcome.session_id.bytes();
  hello.suite = suite().id;
  answer_extensions({client, negotiated(), key_exchange().ephemeral, gives_ticket}, hello);
  ASHLAR_CHECK(
      send(HandshakeType::server_hello, kMaxHelloSize, [&](Writer& writer) { hello.build(writer); }));
  tell_secret(true, SecretKind::server_random, server_random);
  return {};
}

}  // namespace ashlar::tls::tls12
