// SPDX-License-Identifier: Apache-2.0
// Sessions: saved and read again, kept in a bounded store, and resumed only where they belong (H09).
#include "catch.hpp"
#include "tls/support/pipe.hpp"

#include <algorithm>

using namespace ashlar;
using namespace ashlar::test;

namespace {

tls::Session sample(std::uint8_t number, std::int64_t expires = 2000) {
  tls::Session session;
  const Buffer id(32, number);
  REQUIRE(session.id.assign(id));
  session.secret.assign(noise(48, number));
  session.suite = tls::kEcdheRsaAes128GcmSha256.id;
  session.created = {1000};
  session.expires = {expires};
  REQUIRE(session.server_name.assign(bytes_of("server.example")));
  REQUIRE(session.alpn.assign(bytes_of("h2")));
  session.trust_id = 0x1122334455667788;
  session.age_add = 0x99aabbcc;
  session.max_early_data = 0x01020304;
  session.peer_certificate_hash[5] = 9;
  session.extended_master_secret = true;
  session.client_authenticated = number % 2 == 0;
  return session;
}

// Makes a first connection and returns the client's session.
tls::Session make_session(Setup& setup) {
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  return std::move(*client.session());
}

// Whether a second connection resumes it. The connection must work in either case.
bool resumed_in(Setup& setup, const tls::Session& session) {
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
  CHECK(read->version == tls::ProtocolVersion::tls12);
  CHECK_BYTES(read->secret.reveal(), session.secret.reveal());
  CHECK(read->age_add == session.age_add);
  CHECK(read->max_early_data == session.max_early_data);
  CHECK(read->ticket.empty());
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
  longer[0] = 1;
  CHECK(tls::Session::parse(longer).error() == ErrorCode::bad_session);
  longer[0] = 2;
  longer[3] = 33;  // a session id that is too long
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

TEST_CASE("session: a ticket and a secret of TLS 1.3 are saved, read and copied too") {
  tls::Session session = sample(1);
  session.version = tls::ProtocolVersion{0x0304};
  session.secret.assign(noise(64, 5));
  const Buffer ticket = noise(3000, 6);
  REQUIRE(session.ticket.assign(ticket, tls::system_memory()));
  Buffer storage(tls::kMaxSerializedSessionSize + ticket.size());
  const auto saved = session.serialize(storage);
  REQUIRE(saved);
  const auto read = tls::Session::parse(*saved);
  REQUIRE(read);
  CHECK(read->version == session.version);
  CHECK_BYTES(read->secret.reveal(), session.secret.reveal());
  CHECK_BYTES(read->ticket.bytes(), ticket);
  const auto copy = read->clone();
  REQUIRE(copy);
  CHECK_BYTES(copy->ticket.bytes(), ticket);
  CHECK(read->clone_without_ticket().ticket.empty());
  CHECK(session.ticket.assign(Buffer(65536), tls::system_memory()).error() == ErrorCode::capacity_exceeded);
  const tls::Memory none = {[](void*, std::size_t) -> void* { return nullptr; },
                            [](void*, void*, std::size_t) {}, nullptr};
  CHECK(session.ticket.assign(ticket, none).error() == ErrorCode::out_of_memory);
  CHECK(tls::Session::parse(*saved, none).error() == ErrorCode::out_of_memory);
  CHECK_BYTES(session.ticket.bytes(), ticket);
  // TLS 1.2's secret has one size.
  session.version = tls::ProtocolVersion::tls12;
  const auto wrong = session.serialize(storage);
  REQUIRE(wrong);
  CHECK(tls::Session::parse(*wrong).error() == ErrorCode::bad_session);
}

TEST_CASE("session: a store finds what was put, until it expires or is removed") {
  tls::MemorySessionStore::Slot slots[3];
  tls::MemorySessionStore store(slots);
  store.put(sample(1));
  store.put(sample(2));
  CHECK(store.size() == 2);
  tls::Session found;
  REQUIRE(store.find(Buffer(32, 1), {1500}, found));
  CHECK_BYTES(found.secret.reveal(), sample(1).secret.reveal());
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
  store.put(sample(5));  // again: it takes no second slot
  CHECK(store.size() == 3);
  tls::Session found;
  CHECK_FALSE(store.find(Buffer(32, 2), {1500}, found));
  CHECK(store.find(Buffer(32, 3), {1500}, found));
  CHECK(store.find(Buffer(32, 5), {1500}, found));
  tls::MemorySessionStore none{std::span<tls::MemorySessionStore::Slot>()};
  none.put(sample(1));
  CHECK(none.size() == 0);
}

TEST_CASE("session: a store does what a map and a queue do, whatever the order of calls") {
  std::vector<tls::MemorySessionStore::Slot> slots(7);
  tls::MemorySessionStore store(slots);
  std::vector<std::uint8_t> held;  // oldest first
  std::uint64_t dice = 1;
  const auto roll = [&dice](std::uint64_t sides) {
    dice = dice * 6364136223846793005 + 1442695040888963407;
    return static_cast<std::uint8_t>((dice >> 33) % sides);
  };
  for (int i = 0; i < 5000; ++i) {
    const std::uint8_t number = roll(12);
    const auto place = std::find(held.begin(), held.end(), number);
    switch (roll(4)) {
      case 0:
      case 1:
        if (place != held.end()) {
          held.erase(place);
        } else if (held.size() == slots.size()) {
          held.erase(held.begin());
        }
        held.push_back(number);
        store.put(sample(number));
        break;
      case 2:
        if (place != held.end()) {
          held.erase(place);
        }
        store.remove(Buffer(32, number));
        break;
      default:
        tls::Session found;
        REQUIRE(store.find(Buffer(32, number), {1500}, found) == (place != held.end()));
        if (place != held.end()) {
          REQUIRE_BYTES(found.secret.reveal(), sample(number).secret.reveal());
        }
    }
    REQUIRE(store.size() == held.size());
  }
}

TEST_CASE("D01 session: in a full store every ID takes a few steps to find or not to find") {
  constexpr std::size_t kSlots = 20000;
  std::vector<tls::MemorySessionStore::Slot> slots(kSlots);
  tls::MemorySessionStore store(slots);
  tls::Session session = sample(1);
  for (std::size_t i = 0; i < 3 * kSlots; ++i) {
    REQUIRE(session.id.assign(noise(32, i)));
    store.put(session);
  }
  CHECK(store.size() == kSlots);
  // A look-up compares the IDs of one bucket. With as many buckets as sessions, and random IDs, the longest
  // bucket has about log n / log log n: some 10 for a million.
  std::size_t longest = 0, all = 0;
  for (const auto& head : slots) {
    std::size_t length = 0;
    for (std::uint32_t at = head.bucket; at != tls::MemorySessionStore::kNone; at = slots[at].next) {
      ++length;
    }
    longest = std::max(longest, length);
    all += length;
  }
  CHECK(all == kSlots);
  CHECK(longest <= 12);
  tls::Session found;
  CHECK(store.find(noise(32, 3 * kSlots - 1), {1500}, found));
  CHECK(store.find(noise(32, 2 * kSlots), {1500}, found));
  CHECK_FALSE(store.find(noise(32, 2 * kSlots - 1), {1500}, found));
}

TEST_CASE("H09 session: resumed as it was made, and again") {
  Setup setup;
  setup.resumable();
  const tls::Session session = make_session(setup);
  CHECK(resumed_in(setup, session));
  CHECK(resumed_in(setup, session));
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
  CHECK_FALSE(resumed_in(setup, session));
}

TEST_CASE("H09 session: other roots at the server, or a certificate demanded, give a full handshake") {
  Setup setup;
  setup.resumable();
  setup.server.client_authentication = tls::ClientAuthentication::request;
  Identity shown(pem::kEcdsaClient, ecdsa_key());
  SECTION("other roots") {
    setup.client.credentials = &shown.credentials;
    const tls::Session session = make_session(setup);
    CHECK(resumed_in(setup, session));
    setup.server.verifier = tls::dangerous_accept_any_certificate();
    CHECK_FALSE(resumed_in(setup, session));
  }
  SECTION("demanded") {
    const tls::Session session = make_session(setup);
    CHECK(resumed_in(setup, session));
    setup.client.credentials = &shown.credentials;
    setup.server.client_authentication = tls::ClientAuthentication::require;
    CHECK_FALSE(resumed_in(setup, session));
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
  session.secret.assign(noise(48));
  auto client = setup.make_client(&session);
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  CHECK_FALSE(client.handshake_done());
  CHECK_FALSE(server.handshake_done());
  // And the unauthenticated peer has not made the server forget the session.
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
