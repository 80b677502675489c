// SPDX-License-Identifier: Apache-2.0
// Sessions that can be resumed (RFC 5246 §7.3, Figure 2; RFC 8446 §2.2), and how a server keeps them.
#pragma once

#include <ashlar/asn1/time.hpp>
#include <ashlar/base/bounded.hpp>
#include <ashlar/tls/memory.hpp>
#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

inline constexpr std::size_t kMaxSessionIdSize = 32;                  // RFC 5246 §7.4.1.2
inline constexpr std::int64_t kDefaultSessionLifetime = 2 * 60 * 60;  // seconds
inline constexpr std::size_t kMaxResumedPskIdentitySize = 128;        // as RFC 4279 §5.3 has it
inline constexpr std::int64_t kMaxSessionLifetime =
    7 * 24 * 60 * 60;  // seconds, whatever a server says (H10)

// What a server gave a client to resume with: bytes that only the server understands. bytes() is valid until
// the ticket is assigned to, cleared, moved or destroyed.
class Ticket {
 public:
  Ticket() = default;
  Ticket(Ticket&& other) noexcept { *this = std::move(other); }
  Ticket& operator=(Ticket&& other) noexcept;
  ~Ticket() { clear(); }

  bool empty() const { return size_ == 0; }
  Bytes bytes() const { return {data_, size_}; }
  // Keeps a copy in this memory, which must outlive the ticket. At most 65535 bytes (capacity_exceeded);
  // out_of_memory. A failure changes nothing.
  Result<void> assign(Bytes ticket, const Memory& memory);
  Result<void> assign(const Ticket& other) { return assign(other.bytes(), other.memory_); }
  void clear();  // wipes it and gives the memory back

 private:
  Memory memory_ = {};
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// Everything that a resumption needs and is bound to (H09).
struct Session {
  ProtocolVersion version = ProtocolVersion::tls12;
  BoundedBuffer<kMaxSessionIdSize> id;  // TLS 1.2's session ID
  Ticket ticket;
  // TLS 1.2: the master secret of 48 bytes. TLS 1.3: the resumption secret, as long as its hash.
  SecretBuffer<64> secret;
  SuiteId suite{};
  asn1::Time created;
  asn1::Time expires;
  // TLS 1.3: added to the age of the ticket before the age is sent (RFC 8446 §4.2.11.1).
  std::uint32_t age_add = 0;
  // TLS 1.3: so many bytes of early data the server takes with it (RFC 9846 §4.6.1); 0: none.
  std::uint32_t max_early_data = 0;
  BoundedBuffer<255> server_name;
  BoundedBuffer<255> alpn;
  // The id of the Verifier or of the PinnedKeys that judged the peer. On a server without a client
  // certificate: the one that would have judged it. 0: no certificate was asked for.
  std::uint64_t trust_id = 0;
  // SHA-256 of the peer's leaf or raw key; zero if it sent none. By a pre-shared key: what that key makes of
  // its identity.
  std::uint8_t peer_certificate_hash[32] = {};
  bool extended_master_secret = false;
  bool client_authenticated = false;
  CertificateType server_certificate_type = CertificateType::x509;
  CertificateType client_certificate_type = CertificateType::x509;
  bool by_psk = false;                                     // made by a pre-shared key from outside
  BoundedBuffer<kMaxResumedPskIdentitySize> psk_identity;  // whose identity this is

  // A copy. Its ticket is in the same memory as this one's: out_of_memory.
  Result<Session> clone() const;
  Session clone_without_ticket() const;
  // For a client that keeps sessions in files, and for stores outside. The result holds the secret: protect
  // it like a key. kMaxSerializedSessionSize plus the size of the ticket is always enough. Returns the part
  // of `out` that was written.
  Result<MutBytes> serialize(MutBytes out) const;
  // bad_session, or truncated and the like, for anything that serialize did not write. The ticket is kept in
  // `memory`, which must outlive the session; `serialized` is copied.
  static Result<Session> parse(Bytes serialized, const Memory& memory = system_memory());
};
inline constexpr std::size_t kMaxSerializedSessionSize = 832;  // beside the ticket
inline constexpr std::size_t kMaxKeptSessions = 8;             // of one connection of a client
inline constexpr std::size_t kMaxFetchedSessions = 4;          // that one client is looked up for
inline constexpr std::size_t kMaxHandleSize = 1024;            // of what Resumption::seal returns

// How a server keeps sessions. Each has a handle, which the client shows to resume. A store keeps the
// session, and the handle is a key to it. A ticket is a handle that holds the session itself, encrypted. The
// functions may be called from any thread that drives a connection. They must lock if there are several.
// Their arguments are valid during the call only. A config points here: this and `context` must outlive the
// connections.
struct Resumption {
  // Keeps or encrypts the session. Returns its handle, which lies in the session or in `room`, where there
  // are kMaxHandleSize bytes for tickets. If the client was already told a session ID (session.id), that is
  // the handle. After a failure the connection goes on, without resumption later.
  Result<Bytes> (*seal)(void* context, const Session& session, crypto::Random random, MutBytes room);
  // Finds the session of a handle; false if there is none. The handle comes from the peer and proves nothing.
  bool (*open)(void* context, Bytes handle, asn1::Time now, Session& out);
  // Called when a connection of the session failed (RFC 5246 §7.2.2). Does nothing if it cannot.
  void (*forget)(void* context, Bytes handle);
  void* context;
  // Whether the client should get a new handle in place of this one, which has opened: tickets under a key
  // that is no longer the first. Null: never.
  bool (*is_stale)(void* context, Bytes handle) = nullptr;
};

// A bounded store in the caller's memory. When it is full, the oldest session goes. Expired ones are
// never found. Every operation takes the same few steps for any number of sessions: a hash table finds
// slots by session IDs, which the server draws at random. It is for one thread; put a lock around it for
// more.
class MemorySessionStore {
 public:
  // The index that means "no slot".
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Slot {  // room for one session
    Session session;
    bool used = false;
    std::uint32_t bucket = kNone;  // the first session of the bucket with this slot's number
    std::uint32_t next = kNone;    // in its bucket, or among the free
    std::uint32_t older = kNone;
    std::uint32_t newer = kNone;
  };
  // Fresh slots, fewer than 2^32 - 1. They must outlive the store and stay where they are.
  explicit MemorySessionStore(std::span<Slot> slots) : slots_(slots) {}
  // For ServerConfig::sessions; works on this object, which must outlive it.
  Resumption resumption() &;

  // A session without ID is not kept. A ticket is not kept either.
  void put(const Session& session);
  bool find(Bytes id, asn1::Time now, Session& out);  // false: not there, or expired
  void remove(Bytes id);                              // if it is there
  // How many sessions it holds, expired ones included.
  std::size_t size() const { return size_; }

 private:
  std::uint32_t& bucket_of(Bytes id);
  std::uint32_t find_slot(Bytes id);
  std::uint32_t take_free();
  void release(std::uint32_t number);
  void add_newest(std::uint32_t number);

  std::span<Slot> slots_;
  std::size_t size_ = 0;
  std::uint32_t fresh_ = 0;  // slots from this index on were never used
  std::uint32_t free_ = kNone;
  std::uint32_t oldest_ = kNone;
  std::uint32_t newest_ = kNone;
};

}  // namespace ashlar::tls
