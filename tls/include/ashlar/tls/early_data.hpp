// SPDX-License-Identifier: Apache-2.0
// Early data (0-RTT, RFC 9846 §2.3, §8): what a client sends behind its ClientHello, before the server has
// answered, under the key of a session that it resumes. It saves a round trip and costs two promises of TLS:
// whoever recorded it can send it again, and what opens it is the session's key alone, so that a key stolen
// later opens it. It is off on both sides unless a config names what is here, and no call for other data ever
// takes or gives it.
#pragma once

#include <ashlar/asn1/time.hpp>
#include <ashlar/base/bytes.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ashlar::tls {

// The code with which clients send early data: a ClientConfig that does not point to it does not link it.
struct ClientEarlyData;
extern const ClientEarlyData kClientEarlyData;

// What became of a client's early data.
enum class EarlyDataStatus : std::uint8_t {
  none,     // none can be sent: the config, the session or its server has none
  offered,  // it can be sent, and the server has not answered yet
  accepted,
  refused,  // the server has dropped all of it: the program sends it again if it wants to
};

// How far the age of a session, as its client tells it, may be from what the server's clock says (RFC 9846
// §8.3), and how long a ticket is remembered so that what was taken once is never fresh again; in seconds.
inline constexpr std::int64_t kEarlyDataWindow = 10;
inline constexpr std::int64_t kEarlyDataMemory = 2 * kEarlyDataWindow + 2;

// Tells whether a ticket opens early data for the first time (RFC 9846 §8.1, §8.2). Servers that open each
// other's tickets must share it, or a replay at the next one is taken. The function may be called from any
// thread that drives a connection, and a config points here, as to a Resumption.
struct ReplayGuard {
  // ticket: its SHA-256. made: when the server gave it. True once for a ticket in kEarlyDataMemory seconds
  // from now; false whenever that is not certain.
  bool (*first_use)(void* context, BytesOf<32> ticket, asn1::Time made, asn1::Time now) = nullptr;
  void* context = nullptr;
};

// A guard in the caller's memory, for one process and any number of threads. It is bounded and forgets
// nothing early: where it has no room, early data is refused, and the handshake goes on without.
class ReplayCache {
 public:
  struct Slot {  // room for one ticket
    std::uint8_t ticket[16] = {};
    std::int64_t until = 0;
  };
  // A ticket has its place in one of kWays slots.
  static constexpr std::size_t kWays = 8;

  // At least kWays fresh slots, which must outlive the cache. started: since when all tickets are seen. What
  // was taken before may come again: tickets that were made before are refused until it is too old. With
  // ticket keys that no process had before this one: asn1::Time{0}.
  ReplayCache(std::span<Slot> slots, asn1::Time started) : slots_(slots), started_(started) {}
  ReplayCache(const ReplayCache&) = delete;
  ReplayCache& operator=(const ReplayCache&) = delete;
  // For ServerEarlyData; points to this object, which must outlive it.
  ReplayGuard guard() &;

  // As ReplayGuard::first_use.
  bool first_use(BytesOf<32> ticket, asn1::Time made, asn1::Time now);

 private:
  std::span<Slot> slots_;
  asn1::Time started_;
  std::atomic<bool> locked_{false};
};

// In bytes: the most early data that a server can be told to take in one connection.
inline constexpr std::uint32_t kMostEarlyData = 1u << 30;

// What a server that takes early data says of it.
struct ServerEarlyData {
  // So many bytes in one connection, 1 to kMostEarlyData. Tickets tell clients. Twice as much is passed over
  // where it is refused.
  std::uint32_t max_size = 0;
  // Without one no early data is taken, for it could come again.
  ReplayGuard guard;
};

}  // namespace ashlar::tls
