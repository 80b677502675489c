// SPDX-License-Identifier: Apache-2.0
// How connections end: in order, cut off, by alerts, and by errors that stay.
#include <ashlar/base/describe.hpp>

#include <algorithm>

#include "catch.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

struct ConnectedPair {
  Setup setup;
  tls::Client client = setup.make_client();
  tls::Server server = setup.make_server();
  Pipe pipe{client, server};
  ConnectedPair() { REQUIRE(pipe.run()); }

  // Sends a record from the client's side that a client would not send.
  std::optional<Error> inject(tls::ContentType type, Bytes body, Buffer* data = nullptr) {
    REQUIRE(engine_of(client).send_record(type, body));
    return feed_all(server, drain(client), data);
  }
};

}  // namespace

TEST_CASE("ending: close_notify both ways") {
  ConnectedPair both;
  const bool client_first = GENERATE(true, false);
  tls::Connection& first = client_first ? static_cast<tls::Connection&>(both.client) : both.server;
  tls::Connection& second = client_first ? static_cast<tls::Connection&>(both.server) : both.client;
  REQUIRE(first.write(bytes_of("last words")));
  first.close();
  first.close();  // once is enough
  CHECK_FALSE(first.wants().has(tls::Want::can_write));
  CHECK(first.write(bytes_of("more")).error() == ErrorCode::not_connected);
  CHECK_FALSE(first.peer_closed());
  Buffer got;
  REQUIRE_FALSE(feed_all(second, drain(first), &got));
  CHECK_BYTES(got, bytes_of("last words"));
  CHECK(second.peer_closed());
  CHECK(second.received_end());
  CHECK_FALSE(second.wants().has(tls::Want::closed));  // its own close_notify is not sent yet
  REQUIRE_FALSE(feed_all(first, drain(second)));
  CHECK(second.wants().has(tls::Want::closed));
  CHECK(first.wants().has(tls::Want::closed));
  CHECK(first.peer_closed());
  CHECK_FALSE(first.error());
  CHECK_FALSE(second.error());
  CHECK(first.receive_window().empty());
}

TEST_CASE("ending: in TLS 1.2 close_notify ends both directions, whatever half_close says") {
  Setup setup;
  setup.server.half_close = true;
  setup.client.half_close = true;
  tls::Client client = setup.make_client();
  tls::Server server = setup.make_server();
  Pipe pipe{client, server};
  REQUIRE(pipe.run());
  client.close();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  CHECK(server.write(bytes_of("more")).error() == ErrorCode::not_connected);
  REQUIRE_FALSE(feed_all(client, drain(server)));
  CHECK(client.wants().has(tls::Want::closed));
}

TEST_CASE("H19 ending: an alert is two bytes and an error a sentence of ours, whatever the peer sent") {
  const std::string_view text = "evil\x1b[31m\nname";
  Setup setup;
  auto server = setup.make_server();
  auto client = setup.make_client();
  Buffer hello = drain(client);
  const bool http = GENERATE(true, false);
  if (http) {
    hello = buffer_of(bytes_of("GET /evil\x1b[31m\nname HTTP/1.0\r\n\r\n"));
  } else {
    const auto name = std::search(hello.begin(), hello.end(), setup.name.begin(), setup.name.end());
    REQUIRE(name != hello.end());
    std::copy(text.begin(), text.end(), name);
  }
  const auto error = feed_all(server, hello);
  REQUIRE(error);
  CHECK(drain(server).size() == 7);
  char line[kDescribeSize];
  const std::string said(describe(*error, line));
  INFO(said);
  CHECK(said.find("evil") == std::string::npos);
  CHECK(std::all_of(said.begin(), said.end(), [](char c) { return c >= ' ' || c < 0; }));
}

TEST_CASE("ending: data still comes in after close") {
  ConnectedPair both;
  both.client.close();
  REQUIRE(both.server.write(bytes_of("answer")));
  Buffer got;
  REQUIRE_FALSE(feed_all(both.client, drain(both.server), &got));
  CHECK_BYTES(got, bytes_of("answer"));
}

TEST_CASE("T09 ending: the end of the transport without close_notify is told as truncation") {
  ConnectedPair both;
  const auto ended = both.client.received_end();
  REQUIRE_FALSE(ended);
  CHECK(ended.error() == ErrorCode::truncated_connection);
  CHECK(*both.client.error() == ErrorCode::truncated_connection);
  CHECK(both.client.pending_output().empty());
  CHECK(both.client.wants().has(tls::Want::closed));

  Setup setup;
  auto early = setup.make_client();
  CHECK_FALSE(early.received_end());
}

TEST_CASE("T09 ending: a session whose connection was merely cut can be resumed") {
  Setup setup;
  setup.resumable();
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK_FALSE(server.received_end());
  CHECK(setup.sessions.size() == 1);
}

TEST_CASE("ending: a handshake can be given up") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  client.close();
  const auto error = feed_all(server, drain(client));
  REQUIRE(error);
  CHECK(*error == ErrorCode::peer_alert);
  CHECK(error->detail == 0);
  CHECK(client.wants().has(tls::Want::closed));
  CHECK_FALSE(client.error());
}

TEST_CASE("H18 ending: close_notify right after the ClientHello ends the connection") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  const auto error = feed_all(server, plain_record(tls::ContentType::alert, unhex("0100")));
  REQUIRE(error);
  CHECK(*error == ErrorCode::peer_alert);
  (void)drain(server);
  CHECK(server.wants().has(tls::Want::closed));
}

TEST_CASE("H18 ending: the first error stays, with one alert, and secrets are gone") {
  ConnectedPair both;
  REQUIRE(both.client.write(bytes_of("damaged on its way")));
  Buffer record = drain(both.client);
  record.back() ^= 1;
  const auto error = feed_all(both.server, record);
  REQUIRE(error);
  CHECK(*error == ErrorCode::bad_record_mac);
  CHECK(both.server.application_data().empty());
  CHECK(both.server.wants().has(tls::Want::write));
  CHECK_FALSE(both.server.wants().has(tls::Want::read));
  CHECK_FALSE(engine_of(both.server).writing.active());
  CHECK_FALSE(engine_of(both.server).reading.active());
  CHECK(both.server.feed(record).error() == ErrorCode::bad_record_mac);
  CHECK(both.server.write(bytes_of("x")).error() == ErrorCode::bad_record_mac);
  CHECK(both.server.provide(record).error() == ErrorCode::bad_record_mac);
  CHECK(both.server.received_end().error() == ErrorCode::bad_record_mac);
  CHECK(both.server.received(0).error() == ErrorCode::bad_record_mac);
  both.server.close();
  const Buffer alert = drain(both.server);
  CHECK(both.server.wants().has(tls::Want::closed));
  const auto told = feed_all(both.client, alert);
  REQUIRE(told);
  CHECK(*told == ErrorCode::peer_alert);
  CHECK(told->detail == static_cast<std::uint32_t>(Alert::bad_record_mac));
  CHECK(both.client.pending_output().empty());  // an alert is not answered with an alert
  CHECK(both.client.session().error() == ErrorCode::peer_alert);
}

TEST_CASE("H18 ending: after our close_notify an error of the peer is told here, and by no alert") {
  ConnectedPair both;
  both.server.close();
  (void)drain(both.server);
  const auto error = both.inject(tls::ContentType::alert, unhex("010000"));
  REQUIRE(error);
  CHECK(*error == ErrorCode::trailing_data);
  CHECK(both.server.pending_output().empty());
  CHECK(both.server.wants().has(tls::Want::closed));
}

TEST_CASE("ending: consume tells what is wrong with the input behind the data") {
  ConnectedPair both;
  REQUIRE(both.client.write(bytes_of("good")));
  REQUIRE(both.client.write(bytes_of("damaged")));
  Buffer records = drain(both.client);
  records.back() ^= 1;
  REQUIRE(both.server.feed(records));
  REQUIRE(both.server.application_data().size() == 4);
  CHECK(both.server.consume(3));
  const auto consumed = both.server.consume(1);
  REQUIRE_FALSE(consumed);
  CHECK(consumed.error() == ErrorCode::bad_record_mac);
  CHECK(both.server.consume(0).error() == ErrorCode::bad_record_mac);
  CHECK(both.server.wants().has(tls::Want::write));
}

TEST_CASE("ending: a failed connection's session is forgotten by the server") {
  Setup setup;
  setup.resumable();
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(setup.sessions.size() == 1);
  REQUIRE(client.write(bytes_of("x")));
  Buffer record = drain(client);
  record.back() ^= 1;
  REQUIRE(feed_all(server, record));
  CHECK(setup.sessions.size() == 0);
}

TEST_CASE("ending: every fatal alert of the peer is told by its number") {
  for (int alert = 1; alert<256; alert += alert> 20 ? 7 : 1) {
    ConnectedPair both;
    const std::uint8_t fatal[] = {2, static_cast<std::uint8_t>(alert)};
    const auto error = both.inject(tls::ContentType::alert, fatal);
    REQUIRE(error);
    CHECK(*error == ErrorCode::peer_alert);
    CHECK(error->detail == static_cast<std::uint32_t>(alert));
  }
}

TEST_CASE("T05 ending: warnings are passed over, but not for ever") {
  ConnectedPair both;
  const std::uint8_t warning[] = {1, 90};
  for (unsigned i = 0; i < tls::kMaxWarningAlerts; ++i) {
    CHECK_FALSE(both.inject(tls::ContentType::alert, warning));
  }
  SECTION("data between them starts the count again") {
    Buffer got;
    CHECK_FALSE(both.inject(tls::ContentType::application_data, bytes_of("data"), &got));
    for (unsigned i = 0; i < tls::kMaxWarningAlerts; ++i) {
      CHECK_FALSE(both.inject(tls::ContentType::alert, warning));
    }
  }
  const auto error = both.inject(tls::ContentType::alert, warning);
  REQUIRE(error);
  CHECK(*error == ErrorCode::warning_alert_flood);
}

TEST_CASE("T04 ending: empty records are passed over, but not for ever") {
  ConnectedPair both;
  for (unsigned i = 0; i < tls::kMaxEmptyRecords; ++i) {
    REQUIRE_FALSE(both.inject(tls::ContentType::application_data, {}));
  }
  SECTION("data between them starts the count again") {
    Buffer got;
    REQUIRE_FALSE(both.inject(tls::ContentType::application_data, bytes_of("data"), &got));
    for (unsigned i = 0; i < tls::kMaxEmptyRecords; ++i) {
      REQUIRE_FALSE(both.inject(tls::ContentType::application_data, {}));
    }
  }
  const auto error = both.inject(tls::ContentType::application_data, {});
  REQUIRE(error);
  CHECK(*error == ErrorCode::empty_record_flood);
}

TEST_CASE("T04 ending: handshake, alert and ChangeCipherSpec records are never empty") {
  const auto type =
      GENERATE(tls::ContentType::handshake, tls::ContentType::alert, tls::ContentType::change_cipher_spec);
  ConnectedPair both;
  CHECK(both.inject(type, {}));
}

TEST_CASE("ending: malformed alerts and ChangeCipherSpecs are refused") {
  ConnectedPair both;
  SECTION("three bytes of alert") {
    CHECK(both.inject(tls::ContentType::alert, unhex("010000")));
  }
  SECTION("half an alert") {
    CHECK(both.inject(tls::ContentType::alert, unhex("01")));
  }
  SECTION("a level of 3") {
    CHECK(both.inject(tls::ContentType::alert, unhex("035a")));
  }
  SECTION("ChangeCipherSpec of 2") {
    CHECK(both.inject(tls::ContentType::change_cipher_spec, unhex("02")));
  }
}

TEST_CASE("H07 ending: renegotiation is refused with a warning by both sides, but not for ever") {
  ConnectedPair both;
  SECTION("the server asks") {
    REQUIRE(engine_of(both.server).send_record(tls::ContentType::handshake, unhex("00000000")));
    REQUIRE_FALSE(feed_all(both.client, drain(both.server)));
    REQUIRE_FALSE(feed_all(both.server, drain(both.client)));
    CHECK(both.setup.server_log.count("< warning alert no_renegotiation") == 1);
    REQUIRE(both.pipe.send(both.client, bytes_of("goes on")));
    CHECK_BYTES(both.pipe.server_got, bytes_of("goes on"));
    // In pieces, and more often than any server needs.
    std::optional<Error> error;
    for (int i = 0; i < 10 && !error; ++i) {
      REQUIRE(engine_of(both.server).send_record(tls::ContentType::handshake, unhex("0000")));
      REQUIRE(engine_of(both.server).send_record(tls::ContentType::handshake, unhex("0000")));
      error = feed_all(both.client, drain(both.server));
    }
    REQUIRE(error);
    CHECK(*error == ErrorCode::warning_alert_flood);
  }
  SECTION("the client tries") {
    auto other = both.setup.make_client();
    const Buffer hello = drain(other);
    CHECK_FALSE(both.inject(tls::ContentType::handshake, Bytes(hello).subspan(5)));
    REQUIRE_FALSE(feed_all(both.client, drain(both.server)));
    CHECK(both.setup.client_log.count("< warning alert no_renegotiation") == 1);
    REQUIRE(both.pipe.send(both.client, bytes_of("goes on")));
  }
}

TEST_CASE("T03 ending: handshake bytes may not be left over where the keys change") {
  // The client's last flight: ClientKeyExchange, with the start of another message behind it.
  Setup setup;
  setup.use(tls::kRsaAes128GcmSha256);
  auto client = setup.make_client();
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  REQUIRE_FALSE(feed_all(client, drain(server)));
  const Buffer flight = drain(client);
  const std::size_t length = 5 + static_cast<std::size_t>(flight[3]) * 256 + flight[4];
  const Bytes first = Bytes(flight).first(length);
  const Bytes rest = Bytes(flight).subspan(length);
  REQUIRE(first[0] == 22);
  REQUIRE(rest[0] == 20);
  REQUIRE_FALSE(feed_all(server, first));
  REQUIRE_FALSE(feed_all(server, plain_record(tls::ContentType::handshake, unhex("140000"))));
  const auto error = feed_all(server, rest);
  REQUIRE(error);
  CHECK(*error == ErrorCode::message_spans_key_change);
}

TEST_CASE("T03 ending: no other record comes within a handshake message") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  const Buffer hello = drain(client);
  REQUIRE_FALSE(feed_all(server, plain_record(tls::ContentType::handshake, Bytes(hello).subspan(5, 20))));
  std::optional<Error> error;
  SECTION("a warning") {
    error = feed_all(server, plain_record(tls::ContentType::alert, unhex("015a")));
    REQUIRE(error);
    CHECK(*error == ErrorCode::unexpected_record);
  }
  SECTION("application data") {
    error = feed_all(server, plain_record(tls::ContentType::application_data, unhex("00")));
    REQUIRE(error);
    CHECK(*error == ErrorCode::unexpected_record);
  }
  SECTION("a fatal alert, which is still heard") {
    error = feed_all(server, plain_record(tls::ContentType::alert, unhex("0228")));
    REQUIRE(error);
    CHECK(*error == ErrorCode::peer_alert);
  }
}

TEST_CASE("T06 ending: an early ChangeCipherSpec is refused") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  const Buffer change = plain_record(tls::ContentType::change_cipher_spec, unhex("01"));
  SECTION("before anything") {
    CHECK(*feed_all(server, change) == ErrorCode::unexpected_record);
    CHECK(*feed_all(client, change) == ErrorCode::unexpected_record);
  }
  SECTION("before the ClientKeyExchange") {
    REQUIRE_FALSE(feed_all(server, drain(client)));
    CHECK(*feed_all(server, change) == ErrorCode::unexpected_record);
  }
}

TEST_CASE("T07 ending: application data before Finished is refused") {
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  const auto error = feed_all(server, plain_record(tls::ContentType::application_data, bytes_of("GET /")));
  REQUIRE(error);
  CHECK(*error == ErrorCode::unexpected_record);
  CHECK(server.application_data().empty());
}

TEST_CASE("T10 ending: a message too large is refused at its header") {
  Setup setup;
  auto server = setup.make_server();
  const auto error = feed_all(server, plain_record(tls::ContentType::handshake, unhex("01ffffff")));
  REQUIRE(error);
  CHECK(*error == ErrorCode::message_too_large);
  CHECK(setup.server_memory.peak < 64 * 1024);
}

TEST_CASE("ending: what is not TLS is told as such") {
  Setup setup;
  auto server = setup.make_server();
  CHECK(feed_all(server, bytes_of("GET / HTTP/1.0\r\n\r\n")));
  auto client = setup.make_client();
  CHECK(feed_all(client, bytes_of("HTTP/1.0 400 Bad Request\r\n\r\n")));
}

TEST_CASE("ending: a connection can be moved") {
  ConnectedPair both;
  tls::Client moved = std::move(both.client);
  REQUIRE(moved.write(bytes_of("from elsewhere")));
  Buffer got;
  REQUIRE_FALSE(feed_all(both.server, drain(moved), &got));
  CHECK_BYTES(got, bytes_of("from elsewhere"));
  both.client = std::move(moved);
  CHECK(both.client.handshake_done());
}
