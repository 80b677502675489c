// SPDX-License-Identifier: Apache-2.0
// The client's choice of a certificate (RFC 5246 §7.4.4, §7.4.6): by itself, or outside.
#include "credential/credentials.hpp"
#include "credential/issued_by.hpp"
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

namespace {

// The policy's first scheme under which the credential answers the request, or null.
const Scheme* scheme_for(const Policy& policy, const CertificateRequest& request,
                         const Credential& credential, CertificateType type) {
  if (credential.type() != type) {
    return nullptr;
  }
  bool type_fits = false;
  for (const std::uint8_t each : request.certificate_types) {
    type_fits = type_fits || each == credential.kind().tls_certificate_type;
  }
  if (!type_fits) {
    return nullptr;
  }
  const IdList<SchemeId> asked_for(request.signature_algorithms);
  for (const Scheme* scheme : policy.schemes) {
    // A scheme without a hash signs the messages themselves and would have to keep all of them.
    if (asked_for.has(scheme->id) && credential.signs(*scheme) && scheme->algorithm->hash != nullptr) {
      return scheme;
    }
  }
  return nullptr;
}

}  // namespace

const Scheme* ClientHandshake::choose(const CertificateRequest& request) {
  return choose_by_issuer(
      config.credentials, request.certificate_authorities,
      [&](const Credential& each) {
        return scheme_for(policy(), request, each, negotiated().client_certificate_type);
      },
      credential);
}

std::optional<CredentialRequest> ClientChoosesCredential::request(const ClientHandshake& handshake) const {
  const auto asked = CertificateRequest::parse(body);
  if (!asked) {
    return std::nullopt;
  }
  CredentialRequest request;
  request.server_name = text_of(handshake.name.bytes());
  request.schemes = IdList<SchemeId>(asked->signature_algorithms);
  request.alpn = handshake.outcome.negotiated.alpn;
  request.certificate_types = asked->certificate_types;
  request.certificate_authorities = asked->certificate_authorities;
  request.accepted_types = wire_of({&handshake.negotiated().client_certificate_type, 1});
  return request;
}

Result<ClientState> ClientChoosesCredential::handle(ClientHandshake& handshake, const Input& input) {
  if (input.credential == nullptr) {
    return ClientState(ClientExpectsServerHelloDone{std::move(server_share), nullptr});
  }
  ASHLAR_TRY(const CertificateRequest asked, CertificateRequest::parse(body));
  handshake.credential = &handshake.provided.emplace(input.credential->share());
  const Scheme* const scheme = scheme_for(handshake.policy(), asked, *handshake.credential,
                                          handshake.negotiated().client_certificate_type);
  if (scheme == nullptr) {
    const bool type_fits = handshake.credential->type() == handshake.negotiated().client_certificate_type;
    return type_fits ? ErrorCode::no_common_scheme : ErrorCode::no_common_certificate_type;
  }
  return ClientState(ClientExpectsServerHelloDone{std::move(server_share), scheme});
}

}  // namespace ashlar::tls::tls12
