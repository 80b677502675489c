// SPDX-License-Identifier: Apache-2.0
// The server takes the client's Certificate (RFC 5246 §7.4.6), or its raw public key (RFC 7250 §4.4).
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

namespace {

// Whether the client has shown something, which is good then.
Result<bool> take_certificates(ServerHandshake& handshake, const HandshakeMessage& message) {
  ASHLAR_TRY(const CertificateMessage certificate, CertificateMessage::parse(message.body));
  handshake.accept(message);
  if (certificate.certificates.empty()) {
    return false;
  }
  ASHLAR_CHECK(handshake.verify_peer(message, handshake.config.verifier, x509::Purpose::client_auth, {}));
  return true;
}

Result<bool> take_raw_key(ServerHandshake& handshake, const HandshakeMessage& message) {
  ASHLAR_TRY(const Bytes key, parse_raw_public_key(message.body));
  handshake.accept(message);
  if (key.empty()) {
    return false;
  }
  ASHLAR_CHECK(handshake.verify_raw_key(message, key, *handshake.config.accepted.keys));
  return true;
}

}  // namespace

Result<ServerState> ServerExpectsCertificate::handle(ServerHandshake& handshake, const Input& input) {
  const bool raw = handshake.negotiated().client_certificate_type == CertificateType::raw_public_key;
  ASHLAR_TRY(const bool shown, (raw ? take_raw_key : take_certificates)(handshake, *input.message));
  if (!shown) {
    if (handshake.config.client_authentication == ClientAuthentication::require) {
      return ErrorCode::certificate_missing;
    }
    handshake.transcript.keep_only(*handshake.suite().hash);
  }
  return ServerState(ServerExpectsClientKeyExchange{std::move(ephemeral)});
}

}  // namespace ashlar::tls::tls12
