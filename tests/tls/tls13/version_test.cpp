// SPDX-License-Identifier: Apache-2.0
// Which version is spoken, and what stands between versions: downgrades, fallbacks, numbers in records.
#include "catch.hpp"
#include "tls/message/build.hpp"
#include "tls/support/server_hello13.hpp"

using namespace ashlar;
using namespace ashlar::test;

TEST_CASE("TLS 1.3: the versions that both have decide, and TLS 1.2 is what is left") {
  const int of_client = GENERATE(12, 13, 1312);
  const int of_server = GENERATE(12, 13, 1312);
  INFO("client " << of_client << ", server " << of_server);
  Tls13Setup setup;
  const auto versions = [](int which) {
    return which == 12   ? std::span<const tls::ProtocolVersion>(kTls12Alone)
           : which == 13 ? std::span<const tls::ProtocolVersion>(kTls13Alone)
                         : std::span<const tls::ProtocolVersion>(kTls13Then12);
  };
  setup.client_policy.versions = versions(of_client);
  setup.server_policy.versions = versions(of_server);
  auto client = setup.make_client();
  auto server = setup.make_server();
  if (of_client + of_server == 25) {
    Pipe pipe(client, server);
    CHECK_FALSE(pipe.run());
    REQUIRE(server.error());
    CHECK(*server.error() == ErrorCode::unsupported_version);
    return;
  }
  check_works(client, server);
  const bool older = of_client == 12 || of_server == 12;
  CHECK(client.negotiated().version == (older ? tls::ProtocolVersion::tls12 : tls::ProtocolVersion::tls13));
  CHECK(server.negotiated().version == client.negotiated().version);
}

TEST_CASE("H06 TLS 1.3: a server made to speak TLS 1.2 says so, and the client finds out") {
  Tls13Setup setup;
  setup.server_policy.versions = kTls13Then12;
  auto client = setup.make_client();
  auto server = setup.make_server();
  // Whoever is between takes supported_versions out of the hello, by giving it a number nobody knows.
  Buffer hello = drain(client);
  const Buffer wanted = unhex("002b0005040304");
  const auto found = std::search(hello.begin(), hello.end(), wanted.begin(), wanted.end());
  REQUIRE(found != hello.end());
  found[0] = 0x7a;
  REQUIRE_FALSE(feed_all(server, hello));
  const auto error = feed_all(client, drain(server));
  REQUIRE(error);
  CHECK(*error == ErrorCode::downgrade_detected);
  CHECK(alert_of(*error) == Alert::illegal_parameter);
}

TEST_CASE("H06 TLS 1.3: a client that fell back to TLS 1.2 is refused by a server that speaks TLS 1.3") {
  const bool newer_server = GENERATE(false, true);
  Tls13Setup setup;
  setup.client_policy.versions = kTls12Alone;
  setup.server_policy.versions = newer_server ? std::span<const tls::ProtocolVersion>(kTls13Then12)
                                              : std::span<const tls::ProtocolVersion>(kTls12Alone);
  auto client = setup.make_client();
  auto server = setup.make_server();
  Buffer hello = drain(client);
  // The last suite becomes TLS_FALLBACK_SCSV.
  const std::size_t suites = 5 + 4 + 2 + 32 + 1;
  const std::size_t last = suites + static_cast<std::size_t>(hello[suites]) * 256 + hello[suites + 1];
  hello[last] = 0x56;
  hello[last + 1] = 0x00;
  const auto error = feed_all(server, hello);
  CHECK(error.has_value() == newer_server);
  if (error) {
    CHECK(*error == ErrorCode::inappropriate_fallback);
  }
}

TEST_CASE("H06 TLS 1.3: a ServerHello of TLS 1.2 says nothing of TLS 1.3") {
  const auto refused = [](Bytes random, const tls::Session* session, bool echoes) {
    Tls13Setup setup;
    auto client = setup.make_client(session);
    const Buffer sent = drain(client);
    const auto error = feed_all(
        client,
        server_hello(*tls::ClientHello::parse(Bytes(sent).subspan(9)), random, [&](tls::ServerHello& hello) {
          hello.selected_version = {};
          hello.suite = tls::kEcdheEcdsaAes128GcmSha256.id;
          hello.session_id = echoes ? hello.session_id : Bytes();
          hello.has_renegotiation_info = hello.extended_master_secret = true;
        }));
    return error ? std::optional(error->code) : std::nullopt;
  };
  Buffer random = noise(32, 3);
  CHECK(refused(random, nullptr, false) == std::nullopt);
  // It has no session of the ID that is there for middleboxes, whether a session of TLS 1.3 is offered or
  // not.
  CHECK(refused(random, nullptr, true) == ErrorCode::session_id_not_echoed);
  Tls13Setup setup;
  setup.resumable();
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  const auto session = client.session();
  REQUIRE(session);
  CHECK(refused(random, &*session, false) == std::nullopt);
  CHECK(refused(random, &*session, true) == ErrorCode::session_id_not_echoed);
  // Both values of §4.1.3, and a HelloRetryRequest.
  for (const std::uint8_t version : {std::uint8_t{0}, std::uint8_t{1}}) {
    const Buffer says = unhex("444f574e475244");
    std::copy(says.begin(), says.end(), random.end() - 8);
    random.back() = version;
    CHECK(refused(random, nullptr, false) == ErrorCode::downgrade_detected);
  }
  random.back() = 2;
  CHECK(refused(random, nullptr, false) == std::nullopt);
  CHECK(refused(tls::kHelloRetryRequest, nullptr, false) == ErrorCode::missing_extension);
}

TEST_CASE("TLS 1.3: a ClientHello of SSL is refused, though it lists TLS 1.3") {
  Tls13Setup setup;
  auto client = setup.make_client();
  Buffer hello = drain(client);
  for (const unsigned version : {0x0000u, 0x0002u, 0x0200u, 0x0300u, 0x0301u, 0x0303u, 0x0304u, 0xffffu}) {
    INFO(version);
    hello[9] = static_cast<std::uint8_t>(version >> 8);
    hello[10] = static_cast<std::uint8_t>(version);
    auto server = setup.make_server();
    const auto error = feed_all(server, hello);
    CHECK(error.has_value() == (version <= 0x0300));
    CHECK((!error || alert_of(*error) == Alert::protocol_version));
  }
}

TEST_CASE("TLS 1.3: the first ClientHello is in a record of TLS 1.0, all others in records of TLS 1.2") {
  const bool retried = GENERATE(false, true);
  Tls13Setup setup;
  const tls::Group* const of_client[] = {&tls::kX25519, &tls::kSecp256r1};
  const tls::Group* const of_server[] = {&tls::kSecp256r1};
  setup.use_groups(of_client, retried ? std::span<const tls::Group* const>(of_server) : of_client);
  auto client = setup.make_client();
  auto server = setup.make_server();
  Buffer records;
  settle(client, server, [&](const Buffer& up, const Buffer& down) { records = records + up + down; });
  CHECK(hex(Bytes(records).first(3)) == "160301");
  std::size_t count = 0;
  for (std::size_t at = 0; at < records.size(); ++count) {
    CHECK(hex(Bytes(records).subspan(at + 1, 2)) == (at == 0 ? "0301" : "0303"));
    at += 5 + static_cast<std::size_t>(records[at + 3]) * 256 + records[at + 4];
  }
  CHECK(count > 5);
}
