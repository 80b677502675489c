// SPDX-License-Identifier: Apache-2.0
// Pre-shared keys from outside: both sides have a key already, and a name for it. No certificate is needed.
// TLS 1.2 has cipher suites for them (RFC 4279, RFC 5487, RFC 5489, RFC 7905, RFC 8442), and TLS 1.3 takes
// them beside the sessions that it resumes (RFC 9846 §4.2.11, RFC 9258).
//
//   ASHLAR_TRY(const tls::PreSharedKey psk, tls::PreSharedKey::create({.identity = name, .key = key}));
//   tls::ClientConfig config = posix::client_config({});     // without a verifier: no certificate will do
//   config.policy = &tls::policy::psk;
//   config.psks = std::span(&psk, 1);
//
// A key is as good as its randomness: at least 128 random bits, each key for one pair of peers (RFC 9257).
// Passwords are none.
#pragma once

#include <ashlar/base/bounded.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/session.hpp>

namespace ashlar::tls {

inline constexpr std::size_t kMaxPskSize = 256;         // of a key
inline constexpr std::size_t kMaxPskContextSize = 255;  // of an importer's context
inline constexpr std::size_t kMaxClientPsks = 8;        // of a client's config

// What TLS 1.3 makes of a key. `imported`: a key for each version and hash, so that no two uses share one
// (RFC 9258). `as_is`: the key itself, for peers without the importer. Both sides must agree. TLS 1.2 takes
// the key as it is.
enum class PskUse : std::uint8_t { imported, as_is };

// A key without its identity, wiped when it ends.
struct Psk {
  SecretBuffer<kMaxPskSize> key;
  // The hash that goes with the key in TLS 1.3. As it is, it serves cipher suites of this hash alone.
  const crypto::HashAlgorithm* hash = &crypto::kSha256;
  PskUse use = PskUse::imported;
  BoundedBuffer<kMaxPskContextSize> context;  // of the importer; both sides must have the same
};

// The parts of a pre-shared key. Everything is copied.
struct PskParts {
  // Any bytes, at most 65535; zeros are bytes like others. An empty one is for TLS 1.2 alone. It is sent in
  // the clear. Sessions of an identity longer than kMaxResumedPskIdentitySize are not resumed.
  Bytes identity;
  Bytes key;  // 1 to kMaxPskSize bytes
  const crypto::HashAlgorithm* hash = &crypto::kSha256;
  PskUse use = PskUse::imported;
  Bytes context = {};               // at most kMaxPskContextSize bytes
  Memory memory = system_memory();  // for the identity, until the object is gone
};

// A key with its identity. It may serve any number of configs. What was moved from is only assigned to or
// destroyed.
class PreSharedKey {
 public:
  // bad_psk_size, with the size that is out of bounds; out_of_memory.
  static Result<PreSharedKey> create(const PskParts& parts);

  // Valid as long as this object, where it is.
  Bytes identity() const { return identity_.bytes(); }
  const Psk& secret() const { return psk_; }

 private:
  PreSharedKey() = default;
  Ticket identity_;  // bytes in memory of their own, too
  Psk psk_;
};

// How a client chooses among its keys by a server's hint (TLS 1.2; RFC 4279 §5.2). The hint is any bytes,
// from anybody; empty: the server gives none. The result is a key of the config's or one that outlives the
// connection; null ends the connection. Without a function, the first key of the config is taken.
struct PskChoice {
  const PreSharedKey* (*choose)(void* context, Bytes hint) = nullptr;
  void* context = nullptr;
};

// How a server finds the key of an identity. The identity comes from the peer, is any bytes, and proves
// nothing. The function fills `out`, and returns false if there is no such key. It may be called from any
// thread that drives a connection. Null: there are no keys.
struct PskLookup {
  bool (*find)(void* context, Bytes identity, Psk& out) = nullptr;
  void* context = nullptr;
};

// Some keys as a lookup. It looks through all of them: with thousands, write your own PskLookup. The keys,
// and this object, outlive the configs that have the lookup.
class PskTable {
 public:
  explicit PskTable(std::span<const PreSharedKey> keys) : keys_(keys) {}
  PskLookup lookup() const& { return {&find, const_cast<PskTable*>(this)}; }
  PskLookup lookup() const&& = delete;

 private:
  static bool find(void* context, Bytes identity, Psk& out);
  std::span<const PreSharedKey> keys_;
};

}  // namespace ashlar::tls
