// SPDX-License-Identifier: Apache-2.0
// What stores of sessions have in common: a hash of session IDs, and the functions of a Resumption.
#pragma once

#include <ashlar/tls/session.hpp>

namespace ashlar::tls {

// IDs that a server drew are random, so that any mixing will do. The other bytes are used too, for IDs that a
// caller chose.
inline std::uint64_t hash_of_id(Bytes id) {
  std::uint64_t hash = id.size();
  for (const std::uint8_t byte : id) {
    hash = (hash ^ byte) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  return hash;
}

// One of `count` places, at most 2^32, by the hash's upper half. A product does what a remainder does,
// without a division.
inline std::size_t place_of(std::uint64_t hash, std::size_t count) {
  return static_cast<std::size_t>(((hash >> 32) * std::uint64_t{count}) >> 32);
}

// The handle of a session is its ID. Store has put(session), find(id, now, out) and remove(id).
template <class Store>
Resumption resumption_of(Store& store) {
  return {[](void* context, const Session& session, crypto::Random, MutBytes) -> Result<Bytes> {
            static_cast<Store*>(context)->put(session);
            return session.id.bytes();
          },
          [](void* context, Bytes id, asn1::Time now, Session& out) {
            return static_cast<Store*>(context)->find(id, now, out);
          },
          [](void* context, Bytes id) { static_cast<Store*>(context)->remove(id); }, &store};
}

}  // namespace ashlar::tls
