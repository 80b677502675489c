// SPDX-License-Identifier: Apache-2.0
// A client and a server of TLS 1.3 in any state of any of their handshakes, and records as the peer would
// send them there.
#pragma once

#include "tls/record/sealing.hpp"
#include "tls/support/early_data.hpp"
#include "tls/support/psks.hpp"
#include "tls/support/reach.hpp"
#include "tls13/handshake.hpp"

#include <ashlar/tls/batch_signer.hpp>

namespace ashlar::test {

using State13 = tls::tls13::State;

// Brings a connection to each of its states.
struct Situation {
  bool client_certificate = false;
  bool external = false;  // private keys are outside
  bool resumed = false;
  bool choosing = false;  // so are the credentials
  bool retried = false;
  bool psk = false;    // a key from outside serves
  bool batch = false;  // the server's operations are done with those of others
  bool early = false;  // early data is sent with the session
};

// Each message goes out in a record of its own: whoever listens flushes what was said so far.
struct Flusher {
  tls::Engine* engine = nullptr;
  tls::EventSink sink() {
    return {[](void* context, const tls::Event& event) {
              auto& self = *static_cast<Flusher*>(context);
              if (self.engine != nullptr && event.direction == tls::Direction::sent &&
                  std::holds_alternative<tls::MessageEvent>(event.what)) {
                REQUIRE(self.engine->outbox().flush());
              }
            },
            this};
  }
};

inline std::vector<Buffer> records_of(const Buffer& bytes) {
  std::vector<Buffer> out;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = 5 + static_cast<std::size_t>(bytes[at + 3]) * 256 + bytes[at + 4];
    out.push_back(buffer_of(Bytes(bytes).subspan(at, size)));
    at += size;
  }
  return out;
}

// A record as the peer would send it now: plain, or sealed with the key that `victim` opens with. An AEAD has
// the same for both.
inline Buffer record_for(tls::Connection& victim, tls::ContentType type, const Buffer& content) {
  tls::Protection& reading = engine_of(victim).reading;
  if (!reading.active()) {
    return plain_record(type, content);
  }
  const std::uint64_t sequence = reading.sequence_number();
  crypto::DeterministicRandom random(1);
  Buffer record(tls::kRecordHeaderSize + reading.sealed_size(content.size()));
  REQUIRE(reading.seal(type, content, random.random(), record));
  tls::ProtectionAccess::set_sequence_number(reading, sequence);
  return record;
}

struct Stage13 {
  // change: of the configs, before connections are made of them.
  explicit Stage13(const Situation& scene, const std::function<void(Tls13Setup&)>& change = nullptr)
      : external_server(pem::kEcdsaServer, ecdsa_key(), true),
        client_identity(pem::kEcdsaClient, ecdsa_key(), scene.external) {
    setup.server.tickets = nullptr;
    setup.resumable();
    const bool retried = scene.retried;
    setup.use_groups(kOfClient, retried ? std::span<const tls::Group* const>(kOfServer) : kOfClient);
    if (scene.resumed) {
      auto first_client = setup.make_client();
      auto first_server = setup.make_server();
      Pipe pipe(first_client, first_server);
      REQUIRE(pipe.run());
      session.emplace(*first_client.session());
    }
    if (scene.external) {
      setup.server.credentials = &external_server.credentials;
    }
    if (scene.client_certificate) {
      setup.server.client_authentication = tls::ClientAuthentication::require;
      setup.client.credentials = &client_identity.credentials;
    }
    if (scene.psk) {
      psks.push_back(psk_of("a client", "a key of both sides"));
      setup.client.psks = psks;
      setup.server.psks = table.emplace(psks).lookup();
    }
    setup.client.ask_for_credential = setup.server.ask_for_credential = scene.choosing;
    setup.server.batch = scene.batch;
    setup.client.events = client_flusher.sink();
    setup.server.events = server_flusher.sink();
    if (!scene.early) {
      setup.client.early_data = nullptr;
      setup.server.early_data = nullptr;
    }
    if (change) {
      change(setup);
    }
    client.emplace(setup.make_client(session ? &*session : nullptr));
    server.emplace(setup.make_server());
    if (scene.early) {
      REQUIRE(client->write_early_data(bytes_of("early")));
    }
    client_flusher.engine = &engine_of(*client);
    server_flusher.engine = &engine_of(*server);
  }

  // Does the private-key operation that a connection waits for.
  void sign(tls::Connection& connection) {
    const auto request = connection.private_key_request();
    REQUIRE(request);
    sign_request(connection, *request, setup.server.random);
  }

  bool reach(tls::Connection& victim, State13 state) {
    return reach_state(*client, *server, victim, name_of(state), records_of, records_of, [&] {
      if (client->wants().has(tls::Want::credential)) {
        REQUIRE(client->provide_credential(client_identity.credential));
      } else if (server->wants().has(tls::Want::credential)) {
        REQUIRE(server->provide_credential(external_server.credential));
      } else if (client->wants().has(tls::Want::sign)) {
        sign(*client);
      } else if (server->wants().has(tls::Want::sign)) {
        sign(*server);
      } else if (batch.add(*server)) {
        batch.run();
      } else {
        return false;
      }
      return true;
    });
  }

  static constexpr const tls::Group* kOfClient[] = {&tls::kX25519, &tls::kSecp256r1};
  static constexpr const tls::Group* kOfServer[] = {&tls::kSecp256r1};
  EarlyDataSetup setup;
  Flusher client_flusher, server_flusher;
  Identity external_server, client_identity;
  std::vector<tls::PreSharedKey> psks;
  std::optional<tls::PskTable> table;
  std::optional<tls::Session> session;
  std::optional<tls::Client> client;
  std::optional<tls::Server> server;
  tls::BatchSigner batch{setup.server.random};
};

}  // namespace ashlar::test
