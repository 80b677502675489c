// SPDX-License-Identifier: Apache-2.0
// The server sends the ServerHello (RFC 5246 §7.4.1.3).
#include "credential/credential.hpp"
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
  const Bytes timestamps = credential != nullptr ? Bytes(credential->impl().timestamp_list) : Bytes();
  answer_extensions({client, negotiated(), key_exchange().ephemeral && !key_exchange().finite_field,
                     gives_ticket, gives_status, timestamps, asks_for_certificate() && !negotiated().resumed},
                    hello);
  ASHLAR_CHECK(send(HandshakeType::server_hello, kMaxHelloSize + timestamps.size(),
                    [&](Writer& writer) { hello.build(writer); }));
  tell_secret(true, SecretKind::server_random, server_random);
  return {};
}

}  // namespace ashlar::tls::tls12
