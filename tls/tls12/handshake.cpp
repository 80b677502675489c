// SPDX-License-Identifier: Apache-2.0
#include "tls12/handshake.hpp"

#include <ashlar/base/ct.hpp>

#include "psk/psk.hpp"

namespace ashlar::tls::tls12 {

PendingKeys::PendingKeys() = default;
PendingKeys::PendingKeys(PendingKeys&&) noexcept = default;
PendingKeys& PendingKeys::operator=(PendingKeys&&) noexcept = default;
PendingKeys::~PendingKeys() = default;

Result<void> Handshake::send_certificate(const Credential* own) {
  // An empty list, or an empty key (RFC 7250 §3): both are a length of three bytes.
  constexpr std::uint8_t kNone[] = {static_cast<std::uint8_t>(HandshakeType::certificate), 0, 0, 3, 0, 0, 0};
  const Bytes message = own != nullptr ? own->certificate_message() : Bytes(kNone);
  ASHLAR_TRY(const MutBytes room, outbox.room(message.size()));
  copy_bytes(room, message);
  outbox.queue(message.size());
  sent(HandshakeType::certificate, message);
  return {};
}

Result<PendingKeys> Handshake::derive_keys(Bytes premaster) {
  const crypto::HashAlgorithm& hash = *suite().hash;
  PendingKeys keys;
  tell_secret(settings.is_client, SecretKind::premaster_secret, premaster);
  if (negotiated().extended_master_secret) {
    ASHLAR_TRY(const crypto::Digest session_hash, transcript.digest(hash));
    tell_secret(settings.is_client, SecretKind::session_hash, session_hash.bytes());
    derive_extended_master_secret(hash, premaster, session_hash.bytes(), keys.master_secret);
  } else {
    derive_master_secret(hash, premaster, client_random, server_random, keys.master_secret);
  }
  expand_keys(keys);
  return keys;
}

void Handshake::add_psk(Bytes identity, const Psk& psk, Premaster& premaster) {
  key_exchange().add_psk(psk.key.reveal(), premaster);
  bind_psk(identity, psk, peer_certificate_hash);
}

void Handshake::expand_keys(PendingKeys& keys) {
  KeyBlock block;
  derive_key_block(*suite().hash, keys.master_secret, client_random, server_random, record_cipher(), block);
  const bool client = settings.is_client;
  TrafficKeys& of_client = client ? keys.writing : keys.reading;
  TrafficKeys& of_server = client ? keys.reading : keys.writing;
  of_client.mac_key.assign(block.client_mac_key);
  of_client.key.assign(block.client_key);
  of_client.fixed_iv.assign(block.client_iv);
  of_server.mac_key.assign(block.server_mac_key);
  of_server.key.assign(block.server_key);
  of_server.fixed_iv.assign(block.server_iv);
  tell_secret(client, SecretKind::master_secret, keys.master_secret.reveal());
  tell_secret(client, SecretKind::key_block, block.bytes.reveal());
  tell_secret(client, SecretKind::client_mac_key, block.client_mac_key);
  tell_secret(!client, SecretKind::server_mac_key, block.server_mac_key);
  tell_secret(client, SecretKind::client_key, block.client_key);
  tell_secret(!client, SecretKind::server_key, block.server_key);
  tell_secret(client, SecretKind::client_iv, block.client_iv);
  tell_secret(!client, SecretKind::server_iv, block.server_iv);
}

Result<Session> Handshake::make_session(const MasterSecret& master_secret, std::uint64_t trust_id) {
  Session session;
  ASHLAR_CHECK(session.id.assign(outcome.session_id.bytes()));
  session.version = ProtocolVersion::tls12;
  session.secret.assign(master_secret.reveal());
  session.suite = suite().id;
  session.created = settings.now();
  session.expires = {session.created.seconds + kDefaultSessionLifetime};
  ASHLAR_CHECK(session.server_name.assign(outcome.server_name.bytes()));
  ASHLAR_CHECK(session.alpn.assign(bytes_of(outcome.negotiated.alpn)));
  session.trust_id = trust_id;
  copy_bytes(session.peer_certificate_hash, peer_certificate_hash);
  session.extended_master_secret = outcome.negotiated.extended_master_secret;
  session.client_authenticated = outcome.negotiated.client_authenticated;
  session.server_certificate_type = outcome.negotiated.server_certificate_type;
  session.client_certificate_type = outcome.negotiated.client_certificate_type;
  if (outcome.negotiated.by_psk) {
    ASHLAR_CHECK(note_psk(session, outcome.negotiated.psk_identity));
  }
  return session;
}

Exporter Handshake::make_exporter(MasterSecret&& master_secret) const {
  Exporter exporter;
  if (outcome.negotiated.extended_master_secret) {
    exporter.hash = suite().hash;
    exporter.master_secret = std::move(master_secret);
    copy_bytes(MutBytes(exporter.randoms), client_random);
    copy_bytes(MutBytes(exporter.randoms).subspan(kRandomSize), server_random);
  }
  return exporter;
}

Result<void> Handshake::verify_peer(const HandshakeMessage& message, const Verifier& verifier,
                                    const x509::Purpose& purpose, std::string_view name) {
  ASHLAR_TRY(const CertificateMessage certificate, CertificateMessage::parse(message.body));
  ASHLAR_TRY(Buffer memory, outbox.keep(message));
  ASHLAR_TRY(VerifiedPeer peer,
             judge_chain(std::move(memory), certificate.certificates, verifier, purpose, name));
  ASHLAR_CHECK(check_key(peer.key));
  const bool of_server = purpose == x509::Purpose::server_auth;
  if (!peer.certificate.allows(of_server ? key_exchange().key_usage : x509::KeyUsage::digital_signature)) {
    return ErrorCode::wrong_key_usage;
  }
  take_peer(std::move(peer));
  return {};
}

Result<void> Handshake::verify_raw_key(const HandshakeMessage& message, Bytes key, const PinnedKeys& pinned) {
  ASHLAR_TRY(Buffer memory, outbox.keep(message));
  ASHLAR_TRY(x509::PublicKey peer, judge_raw_key(std::move(memory), key, pinned));
  ASHLAR_CHECK(check_key(peer));
  take_peer(std::move(peer), outcome.peer_raw_public_key());
  return {};
}

// A server's key must serve the key exchange of the suite; a client's key must sign.
Result<void> Handshake::check_key(const x509::PublicKey& key) const {
  if (!settings.is_client) {
    return {};
  }
  if (key.kind().tls_certificate_type != static_cast<std::uint8_t>(key_exchange().authentication)) {
    return ErrorCode::certificate_type_mismatch;
  }
  // RFC 8422 §5.1: the client's list applies to the curves of certificates, too.
  const GroupId curve{key.kind().tls_curve};
  if (curve != GroupId{} && policy().group(curve) == nullptr) {
    return Error{ErrorCode::group_not_offered, Place::none, static_cast<std::uint32_t>(curve)};
  }
  return {};
}

Result<const Scheme*> Handshake::peer_scheme(SchemeId id) const {
  const Scheme* scheme = policy().scheme(id);
  if (scheme == nullptr || !scheme->fits(peer_key->kind()) || !peer_key->allows(*scheme->algorithm)) {
    return Error{ErrorCode::scheme_not_offered, Place::none, static_cast<std::uint32_t>(id)};
  }
  return scheme;
}

Result<void> Handshake::send_change_cipher_spec(PendingKeys& keys) {
  ASHLAR_CHECK(outbox.flush());
  outcome.phase = Phase::finish;
  constexpr std::uint8_t kChangeCipherSpec[] = {1};
  outbox.tell(Direction::sent, ChangeCipherSpecEvent{});
  ASHLAR_CHECK(outbox.send(ContentType::change_cipher_spec, kChangeCipherSpec));
  ASHLAR_CHECK(outbox.change_keys(Direction::sent, record_cipher(), keys.writing));
  keys.writing = {};
  return {};
}

Result<void> Handshake::receive_change_cipher_spec(PendingKeys& keys) {
  outcome.phase = Phase::finish;
  outbox.tell(Direction::received, ChangeCipherSpecEvent{});
  ASHLAR_CHECK(outbox.change_keys(Direction::received, record_cipher(), keys.reading));
  keys.reading = {};
  return {};
}

Result<void> Handshake::compute_verify_data(const PendingKeys& keys, bool from_client,
                                            MutBytesOf<kVerifyDataSize> out) const {
  const crypto::HashAlgorithm& hash = *suite().hash;
  ASHLAR_TRY(const crypto::Digest digest, transcript.digest(hash));
  derive_verify_data(hash, keys.master_secret, from_client, digest.bytes(), out);
  const bool own = from_client == settings.is_client;
  tell_secret(own, from_client ? SecretKind::client_finished_hash : SecretKind::server_finished_hash,
              digest.bytes());
  tell_secret(own, from_client ? SecretKind::client_verify_data : SecretKind::server_verify_data, out);
  return {};
}

Result<void> Handshake::send_finished(const PendingKeys& keys) {
  std::uint8_t verify_data[kVerifyDataSize];
  ASHLAR_CHECK(compute_verify_data(keys, settings.is_client, verify_data));
  // Public: it is sent to the peer.
  ct::declassify(verify_data);
  return send(HandshakeType::finished, kVerifyDataSize,
              [&](Writer& writer) { Finished{verify_data}.build(writer); });
}

Result<void> Handshake::verify_finished(const PendingKeys& keys, const HandshakeMessage& message) {
  ASHLAR_TRY(const Finished finished, Finished::parse(message.body));
  std::uint8_t expected[kVerifyDataSize];
  ASHLAR_CHECK(compute_verify_data(keys, !settings.is_client, expected));
  // The verdict is public: a bad one ends the connection (H02).
  const bool good = ct::equal(finished.verify_data, expected).declassify();
  wipe(expected);
  if (!good) {
    return ErrorCode::finished_mismatch;
  }
  accept(message);
  return {};
}

}  // namespace ashlar::tls::tls12
