// SPDX-License-Identifier: Apache-2.0
// Whether a connection works.
#pragma once

#include "catch.hpp"
#include "support/describe.hpp"
#include "tls/support/pipe.hpp"

namespace ashlar::test {

// A handshake, and a little data both ways.
inline void check_works(tls::Client& client, tls::Server& server) {
  Pipe pipe(client, server);
  const bool moved = pipe.run();
  INFO("client " << (client.error() ? sentence(*client.error()) : "has no error"));
  INFO("server " << (server.error() ? sentence(*server.error()) : "has no error"));
  REQUIRE(moved);
  REQUIRE(client.handshake_done());
  REQUIRE(server.handshake_done());
  REQUIRE(pipe.send(client, bytes_of("a question")));
  REQUIRE(pipe.send(server, bytes_of("an answer")));
  CHECK_BYTES(pipe.server_got, bytes_of("a question"));
  CHECK_BYTES(pipe.client_got, bytes_of("an answer"));
}

// Both sides of a setup's connection, which may fail.
struct BothSides {
  explicit BothSides(Setup& setup) : client(setup.make_client()), server(setup.make_server()) {}
  bool run() { return Pipe(client, server).run(); }
  tls::Client client;
  tls::Server server;
};

}  // namespace ashlar::test
