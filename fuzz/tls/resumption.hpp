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

}  // namespace ashlar::fuzz
