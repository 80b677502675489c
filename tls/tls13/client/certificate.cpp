// SPDX-License-Identifier: Apache-2.0
// The client takes EncryptedExtensions, CertificateRequest, and the server's Certificate and
// CertificateVerify (RFC 9846 §4.3, §4.4.2, §4.4.3).
#include "hello/alpn.hpp"
#include "tls13/client/client.hpp"

namespace ashlar::tls::tls13 {

namespace {

// RFC 8449 §4: in TLS 1.3 the limits count the byte of the content type too.
Result<void> limit_records(const EncryptedExtensions& message, const ClientConfig& config, Outcome& outcome) {
  if (message.record_size_limit == 0) {
    return {};
  }
  if (message.record_size_limit > kMaxPlaintextSize + 1) {
    return Error{ErrorCode::bad_record_size_limit, Place::encrypted_extensions, message.record_size_limit};
  }
  outcome.send_limit = static_cast<std::uint16_t>(message.record_size_limit - 1);
  outcome.receive_limit = static_cast<std::uint16_t>(config.record_size_limit - 1);
  return {};
}

}  // namespace

Result<ClientState> ClientExpectsEncryptedExtensions::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const EncryptedExtensions message, EncryptedExtensions::parse(input.message->body));
  ASHLAR_CHECK(check_offered(message.extensions, handshake.offered, Place::encrypted_extensions));
  if (!message.alpn.empty()) {
    handshake.negotiated().alpn = find_protocol(handshake.config.alpn, message.alpn);
    if (handshake.negotiated().alpn.empty()) {
      return Error{ErrorCode::protocol_not_offered, Place::encrypted_extensions_alpn};
    }
  }
  ASHLAR_CHECK(handshake.take_types(message.server_certificate_type, message.client_certificate_type,
                                    handshake.config));
  ASHLAR_CHECK(limit_records(message, handshake.config, handshake.outcome));
  if (handshake.early_data.pending) {
    ASHLAR_CHECK(
        handshake.config.early_data->answered(handshake, message.early_data, secrets.client_traffic));
  } else if (message.early_data) {  // it went with a key that was not chosen
    return unsolicited(ExtensionType::early_data).at(Place::encrypted_extensions);
  }
  handshake.accept(*input.message);
  if (handshake.negotiated().resumed || handshake.negotiated().by_psk) {
    return ClientState(ClientExpectsFinished{std::move(secrets)});
  }
  return ClientState(ClientExpectsCertificateRequest{std::move(secrets)});
}

Result<ClientState> ClientExpectsCertificateRequest::handle(ClientHandshake& handshake, const Input& input) {
  if (input.message->type != HandshakeType::certificate_request) {
    return handshake.take_certificate(std::move(secrets), *input.message);
  }
  ASHLAR_TRY(const CertificateRequest request, CertificateRequest::parse(input.message->body));
  if (!request.context.empty()) {
    return ErrorCode::bad_request_context;
  }
  handshake.negotiated().client_certificate_requested = true;
  handshake.accept(*input.message);
  // It is answered when the server has proved who it is.
  const Bytes body = input.message->body;
  ASHLAR_TRY(handshake.request_memory, handshake.outbox.keep(*input.message));
  handshake.request_body = body;
  return ClientState(ClientExpectsCertificate{std::move(secrets)});
}

Result<ClientState> ClientExpectsCertificate::handle(ClientHandshake& handshake, const Input& input) {
  return handshake.take_certificate(std::move(secrets), *input.message);
}

Result<ClientState> ClientHandshake::take_certificate(HandshakeSecrets secrets,
                                                      const HandshakeMessage& message) {
  ASHLAR_TRY(ReceivedCertificate received, read_certificate(message));
  const CertificateMessage& certificate = received.message;
  if (certificate.certificates.empty()) {  // §4.4.2.4: a decode_error
    return bad_length(0).at(Place::certificate_list);
  }
  ASHLAR_CHECK(check_offered(certificate.extensions, offered, Place::certificate_entry_extensions));
  accept(message);
  if (!certificate.ocsp_response.empty()) {
    ASHLAR_CHECK(outcome.keep_ocsp_response(certificate.ocsp_response));
  }
  if (!certificate.timestamps.empty()) {
    ASHLAR_CHECK(outcome.keep_timestamps(certificate.timestamps));
  }
  if (negotiated().server_certificate_type == CertificateType::raw_public_key) {
    ASHLAR_CHECK(verify_raw_key(message, std::move(received), *config.accepted.keys));
  } else {
    ASHLAR_CHECK(verify_peer(message, std::move(received), config.verifier, x509::Purpose::server_auth,
                             text_of(name.bytes())));
    ASHLAR_CHECK(check_staple(config));
  }
  return ClientState(ClientExpectsCertificateVerify{std::move(secrets)});
}

Result<ClientState> ClientExpectsCertificateVerify::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(handshake.verify_certificate_verify(*input.message));
  return ClientState(ClientExpectsFinished{std::move(secrets)});
}

}  // namespace ashlar::tls::tls13
