// SPDX-License-Identifier: Apache-2.0
// The client signs the handshake so far (RFC 5246 §7.4.8).
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

PrivateKeyRequest ClientSignsCertificateVerify::request(const ClientHandshake& handshake) const {
  return signature_request(handshake.credential, *scheme, {}, digest.bytes());
}

Result<ClientState> ClientSignsCertificateVerify::handle(ClientHandshake& handshake, const Input& input) {
  const CertificateVerify verify{scheme->id, input.bytes};
  ASHLAR_CHECK(handshake.send(HandshakeType::certificate_verify, kMaxKeyExchangeSize,
                              [&](Writer& writer) { verify.build(writer); }));
  handshake.negotiated().client_authenticated = true;
  handshake.transcript.keep_only(*handshake.suite().hash);
  return handshake.finish(std::move(keys));
}

}  // namespace ashlar::tls::tls12
