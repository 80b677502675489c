// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ashlar/base/ct.hpp>

#include "hello/versions.hpp"
#include "tls13/external_psk.hpp"

namespace ashlar::tls::tls13 {

// A pre-shared key that the client offers, for suites of one hash. external: null for the session.
struct OfferedPsk {
  const PreSharedKey* external;
  const crypto::HashAlgorithm* hash;
};
// The session, and each key from outside for each of the hashes that suites have.
inline constexpr std::size_t kMaxHashes = 2;
using OfferedPsks = BoundedVector<OfferedPsk, 1 + kMaxHashes * kMaxClientPsks>;
// Those of a hello, in its order.
OfferedPsks offered_psks(const ClientConfig& config, const Policy& policy, const SentHello& sent);
Result<PskSecret> secret_of(const OfferedPsk& offered, const SentHello& sent);

// What TLS 1.3 has to say in a ClientHello.
Result<void> prepare(const ClientConfig& config, const Outbox& outbox, SentHello& sent);
// Lists the pre-shared keys that are offered.
Result<void> list_psks(const ClientConfig& config, const Outbox& outbox, SentHello& sent);
// Fills the binders in at the end of the message.
Result<void> bind(const ClientConfig& config, const Policy& policy, const SentHello& sent,
                  const Transcript* before, MutBytes message);

}  // namespace ashlar::tls::tls13
