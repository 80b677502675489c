// SPDX-License-Identifier: Apache-2.0
// What handshakes of all versions do with pre-shared keys from outside.
#pragma once

#include <ashlar/tls/config.hpp>

namespace ashlar::tls {

// Whether the policy has, for a version that it speaks, suites of TLS 1.2 that take a key, or certificates.
struct SuiteKinds {
  bool psk = false;
  bool certificate = false;
};
SuiteKinds suite_kinds(const Policy& policy);

// Whether a client takes something else than a pre-shared key from a server: certificates or raw public keys.
inline bool may_trust_otherwise(const ClientConfig& config) {
  return config.verifier.verify_function != nullptr || config.accepted.keys != nullptr;
}

// Names the identity and its key without telling the key: a session is bound to both (H09).
void bind_psk(Bytes identity, const Psk& psk, MutBytesOf<32> out);

// Notes in a session who authenticated by which key. `binding` is what bind_psk made.
Result<void> note_psk(Session& session, Bytes identity);

// Whether there is still the key that the session was made with. Other sessions need none.
bool has_psk_of(const Session& session, std::span<const PreSharedKey> keys);
bool has_psk_of(const Session& session, const PskLookup& lookup);

}  // namespace ashlar::tls
