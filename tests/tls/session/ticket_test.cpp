// SPDX-License-Identifier: Apache-2.0
// Resumption by ticket (RFC 5077) between our client and our server.
#include "tls/support/resumption.hpp"
#include "tls/support/scripted_peer.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

using TicketSetup = WithTickets<Setup>;

}  // namespace

TEST_CASE("H09 tickets: a session is resumed by its ticket, again and again, and the server keeps nothing") {
  TicketSetup setup;
  setup.resumable();
  const tls::Session session = connect(setup).session;
  CHECK_FALSE(session.ticket.empty());
  CHECK(session.id.empty());
  CHECK(setup.sessions.size() == 0);
  CHECK(session.expires.seconds == setup.clock.seconds + tls::kDefaultSessionLifetime);
  CHECK(resumes(setup, session));
  const Ended again = connect(setup, &session);
  CHECK(again.resumed);
  CHECK_BYTES(again.session.ticket.bytes(), session.ticket.bytes());
  CHECK(resumes(setup, again.session));
  CHECK(tickets_received(setup) == 1);
}

TEST_CASE("H09 tickets: every suite and kind of client authentication, saved in between") {
  const auto* const suite = GENERATE(from_range(kTls12Compat.suites.begin(), kTls12Compat.suites.end()));
  TicketSetup setup;
  Identity shown(pem::kEcdsaClient, ecdsa_key());
  setup.use(*suite);
  INFO(suite->name);
  SECTION("without a client certificate") {}
  SECTION("with one") {
    setup.client.credentials = &shown.credentials;
    setup.server.client_authentication = tls::ClientAuthentication::require;
  }
  const tls::Session session = connect(setup).session;
  CHECK(resumes(setup, saved_and_read(session)));
}

TEST_CASE(
    "H10 tickets: a ticket under an older key is resumed and renewed, one under a forgotten key is not") {
  TicketSetup setup;
  const tls::Session session = connect(setup).session;
  REQUIRE(setup.keys.rotate(setup.server_random.random(), {setup.clock.seconds}));
  const Ended renewed = connect(setup, &session);
  CHECK(renewed.resumed);
  CHECK(tickets_received(setup) == 2);
  CHECK(hex(renewed.session.ticket.bytes()) != hex(session.ticket.bytes()));
  // The session is as old as it was: renewing does not make it live longer.
  CHECK(renewed.session.expires == session.expires);
  CHECK(renewed.session.created == session.created);
  const Buffer other = noise(48, 1);
  SECTION("the new ticket resumes without being renewed") {
    CHECK(resumes(setup, renewed.session));
    CHECK(tickets_received(setup) == 2);
  }
  SECTION("keys that are gone") {
    REQUIRE(setup.keys.replace(std::vector<Bytes>{other}));
    const Ended full = connect(setup, &renewed.session);
    CHECK_FALSE(full.resumed);
    CHECK(resumes(setup, full.session));
  }
}

TEST_CASE("H09 tickets: anything that differs gives a full handshake") {
  TicketSetup setup;
  const std::string_view h2[] = {"h2"};
  const std::string_view both[] = {"http/1.1", "h2"};
  const tls::Session made = connect(setup).session;
  tls::Session session = std::move(*made.clone());
  SECTION("the name asked for") {
    setup.name = "ecdsa.example";
    REQUIRE(session.server_name.assign(bytes_of("ecdsa.example")));  // a client that would resume
  }
  SECTION("expired, though the client thinks otherwise") {
    setup.clock.seconds += tls::kDefaultSessionLifetime;
    session.expires = {setup.clock.seconds + 1};
  }
  SECTION("expired at the client") {
    setup.clock.seconds += tls::kDefaultSessionLifetime;
  }
  SECTION("client certificates are asked for now") {
    setup.server.client_authentication = tls::ClientAuthentication::request;
  }
  SECTION("a suite that the server no longer takes") {
    static const tls::tls12::Suite* const one[] = {&tls::kRsaAes128CbcSha256};
    setup.one_suite = kTls12Compat;
    setup.one_suite.suites = one;
    setup.server.policy = &setup.one_suite;
  }
  SECTION("the server takes no tickets") {
    setup.server.tickets = nullptr;
    setup.resumable();
  }
  SECTION("a protocol is agreed on now") {
    setup.client.alpn = h2;
    setup.server.alpn = both;
  }
  SECTION("a foreign ticket") {
    REQUIRE(session.ticket.assign(noise(200, 3), tls::system_memory()));
  }
  CHECK_FALSE(resumes(setup, session));
}

TEST_CASE("H09 tickets: another client's certificate state or other roots give a full handshake") {
  TicketSetup setup;
  setup.server.client_authentication = tls::ClientAuthentication::request;
  Identity shown(pem::kEcdsaClient, ecdsa_key());
  SECTION("other roots at the server") {
    setup.client.credentials = &shown.credentials;
    const tls::Session session = connect(setup).session;
    CHECK(resumes(setup, session));
    setup.server.verifier = tls::dangerous_accept_any_certificate();
    CHECK_FALSE(resumes(setup, session));
  }
  SECTION("a certificate is demanded now") {
    const tls::Session session = connect(setup).session;
    CHECK(resumes(setup, session));
    setup.client.credentials = &shown.credentials;
    setup.server.client_authentication = tls::ClientAuthentication::require;
    CHECK_FALSE(resumes(setup, session));
  }
}

TEST_CASE("H10 tickets: a ticket that cannot be made is sent empty, and the connection works") {
  TicketSetup setup;
  setup.tickets.seal = [](void*, const tls::Session&, crypto::Random, MutBytes) -> Result<Bytes> {
    return ErrorCode::out_of_memory;
  };
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  REQUIRE(client.handshake_done());
  CHECK(setup.client_log.count("< NewSessionTicket 6") == 1);
  CHECK(client.session().error() == ErrorCode::no_session);
}

TEST_CASE("H09 tickets: without extended master secret none is given or resumed") {
  TicketSetup setup;
  ScriptedClient client(tls::kEcdheEcdsaAes128GcmSha256);
  client.extended_master_secret = false;
  client.client_hello = [](tls::ClientHello& hello) { hello.takes_tickets = true; };
  auto server = setup.make_server();
  CHECK(client.run(server) == accepted());
  CHECK(setup.server_log.count("NewSessionTicket") == 0);
}

TEST_CASE("H01 tickets: an announced ticket must come, one that was not announced must not") {
  TicketSetup setup;
  Refragmenter cut(Refragmenter::kByMessage);
  SECTION("left out: the ChangeCipherSpec comes too early") {
    ScriptedServer server(tls::kEcdheEcdsaAes128GcmSha256);
    server.server_hello = [](tls::ServerHello& hello) { hello.gives_ticket = true; };
    auto client = setup.make_client();
    CHECK(server.run(client) == refused(ErrorCode::unexpected_record));
  }
  SECTION("not announced") {
    ScriptedServer server(tls::kEcdheEcdsaAes128GcmSha256);
    server.change_cipher_spec = [&server] {
      const Buffer message = unhex("0400000a000000100004aabbccdd");
      server.send_record(tls::ContentType::handshake, message);
    };
    auto client = setup.make_client();
    CHECK(server.run(client) == refused(ErrorCode::unexpected_message));
  }
}
