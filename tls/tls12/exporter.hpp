// SPDX-License-Identifier: Apache-2.0
// Keys for the application out of the connection's (RFC 5705).
#pragma once

#include <optional>

#include "message/message.hpp"
#include "tls12/key_schedule.hpp"

namespace ashlar::tls::tls12 {

// What they are made of. Without extended master secret there is none: keys that are not bound to the
// handshake are not exported (RFC 7627 §5.4).
struct Exporter {
  const crypto::HashAlgorithm* hash = nullptr;  // null: nothing is exported
  MasterSecret master_secret;
  std::uint8_t randoms[2 * kRandomSize] = {};  // the client's, the server's

  // invalid_argument for a label that TLS itself uses and a context of more
  // than 65535 bytes.
  Result<void> make(std::string_view label, const std::optional<Bytes>& context, MutBytes out) const;
};

}  // namespace ashlar::tls::tls12
