// SPDX-License-Identifier: Apache-2.0
// Handshakes in memory, both sides together, with a certificate and resumed. Also records.
#include "support/identity.hpp"
#include "support/runner.hpp"

#include <ashlar/posix.hpp>
#include <ashlar/tls/connection.hpp>
#include <ashlar/tls/ticket_keys.hpp>

#include <cstdlib>

namespace ashlar::measure {

namespace {

// TLS 1.3 by X25519 alone, which peers without ML-KEM have too.
const tls::Policy& tls13_x25519() {
  static constexpr const tls::Group* kGroups[] = {&tls::kX25519};
  static const tls::Policy policy = [] {
    tls::Policy made = tls::policy::tls13;
    made.groups = kGroups;
    return made;
  }();
  return policy;
}

// A client and a server that fit each other.
struct Pair {
  explicit Pair(bool rsa, const tls::Policy& policy = tls::policy::tls12)
      : parties(identity(rsa)), ca(must(x509::Certificate::parse(parties.ca))) {
    client_config.alpn = {};
    client_config.policy = server_config.policy = &policy;
    // Each resumption of TLS 1.3 makes a new session, which would push the first out of the store.
    if (policy.speaks(tls::ProtocolVersion::tls13)) {
      if (!keys.rotate(server_config.random, server_config.clock.now(server_config.clock.context))) {
        std::abort();
      }
      server_config.tickets = &tickets;
    } else {
      server_config.sessions = &store;
    }
  }
  Pair(const Pair&) = delete;

  const Identity& parties;
  x509::Certificate ca;
  Bytes chain[1] = {parties.leaf};
  tls::Credentials credentials =
      must(tls::Credentials::create(must(tls::Credential::create({chain}, tls::local_signer(*parties.key)))));
  x509::TrustAnchor anchors[1] = {x509::TrustAnchor::from(ca)};
  tls::TrustAnchors trust{x509::AnchorIndex(anchors)};
  std::vector<tls::MemorySessionStore::Slot> slots = std::vector<tls::MemorySessionStore::Slot>(64);
  tls::MemorySessionStore sessions{slots};
  tls::Resumption store = sessions.resumption();
  tls::TicketKeys keys;
  tls::Resumption tickets = keys.resumption();
  tls::ServerConfig server_config = posix::server_config(credentials);
  tls::ClientConfig client_config = posix::client_config(trust.verifier());
};

bool carry(tls::Connection& from, tls::Connection& to) {
  for (Bytes out = from.pending_output(); !out.empty(); out = from.pending_output()) {
    const auto taken = to.feed(out);
    if (!taken || *taken == 0) {
      return false;
    }
    from.sent(*taken);
  }
  return true;
}

bool shake(tls::Client& client, tls::Server& server) {
  while (!client.handshake_done() || !server.handshake_done()) {
    if (!carry(client, server) || !carry(server, client)) {
      return false;
    }
  }
  return true;
}

struct Connection {
  explicit Connection(const Pair& pair, const tls::Session* session = nullptr)
      : client(must(tls::Client::create(pair.client_config, "localhost", session))),
        server(must(tls::Server::create(pair.server_config))) {}
  tls::Client client;
  tls::Server server;
};

Work handshake(bool rsa, bool resumed, const tls::Policy& policy = tls::policy::tls12) {
  auto pair = std::make_unique<Pair>(rsa, policy);
  Connection first(*pair);
  // A ticket of TLS 1.3 comes after the handshake.
  if (!shake(first.client, first.server) || !carry(first.server, first.client)) {
    return {};
  }
  return repeat([pair = std::move(pair), session = must(first.client.session()), resumed] {
    Connection next(*pair, resumed ? &session : nullptr);
    return shake(next.client, next.server) && next.client.negotiated().resumed == resumed;
  });
}

// A record written by the client and read by the server.
Work record(std::size_t size) {
  auto pair = std::make_unique<Pair>(false);
  auto connection = std::make_unique<Connection>(*pair);
  if (!shake(connection->client, connection->server)) {
    return {};
  }
  return repeat([pair = std::move(pair), connection = std::move(connection), data = filler(size)] {
    auto& [client, server] = *connection;
    if (must(client.write(data)) != data.size()) {
      return false;
    }
    while (!client.pending_output().empty()) {
      client.sent(must(server.feed(client.pending_output())));
      if (!server.consume(server.application_data().size())) {
        return false;
      }
    }
    return true;
  });
}

}  // namespace

void add_tls() {
  for (const bool rsa : {false, true}) {
    const std::string kind = rsa ? ", ecdhe-rsa-2048" : ", ecdhe-p-256";
    Group("handshake" + kind).add("ashlar", [=] { return handshake(rsa, false); });
    Group("handshake resumed" + kind).add("ashlar", [=] { return handshake(rsa, true); });
  }
  for (const bool rsa : {false, true}) {
    const std::string kind = rsa ? ", rsa-2048" : ", p-256";
    Group("handshake tls 1.3, x25519" + kind).add("ashlar", [=] {
      return handshake(rsa, false, tls13_x25519());
    });
    Group("handshake tls 1.3, x25519mlkem768" + kind).add("ashlar", [=] {
      return handshake(rsa, false, tls::policy::tls13);
    });
  }
  Group("handshake tls 1.3 resumed, x25519").add("ashlar", [] {
    return handshake(false, true, tls13_x25519());
  });
  Group("handshake tls 1.3 resumed, x25519mlkem768").add("ashlar", [] {
    return handshake(false, true, tls::policy::tls13);
  });
  for (const std::size_t size : {64u, 1350u, 16384u}) {
    Group("record written and read, ecdhe-p-256", size).add("ashlar", [=] { return record(size); });
  }
}

}  // namespace ashlar::measure
