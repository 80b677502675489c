// SPDX-License-Identifier: Apache-2.0
// Handshakes between our honest client and our honest server, recorded when a target starts: what each side
// sent and the other took. A fuzzed peer that gets through has sent the same bytes as one of these, since the
// Finished covers all of them.
#pragma once

#include "tls/endpoints.hpp"

#include <array>

namespace ashlar::fuzz {

// The client and the server of a handshake.
struct Meeting {
  const tls::Policy* client_policy;
  const tls::Policy* server_policy;
  tls::ClientAuthentication authentication = tls::ClientAuthentication::none;
  bool client_certificate = true;
  bool unchecked_key = false;
  const tls::Session* session = nullptr;      // that the client resumes
  const tls::Resumption* sessions = nullptr;  // that the server has
  std::uint64_t seed = 0;
  bool early = false;  // the server takes early data, and the client sends some if it can
};

struct Recording {
  Buffer from_client, from_server;
  Buffer client_data, server_data;
  std::vector<Told> client_told, server_told;
  std::optional<tls::Session> session;  // that the client may resume
};

inline constexpr std::string_view kClientData = "GET / HTTP/1.0\r\n\r\n";
inline constexpr std::string_view kServerData = "HTTP/1.0 200 OK\r\n\r\n";

// Moves what one side has to send to the other, and keeps a copy.
template <class From, class To>
bool move_bytes(From& from, To& to, Buffer& copy) {
  const Bytes out = from.pending_output();
  if (out.empty()) {
    return false;
  }
  const Buffer bytes(out.begin(), out.end());
  copy.insert(copy.end(), bytes.begin(), bytes.end());
  from.sent(bytes.size());
  const auto fed = to.feed(bytes);
  if (!fed) {
    std::fprintf(stderr, "an honest handshake failed: %s\n", error_row(fed.error().code)->name.data());
  }
  FUZZ_CHECK(fed);
  while (!to.application_data().empty()) {
    FUZZ_CHECK(to.consume(to.application_data().size()));
  }
  if constexpr (requires { to.early_data(); }) {
    while (!to.early_data().empty()) {
      FUZZ_CHECK(to.consume_early_data(to.early_data().size()));
    }
  }
  return true;
}

inline Recording record(const Meeting& meeting) {
  crypto::DeterministicRandom client_random(meeting.seed + 1), server_random(meeting.seed + 2);
  tls::ClientConfig client_config;
  tls::ServerConfig server_config;
  Witness client_witness, server_witness;
  client_config.events = client_witness.sink();
  server_config.events = server_witness.sink();
  server_config.sessions = meeting.sessions;
  client_config.early_data = meeting.early ? &tls::kClientEarlyData : nullptr;
  server_config.early_data = meeting.early ? &kTakesEarlyData : nullptr;
  auto client = make_client(*meeting.client_policy, tls::system_memory(), client_random, client_config,
                            meeting.client_certificate, meeting.session);
  auto server = make_server(*meeting.server_policy, tls::system_memory(), server_random, server_config,
                            meeting.authentication, meeting.unchecked_key);
  FUZZ_CHECK(client && server);
  if (client->early_data_room() != 0) {
    FUZZ_CHECK(client->write_early_data(bytes_of(kEarlyData)));
  }
  Recording recording;
  const auto move_all = [&] {
    while (move_bytes(*client, *server, recording.from_client) ||
           move_bytes(*server, *client, recording.from_server)) {
    }
  };
  move_all();
  FUZZ_CHECK(client->handshake_done() && server->handshake_done());
  if (auto session = client->session()) {
    recording.session = std::move(*session);
  }
  FUZZ_CHECK(client->write(bytes_of(kClientData)) && server->write(bytes_of(kServerData)));
  move_bytes(*client, *server, recording.from_client);
  move_bytes(*server, *client, recording.from_server);
  client->close();
  move_all();
  recording.client_told = client_witness.messages;
  recording.server_told = server_witness.messages;
  return recording;
}

// A policy with one suite.
inline tls::Policy with_suite(const tls::Policy& policy, const tls::tls12::Suite* const& suite) {
  tls::Policy one = policy;
  one.suites = {&suite, 1};
  return one;
}

// Whether a connection took and sent the same as with an honest peer.
inline bool is_honest(const Witness& witness, bool is_client, const std::vector<Recording>& recordings) {
  return std::any_of(recordings.begin(), recordings.end(), [&](const Recording& recording) {
    return witness.messages == (is_client ? recording.client_told : recording.server_told);
  });
}

// The same as far as the last Finished. What follows is not protected where records are not: it may be more
// messages.
inline bool is_honest_to_finished(Witness witness, bool is_client, const std::vector<Recording>& recordings) {
  while (!witness.messages.empty() && witness.messages.back().type != tls::HandshakeType::finished) {
    witness.messages.pop_back();
  }
  return is_honest(witness, is_client, recordings);
}

}  // namespace ashlar::fuzz
