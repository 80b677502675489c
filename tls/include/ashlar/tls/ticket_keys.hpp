// SPDX-License-Identifier: Apache-2.0
// Keys under which a server seals sessions into tickets (RFC 5077 §4): the client keeps the session, and the
// server nothing.
#pragma once

#include <ashlar/tls/session.hpp>

#include <atomic>

namespace ashlar::tls {

// Ticket keys, rotated while connections use them. The first key seals; all open. Its calls may come from any
// threads at once: readers take no lock and write nothing that is shared.
//
//   tls::TicketKeys keys;
//   ASHLAR_CHECK(keys.rotate(random, now));
//   const tls::Resumption tickets = keys.resumption();
//   // config.tickets points to it.
//
// Keys of its own (rotate) are replaced by themselves once they are kRotation old, by a fresh one that is
// drawn from the connection's random generator. Keys that were given (replace), such as those that several
// servers share, stay until others are given.
class TicketKeys {
 public:
  static constexpr std::size_t kKeySize = 48;  // bytes: a name of 16, a key of AES-256-GCM
  static constexpr std::size_t kMaxKeys = 4;
  static constexpr std::int64_t kRotation = 12 * 60 * 60;  // seconds

  TicketKeys() = default;
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;
  ~TicketKeys();

  // Puts a fresh key in front of the others; the oldest of kMaxKeys goes. What the random generator returns.
  Result<void> rotate(crypto::Random random, asn1::Time now);
  // Takes these keys, of kKeySize bytes each, instead of all there are. invalid_argument, and no change: none
  // or more than kMaxKeys, another size, two of one name, or a key of zeros.
  Result<void> replace(std::span<const Bytes> keys);
  // For ServerConfig::tickets; works on this object, which must outlive it.
  Resumption resumption() &;

  // What resumption() does. A ticket is a key's name, a nonce, the sealed session and a tag. invalid_argument
  // if there is no key; buffer_too_small.
  Result<Bytes> seal(const Session& session, crypto::Random random, MutBytes room);
  // False for what none of the keys has sealed, and for a session that has expired.
  bool open(Bytes ticket, asn1::Time now, Session& out) const;
  // Whether a ticket that opened is under another key than the first.
  bool is_stale(Bytes ticket) const;

 private:
  static constexpr std::size_t kWords = kKeySize / 8;
  struct Keys;  // a copy of all

  Keys read() const;
  template <class Change>
  bool change(const Change& apply);

  // The keys as words, and a count of the changes to them that is odd during one. Who reads takes a copy, and
  // another if the count was odd or has moved.
  std::atomic<std::uint32_t> changes_{0};
  std::atomic<std::uint32_t> count_{0};
  std::atomic<std::int64_t> rotated_{kNever};
  std::atomic<std::uint64_t> words_[kMaxKeys * kWords] = {};
  static constexpr std::int64_t kNever = INT64_MAX;  // keys that were given
};

}  // namespace ashlar::tls
