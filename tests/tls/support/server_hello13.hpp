// SPDX-License-Identifier: Apache-2.0
// Answers to the ClientHello of a client of ours that no server of ours gives.
#pragma once

#include "message/message.hpp"
#include "tls/support/tls13.hpp"

namespace ashlar::test {

// A ServerHello or HelloRetryRequest that answers this ClientHello, in a record.
inline Buffer server_hello(const tls::ClientHello& client, Bytes random,
                           const std::function<void(tls::ServerHello&)>& change) {
  tls::ServerHello hello;
  hello.version = tls::ProtocolVersion::tls12;
  hello.random = random;
  hello.session_id = client.session_id;
  hello.suite = tls::kAes128GcmSha256.id;
  hello.selected_version = tls::ProtocolVersion::tls13;
  change(hello);
  Buffer message(512);
  Writer writer{MutBytes(message)};
  {
    const auto scope = tls::handshake_scope(writer, tls::HandshakeType::server_hello);
    hello.build(writer);
  }
  message.resize(writer.finish()->size());
  return plain_record(tls::ContentType::handshake, message);
}

struct RetriedClient {
  RetriedClient() {
    setup.use_groups(kGroups, kGroups);
    client.emplace(setup.make_client());
    first = drain(*client);
    hello = *tls::ClientHello::parse(Bytes(first).subspan(9));
  }
  std::optional<Error> answer(Bytes random, const std::function<void(tls::ServerHello&)>& change) {
    return feed_all(*client, server_hello(hello, random, change));
  }

  static constexpr const tls::Group* kGroups[] = {&tls::kX25519, &tls::kSecp256r1};
  Tls13Setup setup;
  std::optional<tls::Client> client;
  Buffer first;
  tls::ClientHello hello;
};

inline void ask_for_p256(tls::ServerHello& hello) {
  hello.has_key_share = true;
  hello.key_share_group = tls::GroupId::secp256r1;
}

}  // namespace ashlar::test
