// SPDX-License-Identifier: Apache-2.0
// The server takes the client's Certificate (RFC 5246 §7.4.6).
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

Result<ServerState> ServerExpectsCertificate::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const CertificateMessage certificate, CertificateMessage::parse(input.message->body));
  handshake.accept(*input.message);
  if (!certificate.certificates.empty()) {
    ASHLAR_CHECK(
        handshake.verify_peer(*input.message, handshake.config.verifier, x509::Purpose::client_auth, {}));
  } else if (handshake.config.client_authentication == ClientAuthentication::require) {
    return ErrorCode::certificate_missing;
  } else {
    handshake.transcript.keep_only(*handshake.suite().hash);
  }
  return ServerState(ServerExpectsClientKeyExchange{std::move(ephemeral)});
}

}  // namespace ashlar::tls::tls12
