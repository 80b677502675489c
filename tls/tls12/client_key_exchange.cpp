// SPDX-License-Identifier: Apache-2.0
// From the server's certificate to the client's ClientKeyExchange (RFC 5246 §7.4.2 to §7.4.8).
#include <ashlar/crypto/rsa.hpp>

#include "tls12/client.hpp"

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

Result<ClientState> ClientExpectsCertificate::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const CertificateMessage certificate, CertificateMessage::parse(input.message->body));
  if (certificate.certificates.empty()) {
    return ErrorCode::certificate_missing;
  }
  handshake.accept(*input.message);
  ASHLAR_CHECK(handshake.verify_peer(*input.message, handshake.config.verifier, x509::Purpose::server_auth,
                                     text_of(handshake.name.bytes())));
  if (handshake.suite().key_exchange == KeyExchange::ecdhe) {
    return ClientState(ClientExpectsServerKeyExchange{});
  }
  return ClientState(ClientExpectsCertificateRequest{});
}

// The group and the scheme must be ones that we offered, the signature must cover both randoms and the
// parameters (RFC 8422 §5.4).
Result<ClientState> ClientExpectsServerKeyExchange::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ServerKeyExchange exchange, ServerKeyExchange::parse(input.message->body));
  Negotiated& negotiated = handshake.negotiated();
  const Group* group = handshake.policy().group(exchange.group);
  if (group == nullptr) {
    return Error{ErrorCode::group_not_offered, Place::none, static_cast<std::uint32_t>(exchange.group)};
  }
  ASHLAR_TRY(const Scheme* const scheme, handshake.peer_scheme(exchange.scheme));
  const Bytes content[] = {handshake.client_random, handshake.server_random, exchange.params};
  ASHLAR_CHECK(handshake.peer_key->verify(*scheme->algorithm, content, exchange.signature));
  negotiated.group = group;
  negotiated.server_scheme = scheme;
  ClientExpectsCertificateRequest next;
  if (!next.server_share.assign(exchange.key_share)) {
    return ErrorCode::bad_point_encoding;
  }
  handshake.accept(*input.message);
  return ClientState(std::move(next));
}

Result<ClientState> ClientExpectsCertificateRequest::handle(ClientHandshake& handshake, const Input& input) {
  if (input.kind == HandshakeType::server_hello_done) {
    ASHLAR_CHECK(ServerHelloDone::parse(input.message->body));
    handshake.accept(*input.message);
    return handshake.answer(server_share, false, nullptr);
  }
  ASHLAR_TRY(const CertificateRequest request, CertificateRequest::parse(input.message->body));
  handshake.negotiated().client_certificate_requested = true;
  const Scheme* scheme = choose_scheme(handshake, request);
  handshake.accept(*input.message);
  return ClientState(ClientExpectsServerHelloDone{server_share, scheme});
}

Result<ClientState> ClientExpectsServerHelloDone::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(ServerHelloDone::parse(input.message->body));
  handshake.accept(*input.message);
  return handshake.answer(server_share, true, scheme);
}

Result<ClientState> ClientHandshake::answer(const ServerShare& server_share, bool certificate_requested,
                                            const Scheme* scheme) {
  if (scheme == nullptr) {
    transcript.keep_only(*suite().prf_hash);
  }
  if (certificate_requested) {
    ASHLAR_CHECK(send_certificate(scheme != nullptr ? config.credential->chain : std::span<const Bytes>{}));
  }
  const KeyExchange kind = suite().key_exchange;
  SecretBuffer<kMaxSharedSecretSize> shared;
  Secret<48> transported;
  Bytes premaster;
  std::uint8_t exchange_keys[crypto::kRsaMaxSize];
  ClientKeyExchange exchange;
  if (kind == KeyExchange::ecdhe) {
    const Group& group = *negotiated().group;
    SecretBuffer<32> private_key;
    const auto share = MutBytes(exchange_keys).first(group.key_share_size);
    ASHLAR_CHECK(group.generate(engine.settings.random, private_key, share));
    ASHLAR_CHECK(group.agree(private_key, server_share.bytes(), shared));
    exchange.exchange_keys = share;
    premaster = shared.reveal();
  } else {
    // RFC 5246 §7.4.7.1: the version that the ClientHello offered, and 46 random bytes.
    const MutBytes bytes = transported.reveal_mut();
    ASHLAR_CHECK(engine.settings.random.fill(bytes));
    bytes[0] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(ProtocolVersion::tls12) >> 8);
    bytes[1] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(ProtocolVersion::tls12) & 0xff);
    ASHLAR_TRY(exchange.exchange_keys,
               peer_key->kind().encrypt(*peer_key, engine.settings.random, bytes, MutBytes(exchange_keys)));
    premaster = bytes;
  }
  ASHLAR_CHECK(send(HandshakeType::client_key_exchange, kMaxKeyExchangeSize,
                    [&](Writer& writer) { exchange.build(kind, writer); }));
  ASHLAR_TRY(PendingKeys keys, derive_keys(premaster));
  if (scheme == nullptr) {
    return finish(std::move(keys));
  }
  negotiated().client_scheme = scheme;
  return ClientState(
      ClientSignsCertificateVerify{std::move(keys), scheme, transcript.digest(*scheme->algorithm->hash)});
}

PrivateKeyRequest ClientSignsCertificateVerify::request() const {
  return {PrivateKeyRequest::Kind::sign, 0, scheme->algorithm, digest.bytes(), 0};
}

Result<ClientState> ClientSignsCertificateVerify::handle(ClientHandshake& handshake, const Input& input) {
  const CertificateVerify verify{scheme->id, input.answer};
  ASHLAR_CHECK(handshake.send(HandshakeType::certificate_verify, kMaxKeyExchangeSize,
                              [&](Writer& writer) { verify.build(writer); }));
  handshake.negotiated().client_authenticated = true;
  handshake.transcript.keep_only(*handshake.suite().prf_hash);
  return handshake.finish(std::move(keys));
}

}  // namespace ashlar::tls::tls12
