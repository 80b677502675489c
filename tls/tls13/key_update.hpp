// SPDX-License-Identifier: Apache-2.0
// Keys are renewed (RFC 9846 §4.6.3, §7.2): when the peer renews its own, when it asks for ours, and when one
// key has protected as many records as it should.
#pragma once

#include <optional>

#include "protocol_of.hpp"
#include "tls13/after_handshake.hpp"
#include "tls13/transitions.hpp"
#include "tls13/warning.hpp"

namespace ashlar::tls::tls13 {

// What both sides do after the handshake.
struct AfterHandshake : ProtocolObject {
  AfterHandshake(const Allocation& allocation, const Outbox& engine, const Suite& its_suite,
                 TrafficSecrets&& its_secrets)
      : ProtocolObject(allocation, engine), suite(its_suite), secrets(std::move(its_secrets)) {}

  static constexpr bool kConnected = true;
  static constexpr bool kHalfCloses = true;  // RFC 9846 §6.1
  State state() const {
    return outbox.settings.is_client ? State::client_connected : State::server_connected;
  }
  std::string_view state_name() const { return name_of(state()); }
  bool accepts(const Input& input) const { return allowed(state(), kind_of(input)); }
  Result<void> warned(Alert alert) const { return take_warning(outbox, alert); }
  // Application data is about to be sent. worn: which directions' keys have protected enough.
  Result<void> before_data(Worn worn);

  Result<void> take_data(const Input& input);
  Result<void> take_key_update(const HandshakeMessage& message);

  const Suite& suite;
  TrafficSecrets secrets;
  unsigned updates = 0;       // the peer's, since its last data
  bool update_owed = false;   // it asked for ours
  bool update_asked = false;  // we asked for its, and it has not come
};

// The same for a program that has keys made. Others do not pay for the secret.
template <class Side>
struct WithExporter : Side {
  template <class... Arguments>
  WithExporter(const Allocation& allocation, const Outbox& engine, HashSecret&& secret,
               Arguments&&... arguments)
      : Side(allocation, engine, std::forward<Arguments>(arguments)...), exporter_secret(std::move(secret)) {}

  Result<void> export_keys(std::string_view label, const std::optional<Bytes>& context, MutBytes out) const {
    return tls13::export_keys(*this->suite.hash, exporter_secret, label, context ? *context : Bytes(), out);
  }

  const HashSecret exporter_secret;
};

// Puts the side in place that the secret asks for: an empty one, the one without keys.
template <class Side, class... Arguments>
Result<Next> make_after_handshake(const Outbox& outbox, HashSecret&& exporter_secret,
                                  Arguments&&... arguments) {
  if (exporter_secret.empty()) {
    return make_protocol<Side>(outbox, std::forward<Arguments>(arguments)...);
  }
  return make_protocol<WithExporter<Side>>(outbox, std::move(exporter_secret),
                                           std::forward<Arguments>(arguments)...);
}

}  // namespace ashlar::tls::tls13
