// SPDX-License-Identifier: Apache-2.0
// Early data, sent and taken (RFC 9846 §2.3, §4.2.10, §4.5, §8).
#include <ashlar/crypto/sha2.hpp>

#include "tls/record/sealing.hpp"
#include "tls/support/altered_hello.hpp"
#include "tls/support/early_data.hpp"

using namespace ashlar;
using namespace ashlar::test;
using tls::EarlyDataStatus;

namespace {

const Buffer kEarlyRequest = buffer_of(bytes_of("GET / HTTP/1.1\r\n\r\n"));

// A connection with early data; what the server took of it.
struct EarlyEnd {
  EarlyDataStatus status;
  Buffer early;
};
EarlyEnd connect_early(EarlyDataSetup& setup, const tls::Session& session) {
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  REQUIRE(client.early_data_status() == EarlyDataStatus::offered);
  REQUIRE(client.early_data_room() == session.max_early_data);
  const auto written = client.write_early_data(kEarlyRequest);
  REQUIRE(written);
  REQUIRE(*written == kEarlyRequest.size());
  CHECK(client.early_data_room() == session.max_early_data - kEarlyRequest.size());
  EarlyEnd out;
  REQUIRE(run_early(client, server, out.early));
  REQUIRE(client.handshake_done());
  check_works(client, server);
  out.status = client.early_data_status();
  CHECK(client.early_data_room() == 0);
  CHECK(client.negotiated().early_data == (out.status == EarlyDataStatus::accepted));
  CHECK(server.negotiated().early_data == client.negotiated().early_data);
  CHECK_BYTES(out.early, out.status == EarlyDataStatus::accepted ? kEarlyRequest : Buffer());
  CHECK(client.write_early_data(kEarlyRequest).error() == ErrorCode::no_early_data);
  return out;
}
EarlyDataStatus status_of(EarlyDataSetup& setup, const tls::Session& session) {
  return connect_early(setup, session).status;
}

}  // namespace

TEST_CASE("H26 TLS 1.3 early data: it is taken with every suite, by tickets and from a store") {
  const auto* suite = GENERATE(from_range(tls::policy::compat.tls13_suites.begin(),  //
                                          tls::policy::compat.tls13_suites.end()));
  INFO(suite->name);
  EarlyDataSetup setup;
  setup.use_suite(*suite);
  if (GENERATE(false, true)) {
    setup.server.tickets = nullptr;
    setup.resumable();
  }
  const tls::Session session = setup.session();
  CHECK(session.max_early_data == 1000);
  CHECK(status_of(setup, saved_and_read(session)) == EarlyDataStatus::accepted);
}

TEST_CASE("H26 TLS 1.3 early data: nothing but its own call takes it, and the handshake waits for that") {
  EarlyDataSetup setup;
  const tls::Session session = setup.session();
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  REQUIRE(client.write_early_data(kEarlyRequest));
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(server.wants().has(tls::Want::early_data));
  CHECK_FALSE(server.wants().has(tls::Want::application_data));
  CHECK(server.application_data().empty());
  REQUIRE(server.consume(kEarlyRequest.size()));  // there is nothing to consume
  CHECK_BYTES(buffer_of(server.early_data()), kEarlyRequest);
  REQUIRE(server.consume_early_data(4));
  CHECK(text_of(server.early_data()).starts_with("/ HTTP"));
  CHECK_FALSE(server.handshake_done());
  // It may be answered before the client is known to be there.
  CHECK(server.wants().has(tls::Want::can_write));
  REQUIRE(server.write(bytes_of("early answer")));
  REQUIRE(pipe.run());
  CHECK(client.handshake_done());
  CHECK_BYTES(pipe.client_got, bytes_of("early answer"));
  REQUIRE(server.consume_early_data(kEarlyRequest.size()));
  REQUIRE(pipe.run());
  CHECK(server.handshake_done());
  CHECK(server.early_data().empty());
  REQUIRE(pipe.send(client, bytes_of("data")));
  CHECK(server.early_data().empty());
  CHECK_BYTES(pipe.server_got, bytes_of("data"));
}

TEST_CASE("H26 TLS 1.3 early data: none is offered unless both config and session name it") {
  EarlyDataSetup setup;
  SECTION("the client's config") {
    setup.client.early_data = nullptr;
    const tls::Session session = setup.session();
    CHECK(session.max_early_data == 1000);
    auto client = setup.make_client(&session);
    CHECK(client.early_data_status() == EarlyDataStatus::none);
    CHECK(client.early_data_room() == 0);
    CHECK(client.write_early_data(kEarlyRequest).error() == ErrorCode::no_early_data);
  }
  SECTION("the session") {
    setup.server.early_data = nullptr;
    const tls::Session session = setup.session();
    CHECK(session.max_early_data == 0);
    auto client = setup.make_client(&session);
    CHECK(client.early_data_status() == EarlyDataStatus::none);
    CHECK(client.write_early_data(kEarlyRequest).error() == ErrorCode::no_early_data);
    auto server = setup.make_server();
    check_works(client, server);
  }
  SECTION("no session") {
    auto client = setup.make_client();
    CHECK(client.early_data_status() == EarlyDataStatus::none);
  }
  SECTION("the server's config has a guard and a size") {
    setup.early.max_size = 0;
    CHECK(tls::Server::create(setup.server).error().place == Place::server_config_early_data);
    setup.early = {1, {}};
    CHECK(tls::Server::create(setup.server).error().place == Place::server_config_early_data);
  }
}

TEST_CASE("H26 TLS 1.3 early data: a ticket opens it once") {
  EarlyDataSetup setup;
  const tls::Session session = setup.session();
  CHECK(status_of(setup, session) == EarlyDataStatus::accepted);
  CHECK(status_of(setup, session) == EarlyDataStatus::refused);
  // The handshake itself is another matter.
  CHECK(resumes(setup, session));
}

TEST_CASE("H26 TLS 1.3 early data: a session from a store is gone with it") {
  EarlyDataSetup setup;
  setup.server.tickets = nullptr;
  setup.resumable();
  const tls::Session session = setup.session();
  CHECK(setup.sessions.size() == 1);
  CHECK(status_of(setup, session) == EarlyDataStatus::accepted);
  setup.client.early_data = nullptr;
  CHECK_FALSE(resumes(setup, session));
}

TEST_CASE("H26 TLS 1.3 early data: bytes that were recorded give nothing the second time") {
  EarlyDataSetup setup;
  const tls::Session session = setup.session();
  auto client = setup.make_client(&session);
  REQUIRE(client.write_early_data(kEarlyRequest));
  const Buffer recorded = drain(client);
  const std::int64_t later = GENERATE(std::int64_t{0}, tls::kEarlyDataWindow, tls::kEarlyDataWindow + 1,
                                      tls::kEarlyDataMemory - 1, tls::kEarlyDataMemory, std::int64_t{600});
  INFO(later << " seconds later");
  const auto taken = [&] {
    auto server = setup.make_server();
    REQUIRE(server.feed(recorded));
    return !server.early_data().empty();
  };
  CHECK(taken());
  setup.clock.seconds += later;
  CHECK_FALSE(taken());
}

TEST_CASE("H26 TLS 1.3 early data: the age that the client tells must be ours, within ten seconds") {
  EarlyDataSetup setup;
  tls::Session session = setup.session();
  const std::int64_t off = GENERATE(-11, -10, 0, 10, 11);
  INFO(off);
  session.created.seconds += off;
  setup.clock.seconds += 20;
  CHECK((status_of(setup, session) == EarlyDataStatus::accepted) == (off >= -10 && off <= 10));
}

TEST_CASE("H26 TLS 1.3 early data: what differs from the session's first connection refuses it") {
  EarlyDataSetup setup;
  static constexpr std::string_view kProtocols[] = {"http/1.1", "h2"};
  setup.client.alpn = setup.server.alpn = kProtocols;
  setup.use_suite(tls::kAes128GcmSha256);
  tls::Session session = setup.session();
  bool resumed = true;
  SECTION("another suite of the same hash") {
    static constexpr const tls::tls13::Suite* kOtherFirst[] = {&tls::kChaCha20Poly1305Sha256,
                                                               &tls::kAes128GcmSha256};
    setup.client_policy.tls13_suites = setup.server_policy.tls13_suites = kOtherFirst;
  }
  SECTION("ticket keys that are gone") {
    const Buffer other = noise(48, 1);
    REQUIRE(setup.keys.replace(std::vector<Bytes>{other}));
    resumed = false;
  }
  SECTION("another protocol") {
    static constexpr std::string_view kOther[] = {"h2"};
    setup.server.alpn = kOther;
    resumed = false;
  }
  SECTION("a server that takes less than the ticket says") {
    setup.early.max_size = 999;
  }
  SECTION("a server that takes none any more") {
    setup.server.early_data = nullptr;
  }
  SECTION("a ticket that did not allow it") {
    setup.server.early_data = nullptr;
    setup.clock.seconds -= 5;
    session = setup.session();
    session.max_early_data = 1000;
    setup.server.early_data = &setup.early;
  }
  SECTION("a guard that is not certain") {
    setup.early.guard.first_use = [](void*, BytesOf<32>, asn1::Time, asn1::Time) { return false; };
  }
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  REQUIRE(client.write_early_data(kEarlyRequest));
  Buffer early;
  REQUIRE(run_early(client, server, early));
  check_works(client, server);
  CHECK(client.early_data_status() == EarlyDataStatus::refused);
  CHECK(client.negotiated().resumed == resumed);
  CHECK(early.empty());
}

TEST_CASE("H26 TLS 1.3 early data: a HelloRetryRequest refuses it") {
  EarlyDataSetup setup;
  static constexpr const tls::Group* kBoth[] = {&tls::kX25519, &tls::kSecp256r1};
  static constexpr const tls::Group* kSecond[] = {&tls::kSecp256r1};
  const tls::Session session = setup.session();
  setup.use_groups(kBoth, kSecond);
  CHECK(status_of(setup, session) == EarlyDataStatus::refused);
  // None can be sent once the client knows.
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  REQUIRE_FALSE(feed_all(client, drain(server)));
  CHECK(client.early_data_status() == EarlyDataStatus::refused);
  CHECK(client.write_early_data(kEarlyRequest).error() == ErrorCode::no_early_data);
  check_works(client, server);
}

TEST_CASE("H26 TLS 1.3 early data: a client sends what the server takes, and no more") {
  EarlyDataSetup setup;
  const tls::Session session = setup.session();
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  const auto written = client.write_early_data(noise(2000));
  REQUIRE(written);
  CHECK(*written == 1000);
  CHECK(client.early_data_room() == 0);
  CHECK(client.write_early_data(noise(1)).error() == ErrorCode::early_data_limit);
  Buffer early;
  REQUIRE(run_early(client, server, early));
  const Buffer all = noise(2000);
  CHECK_BYTES(early, Bytes(all).first(1000));
  check_works(client, server);
}

TEST_CASE("H23 TLS 1.3 early data: a server that takes it takes no more than it said") {
  EarlyDataSetup setup;
  tls::Session session = setup.session();
  session.max_early_data = 1001;  // a client that believes otherwise
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  const std::size_t size = GENERATE(std::size_t{1000}, std::size_t{1001});
  REQUIRE(client.write_early_data(noise(500)));
  REQUIRE(client.write_early_data(noise(size - 500)));
  Buffer early;
  const bool good = run_early(client, server, early);
  CHECK(good == (size == 1000));
  if (!good) {
    REQUIRE(server.error());
    CHECK(*server.error() == ErrorCode::early_data_flood);
    CHECK(alert_of(*server.error()) == Alert::unexpected_message);
  }
}

TEST_CASE("H23 TLS 1.3 early data: a server that refuses it passes over all that its tickets allow") {
  EarlyDataSetup setup;
  setup.early.max_size = 100000;
  const tls::Session session = setup.session();
  if (GENERATE(false, true)) {
    setup.server_policy.groups = std::span(setup.client_policy.groups).last(1);  // by a HelloRetryRequest
  } else {
    CHECK(status_of(setup, session) == EarlyDataStatus::accepted);
  }
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  std::size_t sent = 0;
  while (client.early_data_room() != 0) {
    const auto written = client.write_early_data(noise(1000));
    REQUIRE(written);
    sent += *written;
    REQUIRE_FALSE(feed_all(server, drain(client)));
  }
  CHECK(sent == 100000);
  check_works(client, server);
  CHECK(client.early_data_status() == EarlyDataStatus::refused);
}

TEST_CASE("H26 TLS 1.3 early data: without any to send, the handshake is made all the same") {
  EarlyDataSetup setup;
  const tls::Session session = setup.session();
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.early_data_status() == EarlyDataStatus::accepted);
  CHECK(setup.client_log.count("> EndOfEarlyData") == 1);
}

TEST_CASE("H26 TLS 1.3 early data: a server of TLS 1.2 ends the connection") {
  EarlyDataSetup setup;
  const tls::Session session = setup.session();
  setup.server_policy.versions = kTls12Alone;
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  const Buffer sent = drain(client);
  REQUIRE_FALSE(feed_all(server, Bytes(sent).first(5 + static_cast<std::size_t>(sent[3]) * 256 + sent[4])));
  const auto error = feed_all(client, drain(server));
  REQUIRE(error);
  CHECK(*error == ErrorCode::unsupported_version);
}

TEST_CASE("H26 TLS 1.3 early data: a server that takes it under another suite or protocol is refused") {
  EarlyDataSetup setup;
  static constexpr std::string_view kProtocols[] = {"http/1.1", "h2"};
  setup.client.alpn = setup.server.alpn = kProtocols;
  tls::Session session = setup.session();
  REQUIRE(session.suite == tls::kAes128GcmSha256.id);
  SECTION("suite") {
    session.suite = tls::kChaCha20Poly1305Sha256.id;  // as the client believes
  }
  SECTION("protocol") {
    REQUIRE(session.alpn.assign(bytes_of("h2")));
  }
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  const auto error = feed_all(client, drain(server));
  REQUIRE(error);
  CHECK(*error == ErrorCode::early_data_mismatch);
  CHECK(alert_of(*error) == Alert::illegal_parameter);
}

TEST_CASE("H26 TLS 1.3 early data: a server that takes it without the session is refused") {
  EarlyDataSetup setup;
  const tls::Session session = setup.session();
  const Buffer other = noise(48, 1);
  REQUIRE(setup.keys.replace(std::vector<Bytes>{other}));
  // A server that says so all the same.
  setup.server.events = {[](void*, const tls::Event& event) {
                           const auto* message = std::get_if<tls::MessageEvent>(&event.what);
                           if (message != nullptr && message->type == tls::HandshakeType::server_hello) {
                             const_cast<tls::Negotiated&>(event.negotiated).early_data = true;
                           }
                         },
                         nullptr};
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  const auto error = feed_all(client, drain(server));
  REQUIRE(error);
  CHECK(*error == ErrorCode::unsolicited_extension);
  CHECK(error->place == Place::encrypted_extensions);
}

TEST_CASE("H26 TLS 1.3 early data: its secrets are told to those who ask for secrets") {
  EarlyDataSetup setup;
  setup.client.events = setup.client_log.sink(false, true);
  setup.server.events = setup.server_log.sink(false, true);
  const tls::Session session = setup.session();
  CHECK(setup.client_log.count("client_early_traffic_secret") == 0);
  CHECK(status_of(setup, session) == EarlyDataStatus::accepted);
  CHECK(setup.client_log.count("client_early_traffic_secret") == 1);
  CHECK(setup.server_log.count("client_early_traffic_secret") == 1);
  CHECK(setup.client_log.count("early_exporter_secret") == 1);
}

TEST_CASE("H26 TLS 1.3 early data: both sides have the same keys for it, of another secret (RFC 9846 §7.5)") {
  EarlyDataSetup setup;
  setup.client.export_keys = setup.server.export_keys = true;
  const tls::Session session = setup.session();
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  Buffer ours(40), theirs(40), other(40);
  REQUIRE(client.export_early_keying_material("EXPERIMENTAL a", bytes_of("x"), ours));
  CHECK(server.export_early_keying_material("EXPERIMENTAL a", bytes_of("x"), theirs).error() ==
        ErrorCode::no_exported_keys);
  REQUIRE(client.write_early_data(kEarlyRequest));
  Buffer early;
  SECTION("accepted") {
    REQUIRE(run_early(client, server, early));
    REQUIRE(server.export_early_keying_material("EXPERIMENTAL a", bytes_of("x"), theirs));
    CHECK_BYTES(theirs, ours);
    REQUIRE(server.export_early_keying_material("EXPERIMENTAL a", {}, other));
    CHECK(hex(other) != hex(ours));
    // It stays, and the keys of the whole handshake are others.
    REQUIRE(client.export_early_keying_material("EXPERIMENTAL a", bytes_of("x"), other));
    CHECK_BYTES(other, ours);
    REQUIRE(client.export_keying_material("EXPERIMENTAL a", bytes_of("x"), other));
    CHECK(hex(other) != hex(ours));
    client.close();
  }
  SECTION("refused") {
    setup.server.early_data = nullptr;
    auto refusing = setup.make_server();
    REQUIRE(run_early(client, refusing, early));
    CHECK(client.early_data_status() == EarlyDataStatus::refused);
    for (const tls::Connection* side :
         {static_cast<const tls::Connection*>(&client), static_cast<const tls::Connection*>(&refusing)}) {
      CHECK(side->export_early_keying_material("EXPERIMENTAL a", bytes_of("x"), other).error() ==
            ErrorCode::no_exported_keys);
    }
  }
  SECTION("not asked for") {
    setup.client.export_keys = false;
    auto plain = setup.make_client(&session);
    CHECK(plain.early_data_status() == EarlyDataStatus::offered);
    CHECK(plain.export_early_keying_material("EXPERIMENTAL a", {}, other).error() ==
          ErrorCode::no_exported_keys);
  }
}
