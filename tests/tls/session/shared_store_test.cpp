// SPDX-License-Identifier: Apache-2.0
// The store of sessions for many threads.
#include <ashlar/tls/shared_store.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

#include <deque>
#include <thread>

using namespace ashlar;
using namespace ashlar::test;

namespace {

Buffer id_of(std::uint64_t number) {
  return noise(32, number);
}

tls::Session numbered(std::uint64_t number, std::size_t name_size = 14) {
  tls::Session session;
  REQUIRE(session.id.assign(id_of(number)));
  session.secret.assign(noise(48, number + 1000));
  session.suite = tls::kEcdheRsaAes128GcmSha256.id;
  session.created = {1000};
  session.expires = {2000};
  REQUIRE(session.server_name.assign(Buffer(name_size, 'a')));
  session.extended_master_secret = true;
  return session;
}

bool holds(tls::SharedSessionStore& store, std::uint64_t number) {
  tls::Session found;
  const bool there = store.find(id_of(number), {1500}, found);
  if (there) {
    REQUIRE_BYTES(found.secret.reveal(), noise(48, number + 1000));
    REQUIRE_BYTES(found.id.bytes(), id_of(number));
  }
  return there;
}

}  // namespace

TEST_CASE("shared store: what was put is found, until it expires or is removed, and counted") {
  Buffer memory(tls::SharedSessionStore::kMinSize);
  tls::SharedSessionStore store(memory);
  store.put(numbered(1));
  store.put(numbered(2));
  store.put(numbered(2));
  CHECK(holds(store, 1));
  CHECK(holds(store, 2));
  CHECK_FALSE(holds(store, 3));
  tls::Session found;
  CHECK_FALSE(store.find(id_of(1), {2000}, found));
  store.remove(id_of(2));
  store.remove(id_of(9));
  CHECK_FALSE(holds(store, 2));
  const auto counters = store.counters();
  CHECK(counters.hits == 2);
  CHECK(counters.misses == 3);
  CHECK(counters.kept == 3);
  CHECK(counters.evictions == 0);
  CHECK(counters.sessions == 0);
  CHECK(counters.bytes == 0);
  store.put(tls::Session());  // without an ID
  CHECK(store.counters().kept == 3);
}

TEST_CASE("D03 shared store: bounded in bytes, whatever the sizes of the sessions; the oldest go") {
  Buffer memory(tls::SharedSessionStore::kMinSize + 777);
  tls::SharedSessionStore store(memory);
  std::uint64_t dice = 7;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    dice = dice * 6364136223846793005 + 1442695040888963407;
    store.put(numbered(i, (dice >> 33) % 255));
    if (i % 5 == 1) {
      store.remove(id_of(i / 2));
    }
    REQUIRE(holds(store, i));
    REQUIRE(store.counters().bytes <= memory.size());
  }
  const auto counters = store.counters();
  CHECK(counters.sessions > 50);
  CHECK(counters.evictions + counters.sessions <= counters.kept);
  // Each shard drops its oldest: what is found at all is among the newest.
  for (std::uint64_t i = 0; i < 3000; ++i) {
    REQUIRE_FALSE(holds(store, i));
  }
}

TEST_CASE("D10 shared store: every typical session that fits is found, in short buckets") {
  Buffer memory(1 << 20);
  tls::SharedSessionStore store(memory);
  constexpr std::uint64_t kCount = 3000;
  for (std::uint64_t i = 0; i < kCount; ++i) {
    store.put(numbered(i));
  }
  CHECK(store.counters().sessions == kCount);
  CHECK(store.counters().bytes / kCount <= tls::SharedSessionStore::kTypicalSize);
  for (std::uint64_t i = 0; i < kCount; ++i) {
    REQUIRE(holds(store, i));
  }
}

TEST_CASE("shared store: memory that is too small keeps nothing, and nothing is left in memory in the end") {
  Buffer small(tls::SharedSessionStore::kMinSize - 1);
  tls::SharedSessionStore store(small);
  store.put(numbered(1));
  CHECK_FALSE(holds(store, 1));
  Buffer memory(tls::SharedSessionStore::kMinSize);
  {
    tls::SharedSessionStore other(memory);
    other.put(numbered(1));
    other.put(numbered(2));
    other.remove(id_of(2));
    const std::string held = hex(memory);
    CHECK(held.find(hex(noise(16, 1001))) != std::string::npos);
    CHECK(held.find(hex(noise(16, 1002))) == std::string::npos);
  }
  CHECK_BYTES(memory, Buffer(memory.size()));
}

TEST_CASE("D07 shared store: threads put, find and remove at once") {
  Buffer memory(2 * tls::SharedSessionStore::kMinSize);
  tls::SharedSessionStore store(memory);
  std::vector<std::thread> threads;
  std::atomic<unsigned> wrong{0};
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 1000; ++i) {
        const std::uint64_t number = (i * 7 + t) % 300;
        tls::Session session;
        (void)session.id.assign(id_of(number));
        session.secret.assign(noise(48, number + 1000));
        session.expires = {2000};
        store.put(session);
        tls::Session found;
        if (store.find(id_of((number * 3) % 300), {1500}, found) &&
            !equal_public(found.secret.reveal(), noise(48, (number * 3) % 300 + 1000))) {
          ++wrong;
        }
        if (i % 11 == 0) {
          store.remove(id_of(number));
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(wrong == 0);
  CHECK(store.counters().kept == 4000);
}
