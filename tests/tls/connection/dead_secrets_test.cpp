// SPDX-License-Identifier: Apache-2.0
// Connections give back no memory in which a secret is left, and after an error they have none (S12, H18):
// master and traffic secrets, the keys made of them, and those of sessions.
#include <ashlar/tls/shared_store.hpp>

#include "catch.hpp"
#include "support/secrets.hpp"
#include "tls/message/build.hpp"
#include "tls/support/early_data.hpp"
#include "tls13/key_schedule.hpp"

#include <map>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// Looks for secrets in all memory of a connection, and in each piece when it is given back.
struct WatchedMemory {
  Buffer secrets;
  std::map<std::uint8_t*, std::size_t> pieces;
  std::size_t given_back = 0;  // words of secrets in memory that was given back

  tls::Memory memory() {
    return {[](void* context, std::size_t size) -> void* {
              auto* const made = static_cast<std::uint8_t*>(std::malloc(size));
              std::memset(made, 0, size);  // whoever had it before may have been this test itself
              static_cast<WatchedMemory*>(context)->pieces[made] = size;
              return made;
            },
            [](void* context, void* memory, std::size_t size) {
              auto& self = *static_cast<WatchedMemory*>(context);
              auto* const piece = static_cast<std::uint8_t*>(memory);
              self.given_back += words_found(self.secrets, {piece, size});
              self.pieces.erase(piece);
              std::free(piece);
            },
            this};
  }
  std::size_t held() const {
    std::size_t words = 0;
    for (const auto& [piece, size] : pieces) {
      words += words_found(secrets, {piece, size});
    }
    return words;
  }
};

// What is told as a secret and is public, or goes over the wire.
bool is_public(tls::SecretKind kind) {
  using enum tls::SecretKind;
  return kind == client_random || kind == server_random || kind == session_hash ||
         kind == client_finished_hash || kind == server_finished_hash || kind == client_verify_data ||
         kind == server_verify_data;
}

// A setup in which each side's memory is searched for all secrets of both.
struct WatchedSetup : EarlyDataSetup {
  WatchedSetup() {
    client.memory = of_client.memory();
    server.memory = of_server.memory();
    client.events = sink(true);
    server.events = sink(false);
    client.export_keys = server.export_keys = true;
    use_suite(tls::kAes128GcmSha256);
  }
  void add(Bytes secret) {
    for (WatchedMemory* memory : {&of_client, &of_server}) {
      memory->secrets.insert(memory->secrets.end(), secret.begin(), secret.end());
    }
  }
  // Sinks take a plain function, so that of one side alone tells both what they share.
  tls::EventSink sink(bool keeps) {
    return {keeps ? [](void* context, const tls::Event& event) {
      const auto* const told = std::get_if<tls::SecretEvent>(&event.what);
      if (told == nullptr || is_public(told->kind)) {
        return;
      }
      auto& self = *static_cast<WatchedSetup*>(context);
      self.add(told->value);
      // The keys of records of TLS 1.3 are made of these, and not told.
      if (told->value.size() == 32 && event.negotiated.version == tls::ProtocolVersion::tls13) {
        const auto keys = tls::tls13::derive_traffic_keys(crypto::kSha256, tls::kAes128GcmTls13Records,
                                                          tls::tls13::HashSecret(told->value));
        REQUIRE(keys);
        self.add(keys->key.reveal());
      }
    }
                  : [](void*, const tls::Event&) {},
            this, false, true};
  }

  WatchedMemory of_client, of_server;
};

enum class End : std::uint8_t { destroyed, closed, bad_mac, fatal_alert, bad_message, given_up };

}  // namespace

TEST_CASE("S12 H18 connection: after an error there is no secret, and none is in memory that is given back") {
  for (const bool newer : {true, false}) {
    for (const bool resumed : {false, true}) {
      for (const End end :
           {End::destroyed, End::closed, End::bad_mac, End::fatal_alert, End::bad_message, End::given_up}) {
        INFO((newer ? "TLS 1.3" : "TLS 1.2")
             << (resumed ? ", resumed" : "") << ", end " << static_cast<int>(end));
        WatchedSetup setup;
        if (!newer) {
          setup.client_policy.versions = setup.server_policy.versions = kTls12Alone;
        }
        std::optional<tls::Session> session;
        if (resumed) {
          session.emplace(connect(setup).session);
          setup.add(session->secret.reveal());
          setup.clock.seconds += 5;
        }
        {
          auto client = setup.make_client(session ? &*session : nullptr);
          auto server = setup.make_server();
          if (end == End::given_up) {
            const Buffer hello = drain(client);
            REQUIRE_FALSE(feed_all(server, hello));
            const Buffer flight = drain(server);
            REQUIRE_FALSE(feed_all(client, Bytes(flight).first(flight.size() - 1)));
            client.close();
            server.close();
          } else {
            check_works(client, server);
            CHECK(client.negotiated().resumed == resumed);
            // The search finds what is in use.
            CHECK(setup.of_client.held() > 0);
            CHECK(setup.of_server.held() > 0);
            REQUIRE(client.write(bytes_of("data")));
          }
          switch (end) {
            case End::destroyed:
            case End::given_up:
              break;
            case End::closed: {
              client.close();
              REQUIRE_FALSE(feed_all(server, drain(client)));
              server.close();
              REQUIRE_FALSE(feed_all(client, drain(server)));
              break;
            }
            case End::bad_mac: {
              // What came before it is read, and lies where it was opened.
              const Buffer data = noise(64, 9);
              setup.add(data);
              REQUIRE_FALSE(feed_all(server, drain(client)));
              REQUIRE(client.write(data));
              REQUIRE(client.write(bytes_of("damaged")));
              Buffer records = drain(client);
              records.back() ^= 1;
              Buffer got;
              REQUIRE(feed_all(server, records, &got));
              CHECK_BYTES(got, data);
              REQUIRE(feed_all(client, drain(server)));
              break;
            }
            case End::fatal_alert:
              REQUIRE(engine_of(client).send_record(tls::ContentType::alert, unhex("0250")));
              REQUIRE(feed_all(server, drain(client)));
              REQUIRE_FALSE(client.received_end());
              break;
            case End::bad_message:
              REQUIRE(engine_of(client).send_record(tls::ContentType::handshake, unhex("0b000000")));
              REQUIRE(feed_all(server, drain(client)));
              REQUIRE(feed_all(client, drain(server)));
              break;
          }
          if (end >= End::bad_mac) {
            CHECK_FALSE(engine_of(client).reading.active());
            CHECK_FALSE(engine_of(client).writing.active());
            CHECK_FALSE(engine_of(server).reading.active());
            CHECK_FALSE(engine_of(server).writing.active());
            CHECK(setup.of_client.held() == 0);
            CHECK(setup.of_server.held() == 0);
          }
        }
        CHECK(setup.of_client.given_back == 0);
        CHECK(setup.of_server.given_back == 0);
        CHECK(setup.of_client.pieces.empty());
        CHECK(setup.of_server.pieces.empty());
      }
    }
  }
}

TEST_CASE("H18 connection: what a peer showed is not kept beyond an error") {
  Setup setup;
  setup.client.keep_peer_certificates = true;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(client.peer_certificates().size() == 1);
  REQUIRE(engine_of(server).send_record(tls::ContentType::alert, unhex("0250")));
  REQUIRE(feed_all(client, drain(server)));
  CHECK(client.peer_certificates().empty());
}

TEST_CASE("S12 sessions: no store and no ticket key leaves what it held") {
  TicketSetup13 setup;
  const tls::Session session = connect(setup).session;
  const Buffer secret = buffer_of(session.secret.reveal());
  {
    alignas(tls::TicketKeys) std::uint8_t room[sizeof(tls::TicketKeys)];
    const Buffer first = noise(tls::TicketKeys::kKeySize, 1), second = noise(tls::TicketKeys::kKeySize, 2);
    auto* const keys = new (room) tls::TicketKeys();
    const Bytes two[] = {first, second}, one[] = {first};
    REQUIRE(keys->replace(two));
    // Keys are kept in words of the machine.
    CHECK(words_found(forms_of(second, 8), room) > 0);
    REQUIRE(keys->replace(one));
    CHECK(words_found(forms_of(second, 8), room) == 0);
    CHECK(words_found(forms_of(first, 8), room) > 0);
    keys->~TicketKeys();
    CHECK(words_found(forms_of(first, 8), room) == 0);
  }
  tls::Session known = std::move(*session.clone());
  const Buffer id = noise(32, 3);
  REQUIRE(known.id.assign(id));
  {
    Buffer memory(tls::SharedSessionStore::kMinSize);
    {
      tls::SharedSessionStore store{MutBytes(memory)};
      store.put(known);
      CHECK(words_found(secret, memory) > 0);
      store.remove(known.id.bytes());
      CHECK(words_found(secret, memory) == 0);
      store.put(known);
      CHECK(words_found(secret, memory) > 0);
    }
    CHECK(words_found(secret, memory) == 0);
  }
  tls::MemorySessionStore::Slot slots[2];
  const auto in_slots = [&] {
    return words_found(secret, {reinterpret_cast<const std::uint8_t*>(slots), sizeof slots});
  };
  tls::MemorySessionStore store{slots};
  store.put(known);
  CHECK(in_slots() > 0);
  store.remove(known.id.bytes());
  CHECK(in_slots() == 0);
}
