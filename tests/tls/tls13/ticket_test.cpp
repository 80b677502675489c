// SPDX-License-Identifier: Apache-2.0
// Resumption in TLS 1.3 by tickets that hold the session, and by handles to sessions that the server keeps
// (RFC 9846 §4.6.1).
#include <ashlar/base/endian.hpp>

#include "tls/support/altered_hello.hpp"
#include "tls/support/resumption.hpp"

using namespace ashlar;
using namespace ashlar::test;

TEST_CASE("H10 TLS 1.3 tickets: a session is resumed by its ticket, and the server keeps nothing") {
  const auto* suite = GENERATE(from_range(tls::policy::compat.tls13_suites.begin(),  //
                                          tls::policy::compat.tls13_suites.end()));
  INFO(suite->name);
  TicketSetup13 setup;
  setup.use_suite(*suite);
  Identity shown(pem::kEcdsaClient, ecdsa_key());
  SECTION("with a store beside them") {
    setup.resumable();
  }
  SECTION("without a client certificate") {}
  SECTION("with one") {
    setup.client.credentials = &shown.credentials;
    setup.server.client_authentication = tls::ClientAuthentication::require;
  }
  const tls::Session first = connect(setup).session;
  CHECK(first.version == tls::ProtocolVersion::tls13);
  CHECK(first.ticket.bytes().size() > 100);  // a session; a handle has 32 bytes
  CHECK(setup.sessions.size() == 0);
  const Ended again = connect(setup, &first);
  CHECK(again.resumed);
  CHECK(hex(again.session.ticket.bytes()) != hex(first.ticket.bytes()));
  CHECK(resumes(setup, saved_and_read(again.session)));
  CHECK(tickets_received(setup) == 3);
  // The same one again: a server that keeps nothing cannot know.
  CHECK(resumes(setup, first));
}

TEST_CASE("H10 TLS 1.3 tickets: a client tells a session's age in milliseconds, hidden by what is added") {
  TicketSetup13 setup;
  tls::Session session = connect(setup).session;
  for (const std::uint32_t added : {0u, 5u, 0xffffffffu}) {
    for (const int seconds : {0, 1, 7, 3600}) {
      INFO(added << ", " << seconds);
      session.age_add = added;
      setup.clock.seconds = session.created.seconds + seconds;
      auto client = setup.make_client(&session);
      const Buffer sent = drain(client);
      const auto hello = tls::ClientHello::parse(Bytes(sent).subspan(9));
      REQUIRE(hello);
      CHECK(load_be32(hello->identities.last(4).data()) ==
            static_cast<std::uint32_t>(1000 * seconds) + added);
    }
  }
}

TEST_CASE("H10 TLS 1.3 tickets: older keys open, forgotten keys and foreign tickets give a full handshake") {
  TicketSetup13 setup;
  tls::Session session = connect(setup).session;
  REQUIRE(setup.keys.rotate(setup.server_random.random(), {setup.clock.seconds}));
  CHECK(resumes(setup, session));
  SECTION("keys that are gone") {
    const Buffer other = noise(48, 1);
    REQUIRE(setup.keys.replace(std::vector<Bytes>{other}));
  }
  SECTION("a ticket of nobody's") {
    REQUIRE(session.ticket.assign(noise(200, 3), tls::system_memory()));
  }
  SECTION("a ticket of one byte") {
    REQUIRE(session.ticket.assign(noise(1, 3), tls::system_memory()));
  }
  const Ended full = connect(setup, &session);
  CHECK_FALSE(full.resumed);
  CHECK(resumes(setup, full.session));
}

TEST_CASE("H09 TLS 1.3 tickets: a session of one version is not resumed in the other") {
  TicketSetup13 setup;
  const bool newer_first = GENERATE(false, true);
  const auto speak = [&](bool newer) {
    setup.server_policy.versions = newer ? std::span<const tls::ProtocolVersion>(kTls13Alone)
                                         : std::span<const tls::ProtocolVersion>(kTls12Alone);
  };
  speak(newer_first);
  const tls::Session made = connect(setup).session;
  speak(!newer_first);
  CHECK_FALSE(resumes(setup, made));
  // A client that says the ticket is of the other version.
  tls::Session lies = connect(setup).session;
  REQUIRE(lies.ticket.assign(made.ticket.bytes(), tls::system_memory()));
  CHECK_FALSE(resumes(setup, lies));
}

TEST_CASE("H09 TLS 1.3 tickets: a session of another hash than the suite's is passed over") {
  static const tls::tls13::Suite* const kSha256First[] = {&tls::kAes128GcmSha256, &tls::kAes256GcmSha384};
  static const tls::tls13::Suite* const kSha384First[] = {&tls::kAes256GcmSha384, &tls::kAes128GcmSha256};
  const bool kept = GENERATE(false, true);
  const bool longer_now = GENERATE(false, true);
  TicketSetup13 setup;
  if (kept) {
    setup.server.tickets = nullptr;
    setup.resumable();
  }
  setup.server_policy.tls13_suites = longer_now ? kSha256First : kSha384First;
  const Ended first = connect(setup);
  const tls::Session session = connect(setup, &first.session).session;
  setup.server_policy.tls13_suites = longer_now ? kSha384First : kSha256First;
  // Not an error either: its proof is never looked at.
  const Ended full = connect(setup, &session);
  CHECK_FALSE(full.resumed);
  CHECK(resumes(setup, full.session));
}

TEST_CASE("H09 TLS 1.3 tickets: a session that is resumed again and again does not live longer") {
  TicketSetup13 setup;
  const bool kept = GENERATE(false, true);
  if (kept) {
    setup.server.tickets = nullptr;
    setup.resumable();
  }
  const tls::Session first = connect(setup).session;
  CHECK(first.expires.seconds == setup.clock.seconds + tls::kDefaultSessionLifetime);
  setup.clock.seconds += 1000;
  tls::Session believed = std::move(*first.clone());
  SECTION("both sides") {
    const tls::Session second = connect(setup, &first).session;
    CHECK(second.created.seconds == setup.clock.seconds);
    CHECK(second.expires == first.expires);
    setup.clock.seconds += tls::kDefaultSessionLifetime - 1001;
    const Ended third = connect(setup, &second);
    CHECK(third.resumed);
    CHECK(third.session.expires == first.expires);
    setup.clock.seconds += 1;
    const Ended fourth = connect(setup, &third.session);
    CHECK_FALSE(fourth.resumed);
    CHECK(fourth.session.expires.seconds == setup.clock.seconds + tls::kDefaultSessionLifetime);
  }
  SECTION("the server by itself") {
    believed.expires.seconds += tls::kMaxSessionLifetime;
    CHECK(connect(setup, &believed).session.expires == first.expires);
  }
  SECTION("the client by itself") {
    believed.expires.seconds -= 500;
    CHECK(connect(setup, &believed).session.expires == believed.expires);
  }
}

TEST_CASE("H10 TLS 1.3 tickets: one that cannot be made is not sent, and the connection works") {
  TicketSetup13 setup;
  setup.tickets.seal = [](void*, const tls::Session&, crypto::Random, MutBytes) -> Result<Bytes> {
    return ErrorCode::out_of_memory;
  };
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(tickets_received(setup) == 0);
  CHECK(client.session().error() == ErrorCode::no_session);
}

TEST_CASE(
    "H12 TLS 1.3: without a fresh key exchange (psk_ke) no session is resumed, and no ticket is given") {
  TicketSetup13 setup;
  const tls::Session session = connect(setup).session;
  setup.client.versions = kAlteredRows;
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  const Buffer record = alter_hello(client, [](Buffer& message) {
    const Buffer modes = unhex("002d00020101");
    const auto found = std::search(message.begin(), message.end(), modes.begin(), modes.end());
    REQUIRE(found != message.end());
    found[5] = 0;  // psk_ke
  });
  REQUIRE_FALSE(feed_all(server, record));
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(client.handshake_done());
  CHECK_FALSE(client.negotiated().resumed);
  CHECK_FALSE(server.negotiated().resumed);
  CHECK(tickets_received(setup) == 1);  // of the first connection
}

TEST_CASE("H08 TLS 1.3: a session without a client certificate spares no client the one that is required") {
  TicketSetup13 setup;
  setup.server.client_authentication = tls::ClientAuthentication::request;
  const tls::Session session = connect(setup).session;
  CHECK_FALSE(session.client_authenticated);
  CHECK(resumes(setup, session));
  setup.server.client_authentication = tls::ClientAuthentication::require;
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  CHECK_FALSE(server.negotiated().resumed);
  REQUIRE(server.error());
  CHECK(*server.error() == ErrorCode::certificate_required);
}

TEST_CASE(
    "H09 tickets: a session whose secret has another size than its version or suite wants is not resumed") {
  for (const bool newer : {true, false}) {
    TicketSetup13 setup;
    setup.client_policy.versions = setup.server_policy.versions = newer ? kTls13Alone : kTls12Alone;
    tls::Session session = connect(setup).session;
    CHECK(resumes(setup, session));
    const std::size_t size = session.secret.size();
    for (const std::size_t other : {size - 1, std::size_t{0}}) {
      const Buffer secret = noise(other, 1);
      session.secret.assign(secret);
      auto client = setup.make_client(&session);
      auto server = setup.make_server();
      check_works(client, server);
      CHECK_FALSE(client.negotiated().resumed);
    }
  }
}
