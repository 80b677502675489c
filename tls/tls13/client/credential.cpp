// SPDX-License-Identifier: Apache-2.0
// The client shows a certificate (RFC 9846 §4.3.2, §4.4): one of its own, or one chosen outside.
#include "credential/issued_by.hpp"
#include "tls13/client/client.hpp"

namespace ashlar::tls::tls13 {

const Scheme* ClientHandshake::choose(const CertificateRequest& request) {
  return choose_by_issuer(
      config.credentials, request.certificate_authorities,
      [&](const Credential& each) {
        return each.type() == negotiated().client_certificate_type
                   ? choose_scheme(policy(), request.signature_algorithms, each)
                   : nullptr;
      },
      credential);
}

std::optional<CredentialRequest> ClientChoosesCredential::request(const ClientHandshake& handshake) const {
  const auto asked = CertificateRequest::parse(handshake.request_body);
  if (!asked) {
    return std::nullopt;
  }
  CredentialRequest request;
  request.server_name = text_of(handshake.name.bytes());
  request.schemes = IdList<SchemeId>(asked->signature_algorithms);
  request.alpn = handshake.outcome.negotiated.alpn;
  request.certificate_authorities = asked->certificate_authorities;
  request.accepted_types = wire_of({&handshake.negotiated().client_certificate_type, 1});
  return request;
}

Result<ClientState> ClientChoosesCredential::handle(ClientHandshake& handshake, const Input& input) {
  if (input.credential == nullptr) {
    return handshake.show_none(std::move(secrets));
  }
  ASHLAR_TRY(const CertificateRequest asked, CertificateRequest::parse(handshake.request_body));
  handshake.credential = &handshake.provided.emplace(input.credential->share());
  if (handshake.credential->type() != handshake.negotiated().client_certificate_type) {
    return ErrorCode::no_common_certificate_type;
  }
  const Scheme* const scheme =
      choose_scheme(handshake.policy(), asked.signature_algorithms, *handshake.credential);
  if (scheme == nullptr) {
    return ErrorCode::no_common_scheme;
  }
  return handshake.show(std::move(secrets), *handshake.credential, *scheme);
}

Result<ClientState> ClientHandshake::show_none(ApplicationSecrets secrets) {
  ASHLAR_CHECK(send_certificate(nullptr, {}, {}));
  return finish(std::move(secrets));
}

Result<ClientState> ClientHandshake::show(ApplicationSecrets secrets, const Credential& own,
                                          const Scheme& scheme) {
  ASHLAR_TRY(const CertificateRequest asked, CertificateRequest::parse(request_body));
  ASHLAR_CHECK(send_certificate(&own, {asked.asks_for_status, asked.asks_for_timestamps},
                                asked.certificate_compressions));
  negotiated().client_scheme = &scheme;
  ClientSignsCertificateVerify next{std::move(secrets), &scheme, Buffer(settings.memory), {}};
  ASHLAR_CHECK(write_signed_content(false, next.message));
  next.digest = digest_for(scheme, next.message.bytes());
  return ClientState(std::move(next));
}

PrivateKeyRequest ClientSignsCertificateVerify::request(const ClientHandshake& handshake) const {
  return signature_request(handshake.credential, *scheme, message.bytes(), digest.bytes());
}

Result<ClientState> ClientSignsCertificateVerify::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(handshake.send_certificate_verify(*scheme, input.bytes));
  handshake.negotiated().client_authenticated = true;
  return handshake.finish(std::move(secrets));
}

}  // namespace ashlar::tls::tls13
