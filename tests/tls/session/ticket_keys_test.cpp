// SPDX-License-Identifier: Apache-2.0
// Ticket keys: what one of them sealed opens, what none has sealed does not (H10).
#include <ashlar/tls/ticket_keys.hpp>

#include "catch.hpp"
#include "tls/support/endpoint.hpp"

#include <atomic>
#include <set>
#include <thread>

using namespace ashlar;
using namespace ashlar::test;

namespace {

constexpr asn1::Time kNow{1000};

tls::Session sealable() {
  tls::Session session;
  session.secret.assign(noise(48, 7));
  session.suite = tls::kEcdheRsaAes128GcmSha256.id;
  session.created = kNow;
  session.expires = {kNow.seconds + 7200};
  REQUIRE(session.server_name.assign(bytes_of("server.example")));
  session.extended_master_secret = true;
  return session;
}

Buffer sealed_by(tls::TicketKeys& keys, const tls::Session& session = sealable(), std::uint64_t seed = 1) {
  crypto::DeterministicRandom random(seed + 100);
  Buffer room(tls::kMaxHandleSize);
  const auto ticket = keys.seal(session, random.random(), room);
  REQUIRE(ticket);
  return buffer_of(*ticket);
}

bool opens(const tls::TicketKeys& keys, Bytes ticket, asn1::Time now = kNow) {
  tls::Session session;
  return keys.open(ticket, now, session);
}

}  // namespace

TEST_CASE("H10 ticket keys: a sealed session opens as it was, until it expires") {
  crypto::DeterministicRandom random(3);
  tls::TicketKeys keys;
  REQUIRE(keys.rotate(random.random(), kNow));
  const Buffer ticket = sealed_by(keys);
  CHECK(ticket.size() < 300);
  tls::Session session;
  REQUIRE(keys.open(ticket, kNow, session));
  CHECK_BYTES(session.secret.reveal(), sealable().secret.reveal());
  CHECK_BYTES(session.server_name.bytes(), bytes_of("server.example"));
  CHECK(session.expires == sealable().expires);
  CHECK(opens(keys, ticket, {kNow.seconds + 7199}));
  CHECK_FALSE(opens(keys, ticket, {kNow.seconds + 7200}));
}

TEST_CASE("H10 ticket keys: nothing of a session or a key can be read in a ticket, and no two are alike") {
  crypto::DeterministicRandom random(3);
  tls::TicketKeys keys;
  REQUIRE(keys.rotate(random.random(), kNow));
  const Buffer ticket = sealed_by(keys);
  const std::string text = hex(ticket);
  CHECK(text.find(hex(sealable().secret.reveal().first(8))) == std::string::npos);
  CHECK(text.find(hex(bytes_of("server"))) == std::string::npos);
  CHECK(hex(ticket) != hex(sealed_by(keys, sealable(), 2)));
}

TEST_CASE("H10 ticket keys: a changed, cut or longer ticket does not open, nor one of other keys") {
  crypto::DeterministicRandom random(3);
  tls::TicketKeys keys, others;
  REQUIRE(keys.rotate(random.random(), kNow));
  REQUIRE(others.rotate(random.random(), kNow));
  const Buffer ticket = sealed_by(keys);
  CHECK_FALSE(opens(others, ticket));
  for (std::size_t i = 0; i < ticket.size(); ++i) {
    Buffer changed = ticket;
    changed[i] ^= 1;
    CHECK_FALSE(opens(keys, changed));
    CHECK_FALSE(opens(keys, Bytes(ticket).first(i)));
  }
  Buffer longer = ticket;
  longer.push_back(0);
  CHECK_FALSE(opens(keys, longer));
  CHECK_FALSE(opens(keys, Buffer(65535)));
}

TEST_CASE("H10 ticket keys: without a key nothing is sealed, and a key of zeros is none") {
  crypto::DeterministicRandom random(3);
  tls::TicketKeys keys;
  Buffer room(tls::kMaxHandleSize);
  CHECK(keys.seal(sealable(), random.random(), room).error() == ErrorCode::invalid_argument);
  CHECK_FALSE(opens(keys, Buffer(100)));
  const Buffer good = noise(48, 1), other = noise(48, 2), shorter(47, 1), zeros(48);
  Buffer named = noise(48, 1);
  for (std::size_t i = 16; i < 48; ++i) {
    named[i] = 0;
  }
  const auto refused = [&](std::vector<Bytes> given) {
    return keys.replace(given).error() == ErrorCode::invalid_argument;
  };
  CHECK(refused({}));
  CHECK(refused({zeros}));
  CHECK(refused({named}));
  CHECK(refused({good, shorter}));
  CHECK(refused({good, other, good}));
  CHECK(refused(std::vector<Bytes>(tls::TicketKeys::kMaxKeys + 1, Bytes(good))));
  CHECK_FALSE(keys.seal(sealable(), random.random(), room));
  CHECK_FALSE(keys.rotate(
      {[](void*, MutBytes) -> Result<void> { return ErrorCode::random_unavailable; }, nullptr}, kNow));
  CHECK_FALSE(keys.seal(sealable(), random.random(), room));
}

TEST_CASE("H10 ticket keys: the first key seals, all open, and what is under another is stale") {
  const Buffer first = noise(48, 1), second = noise(48, 2);
  tls::TicketKeys keys;
  REQUIRE(keys.replace(std::vector<Bytes>{first}));
  const Buffer ticket = sealed_by(keys);
  CHECK_FALSE(keys.is_stale(ticket));
  REQUIRE(keys.replace(std::vector<Bytes>{second, first}));
  CHECK(opens(keys, ticket));
  CHECK(keys.is_stale(ticket));
  CHECK_FALSE(keys.is_stale(sealed_by(keys)));
  REQUIRE(keys.replace(std::vector<Bytes>{second}));
  CHECK_FALSE(opens(keys, ticket));
  // Two servers with the same keys open each other's tickets.
  tls::TicketKeys twin;
  REQUIRE(twin.replace(std::vector<Bytes>{first, second}));
  CHECK(opens(twin, sealed_by(keys)));
}

TEST_CASE("H10 ticket keys: keys of its own are rotated by themselves, given ones are not") {
  crypto::DeterministicRandom random(3);
  tls::TicketKeys keys;
  REQUIRE(keys.rotate(random.random(), kNow));
  const Buffer ticket = sealed_by(keys);
  tls::Session later = sealable();
  later.created = {kNow.seconds + tls::TicketKeys::kRotation - 1};
  (void)sealed_by(keys, later, 2);
  CHECK_FALSE(keys.is_stale(ticket));
  later.created = {kNow.seconds + tls::TicketKeys::kRotation};
  const Buffer fresh = sealed_by(keys, later, 3);
  CHECK(keys.is_stale(ticket));
  CHECK(opens(keys, ticket));
  CHECK_FALSE(keys.is_stale(fresh));
  // The oldest of four goes.
  for (std::uint64_t i = 1; i < tls::TicketKeys::kMaxKeys; ++i) {
    CHECK(opens(keys, ticket));
    REQUIRE(keys.rotate(random.random(), later.created));
  }
  CHECK_FALSE(opens(keys, ticket));
  const Buffer given = noise(48, 1);
  REQUIRE(keys.replace(std::vector<Bytes>{given}));
  const Buffer shared = sealed_by(keys);
  later.created = {kNow.seconds + 1000 * tls::TicketKeys::kRotation};
  (void)sealed_by(keys, later, 4);
  CHECK_FALSE(keys.is_stale(shared));
}

TEST_CASE(
    "H10 ticket keys: two threads that see that it is time rotate once, and never after a replacement") {
  // While one seals, and draws its fresh key, the other does all of its work.
  struct Other {
    tls::TicketKeys& keys;
    bool replaces;
    bool done;
    crypto::DeterministicRandom own;
    Buffer ticket;
  };
  for (const bool replaces : {false, true}) {
    crypto::DeterministicRandom random(3);
    tls::TicketKeys keys;
    REQUIRE(keys.rotate(random.random(), kNow));
    tls::Session later = sealable();
    later.created = {kNow.seconds + tls::TicketKeys::kRotation};
    Other other{keys, replaces, false, crypto::DeterministicRandom(5), {}};
    const crypto::Random meanwhile = {[](void* context, MutBytes out) -> Result<void> {
                                        Other& self = *static_cast<Other*>(context);
                                        if (!self.done) {
                                          self.done = true;
                                          const Buffer given = noise(48, 1);
                                          if (self.replaces) {
                                            REQUIRE(self.keys.replace(std::vector<Bytes>{given}));
                                          }
                                          tls::Session session = sealable();
                                          session.created = {kNow.seconds + tls::TicketKeys::kRotation};
                                          self.ticket = sealed_by(self.keys, session);
                                        }
                                        return self.own.random().fill(out);
                                      },
                                      &other};
    Buffer room(tls::kMaxHandleSize);
    REQUIRE(keys.seal(later, meanwhile, room));
    CHECK(other.done);
    CHECK_FALSE(keys.is_stale(other.ticket));
    CHECK_FALSE(keys.is_stale(room));
  }
}

TEST_CASE("D07 ticket keys: threads seal and open while the keys are rotated") {
  crypto::DeterministicRandom random(3);
  tls::TicketKeys keys;
  REQUIRE(keys.rotate(random.random(), kNow));
  std::atomic<bool> stop{false};
  std::atomic<unsigned> rounds{0}, failures{0};
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      crypto::DeterministicRandom own(i + 10);
      const tls::Session session = sealable();
      Buffer room(tls::kMaxHandleSize);
      while (!stop || rounds < 30) {
        const auto ticket = keys.seal(session, own.random(), room);
        tls::Session out;
        // Rotations in between may be so many that the key is gone; what opens must be right.
        if (!ticket ||
            (keys.open(*ticket, kNow, out) && !equal_public(out.secret.reveal(), session.secret.reveal()))) {
          ++failures;
        }
        ++rounds;
      }
    });
  }
  for (int i = 0; i < 300; ++i) {
    REQUIRE(keys.rotate(random.random(), kNow));
  }
  stop = true;
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(failures == 0);
}
