// SPDX-License-Identifier: Apache-2.0
#include "tls13/handshake.hpp"

#include <ashlar/base/ct.hpp>

#include "credential/credential.hpp"
#include "credential/fits.hpp"

namespace ashlar::tls::tls13 {

namespace {

// How many ChangeCipherSpecs a peer may send in a handshake. One is usual, and they mean nothing (T05).
constexpr unsigned kMaxChangeCipherSpecs = 32;

}  // namespace

Result<HandshakeSecrets> Handshake::derive_handshake_secrets(Bytes psk, Bytes shared_secret) {
  ASHLAR_TRY(const crypto::Digest hellos, transcript_hash());
  const HashSecret early_secret = extract_early_secret(hash(), psk);
  HandshakeSecrets out;
  ASHLAR_TRY(out.handshake_secret, extract_handshake_secret(hash(), early_secret, shared_secret));
  ASHLAR_TRY(out.client_traffic, derive_secret(hash(), out.handshake_secret, "c hs traffic", hellos.bytes()));
  ASHLAR_TRY(out.server_traffic, derive_secret(hash(), out.handshake_secret, "s hs traffic", hellos.bytes()));
  const bool client = settings.is_client;
  tell_secret(client, SecretKind::early_secret, early_secret.reveal());
  tell_secret(client, SecretKind::handshake_secret, out.handshake_secret.reveal());
  tell_secret(client, SecretKind::client_handshake_traffic_secret, out.client_traffic.reveal());
  tell_secret(!client, SecretKind::server_handshake_traffic_secret, out.server_traffic.reveal());
  return Result<HandshakeSecrets>(std::move(out));
}

Result<ApplicationSecrets> Handshake::derive_application_secrets(HandshakeSecrets secrets) {
  ASHLAR_TRY(const crypto::Digest to_finished, transcript_hash());
  ApplicationSecrets out;
  ASHLAR_TRY(out.main_secret, extract_main_secret(hash(), secrets.handshake_secret));
  ASHLAR_TRY(out.client_traffic, derive_secret(hash(), out.main_secret, "c ap traffic", to_finished.bytes()));
  ASHLAR_TRY(out.server_traffic, derive_secret(hash(), out.main_secret, "s ap traffic", to_finished.bytes()));
  out.client_handshake_traffic = std::move(secrets.client_traffic);
  const bool client = settings.is_client;
  tell_secret(client, SecretKind::client_application_traffic_secret, out.client_traffic.reveal());
  tell_secret(!client, SecretKind::server_application_traffic_secret, out.server_traffic.reveal());
  if (settings.export_keys || outbox.hears_secrets()) {
    ASHLAR_TRY(HashSecret exporter,
               derive_secret(hash(), out.main_secret, "exp master", to_finished.bytes()));
    tell_secret(client, SecretKind::exporter_secret, exporter.reveal());
    if (settings.export_keys) {
      exporter_secret = std::move(exporter);
    }
  }
  return Result<ApplicationSecrets>(std::move(out));
}

Result<HashSecret> Handshake::derive_resumption_secret(const ApplicationSecrets& secrets) {
  ASHLAR_TRY(const crypto::Digest all, transcript_hash());
  ASHLAR_TRY(HashSecret out, derive_secret(hash(), secrets.main_secret, "res master", all.bytes()));
  tell_secret(settings.is_client, SecretKind::resumption_secret, out.reveal());
  return Result<HashSecret>(std::move(out));
}

Result<void> Handshake::change_keys(Direction direction, const HashSecret& traffic_secret) {
  if (direction == Direction::sent) {
    ASHLAR_CHECK(outbox.flush());  // what was said goes out under the keys it was said with
  }
  ASHLAR_TRY(const TrafficKeys keys, derive_traffic_keys(hash(), *suite().cipher, traffic_secret));
  return outbox.change_keys(direction, *suite().cipher, keys);
}

Result<void> Handshake::send_change_cipher_spec() {
  if (!compatibility || change_cipher_spec_sent_) {
    return {};
  }
  change_cipher_spec_sent_ = true;
  ASHLAR_CHECK(outbox.flush());
  return say_change_cipher_spec(outbox);
}

Result<void> say_change_cipher_spec(const Outbox& outbox) {
  constexpr std::uint8_t kChangeCipherSpec[] = {1};
  outbox.tell(Direction::sent, ChangeCipherSpecEvent{});
  return outbox.send(ContentType::change_cipher_spec, kChangeCipherSpec);
}

Result<void> Handshake::pass_over_change_cipher_spec() {
  outbox.tell(Direction::received, ChangeCipherSpecEvent{});
  if (++change_cipher_specs_ > kMaxChangeCipherSpecs) {
    return Error{ErrorCode::warning_alert_flood, Place::none, change_cipher_specs_};
  }
  return {};
}

Result<void> Handshake::write_signed_content(bool by_server, Buffer& out) const {
  constexpr std::string_view kServer = "TLS 1.3, server CertificateVerify";
  constexpr std::string_view kClient = "TLS 1.3, client CertificateVerify";
  constexpr std::size_t kSpaces = 64;
  ASHLAR_TRY(const crypto::Digest digest, transcript_hash());
  ASHLAR_CHECK(out.reserve(kSpaces + kServer.size() + 1 + digest.size));
  Writer writer(out.room());
  for (std::size_t i = 0; i < kSpaces; ++i) {
    writer.u8(0x20);
  }
  writer.text(by_server ? kServer : kClient);
  writer.u8(0);
  writer.bytes(digest.bytes());
  ASHLAR_TRY(const Bytes written, writer.finish());
  out.commit(written.size());
  return {};
}

Result<void> Handshake::send_certificate_verify(const Scheme& scheme, Bytes signature) {
  const CertificateVerify verify{scheme.id, signature};
  return send(HandshakeType::certificate_verify, 4 + signature.size(),
              [&](Writer& writer) { verify.build(writer); });
}

// One of the policy's schemes, and of the key's type and curve (H03).
Result<void> Handshake::verify_certificate_verify(const HandshakeMessage& message) {
  ASHLAR_TRY(const CertificateVerify verify, CertificateVerify::parse(message.body));
  const Scheme* const scheme = policy().scheme(verify.scheme);
  if (scheme == nullptr || !fits_in_tls13(*scheme, peer_key->kind()) ||
      !peer_key->allows(*scheme->algorithm)) {
    return Error{ErrorCode::scheme_not_offered, Place::none, static_cast<std::uint32_t>(verify.scheme)};
  }
  Buffer content(settings.memory);
  ASHLAR_CHECK(write_signed_content(settings.is_client, content));
  const Bytes parts[] = {content.bytes()};
  ASHLAR_CHECK(peer_key->verify(*scheme->algorithm, parts, verify.signature));
  if (settings.is_client) {
    negotiated().server_scheme = scheme;
  } else {
    negotiated().client_scheme = scheme;
    negotiated().client_authenticated = true;
  }
  accept(message);
  return {};
}

Result<void> Handshake::send_finished(const HashSecret& traffic_secret) {
  ASHLAR_TRY(const crypto::Digest so_far, transcript_hash());
  ASHLAR_TRY(const HashSecret verify_data, compute_verify_data(hash(), traffic_secret, so_far.bytes()));
  // Public: it is sent, and the peer is meant to know it.
  ct::declassify(verify_data.reveal());
  return send(HandshakeType::finished, verify_data.size(),
              [&](Writer& writer) { writer.bytes(verify_data.reveal()); });
}

Result<void> Handshake::verify_finished(const HashSecret& traffic_secret, const HandshakeMessage& message) {
  ASHLAR_TRY(const Finished finished, Finished::parse(message.body, hash().digest_size));
  ASHLAR_TRY(const crypto::Digest so_far, transcript_hash());
  ASHLAR_TRY(const HashSecret expected, compute_verify_data(hash(), traffic_secret, so_far.bytes()));
  // The verdict is public: the connection ends on it (H02).
  const bool good = ct::equal(finished.verify_data, expected.reveal()).declassify();
  if (!good) {
    return ErrorCode::finished_mismatch;
  }
  accept(message);
  return {};
}

Result<Session> Handshake::describe_session(std::string_view name, std::uint64_t trust_id) const {
  Session session;
  session.version = ProtocolVersion::tls13;
  session.suite = suite().id;
  session.created = settings.now();
  session.expires = outcome.negotiated.resumed ? resumed_expires
                                               : asn1::Time{session.created.seconds + kMaxSessionLifetime};
  ASHLAR_CHECK(session.server_name.assign(bytes_of(name)));
  ASHLAR_CHECK(session.alpn.assign(bytes_of(outcome.negotiated.alpn)));
  session.trust_id = trust_id;
  copy_bytes(session.peer_certificate_hash, peer_certificate_hash);
  session.client_authenticated = outcome.negotiated.client_authenticated;
  session.server_certificate_type = outcome.negotiated.server_certificate_type;
  session.client_certificate_type = outcome.negotiated.client_certificate_type;
  if (outcome.negotiated.by_psk) {
    session.by_psk = true;
    (void)session.psk_identity.assign(outcome.negotiated.psk_identity);  // stays empty if it is too long
  }
  return Result<Session>(std::move(session));
}

const Scheme* choose_scheme(const Policy& policy, Bytes offered, const Credential& credential) {
  const IdList<SchemeId> list(offered);
  for (const Scheme* scheme : policy.schemes) {
    if (list.has(scheme->id) && credential.signs(*scheme) && fits_in_tls13(*scheme, credential.kind())) {
      return scheme;
    }
  }
  return nullptr;
}

}  // namespace ashlar::tls::tls13
