// SPDX-License-Identifier: Apache-2.0
// The client takes the CertificateRequest, if there is one, and the ServerHelloDone (RFC 5246 §7.4.4,
// §7.4.5).
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

namespace {

// The CertificateVerify scheme under which our credential answers the request, or null.
const Scheme* choose_scheme(const ClientHandshake& handshake, const CertificateRequest& request) {
  const Credential* credential = handshake.config.credential;
  if (credential == nullptr) {
    return nullptr;
  }
  const x509::KeyKind& kind = *credential->signer.kind;
  bool type_fits = false;
  for (const std::uint8_t each : request.certificate_types) {
    type_fits = type_fits || each == kind.tls_certificate_type;
  }
  if (!type_fits) {
    return nullptr;
  }
  for (const Scheme* scheme : handshake.policy().schemes) {
    if (!scheme->algorithm->fits(kind)) {
      continue;
    }
    Reader reader(request.signature_algorithms);
    while (!reader.empty()) {
      const auto id = reader.u16();
      if (!id) {
        break;
      }
      if (SchemeId{*id} == scheme->id) {
        return scheme;
      }
    }
  }
  return nullptr;
}

}  // namespace

Result<ClientState> ClientExpectsCertificateRequest::handle(ClientHandshake& handshake, const Input& input) {
  if (kind_of(input) == HandshakeType::server_hello_done) {
    ASHLAR_CHECK(ServerHelloDone::parse(input.message->body));
    handshake.accept(*input.message);
    return handshake.answer(server_share, false, nullptr);
  }
  ASHLAR_TRY(const CertificateRequest request, CertificateRequest::parse(input.message->body));
  handshake.negotiated().client_certificate_requested = true;
  const Scheme* scheme = choose_scheme(handshake, request);
  handshake.accept(*input.message);
  return ClientState(ClientExpectsServerHelloDone{std::move(server_share), scheme});
}

Result<ClientState> ClientExpectsServerHelloDone::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(ServerHelloDone::parse(input.message->body));
  handshake.accept(*input.message);
  return handshake.answer(server_share, true, scheme);
}

}  // namespace ashlar::tls::tls12
