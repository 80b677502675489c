// SPDX-License-Identifier: Apache-2.0
// The client takes the server's Finished and ends the handshake with its own flight (RFC 9846 §2, §4.4.4).
#include "tls13/client/client.hpp"

namespace ashlar::tls::tls13 {

Result<ClientState> ClientExpectsFinished::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(handshake.verify_finished(secrets.server_traffic, *input.message));
  ASHLAR_TRY(ApplicationSecrets next, handshake.derive_application_secrets(std::move(secrets)));
  ASHLAR_CHECK(handshake.change_keys(Direction::received, next.server_traffic));
  if (handshake.request_body.empty()) {
    return handshake.finish(std::move(next));
  }
  if (handshake.config.ask_for_credential) {
    return ClientState(ClientChoosesCredential{std::move(next)});
  }
  ASHLAR_TRY(const CertificateRequest request, CertificateRequest::parse(handshake.request_body));
  const Scheme* const scheme = handshake.choose(request);
  return scheme != nullptr ? handshake.show(std::move(next), *handshake.credential, *scheme)
                           : handshake.show_none(std::move(next));
}

Result<ClientState> ClientHandshake::finish(ApplicationSecrets secrets) {
  if (early_data.pending) {
    ASHLAR_CHECK(config.early_data->end(*this, secrets.client_handshake_traffic));
  }
  ASHLAR_CHECK(send_finished(secrets.client_handshake_traffic));
  ASHLAR_CHECK(change_keys(Direction::sent, secrets.client_traffic));
  ASHLAR_TRY(resumption_secret, derive_resumption_secret(secrets));
  client_traffic = std::move(secrets.client_traffic);
  server_traffic = std::move(secrets.server_traffic);
  return ClientState(ClientConnected{});
}

}  // namespace ashlar::tls::tls13
