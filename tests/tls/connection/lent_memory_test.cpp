// SPDX-License-Identifier: Apache-2.0
// Connections that work in memory lent to them, and what one costs while it is idle.
#include "catch.hpp"
#include "tls/support/pipe.hpp"

#include <algorithm>
#include <cstdio>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// One buffer for every connection.
struct Lender {
  Buffer memory = Buffer(tls::Connection::kLentSize);

  // Gives `in` to the connection and returns its output. Data goes to `got`.
  Buffer turn(tls::Connection& connection, Bytes in, Buffer* got = nullptr) {
    REQUIRE(connection.lend(memory));
    CHECK_FALSE(feed_all(connection, in, got));
    Buffer out = drain(connection);
    REQUIRE(connection.return_lent());
    return out;
  }
  void shake_hands(tls::Connection& client, tls::Connection& server) {
    Buffer wire;
    while (!client.handshake_done() || !server.handshake_done()) {
      wire = turn(client, turn(server, turn(client, wire)));
      wire = turn(server, wire);
    }
    (void)turn(client, wire);  // TLS 1.3 gives its ticket last
  }
};

}  // namespace

TEST_CASE("lent memory: a connection works in it, byte by byte too, and owns no buffer between turns") {
  const std::size_t step = GENERATE(as<std::size_t>(), 1, 7, 5000);
  const bool newer = GENERATE(false, true);
  Setup setup;
  setup.client.policy = setup.server.policy = newer ? &tls::policy::modern : &kTls12Modern;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Lender lender;
  lender.shake_hands(client, server);
  const std::size_t idle = setup.server_memory.current;
  CHECK(idle <= 4096);
  REQUIRE(client.lend(lender.memory));
  const Buffer text = noise(9000);
  REQUIRE(*client.write(text) == text.size());
  Buffer record = drain(client);
  REQUIRE(client.return_lent());
  Buffer got;
  for (std::size_t at = 0; at < record.size(); at += step) {
    const std::size_t count = std::min(step, record.size() - at);
    CHECK(lender.turn(server, Bytes(record).subspan(at, count), &got).empty());
    // It keeps only the bytes of an incomplete record.
    CHECK(setup.server_memory.current <= idle + record.size());
  }
  CHECK((got == text));
  CHECK(setup.server_memory.current == idle);
  CHECK(setup.server_memory.wrong_sizes == 0);
}

TEST_CASE("lent memory: records are opened and sealed in it") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Lender lender;
  lender.shake_hands(client, server);
  const auto inside = [&](Bytes bytes) {
    return bytes.data() >= lender.memory.data() &&
           bytes.data() + bytes.size() <= lender.memory.data() + lender.memory.size();
  };
  REQUIRE(client.lend(lender.memory));
  REQUIRE(client.write(bytes_of("hello")));
  CHECK(inside(client.pending_output()));
  const Buffer record = drain(client);
  REQUIRE(client.return_lent());
  REQUIRE(server.lend(lender.memory));
  CHECK(inside(server.receive_window()));
  REQUIRE(server.feed(record));
  CHECK(inside(server.application_data()));
  CHECK(text_of(server.application_data()) == "hello");
}

TEST_CASE("lent memory: data that was not consumed and output that was not sent stay when it is taken back") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Lender lender;
  lender.shake_hands(client, server);
  REQUIRE(client.lend(lender.memory));
  REQUIRE(client.write(bytes_of("first")));
  REQUIRE(client.write(bytes_of("second")));
  REQUIRE(client.return_lent());
  std::fill(lender.memory.begin(), lender.memory.end(), std::uint8_t{0});
  REQUIRE(server.lend(lender.memory));
  REQUIRE(server.feed(drain(client)));
  REQUIRE(server.consume(2));
  REQUIRE(server.return_lent());
  std::fill(lender.memory.begin(), lender.memory.end(), std::uint8_t{0});
  CHECK(text_of(server.application_data()) == "rst");
  REQUIRE(server.lend(lender.memory));
  CHECK(text_of(server.application_data()) == "rst");
  REQUIRE(server.consume(3));
  CHECK(text_of(server.application_data()) == "second");
}

TEST_CASE("lent memory: too little is refused, and no memory for what is left ends the connection") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Lender lender;
  CHECK(server.lend(MutBytes(lender.memory).first(tls::Connection::kLentSize - 1)).error() ==
        ErrorCode::invalid_argument);
  lender.shake_hands(client, server);
  REQUIRE(client.lend(lender.memory));
  REQUIRE(client.write(bytes_of("half a record")));
  Buffer record = drain(client);
  REQUIRE(client.return_lent());
  REQUIRE(server.lend(lender.memory));
  REQUIRE(server.feed(Bytes(record).first(record.size() / 2)));
  setup.server_memory.fail_at = setup.server_memory.calls;
  CHECK(server.return_lent().error() == ErrorCode::out_of_memory);
  REQUIRE(server.error());
  CHECK(*server.error() == ErrorCode::out_of_memory);
}

TEST_CASE("lent memory: a connection's own buffers go when it is told so, and come again") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  server.release_buffers();
  client.release_buffers();
  CHECK(setup.server_memory.current <= 4096);
  CHECK(setup.client_memory.current <= 4096);
  const Buffer text = noise(50000);
  REQUIRE(pipe.send(client, text));
  CHECK((pipe.server_got == text));
  // Without memory for a buffer, the connection ends as elsewhere.
  server.release_buffers();
  setup.server_memory.fail_at = setup.server_memory.calls;
  CHECK(server.receive_window().empty());
  REQUIRE(server.error());
  CHECK(*server.error() == ErrorCode::out_of_memory);
}

TEST_CASE("L lent memory: ten thousand idle connections, one buffer") {
  constexpr std::size_t kConnections = 10000;
  const bool newer = GENERATE(false, true);
  Setup setup;
  setup.client.policy = setup.server.policy = newer ? &tls::policy::modern : &kTls12Modern;
  setup.resumable();
  setup.client.events = setup.server.events = {};
  std::optional<tls::Session> session;
  std::vector<tls::Client> clients;
  std::vector<tls::Server> servers;
  Lender lender;
  for (std::size_t i = 0; i < kConnections; ++i) {
    clients.push_back(setup.make_client(session ? &*session : nullptr));
    servers.push_back(setup.make_server());
    lender.shake_hands(clients.back(), servers.back());
    if (!session || newer) {  // the store of TLS 1.3 has a new one each time
      session.emplace(*clients.back().session());
    }
  }
  const std::size_t client = setup.client_memory.current / kConnections;
  const std::size_t server = setup.server_memory.current / kConnections;
  std::printf("an idle connection of TLS 1.%d: %zu bytes at the client, %zu at the server\n", newer ? 3 : 2,
              client, server);
  CHECK(clients.back().negotiated().resumed);
  CHECK(client <= (newer ? 2560u : 2304u));  // TLS 1.3 keeps secrets, for new keys and tickets
  CHECK(server <= 2048u);
  for (const std::size_t i : {std::size_t{0}, kConnections / 2, kConnections - 1}) {
    REQUIRE(clients[i].lend(lender.memory));
    REQUIRE(clients[i].write(bytes_of("awake")));
    const Buffer record = drain(clients[i]);
    REQUIRE(clients[i].return_lent());
    Buffer got;
    CHECK(lender.turn(servers[i], record, &got).empty());
    CHECK_BYTES(got, bytes_of("awake"));
  }
  CHECK(setup.client_memory.wrong_sizes + setup.server_memory.wrong_sizes == 0);
}
