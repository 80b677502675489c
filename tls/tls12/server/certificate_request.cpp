// SPDX-License-Identifier: Apache-2.0
// The server ends its flight: CertificateRequest, if it wants a certificate, and ServerHelloDone (RFC 5246
// §7.4.4, §7.4.5).
#include "hello/server_certificates.hpp"
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

Result<ServerState> ServerHandshake::finish_flight(EphemeralKey ephemeral) {
  if (asks_for_certificate()) {
    ASHLAR_CHECK(send_certificate_request());
  }
  ASHLAR_CHECK(
      send(HandshakeType::server_hello_done, 0, [](Writer& writer) { ServerHelloDone{}.build(writer); }));
  if (asks_for_certificate()) {
    return ServerState(ServerExpectsCertificate{std::move(ephemeral)});
  }
  return ServerState(ServerExpectsClientKeyExchange{std::move(ephemeral)});
}

Result<void> ServerHandshake::send_certificate_request() {
  Buffer authorities(settings.memory);
  std::uint8_t storage[2 * kMaxSchemes];
  Writer room{MutBytes(storage)};
  constexpr std::uint8_t kTypes[] = {1, 64};  // rsa_sign, ecdsa_sign
  CertificateRequest request;
  request.certificate_types = kTypes;
  for (const Scheme* scheme : policy().schemes) {
    // A CertificateVerify without a hash would sign all messages so far, which are not kept.
    if (scheme->algorithm->hash != nullptr) {
      room.u16(static_cast<std::uint16_t>(scheme->id));
    }
  }
  ASHLAR_TRY(request.signature_algorithms, room.finish());
  ASHLAR_TRY(request.certificate_authorities, list_authorities(config.client_ca_names, authorities));
  ASHLAR_CHECK(send(HandshakeType::certificate_request, 128 + request.certificate_authorities.size(),
                    [&](Writer& writer) { request.build(writer); }));
  negotiated().client_certificate_requested = true;
  return {};
}

}  // namespace ashlar::tls::tls12
