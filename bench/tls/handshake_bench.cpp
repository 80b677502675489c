// SPDX-License-Identifier: Apache-2.0
// Handshakes in memory, both sides together: full by certificate, and resumed; and records of 16 KiB.
#include "support/identity.hpp"
#include "support/openssl.hpp"

#include <ashlar/posix.hpp>
#include <ashlar/tls/connection.hpp>

namespace ashlar::bench {

namespace {

// A client and a server that trust each other's parts.
struct Pair {
  explicit Pair(bool rsa) : identity(new_identity(rsa)), ca(must(x509::Certificate::parse(identity.ca))) {
    client_config.alpn = {};
    server_config.sessions = &store;
  }
  Pair(const Pair&) = delete;

  Identity identity;
  x509::Certificate ca;
  Bytes chain[1] = {identity.leaf};
  tls::Credential credentials[1] = {{chain, tls::local_signer(*identity.key)}};
  x509::TrustAnchor anchors[1] = {x509::TrustAnchor::from(ca)};
  tls::TrustAnchors trust{anchors};
  std::vector<tls::MemorySessionStore::Slot> slots = std::vector<tls::MemorySessionStore::Slot>(64);
  tls::MemorySessionStore sessions{slots};
  tls::SessionStore store = sessions.store();
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

void handshake(benchmark::State& state, bool rsa, bool resumed) {
  Pair pair(rsa);
  tls::Session session;
  {
    tls::Client client = must(tls::Client::create(pair.client_config, "localhost"));
    tls::Server server = must(tls::Server::create(pair.server_config));
    if (!shake(client, server)) {
      state.SkipWithError("refused");
      return;
    }
    session = must(client.session());
  }
  measure(state, 0, [&] {
    tls::Client client =
        must(tls::Client::create(pair.client_config, "localhost", resumed ? &session : nullptr));
    tls::Server server = must(tls::Server::create(pair.server_config));
    if (!shake(client, server) || client.negotiated().resumed != resumed) {
      state.SkipWithError("refused");
    }
  });
}

void records(benchmark::State& state) {
  Pair pair(false);
  tls::Client client = must(tls::Client::create(pair.client_config, "localhost"));
  tls::Server server = must(tls::Server::create(pair.server_config));
  if (!shake(client, server)) {
    state.SkipWithError("refused");
    return;
  }
  const auto data = filler(16384);
  measure(state, data.size(), [&] {
    if (must(client.write(data)) != data.size()) {
      state.SkipWithError("not taken whole");
    }
    while (!client.pending_output().empty()) {
      client.sent(must(server.feed(client.pending_output())));
      server.consume(server.application_data().size());
    }
  });
}

}  // namespace

void add_tls() {
  for (const bool rsa : {false, true}) {
    const std::string kind = rsa ? "ecdhe-rsa-2048" : "ecdhe-p-256";
    add("handshake, both sides/ashlar/" + kind,
        [=](benchmark::State& state) { handshake(state, rsa, false); });
    ADD_OPENSSL(std::string("handshake, both sides/"), "/" + kind, openssl::handshake(state, rsa, false));
    add("handshake resumed, both sides/ashlar/" + kind,
        [=](benchmark::State& state) { handshake(state, rsa, true); });
    ADD_OPENSSL(std::string("handshake resumed, both sides/"), "/" + kind,
                openssl::handshake(state, rsa, true));
  }
  add("record written and read/ashlar/16384", [](benchmark::State& state) { records(state); });
}

}  // namespace ashlar::bench
