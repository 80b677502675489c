// SPDX-License-Identifier: Apache-2.0
// A session that client and server share, and handshakes that resume it or do not.
#pragma once

#include "tls/honest.hpp"

namespace ashlar::fuzz {

// A server's store with room for a few sessions. Each run has one of its own, filled with the same session.
struct Store {
  tls::MemorySessionStore::Slot slots[4];
  tls::MemorySessionStore sessions{slots};
  tls::Resumption resumption = sessions.resumption();
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
};

// The session that a first connection leaves on both sides.
inline const tls::Session& shared_session() {
  static const tls::Session session = [] {
    Store store;
    Meeting meeting{&compat(), &compat()};
    meeting.sessions = &store.resumption;
    meeting.seed = 100;  // so that no later connection draws the same session ID
    auto recording = record(meeting);
    FUZZ_CHECK(recording.session.has_value());
    return std::move(*recording.session);
  }();
  return session;
}

// The server has it, or has forgotten it.
inline Recording record_resumption(bool known, const tls::Policy& client_policy,
                                   const tls::Policy& server_policy, bool client_has = true) {
  Store store;
  if (known) {
    store.sessions.put(shared_session());
  }
  Meeting meeting{&client_policy, &server_policy};
  meeting.session = client_has ? &shared_session() : nullptr;
  meeting.sessions = &store.resumption;
  return record(meeting);
}

// check_server for a server that has `session` and asks for no certificate. The judge is shown its store too.
template <class Judge>
void check_resuming_server(const tls::Policy& policy, Bytes bytes, const tls::Session& session,
                           const Judge& judge, const tls::ServerEarlyData* early = nullptr) {
  crypto::DeterministicRandom random(2);
  tls::ServerConfig config;
  std::optional<Store> store;
  check_connection(
      [&](const tls::Memory& memory, const tls::EventSink& events) {
        random = crypto::DeterministicRandom(2);
        store.emplace();
        store->sessions.put(session);
        config.events = events;
        config.sessions = &store->resumption;
        config.early_data = early;
        return make_server(policy, memory, random, config, tls::ClientAuthentication::none, false);
      },
      bytes,
      [&](const Outcome& outcome, const Witness& witness) { judge(outcome, witness, store->sessions); });
}

}  // namespace ashlar::fuzz
