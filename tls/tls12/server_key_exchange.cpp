// SPDX-License-Identifier: Apache-2.0
// From the client's certificate to its CertificateVerify (RFC 5246 §7.4.6 to §7.4.8).
#include "tls12/server.hpp"

namespace ashlar::tls::tls12 {

Result<ServerState> ServerExpectsCertificate::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const CertificateMessage certificate, CertificateMessage::parse(input.message->body));
  handshake.accept(*input.message);
  if (!certificate.certificates.empty()) {
    ASHLAR_CHECK(
        handshake.verify_peer(*input.message, handshake.config.verifier, x509::Purpose::client_auth, {}));
  } else if (handshake.config.client_authentication == ClientAuthentication::require) {
    return ErrorCode::certificate_missing;
  } else {
    handshake.transcript.keep_only(*handshake.suite().prf_hash);
  }
  return ServerState(ServerExpectsClientKeyExchange{std::move(ephemeral)});
}

Result<ServerState> ServerExpectsClientKeyExchange::handle(ServerHandshake& handshake, const Input& input) {
  const KeyExchange kind = handshake.suite().key_exchange;
  ASHLAR_TRY(const ClientKeyExchange exchange, ClientKeyExchange::parse(kind, input.message->body));
  if (kind == KeyExchange::rsa) {
    ServerDecryptsPremaster next;
    // The size of the ciphertext is public, and must be that of the modulus.
    if (exchange.exchange_keys.size() != (handshake.own().signer.bits + 7) / 8 ||
        !next.ciphertext.assign(exchange.exchange_keys)) {
      return ErrorCode::decryption_failed;
    }
    handshake.accept(*input.message);
    return ServerState(std::move(next));
  }
  SecretBuffer<kMaxSharedSecretSize> shared;
  ASHLAR_CHECK(handshake.negotiated().group->agree(ephemeral, exchange.exchange_keys, shared));
  handshake.accept(*input.message);
  ASHLAR_TRY(PendingKeys keys, handshake.derive_keys(shared.reveal()));
  return handshake.keys_known(std::move(keys));
}

PrivateKeyRequest ServerDecryptsPremaster::request(const ServerHandshake& handshake) const {
  return {PrivateKeyRequest::Kind::decrypt_premaster,
          handshake.credential,
          {},
          ciphertext.bytes(),
          handshake.client_version};
}

// Whether the premaster secret is the client's or a random one in its place is not known here: the client's
// Finished tells (RFC 5246 §7.4.7.1).
Result<ServerState> ServerDecryptsPremaster::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(PendingKeys keys, handshake.derive_keys(input.answer));
  return handshake.keys_known(std::move(keys));
}

Result<ServerState> ServerHandshake::keys_known(PendingKeys keys) {
  if (peer_key) {
    return ServerState(ServerExpectsCertificateVerify{std::move(keys)});
  }
  return ServerState(ServerExpectsChangeCipherSpec{std::move(keys)});
}

// A digest of the handshake messages so far, signed with the certificate's key.
Result<ServerState> ServerExpectsCertificateVerify::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const CertificateVerify verify, CertificateVerify::parse(input.message->body));
  ASHLAR_TRY(const Scheme* const scheme, handshake.peer_scheme(verify.scheme));
  const crypto::Digest digest = handshake.transcript.digest(*scheme->algorithm->hash);
  ASHLAR_CHECK(handshake.peer_key->verify_digest(*scheme->algorithm, digest.bytes(), verify.signature));
  handshake.negotiated().client_scheme = scheme;
  handshake.negotiated().client_authenticated = true;
  handshake.accept(*input.message);
  handshake.transcript.keep_only(*handshake.suite().prf_hash);
  return ServerState(ServerExpectsChangeCipherSpec{std::move(keys)});
}

}  // namespace ashlar::tls::tls12
