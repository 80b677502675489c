// SPDX-License-Identifier: Apache-2.0
// The client takes the server's Certificate (RFC 5246 §7.4.2), or its raw public key (RFC 7250 §4.3).
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

namespace {

Result<void> take_certificates(ClientHandshake& handshake, const HandshakeMessage& message) {
  ASHLAR_TRY(const CertificateMessage certificate, CertificateMessage::parse(message.body));
  if (certificate.certificates.empty()) {
    return ErrorCode::certificate_missing;
  }
  handshake.accept(message);
  return handshake.verify_peer(message, handshake.config.verifier, x509::Purpose::server_auth,
                               text_of(handshake.name.bytes()));
}

Result<void> take_raw_key(ClientHandshake& handshake, const HandshakeMessage& message) {
  ASHLAR_TRY(const Bytes key, parse_raw_public_key(message.body));
  if (key.empty()) {
    return ErrorCode::certificate_missing;
  }
  handshake.accept(message);
  return handshake.verify_raw_key(message, key, *handshake.config.accepted.keys);
}

}  // namespace

Result<ClientState> ClientExpectsCertificate::handle(ClientHandshake& handshake, const Input& input) {
  const bool raw = handshake.negotiated().server_certificate_type == CertificateType::raw_public_key;
  ASHLAR_CHECK((raw ? take_raw_key : take_certificates)(handshake, *input.message));
  if (handshake.status_announced) {
    return ClientState(ClientExpectsCertificateStatus{});
  }
  ASHLAR_CHECK(handshake.check_staple(handshake.config));
  return handshake.expect_key_exchange();
}

}  // namespace ashlar::tls::tls12
