// SPDX-License-Identifier: Apache-2.0
// A store of sessions for many threads, bounded in bytes.
#pragma once

#include <ashlar/tls/session.hpp>

#include <atomic>

namespace ashlar::tls {

// Sessions in memory of the caller's, for any number of threads. It is cut into shards, each with a lock of
// its own that is held for as long as it takes to copy one session; a session ID decides which. A shard keeps
// its sessions one behind the other, each as long as it is serialized, and begins again at its front where it
// is full: the oldest go. Expired ones are never found. Every operation takes the same few steps, however
// many sessions there are, for IDs that the server drew at random.
//
//   std::vector<std::uint8_t> memory(16 << 20);
//   tls::SharedSessionStore store(memory);
//   const tls::Resumption sessions = store.resumption();
//   // config.sessions points to it.
class SharedSessionStore {
 public:
  static constexpr std::size_t kShards = 16;
  // What a session without names takes, in bytes. With less memory than kMinSize nothing is kept.
  static constexpr std::size_t kTypicalSize = 224;
  static constexpr std::size_t kMinSize = kShards * 2048;  // bytes

  // What has happened so far, and what it holds now: sessions that have expired are counted until they are
  // looked for, or make room.
  struct Counters {
    std::uint64_t hits;
    std::uint64_t misses;     // not there, or expired
    std::uint64_t kept;       // put into the store
    std::uint64_t evictions;  // to make room
    std::size_t sessions;
    std::size_t bytes;  // of them
  };

  // memory: stays where it is and outlives the store, which may use all of it, and wipes it in the end.
  explicit SharedSessionStore(MutBytes memory);
  SharedSessionStore(const SharedSessionStore&) = delete;
  SharedSessionStore& operator=(const SharedSessionStore&) = delete;
  ~SharedSessionStore();

  // For ServerConfig::sessions; works on this object, which must outlive it.
  Resumption resumption() &;

  // Not kept: a session without ID, and its ticket.
  void put(const Session& session);
  bool find(Bytes id, asn1::Time now, Session& out);  // false: not there, or expired
  void remove(Bytes id);                              // if it is there
  // The sum over the shards; each is looked at in turn.
  Counters counters();

 private:
  struct Entry;
  // On a cache line of its own: threads at different shards do not meet.
  struct alignas(64) Shard {
    std::atomic<bool> locked{false};
    MutBytes buckets;  // offsets of entries, four bytes each
    MutBytes ring;
    std::uint32_t begin = 0;  // of the oldest entry
    std::uint32_t end = 0;    // behind the newest
    std::uint32_t wrap = 0;   // where the entries end that are older than the one at the front
    Counters counters = {};

    std::size_t bucket_of(Bytes id) const;
    std::uint32_t first(std::size_t bucket) const;
    void set_first(std::size_t bucket, std::uint32_t offset);
    Entry read(std::uint32_t offset) const;
    std::uint32_t lookup(Bytes id) const;
    void unlink(std::uint32_t offset);
    void drop_oldest();
    std::uint32_t make_room(std::uint32_t size);
    void put(Bytes id, Bytes serialized);
  };
  class Lock;
  Shard& shard_of(Bytes id);

  MutBytes memory_;
  Shard shards_[kShards];
};

}  // namespace ashlar::tls
