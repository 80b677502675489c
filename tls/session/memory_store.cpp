// SPDX-License-Identifier: Apache-2.0
// A store in a fixed array of slots. Sessions are in the buckets of a hash table, which has as many as there
// are slots, and in one list from the oldest to the newest. An unauthenticated peer may ask for any ID. It is
// compared with the IDs of one bucket: one or two, because the server drew them at random.
#include "session/store.hpp"

namespace ashlar::tls {

std::uint32_t& MemorySessionStore::bucket_of(Bytes id) {
  return slots_[place_of(hash_of_id(id), slots_.size())].bucket;
}

std::uint32_t MemorySessionStore::find_slot(Bytes id) {
  if (slots_.empty()) {
    return kNone;
  }
  std::uint32_t number = bucket_of(id);
  while (number != kNone && !equal_public(slots_[number].session.id.bytes(), id)) {
    number = slots_[number].next;
  }
  return number;
}

// A free slot: one that was given back, one never used, or that of the oldest session.
std::uint32_t MemorySessionStore::take_free() {
  if (free_ == kNone && fresh_ < slots_.size()) {
    return fresh_++;
  }
  if (free_ == kNone) {
    release(oldest_);
  }
  const std::uint32_t number = free_;
  free_ = slots_[number].next;
  return number;
}

// Wipes the session and takes the slot out of its bucket and the list.
void MemorySessionStore::release(std::uint32_t number) {
  Slot& slot = slots_[number];
  std::uint32_t* link = &bucket_of(slot.session.id.bytes());
  while (*link != number) {
    link = &slots_[*link].next;
  }
  *link = slot.next;
  (slot.older == kNone ? oldest_ : slots_[slot.older].newer) = slot.newer;
  (slot.newer == kNone ? newest_ : slots_[slot.newer].older) = slot.older;
  slot.session = {};
  slot.used = false;
  slot.next = free_;
  free_ = number;
  --size_;
}

void MemorySessionStore::add_newest(std::uint32_t number) {
  Slot& slot = slots_[number];
  std::uint32_t& bucket = bucket_of(slot.session.id.bytes());
  slot.used = true;
  slot.next = bucket;
  bucket = number;
  slot.older = newest_;
  slot.newer = kNone;
  (newest_ == kNone ? oldest_ : slots_[newest_].newer) = number;
  newest_ = number;
  ++size_;
}

void MemorySessionStore::put(const Session& session) {
  if (slots_.empty() || session.id.empty()) {
    return;
  }
  if (const std::uint32_t present = find_slot(session.id.bytes()); present != kNone) {
    release(present);
  }
  const std::uint32_t number = take_free();
  slots_[number].session = session.clone_without_ticket();
  add_newest(number);
}

bool MemorySessionStore::find(Bytes id, asn1::Time now, Session& out) {
  const std::uint32_t number = find_slot(id);
  if (number == kNone) {
    return false;
  }
  if (slots_[number].session.expires <= now) {
    release(number);
    return false;
  }
  out = slots_[number].session.clone_without_ticket();
  return true;
}

void MemorySessionStore::remove(Bytes id) {
  if (const std::uint32_t number = find_slot(id); number != kNone) {
    release(number);
  }
}

Resumption MemorySessionStore::resumption() & {
  return resumption_of(*this);
}

}  // namespace ashlar::tls
