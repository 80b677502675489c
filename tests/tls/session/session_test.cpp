// SPDX-License-Identifier: Apache-2.0
// Sessions: saved and read again, kept in a bounded store, and resumed only where they belong (H09).
#include "catch.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

tls::Session sample(std::uint8_t number, std::int64_t expires = 2000) {
  tls::Session session;
  const Buffer id(32, number);
  REQUIRE(session.id.assign(id));
  session.master_secret = Secret<48>(BytesOf<48>(noise(48, number).data(), 48));
  session.suite = tls::kEcdheRsaAes128GcmSha256.id;
  session.created = {1000};
  session.expires = {expires};
  REQUIRE(session.server_name.assign(bytes_of("server.example")));
  REQUIRE(session.alpn.assign(bytes_of("h2")));
  session.trust_id = 0x1122334455667788;
  session.peer_certificate_hash[5] = 9;
  session.extended_master_secret = true;
  session.client_authenticated = number % 2 == 0;
  return session;
}

// A first connection and the session it leaves with the client.
tls::Session make_session(Setup& setup) {
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  return std::move(*client.session());
}

// Whether a second connection resumes it. It must work either way.
bool resumes(Setup& setup, const tls::Session& session) {
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  REQUIRE(client.handshake_done());
  CHECK(client.negotiated().resumed == server.negotiated().resumed);
  return client.negotiated().resumed;
}

}  // namespace

TEST_CASE("session: what was saved is read again") {
  const tls::Session session = sample(4);
  std::uint8_t storage[tls::kMaxSerializedSessionSize];
  const auto saved = session.serialize(storage);
  REQUIRE(saved);
  const auto read = tls::Session::parse(*saved);
  REQUIRE(read);
  CHECK_BYTES(read->id.bytes(), session.id.bytes());
  CHECK_BYTES(read->master_secret.reveal(), session.master_secret.reveal());
  CHECK(read->suite == session.suite);
  CHECK(read->created == session.created);
  CHECK(read->expires == session.expires);
  CHECK_BYTES(read->server_name.bytes(), session.server_name.bytes());
  CHECK_BYTES(read->alpn.bytes(), session.alpn.bytes());
  CHECK(read->trust_id == session.trust_id);
  CHECK_BYTES(read->peer_certificate_hash, session.peer_certificate_hash);
  CHECK(read->extended_master_secret);
  CHECK(read->client_authenticated);
}

TEST_CASE("session: what is cut, longer or of another format is refused") {
  const tls::Session session = sample(3);
  std::uint8_t storage[tls::kMaxSerializedSessionSize];
  const auto saved = session.serialize(storage);
  REQUIRE(saved);
  for (std::size_t size = 0; size < saved->size(); ++size) {
    CHECK_FALSE(tls::Session::parse(saved->first(size)));
  }
  Buffer longer = buffer_of(*saved);
  longer.push_back(0);
  CHECK_FALSE(tls::Session::parse(longer));
  longer.pop_back();
  longer[0] = 2;
  CHECK(tls::Session::parse(longer).error() == ErrorCode::bad_session);
  longer[0] = 1;
  longer[1] = 33;  // a session id that is too long
  CHECK_FALSE(tls::Session::parse(longer));
}

TEST_CASE("session: the largest fits the size that is promised, and no less is taken") {
  tls::Session session = sample(1);
  REQUIRE(session.server_name.assign(Buffer(255, 'a')));
  REQUIRE(session.alpn.assign(Buffer(255, 'b')));
  std::uint8_t storage[tls::kMaxSerializedSessionSize];
  const auto saved = session.serialize(storage);
  REQUIRE(saved);
  CHECK(tls::Session::parse(*saved));
  Buffer small(saved->size() - 1);
  CHECK_FALSE(session.serialize(small));
}

TEST_CASE("session: a store finds what was put, until it expires or is removed") {
  tls::MemorySessionStore::Slot slots[3];
  tls::MemorySessionStore store(slots);
  store.put(sample(1));
  store.put(sample(2));
  CHECK(store.size() == 2);
  tls::Session found;
  REQUIRE(store.find(Buffer(32, 1), {1500}, found));
  CHECK_BYTES(found.master_secret.reveal(), sample(1).master_secret.reveal());
  CHECK_FALSE(store.find(Buffer(32, 9), {1500}, found));
  CHECK_FALSE(store.find(Buffer(31, 1), {1500}, found));
  CHECK_FALSE(store.find(Buffer(32, 1), {2000}, found));
  CHECK(store.size() == 1);
  store.remove(Buffer(32, 2));
  CHECK(store.size() == 0);
}

TEST_CASE("D03 session: a full store drops the oldest") {
  tls::MemorySessionStore::Slot slots[3];
  tls::MemorySessionStore store(slots);
  for (std::uint8_t i = 1; i <= 5; ++i) {
    store.put(sample(i));
  }
  store.put(sample(5));  // again: no second place
  CHECK(store.size() == 3);
  tls::Session found;
  CHECK_FALSE(store.find(Buffer(32, 2), {1500}, found));
  CHECK(store.find(Buffer(32, 3), {1500}, found));
  CHECK(store.find(Buffer(32, 5), {1500}, found));
  tls::MemorySessionStore none{std::span<tls::MemorySessionStore::Slot>()};
  none.put(sample(1));
  CHECK(none.size() == 0);
}

TEST_CASE("H09 session: resumed as it was made, and again") {
  Setup setup;
  setup.resumable();
  const tls::Session session = make_session(setup);
  CHECK(resumes(setup, session));
  CHECK(resumes(setup, session));
}

TEST_CASE("H09 session: anything that differs gives a full handshake") {
  Setup setup;
  setup.resumable();
  const std::string_view h2[] = {"h2"};
  const std::string_view both[] = {"http/1.1", "h2"};
  tls::Session session = make_session(setup);
  SECTION("the name asked for") {
    setup.name = "ecdsa.example";
  }
  SECTION("expired") {
    setup.clock.seconds += tls::kDefaultSessionLifetime;
  }
  SECTION("made in the future") {
    setup.clock.seconds -= 10;
  }
  SECTION("other roots at the client") {
    setup.client.verifier = tls::dangerous_accept_any_certificate();
  }
  SECTION("client certificates are asked for now") {
    setup.server.client_authentication = tls::ClientAuthentication::request;
  }
  SECTION("a suite that the client no longer takes") {
    setup.use(tls::kRsaAes128CbcSha256);
  }
  SECTION("the server has forgotten it") {
    setup.sessions.remove(session.id.bytes());
  }
  SECTION("the server keeps no sessions") {
    setup.server.sessions = nullptr;
  }
  SECTION("made without extended master secret") {
    session.extended_master_secret = false;
  }
  SECTION("made with a protocol that is not offered now") {
    REQUIRE(session.alpn.assign(bytes_of("h2")));
  }
  SECTION("a protocol is agreed on now") {
    setup.client.alpn = h2;
    setup.server.alpn = both;
  }
  CHECK_FALSE(resumes(setup, session));
}

TEST_CASE("H09 session: other roots at the server, or a certificate demanded, give a full handshake") {
  Setup setup;
  setup.resumable();
  setup.server.client_authentication = tls::ClientAuthentication::request;
  Identity shown(pem::kEcdsaClient, ecdsa_key());
  SECTION("other roots") {
    setup.client.credential = &shown.credential;
    const tls::Session session = make_session(setup);
    CHECK(resumes(setup, session));
    setup.server.verifier = tls::dangerous_accept_any_certificate();
    CHECK_FALSE(resumes(setup, session));
  }
  SECTION("demanded") {
    const tls::Session session = make_session(setup);
    CHECK(resumes(setup, session));
    setup.client.credential = &shown.credential;
    setup.server.client_authentication = tls::ClientAuthentication::require;
    CHECK_FALSE(resumes(setup, session));
  }
}

TEST_CASE("H09 session: a server that resumes under other parameters is refused") {
  // The client believes that its session was made with another suite.
  Setup setup;
  setup.resumable();
  tls::Session session = make_session(setup);
  session.suite = session.suite == tls::kEcdheRsaAes256GcmSha384.id ? tls::kEcdheRsaAes128GcmSha256.id
                                                                    : tls::kEcdheRsaAes256GcmSha384.id;
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  REQUIRE(client.error());
  CHECK(*client.error() == ErrorCode::session_mismatch);
}

TEST_CASE("session: a wrong master secret does not finish") {
  Setup setup;
  setup.resumable();
  tls::Session session = make_session(setup);
  session.master_secret = Secret<48>(BytesOf<48>(noise(48).data(), 48));
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  CHECK_FALSE(client.handshake_done());
  CHECK_FALSE(server.handshake_done());
  // And the peer that proved nothing has not made the server forget the session.
  CHECK(setup.sessions.size() == 1);
}

TEST_CASE("session: a server without a store gives none") {
  Setup setup;
  auto client = setup.make_client();
  CHECK(client.session().error() == ErrorCode::no_session);
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(client.session().error() == ErrorCode::no_session);
}
