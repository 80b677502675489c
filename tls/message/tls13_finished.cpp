// SPDX-License-Identifier: Apache-2.0
// Finished of TLS 1.3: RFC 9846 §4.4.4.
#include "message/fields.hpp"
#include "message/tls13.hpp"

namespace ashlar::tls::tls13 {

Result<Finished> Finished::parse(Bytes body, std::size_t hash_size) {
  if (body.size() != hash_size) {
    return bad_length(body.size()).at(Place::finished);
  }
  return Finished{body};
}

}  // namespace ashlar::tls::tls13
