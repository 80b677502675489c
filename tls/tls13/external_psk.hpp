// SPDX-License-Identifier: Apache-2.0
// Pre-shared keys from outside in TLS 1.3: the identity that is offered and the key that goes with it,
// imported (RFC 9258) or as they are (RFC 9846 §4.2.11).
#pragma once

#include <ashlar/tls/psk.hpp>

#include "message/message.hpp"
#include "tls13/key_schedule.hpp"

namespace ashlar::tls::tls13 {

// A key as the schedule takes it.
using PskSecret = SecretBuffer<kMaxPskSize>;

// ImportedIdentity (RFC 9258 §4.1).
struct ImportedIdentity {
  Bytes external_identity;
  Bytes context;
  std::uint16_t target_protocol = 0;
  std::uint16_t target_kdf = 0;

  // Nothing if it is none: then it is an identity as it is.
  static std::optional<ImportedIdentity> parse(Bytes identity);
  void build(Writer& writer) const;
  std::size_t size() const { return 2 + external_identity.size() + 2 + context.size() + 4; }
  // Whether its key is for TLS 1.3 and suites of this hash.
  bool is_for(const crypto::HashAlgorithm& hash) const;
};
// That of a key for suites of this hash.
ImportedIdentity imported_identity(Bytes identity, const Psk& psk, const crypto::HashAlgorithm& hash);

// The key for suites of this hash: ipskx (RFC 9258 §4.1), or the key itself.
Result<PskSecret> secret_of(const Psk& psk, Bytes identity, const crypto::HashAlgorithm& hash);
std::string_view binder_label(const Psk& psk);

// The proof that the sender of these messages has the key (RFC 9846 §4.2.11.2).
Result<HashSecret> compute_binder(const crypto::HashAlgorithm& hash, Bytes secret, std::string_view label,
                                  Bytes transcript_hash);

}  // namespace ashlar::tls::tls13
