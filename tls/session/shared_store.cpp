// SPDX-License-Identifier: Apache-2.0
// A shard is a table of buckets and a ring of entries: next[4] size[2] id_size[2] id session. `next` leads to
// an older entry of the same bucket. An entry that was removed stays in the ring, wiped and in no bucket,
// until its turn comes to make room.
#include <ashlar/base/endian.hpp>
#include <ashlar/tls/shared_store.hpp>

#include "session/store.hpp"

namespace ashlar::tls {

namespace {

constexpr std::uint32_t kNone = 0xffffffff;
constexpr std::size_t kHeader = 8;
constexpr std::size_t kLargestRing = std::size_t{1} << 31;

}  // namespace

// An entry in the ring. An id_size of 0: it was removed.
struct SharedSessionStore::Entry {
  std::uint32_t next;
  std::uint16_t size;  // of all of it
  std::uint16_t id_size;
  MutBytes id;
  MutBytes session;
};

class SharedSessionStore::Lock {
 public:
  explicit Lock(Shard& shard) : shard_(shard) {
    while (shard_.locked.exchange(true, std::memory_order_acquire)) {
      while (shard_.locked.load(std::memory_order_relaxed)) {
      }
    }
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() { shard_.locked.store(false, std::memory_order_release); }

 private:
  Shard& shard_;
};

SharedSessionStore::SharedSessionStore(MutBytes memory) : memory_(memory) {
  if (memory.size() < kMinSize) {
    return;
  }
  std::size_t each = memory.size() / kShards;
  each = each < kLargestRing ? each : kLargestRing;
  for (std::size_t i = 0; i < kShards; ++i) {
    const MutBytes part = memory.subspan(i * each, each);
    const std::size_t buckets = each / (kTypicalSize + 4);
    shards_[i].buckets = part.first(4 * buckets);
    shards_[i].ring = part.subspan(4 * buckets);
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
      shards_[i].set_first(bucket, kNone);
    }
  }
}

SharedSessionStore::~SharedSessionStore() {
  wipe(memory_);
}

std::size_t SharedSessionStore::Shard::bucket_of(Bytes id) const {
  return place_of(hash_of_id(id), buckets.size() / 4);
}
std::uint32_t SharedSessionStore::Shard::first(std::size_t bucket) const {
  return load_be32(buckets.data() + 4 * bucket);
}
void SharedSessionStore::Shard::set_first(std::size_t bucket, std::uint32_t offset) {
  store_be32(buckets.data() + 4 * bucket, offset);
}

SharedSessionStore::Entry SharedSessionStore::Shard::read(std::uint32_t offset) const {
  const std::uint8_t* const at = ring.data() + offset;
  Entry entry = {load_be32(at), load_be16(at + 4), load_be16(at + 6), {}, {}};
  const MutBytes body = ring.subspan(offset + kHeader, entry.size - kHeader);
  entry.id = body.first(entry.id_size);
  entry.session = body.subspan(entry.id_size);
  return entry;
}

std::uint32_t SharedSessionStore::Shard::lookup(Bytes id) const {
  if (buckets.empty() || id.empty()) {
    return kNone;
  }
  std::uint32_t offset = first(bucket_of(id));
  while (offset != kNone) {
    const Entry entry = read(offset);
    if (equal_public(entry.id, id)) {
      return offset;
    }
    offset = entry.next;
  }
  return kNone;
}

// Takes a living entry out of its bucket and wipes it.
void SharedSessionStore::Shard::unlink(std::uint32_t offset) {
  const Entry entry = read(offset);
  const std::size_t bucket = bucket_of(entry.id);
  std::uint32_t at = first(bucket);
  if (at == offset) {
    set_first(bucket, entry.next);
  } else {
    while (read(at).next != offset) {
      at = read(at).next;
    }
    store_be32(ring.data() + at, entry.next);
  }
  counters.sessions -= 1;
  counters.bytes -= entry.size;
  wipe(entry.id);
  wipe(entry.session);
  store_be16(ring.data() + offset + 6, 0);
}

void SharedSessionStore::Shard::drop_oldest() {
  const Entry entry = read(begin);
  if (entry.id_size != 0) {
    unlink(begin);
    ++counters.evictions;
  }
  begin += entry.size;
  if (begin == wrap) {  // the next oldest is at the front
    begin = 0;
    wrap = 0;
  }
}

// Where an entry of this size goes: behind the newest, or at the front. wrap is 0 while all entries lie in
// one piece from begin to end; else the older ones lie from begin to wrap, and the newer ones from 0 to end.
std::uint32_t SharedSessionStore::Shard::make_room(std::uint32_t size) {
  if (wrap == 0 && ring.size() - end < size) {
    if (begin == end) {
      begin = end = 0;
    } else {
      wrap = end;
      end = 0;
    }
  }
  while (wrap != 0 && begin - end < size) {
    drop_oldest();
    if (wrap == 0 && ring.size() - end < size) {
      // What was dropped last was the end of the ring: all that is left lies at its front.
      if (begin == end) {
        begin = end = 0;
        break;
      }
      wrap = end;
      end = 0;
    }
  }
  const std::uint32_t offset = end;
  end += size;
  return offset;
}

void SharedSessionStore::Shard::put(Bytes id, Bytes serialized) {
  const std::size_t size = kHeader + id.size() + serialized.size();
  if (buckets.empty() || size > ring.size() || size > 0xffff) {
    return;
  }
  if (const std::uint32_t present = lookup(id); present != kNone) {
    unlink(present);
  }
  const std::uint32_t offset = make_room(static_cast<std::uint32_t>(size));
  const std::size_t bucket = bucket_of(id);
  std::uint8_t* const at = ring.data() + offset;
  store_be32(at, first(bucket));
  store_be16(at + 4, static_cast<std::uint16_t>(size));
  store_be16(at + 6, static_cast<std::uint16_t>(id.size()));
  copy_bytes(ring.subspan(offset + kHeader), id);
  copy_bytes(ring.subspan(offset + kHeader + id.size()), serialized);
  set_first(bucket, offset);
  ++counters.kept;
  counters.sessions += 1;
  counters.bytes += size;
}

SharedSessionStore::Shard& SharedSessionStore::shard_of(Bytes id) {
  return shards_[hash_of_id(id) % kShards];
}

void SharedSessionStore::put(const Session& session) {
  const Bytes id = session.id.bytes();
  if (id.empty()) {
    return;
  }
  // Serialized before the lock is taken.
  SecretBuffer<kMaxSerializedSessionSize> storage;
  storage.resize(storage.capacity());
  const auto serialized = session.clone_without_ticket().serialize(storage.reveal_mut());
  if (!serialized) {
    return;
  }
  Shard& shard = shard_of(id);
  const Lock lock(shard);
  shard.put(id, *serialized);
}

bool SharedSessionStore::find(Bytes id, asn1::Time now, Session& out) {
  SecretBuffer<kMaxSerializedSessionSize> storage;
  Shard& shard = shard_of(id);
  {
    const Lock lock(shard);
    const std::uint32_t offset = shard.lookup(id);
    if (offset == kNone) {
      ++shard.counters.misses;
      return false;
    }
    storage.assign(shard.read(offset).session);
  }
  auto session = Session::parse(storage.reveal());
  const bool good = session && now < session->expires;
  {
    const Lock lock(shard);
    ++(good ? shard.counters.hits : shard.counters.misses);
    if (!good) {
      if (const std::uint32_t offset = shard.lookup(id); offset != kNone) {
        shard.unlink(offset);
      }
    }
  }
  if (good) {
    out = std::move(*session);
  }
  return good;
}

void SharedSessionStore::remove(Bytes id) {
  Shard& shard = shard_of(id);
  const Lock lock(shard);
  if (const std::uint32_t offset = shard.lookup(id); offset != kNone) {
    shard.unlink(offset);
  }
}

SharedSessionStore::Counters SharedSessionStore::counters() {
  Counters sum = {};
  for (Shard& shard : shards_) {
    const Lock lock(shard);
    sum.hits += shard.counters.hits;
    sum.misses += shard.counters.misses;
    sum.kept += shard.counters.kept;
    sum.evictions += shard.counters.evictions;
    sum.sessions += shard.counters.sessions;
    sum.bytes += shard.counters.bytes;
  }
  return sum;
}

Resumption SharedSessionStore::resumption() & {
  return resumption_of(*this);
}

}  // namespace ashlar::tls
