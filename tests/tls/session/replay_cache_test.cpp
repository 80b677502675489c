// SPDX-License-Identifier: Apache-2.0
// What a replay cache remembers, and what it refuses because it cannot be certain.
#include <ashlar/tls/early_data.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

#include <thread>
#include <vector>

using namespace ashlar;
using namespace ashlar::test;
using tls::ReplayCache;

namespace {

// A digest as a ticket's: random-looking.
struct TicketName {
  explicit TicketName(std::uint64_t number) : bytes(noise(32, number)) {}
  BytesOf<32> span() const { return Bytes(bytes).first<32>(); }
  Buffer bytes;
};

constexpr asn1::Time kFirstUse{1893456000};
constexpr asn1::Time seconds_after(asn1::Time time, std::int64_t seconds) {
  return {time.seconds + seconds};
}

}  // namespace

TEST_CASE("H26 replay cache: a ticket is new once, until no replay can be fresh") {
  ReplayCache::Slot slots[32];
  ReplayCache cache(slots, asn1::Time{0});
  const TicketName one(1), other(2);
  CHECK(cache.first_use(one.span(), kFirstUse, kFirstUse));
  CHECK_FALSE(cache.first_use(one.span(), kFirstUse, kFirstUse));
  CHECK(cache.first_use(other.span(), kFirstUse, kFirstUse));
  CHECK_FALSE(cache.first_use(one.span(), kFirstUse, seconds_after(kFirstUse, tls::kEarlyDataMemory - 1)));
  CHECK(cache.first_use(one.span(), kFirstUse, seconds_after(kFirstUse, tls::kEarlyDataMemory)));
  // A clock that goes back makes nothing new.
  CHECK_FALSE(cache.first_use(one.span(), kFirstUse, kFirstUse));
  // A name that differs in one byte is another.
  for (const std::size_t at : {std::size_t{0}, std::size_t{15}}) {
    TicketName near(1);
    near.bytes[at] ^= 1;
    CHECK(cache.first_use(near.span(), kFirstUse, kFirstUse));
  }
}

TEST_CASE("H26 replay cache: when it is full it refuses, and forgets nothing") {
  ReplayCache::Slot slots[ReplayCache::kWays + 7];  // one set
  ReplayCache cache(slots, asn1::Time{0});
  for (std::uint64_t i = 0; i < ReplayCache::kWays; ++i) {
    CHECK(cache.first_use(TicketName(i).span(), kFirstUse,
                          seconds_after(kFirstUse, static_cast<std::int64_t>(i))));
  }
  CHECK_FALSE(cache.first_use(TicketName(100).span(), kFirstUse, seconds_after(kFirstUse, 8)));
  for (std::uint64_t i = 0; i < ReplayCache::kWays; ++i) {
    CHECK_FALSE(cache.first_use(TicketName(i).span(), kFirstUse, seconds_after(kFirstUse, 8)));
  }
  // The first of them has become old.
  CHECK(cache.first_use(TicketName(100).span(), kFirstUse, seconds_after(kFirstUse, tls::kEarlyDataMemory)));
  CHECK_FALSE(
      cache.first_use(TicketName(101).span(), kFirstUse, seconds_after(kFirstUse, tls::kEarlyDataMemory)));
}

TEST_CASE("H26 replay cache: without room there is none") {
  ReplayCache::Slot slots[ReplayCache::kWays - 1];
  ReplayCache cache(slots, asn1::Time{0});
  CHECK_FALSE(cache.first_use(TicketName(1).span(), kFirstUse, kFirstUse));
}

TEST_CASE("H26 replay cache: what was taken before it was there may come again") {
  ReplayCache::Slot slots[32];
  ReplayCache cache(slots, kFirstUse);
  const auto soon = seconds_after(kFirstUse, tls::kEarlyDataMemory - 1),
             later = seconds_after(kFirstUse, tls::kEarlyDataMemory);
  CHECK_FALSE(cache.first_use(TicketName(1).span(), seconds_after(kFirstUse, -100), soon));
  CHECK_FALSE(cache.first_use(TicketName(1).span(), kFirstUse, soon));  // in the same second
  CHECK(cache.first_use(TicketName(1).span(), seconds_after(kFirstUse, 1), soon));
  CHECK(cache.first_use(TicketName(2).span(), seconds_after(kFirstUse, -100), later));
}

TEST_CASE("H26 replay cache: of many threads one is the first") {
  std::vector<ReplayCache::Slot> slots(8192);
  ReplayCache cache(slots, asn1::Time{0});
  const tls::ReplayGuard guard = cache.guard();
  std::atomic<int> first{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::uint64_t ticket = 0; ticket < 200; ++ticket) {
        first += guard.first_use(guard.context, TicketName(ticket).span(), kFirstUse, kFirstUse) ? 1 : 0;
      }
    });
  }
  for (std::thread& each : threads) {
    each.join();
  }
  CHECK(first == 200);
}
