// SPDX-License-Identifier: Apache-2.0
// The store of sessions: finds, forgets and drops the same as a plain list from the oldest to the newest
//
// The first byte is the number of slots, then each three bytes are a call.
#include <ashlar/tls/session.hpp>

#include "support/check.hpp"
#include "support/choices.hpp"

#include <algorithm>

using namespace ashlar;

namespace {

struct Kept {
  std::uint8_t id;
  std::int64_t expires;
  std::uint64_t mark;
};

// IDs of several lengths, some of them beginnings of others.
std::vector<std::uint8_t> id_of(std::uint8_t number) {
  std::vector<std::uint8_t> id(1 + number % 32u, static_cast<std::uint8_t>(number / 32));
  return id;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 400) {
    return -1;
  }
  fuzz::Choices script(data, size);
  const std::size_t slot_count = script.below(9);
  std::vector<tls::MemorySessionStore::Slot> slots(slot_count);
  tls::MemorySessionStore store(slots);
  std::vector<Kept> kept;  // the oldest first
  std::uint64_t mark = 0;
  while (!script.empty()) {
    const std::size_t call = script.below(3);
    const std::uint8_t number = script.byte();
    const std::int64_t time = script.byte();
    const auto at =
        std::find_if(kept.begin(), kept.end(), [&](const Kept& each) { return each.id == number; });
    const auto id = id_of(number);
    if (call == 0) {
      tls::Session session;
      FUZZ_CHECK(session.id.assign(id));
      session.expires = {time};
      session.trust_id = ++mark;
      store.put(session);
      if (slot_count == 0) {
        continue;
      }
      if (at != kept.end()) {
        kept.erase(at);
      }
      if (kept.size() == slot_count) {
        kept.erase(kept.begin());
      }
      kept.push_back({number, time, mark});
    } else if (call == 1) {
      tls::Session found;
      const bool expected = at != kept.end() && at->expires > time;
      FUZZ_CHECK(store.find(id, {time}, found) == expected);
      if (expected) {
        FUZZ_CHECK(found.trust_id == at->mark && equal_public(found.id.bytes(), id));
      } else if (at != kept.end()) {
        kept.erase(at);
      }
    } else {
      store.remove(id);
      if (at != kept.end()) {
        kept.erase(at);
      }
    }
    FUZZ_CHECK(store.size() == kept.size());
  }
  // All remaining sessions are there, and no slot holds a removed one.
  for (const Kept& each : kept) {
    tls::Session found;
    FUZZ_CHECK(store.find(id_of(each.id), {each.expires - 1}, found) && found.trust_id == each.mark);
  }
  const auto used = static_cast<std::size_t>(
      std::count_if(slots.begin(), slots.end(), [](const auto& slot) { return slot.used; }));
  FUZZ_CHECK(used == kept.size());
  for (const auto& slot : slots) {
    FUZZ_CHECK(slot.used || (slot.session.trust_id == 0 && slot.session.id.empty()));
  }
  fuzz::accepted("left", kept.size());
  return 0;
}
