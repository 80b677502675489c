// SPDX-License-Identifier: Apache-2.0
// The server waits for a credential that is chosen outside, and goes on with it.
#include "hello/server_certificates.hpp"
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

std::optional<CredentialRequest> ServerChoosesCredential::request(const ServerHandshake& handshake) const {
  return credential_request(message.body, handshake.outcome.negotiated);
}

Result<ServerState> ServerChoosesCredential::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ClientHello hello, ClientHello::parse(message.body));
  if (input.credential == nullptr) {
    return hello.server_name.empty() ? ErrorCode::no_credential : ErrorCode::unrecognized_name;
  }
  handshake.provided.emplace(input.credential->share());
  ASHLAR_TRY(const Choice choice, handshake.choose(hello, *handshake.provided));
  return handshake.begin(message, hello, choice);
}

}  // namespace ashlar::tls::tls12
