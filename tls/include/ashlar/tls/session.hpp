// SPDX-License-Identifier: Apache-2.0
// Sessions that can be resumed (RFC 5246 §7.3, Figure 2), and where a server keeps them.
#pragma once

#include <ashlar/asn1/time.hpp>
#include <ashlar/base/bounded.hpp>
#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

inline constexpr std::size_t kMaxSessionIdSize = 32;
inline constexpr std::int64_t kDefaultSessionLifetime = 2 * 60 * 60;  // seconds

// Everything that resumption needs and is bound to (H09).
struct Session {
  BoundedBuffer<kMaxSessionIdSize> id;
  Secret<48> master_secret;
  SuiteId suite{};
  asn1::Time created;
  asn1::Time expires;
  BoundedBuffer<255> server_name;
  BoundedBuffer<255> alpn;
  // Of the Verifier that judged the peer, or, on a server, would have if the client had shown a certificate;
  // 0: none was asked for.
  std::uint64_t trust_id = 0;
  std::uint8_t peer_certificate_hash[32] = {};  // SHA-256 of the peer's leaf; zero if it sent none
  bool extended_master_secret = false;
  bool client_authenticated = false;

  Session clone() const;
  // For a client that keeps sessions in files. Holds the master secret: protect it like a key.
  // kMaxSerializedSessionSize holds any.
  Result<MutBytes> serialize(MutBytes out) const;
  // bad_session, or truncated and the like, for anything that serialize did not write.
  static Result<Session> parse(Bytes serialized);
};
inline constexpr std::size_t kMaxSerializedSessionSize = 768;

// Where a server keeps sessions. The functions may be called from any thread that drives a connection, and
// lock for themselves if that is more than one.
struct SessionStore {
  // May drop other sessions, or this one.
  void (*put)(void* context, const Session& session);
  // False if there is none by this id.
  bool (*find)(void* context, Bytes id, asn1::Time now, Session& out);
  void (*remove)(void* context, Bytes id);
  void* context;
};

// A bounded store in memory of the caller's: the oldest session goes when it is full, expired ones are never
// found. For one thread; put a lock around it for more.
class MemorySessionStore {
 public:
  struct Slot {
    Session session;
    std::uint64_t age = 0;  // 0: free
  };
  explicit MemorySessionStore(std::span<Slot> slots) : slots_(slots) {}
  // For ServerConfig::sessions; works on this object, which must outlive it.
  SessionStore store() &;

  void put(const Session& session);
  bool find(Bytes id, asn1::Time now, Session& out);
  void remove(Bytes id);
  // How many sessions it holds, expired ones included.
  std::size_t size() const;

 private:
  Slot* slot(Bytes id);

  std::span<Slot> slots_;
  std::uint64_t clock_ = 0;
};

}  // namespace ashlar::tls
