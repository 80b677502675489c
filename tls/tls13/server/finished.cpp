// SPDX-License-Identifier: Apache-2.0
// The server signs, ends its flight, and takes the client's: Certificate, CertificateVerify and Finished
// (RFC 9846 §4.4).
#include "tls13/server/server.hpp"

namespace ashlar::tls::tls13 {

PrivateKeyRequest ServerSignsCertificateVerify::request(const ServerHandshake& handshake) const {
  return signature_request(handshake.credential, *scheme, message.bytes(), digest.bytes());
}

Result<ServerState> ServerSignsCertificateVerify::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(handshake.send_certificate_verify(*scheme, input.bytes));
  ASHLAR_TRY(ApplicationSecrets next, handshake.finish(std::move(secrets)));
  if (handshake.asks_for_certificate()) {
    return ServerState(ServerExpectsCertificate{std::move(next)});
  }
  return ServerState(ServerExpectsFinished{std::move(next)});
}

Result<ApplicationSecrets> ServerHandshake::finish(HandshakeSecrets secrets) {
  ASHLAR_CHECK(send_finished(secrets.server_traffic));
  ASHLAR_TRY(ApplicationSecrets next, derive_application_secrets(std::move(secrets)));
  ASHLAR_CHECK(change_keys(Direction::sent, next.server_traffic));
  return Result<ApplicationSecrets>(std::move(next));
}

Result<ServerState> ServerExpectsCertificate::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(Handshake::ReceivedCertificate received, handshake.read_certificate(*input.message));
  const CertificateMessage& certificate = received.message;
  if (!certificate.extensions.empty()) {  // none was asked for
    return ErrorCode::unsolicited_extension;
  }
  handshake.accept(*input.message);
  if (certificate.certificates.empty()) {
    if (handshake.config.client_authentication == ClientAuthentication::require) {
      return ErrorCode::certificate_required;
    }
    return ServerState(ServerExpectsFinished{std::move(secrets)});
  }
  if (handshake.negotiated().client_certificate_type == CertificateType::raw_public_key) {
    ASHLAR_CHECK(
        handshake.verify_raw_key(*input.message, std::move(received), *handshake.config.accepted.keys));
  } else {
    ASHLAR_CHECK(handshake.verify_peer(*input.message, std::move(received), handshake.config.verifier,
                                       x509::Purpose::client_auth, {}));
  }
  return ServerState(ServerExpectsCertificateVerify{std::move(secrets)});
}

Result<ServerState> ServerExpectsCertificateVerify::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(handshake.verify_certificate_verify(*input.message));
  return ServerState(ServerExpectsFinished{std::move(secrets)});
}

Result<ServerState> ServerExpectsFinished::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(handshake.verify_finished(secrets.client_handshake_traffic, *input.message));
  ASHLAR_CHECK(handshake.change_keys(Direction::received, secrets.client_traffic));
  ASHLAR_TRY(handshake.resumption_secret, handshake.derive_resumption_secret(secrets));
  handshake.client_traffic = std::move(secrets.client_traffic);
  handshake.server_traffic = std::move(secrets.server_traffic);
  return ServerState(ServerConnected{});
}

}  // namespace ashlar::tls::tls13
