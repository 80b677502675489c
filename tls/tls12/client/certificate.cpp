// SPDX-License-Identifier: Apache-2.0
// The client takes the server's Certificate (RFC 5246 §7.4.2).
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

Result<ClientState> ClientExpectsCertificate::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const CertificateMessage certificate, CertificateMessage::parse(input.message->body));
  if (certificate.certificates.empty()) {
    return ErrorCode::certificate_missing;
  }
  handshake.accept(*input.message);
  ASHLAR_CHECK(handshake.verify_peer(*input.message, handshake.config.verifier, x509::Purpose::server_auth,
                                     text_of(handshake.name.bytes())));
  return handshake.status_announced ? ClientState(ClientExpectsCertificateStatus{})
                                    : handshake.expect_key_exchange();
}

}  // namespace ashlar::tls::tls12
