// SPDX-License-Identifier: Apache-2.0
// The client takes the CertificateStatus (RFC 6066 §8). A server that has announced one may leave it out, and
// sends its ServerKeyExchange. With RSA key transport, which has none, it must come.
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

Result<ClientState> ClientExpectsCertificateStatus::handle(ClientHandshake& handshake, const Input& input) {
  if (kind_of(input) == HandshakeType::certificate_status) {
    ASHLAR_TRY(const CertificateStatus status, CertificateStatus::parse(input.message->body));
    ASHLAR_CHECK(handshake.outcome.keep_ocsp_response(status.ocsp_response));
    handshake.accept(*input.message);
    ASHLAR_CHECK(handshake.check_staple(handshake.config));
    return handshake.expect_key_exchange();
  }
  if (!handshake.key_exchange().ephemeral) {
    return Error{ErrorCode::unexpected_message, Place::none, static_cast<std::uint32_t>(input.message->type)};
  }
  ASHLAR_CHECK(handshake.check_staple(handshake.config));
  return ClientExpectsServerKeyExchange{}.handle(handshake, input);
}

ClientState ClientHandshake::expect_key_exchange() const {
  if (key_exchange().ephemeral) {
    return ClientState(ClientExpectsServerKeyExchange{});
  }
  if (key_exchange().by_psk()) {
    return ClientState(ClientExpectsPskHint{});
  }
  return ClientState(ClientExpectsCertificateRequest{ServerShare(settings.memory)});
}

}  // namespace ashlar::tls::tls12
