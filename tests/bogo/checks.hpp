// SPDX-License-Identifier: Apache-2.0
// Compares a connection with what the runner expects of it.
#pragma once

#include "flags.hpp"

#include <ashlar/tls/connection.hpp>

#include <optional>

namespace bogo {

// What a connection reports about itself.
struct Heard {
  static ashlar::tls::EventSink sink(Heard& heard);

  std::string messages;  // a line each, as -expect-msg-callback has them
  Octets certificate_sent, client_hello;
  std::vector<Octets> peer_chain;
  bool handshake_done = false;
};

// After the handshake.
void check_negotiated(const Flags& flags, const ashlar::tls::Connection& connection, const Heard& heard,
                      bool is_resume);
// Checks which credential was shown, by its number among the config's.
void check_credential(const Flags& flags, const ashlar::tls::Connection& connection,
                      const ashlar::tls::Credentials* credentials, const Heard& heard);
// Checks the request that a credential is chosen by.
void check_request(const Flags& flags, const ashlar::tls::CredentialRequest& request);
bool checks_request(const Flags& flags);
// At the end.
void check_messages(const Flags& flags, const Heard& heard);

}  // namespace bogo
