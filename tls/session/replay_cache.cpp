// SPDX-License-Identifier: Apache-2.0
// A hash table of sets with as many slots each: a ticket is in its set or nowhere. The hashes that are its
// places are those of tickets that the server made, so that a client cannot choose them.
#include <ashlar/base/endian.hpp>
#include <ashlar/tls/early_data.hpp>

#include "session/store.hpp"

namespace ashlar::tls {

namespace {

class Lock {
 public:
  explicit Lock(std::atomic<bool>& flag) : flag_(flag) {
    while (flag_.exchange(true, std::memory_order_acquire)) {
      while (flag_.load(std::memory_order_relaxed)) {
      }
    }
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() { flag_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool>& flag_;
};

}  // namespace

bool ReplayCache::first_use(BytesOf<32> ticket, asn1::Time made, asn1::Time now) {
  const std::size_t sets = slots_.size() / kWays;
  const bool known_since_made = started_ < made || now.seconds - started_.seconds >= kEarlyDataMemory;
  if (sets == 0 || !known_since_made) {
    return false;
  }
  const Bytes name = ticket.first(sizeof Slot::ticket);
  const std::size_t which = place_of(load_be64(ticket.data() + sizeof Slot::ticket), sets);
  const auto set = slots_.subspan(which * kWays, kWays);
  const Lock lock(locked_);
  Slot* free = nullptr;
  for (Slot& slot : set) {
    if (slot.until <= now.seconds) {
      free = &slot;
    } else if (equal_public(slot.ticket, name)) {
      return false;
    }
  }
  if (free == nullptr) {
    return false;
  }
  copy_bytes(free->ticket, name);
  free->until = now.seconds + kEarlyDataMemory;
  return true;
}

ReplayGuard ReplayCache::guard() & {
  return {[](void* context, BytesOf<32> ticket, asn1::Time made, asn1::Time now) {
            return static_cast<ReplayCache*>(context)->first_use(ticket, made, now);
          },
          this};
}

}  // namespace ashlar::tls
