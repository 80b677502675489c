// SPDX-License-Identifier: Apache-2.0
// A connection that leaves a session, and one that may resume it.
#pragma once

#include <ashlar/tls/ticket_keys.hpp>

#include "tls/support/tls13.hpp"

namespace ashlar::test {

// A setup whose server gives tickets, under keys of its own.
template <class Base>
struct WithTickets : Base {
  WithTickets() {
    REQUIRE(keys.rotate(this->server_random.random(), {this->clock.seconds}));
    this->server.tickets = &tickets;
  }
  tls::TicketKeys keys;
  tls::Resumption tickets = keys.resumption();
};
using TicketSetup13 = WithTickets<Tls13Setup>;

struct Ended {
  tls::Session session;
  bool resumed;
};

// A connection that works, and the session that it leaves with the client.
inline Ended connect(Setup& setup, const tls::Session* session = nullptr) {
  auto client = setup.make_client(session);
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().resumed == server.negotiated().resumed);
  auto left = client.session();
  REQUIRE(left);
  return {std::move(*left), client.negotiated().resumed};
}

inline bool resumes(Setup& setup, const tls::Session& session) {
  return connect(setup, &session).resumed;
}

// As a client that keeps sessions in files has it.
inline tls::Session saved_and_read(const tls::Session& session) {
  Buffer storage(tls::kMaxSerializedSessionSize + session.ticket.bytes().size());
  const auto saved = session.serialize(storage);
  REQUIRE(saved);
  auto read = tls::Session::parse(*saved);
  REQUIRE(read);
  return std::move(*read);
}

inline std::size_t tickets_received(const Setup& setup) {
  return setup.client_log.count("< NewSessionTicket");
}

}  // namespace ashlar::test
