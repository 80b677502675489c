// SPDX-License-Identifier: Apache-2.0
// The client takes the CertificateRequest, if there is one, and the ServerHelloDone (RFC 5246 §7.4.4,
// §7.4.5).
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

Result<ClientState> ClientExpectsCertificateRequest::handle(ClientHandshake& handshake, const Input& input) {
  if (kind_of(input) == HandshakeType::server_hello_done) {
    ASHLAR_CHECK(ServerHelloDone::parse(input.message->body));
    handshake.accept(*input.message);
    return handshake.answer(server_share, nullptr);
  }
  ASHLAR_TRY(const CertificateRequest request, CertificateRequest::parse(input.message->body));
  handshake.negotiated().client_certificate_requested = true;
  handshake.accept(*input.message);
  if (handshake.config.ask_for_credential) {
    ASHLAR_TRY(Buffer memory, handshake.outbox.keep(*input.message));
    return ClientState(
        ClientChoosesCredential{std::move(server_share), std::move(memory), input.message->body});
  }
  const Scheme* scheme = handshake.choose(request);
  return ClientState(ClientExpectsServerHelloDone{std::move(server_share), scheme});
}

Result<ClientState> ClientExpectsServerHelloDone::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(ServerHelloDone::parse(input.message->body));
  handshake.accept(*input.message);
  return handshake.answer(server_share, scheme);
}

}  // namespace ashlar::tls::tls12
