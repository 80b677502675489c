// SPDX-License-Identifier: Apache-2.0
// Keys are renewed (RFC 9846 §4.6.3, §7.2): when the peer renews its own, when it asks for ours, and when one
// key has protected as many records as it should.
#pragma once

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

}  // namespace ashlar::tls::tls13
