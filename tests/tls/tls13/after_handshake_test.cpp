// SPDX-License-Identifier: Apache-2.0
// What passes in TLS 1.3 once the handshake is done: KeyUpdates, tickets, alerts, and what is refused.
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "support/describe.hpp"
#include "tls/record/sealing.hpp"
#include "tls/support/tls13.hpp"
#include "tls13/key_schedule.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

struct Connected {
  explicit Connected(bool resumable = false, bool half_close = false) {
    setup.client.half_close = half_close;
    setup.server.half_close = half_close;
    if (resumable) {
      setup.resumable();
    }
    client.emplace(setup.make_client());
    server.emplace(setup.make_server());
    check_works(*client, *server);
  }
  // One side says this under its keys.
  std::optional<Error> say(tls::Connection& from, tls::Connection& to, tls::ContentType type,
                           const Buffer& content) {
    REQUIRE(engine_of(from).send_record(type, content));
    return feed_all(to, drain(from));
  }

  Tls13Setup setup;
  std::optional<tls::Client> client;
  std::optional<tls::Server> server;
};

constexpr auto kHandshake = tls::ContentType::handshake;

}  // namespace

TEST_CASE("S04 TLS 1.3: keys are renewed before they have protected too much, and the other side follows") {
  Connected with;
  const bool from_client = GENERATE(true, false);
  tls::Connection& from = from_client ? static_cast<tls::Connection&>(*with.client) : *with.server;
  tls::Connection& to = from_client ? static_cast<tls::Connection&>(*with.server) : *with.client;
  const std::uint64_t worn = tls::kAes128GcmTls13Records.limits.renewal;
  tls::ProtectionAccess::set_sequence_number(engine_of(from).writing, worn - 1);
  tls::ProtectionAccess::set_sequence_number(engine_of(to).reading, worn - 1);
  Pipe pipe(*with.client, *with.server);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(pipe.send(from, bytes_of("data")));
  }
  CHECK(engine_of(from).writing.epoch() == 3);
  CHECK(engine_of(to).reading.epoch() == 3);
  CHECK(engine_of(from).writing.sequence_number() == 2);
  EventLog& log = from_client ? with.setup.client_log : with.setup.server_log;
  CHECK(log.count("> KeyUpdate 1") == 1);
  REQUIRE(pipe.send(to, bytes_of("back")));
  CHECK(engine_of(to).writing.epoch() == 2);
}

TEST_CASE("TLS 1.3: who is asked for new keys renews them before its next data, and not sooner") {
  Connected with;
  const Buffer request = unhex("18 000001 01");
  REQUIRE_FALSE(with.say(*with.client, *with.server, kHandshake, request));
  // The asker's own keys are new too.
  CHECK(engine_of(*with.server).reading.epoch() == 3);
  CHECK(with.server->pending_output().empty());
  REQUIRE(with.server->write(bytes_of("data")));
  CHECK(engine_of(*with.server).writing.epoch() == 3);
  CHECK(with.setup.server_log.count("> KeyUpdate 1") == 1);
  Buffer got;
  REQUIRE_FALSE(feed_all(*with.client, drain(*with.server), &got));
  CHECK_BYTES(got, bytes_of("data"));
}

namespace {

// Remembers the client's last traffic secret.
struct SecretKeeper {
  Buffer secret;
  tls::EventSink sink() {
    return {[](void* context, const tls::Event& event) {
              const auto* told = std::get_if<tls::SecretEvent>(&event.what);
              if (told != nullptr && told->kind == tls::SecretKind::client_application_traffic_secret) {
                static_cast<SecretKeeper*>(context)->secret = buffer_of(told->value);
              }
            },
            this, false, true};
  }
};

}  // namespace

TEST_CASE("H13 TLS 1.3: KeyUpdates without data between them are few, and say yes or no") {
  {
    Connected with;
    const auto error = with.say(*with.client, *with.server, kHandshake, unhex("18 000001 02"));
    REQUIRE(error);
    CHECK(*error == ErrorCode::bad_key_update);
  }
  const bool data_between = GENERATE(false, true);
  Tls13Setup setup;
  setup.use_suite(tls::kAes128GcmSha256);
  SecretKeeper keeper;
  setup.client.events = keeper.sink();
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  tls::tls13::HashSecret secret{Bytes(keeper.secret)};
  std::optional<Error> error;
  int count = 0;
  for (; count < 100 && !error; ++count) {
    REQUIRE(engine_of(client).send_record(kHandshake, unhex("18 000001 00")));
    secret = std::move(*tls::tls13::derive_next_traffic_secret(crypto::kSha256, secret));
    const auto keys = tls::tls13::derive_traffic_keys(crypto::kSha256, tls::kAes128GcmTls13Records, secret);
    REQUIRE(engine_of(client).writing.activate(tls::kAes128GcmTls13Records, true, {}, keys->key.reveal(),
                                               keys->fixed_iv.reveal()));
    if (data_between) {
      REQUIRE(engine_of(client).send_record(tls::ContentType::application_data, unhex("00")));
    }
    error = feed_all(server, drain(client));
  }
  if (data_between) {
    CHECK_FALSE(error);
  } else {
    REQUIRE(error);
    CHECK(*error == ErrorCode::key_update_flood);
    CHECK(count == 33);
  }
}

TEST_CASE("TLS 1.3: a KeyUpdate is answered once, and keys that wear out again are renewed again") {
  Connected with;
  REQUIRE_FALSE(with.say(*with.client, *with.server, kHandshake, unhex("18 000001 01")));
  for (int i = 0; i < 3; ++i) {
    REQUIRE(with.server->write(bytes_of("data")));
  }
  CHECK(engine_of(*with.server).writing.epoch() == 3);
  CHECK(with.setup.server_log.count("> KeyUpdate") == 1);
  REQUIRE_FALSE(feed_all(*with.client, drain(*with.server)));
  // A receiver whose keys are worn asks once, until the peer has renewed them, and then anew.
  Connected other;
  const std::uint64_t worn = tls::kAes128GcmTls13Records.limits.renewal;
  Pipe pipe(*other.client, *other.server);
  for (std::size_t round = 1; round <= 2; ++round) {
    INFO(round);
    tls::ProtectionAccess::set_sequence_number(engine_of(*other.client).writing, worn - 1);
    tls::ProtectionAccess::set_sequence_number(engine_of(*other.server).reading, worn - 1);
    REQUIRE(engine_of(*other.client).send_record(tls::ContentType::application_data, bytes_of("data")));
    REQUIRE_FALSE(feed_all(*other.server, drain(*other.client)));
    for (int i = 0; i < 2; ++i) {
      REQUIRE(other.server->write(bytes_of("data")));
    }
    CHECK(other.setup.server_log.count("> KeyUpdate 1") == round);
    REQUIRE(pipe.run());
    REQUIRE(pipe.send(*other.client, bytes_of("data")));
    CHECK(engine_of(*other.server).reading.epoch() == 2 + round);
  }
}

TEST_CASE("TLS 1.3: nothing may follow a KeyUpdate in its record") {
  Connected with;
  const auto error = with.say(*with.client, *with.server, kHandshake, unhex("18 000001 00 18"));
  REQUIRE(error);
  CHECK(*error == ErrorCode::message_spans_key_change);
}

TEST_CASE("H14 TLS 1.3: a client keeps the last of a few tickets, and a server takes none") {
  Connected with(true);
  const auto ticket = [](unsigned number, std::uint8_t lifetime) {
    Buffer message = unhex("04 00000f 000000 00 00000000 01 07 0001 41 0000");
    message[7] = lifetime;
    message[13] = static_cast<std::uint8_t>(number);
    message[16] = static_cast<std::uint8_t>(number);
    return message;
  };
  // One that may not be used is none (RFC 9846 §4.6.1).
  REQUIRE_FALSE(with.say(*with.server, *with.client, kHandshake, ticket(99, 0)));
  CHECK(hex(with.client->session()->ticket.bytes()) != "63");
  for (unsigned i = 1; i <= 20; ++i) {
    REQUIRE_FALSE(with.say(*with.server, *with.client, kHandshake, ticket(i, 60)));
  }
  const auto session = with.client->session();
  REQUIRE(session);
  // The server's own was the first of the eight.
  CHECK_BYTES(session->ticket.bytes(), unhex("07"));
  CHECK(session->expires.seconds - session->created.seconds == 60);
  const auto error = with.say(*with.client, *with.server, kHandshake, ticket(1, 60));
  REQUIRE(error);
  CHECK(*error == ErrorCode::unexpected_message);
}

TEST_CASE("TLS 1.3: authentication after the handshake and early ends are refused") {
  // CertificateRequest, ClientHello, Finished, HelloRequest, a ChangeCipherSpec.
  for (const unsigned type : {13u, 1u, 20u, 0u, 2u, 8u, 11u, 15u}) {
    INFO(type);
    Connected with;
    const Buffer message = {static_cast<std::uint8_t>(type), 0, 0, 1, 0};
    const auto error = with.say(*with.server, *with.client, kHandshake, message);
    REQUIRE(error);
    CHECK(*error == ErrorCode::unexpected_message);
  }
  Connected with;
  const auto error = feed_all(*with.client, plain_record(tls::ContentType::change_cipher_spec, unhex("01")));
  REQUIRE(error);
  CHECK(*error == ErrorCode::unexpected_record);
}

TEST_CASE("TLS 1.3: with half_close a close_notify ends one direction, and the other goes on until close()") {
  const bool client_first = GENERATE(true, false);
  const bool half_close = GENERATE(true, false);
  Connected with(false, half_close);
  tls::Connection& first = client_first ? static_cast<tls::Connection&>(*with.client) : *with.server;
  tls::Connection& second = client_first ? static_cast<tls::Connection&>(*with.server) : *with.client;
  first.close();
  REQUIRE_FALSE(feed_all(second, drain(first)));
  CHECK(second.peer_closed());
  CHECK(second.wants().has(tls::Want::write) != half_close);
  if (!half_close) {
    CHECK(second.write(bytes_of("answer")).error() == ErrorCode::not_connected);
    return;
  }
  CHECK_FALSE(second.wants().has(tls::Want::read));
  CHECK_FALSE(second.wants().has(tls::Want::closed));
  REQUIRE(second.received_end());
  Buffer got;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(second.write(bytes_of("answer ")));
    REQUIRE_FALSE(feed_all(first, drain(second), &got));
  }
  CHECK_BYTES(got, bytes_of("answer answer answer "));
  second.close();
  REQUIRE_FALSE(feed_all(first, drain(second)));
  CHECK(second.wants().has(tls::Want::closed));
  CHECK(first.wants().has(tls::Want::closed));
}

TEST_CASE("T05 TLS 1.3: every alert but close_notify and user_canceled ends the connection") {
  for (unsigned alert = 1; alert < 256; alert += 3) {
    Connected with;
    INFO(alert);
    const Buffer warning = {1, static_cast<std::uint8_t>(alert)};
    const auto error = with.say(*with.server, *with.client, tls::ContentType::alert, warning);
    REQUIRE(error);
    CHECK(*error == ErrorCode::peer_alert);
  }
  Connected with;
  REQUIRE_FALSE(with.say(*with.server, *with.client, tls::ContentType::alert, unhex("015a")));
  REQUIRE_FALSE(with.say(*with.server, *with.client, tls::ContentType::alert, unhex("0100")));
  CHECK(with.client->peer_closed());
}
