// SPDX-License-Identifier: Apache-2.0
// A store in a fixed array. Looking up is a walk over it: with the few thousand slots that fit a server of
// this kind, that costs less than one key agreement.
#include <ashlar/tls/session.hpp>

namespace ashlar::tls {

namespace {

MemorySessionStore& store_of(void* context) {
  return *static_cast<MemorySessionStore*>(context);
}

}  // namespace

MemorySessionStore::Slot* MemorySessionStore::slot(Bytes id) {
  for (Slot& each : slots_) {
    if (each.age != 0 && equal_public(each.session.id.bytes(), id)) {
      return &each;
    }
  }
  return nullptr;
}

void MemorySessionStore::put(const Session& session) {
  if (slots_.empty() || session.id.empty()) {
    return;
  }
  Slot* place = slot(session.id.bytes());
  if (place == nullptr) {
    // A free slot has age 0, and so is the oldest of all.
    place = &slots_[0];
    for (Slot& each : slots_) {
      place = each.age < place->age ? &each : place;
    }
  }
  place->session = session.clone();
  place->age = ++clock_;
}

bool MemorySessionStore::find(Bytes id, asn1::Time now, Session& out) {
  Slot* found = slot(id);
  if (found == nullptr) {
    return false;
  }
  if (found->session.expires <= now) {
    remove(id);
    return false;
  }
  out = found->session.clone();
  return true;
}

void MemorySessionStore::remove(Bytes id) {
  if (Slot* found = slot(id)) {
    found->session = {};
    found->age = 0;
  }
}

std::size_t MemorySessionStore::size() const {
  std::size_t count = 0;
  for (const Slot& each : slots_) {
    count += each.age != 0 ? 1u : 0u;
  }
  return count;
}

SessionStore MemorySessionStore::store() & {
  return {[](void* context, const Session& session) { store_of(context).put(session); },
          [](void* context, Bytes id, asn1::Time now, Session& out) {
            return store_of(context).find(id, now, out);
          },
          [](void* context, Bytes id) { store_of(context).remove(id); }, this};
}

}  // namespace ashlar::tls
