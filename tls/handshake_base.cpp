// SPDX-License-Identifier: Apache-2.0
#include "handshake_base.hpp"

#include <ashlar/crypto/sha2.hpp>

#include "hello/certificate_types.hpp"
#include "message/types.hpp"

namespace ashlar::tls {

void HandshakeBase::enter_phase(HandshakeType type, bool from_client) {
  if (const MessageType* row = message_type(type)) {
    outcome.phase = from_client ? row->from_client : row->from_server;
  }
}

void HandshakeBase::accept(const HandshakeMessage& message) {
  transcript.add(message.whole);
  enter_phase(message.type, !settings.is_client);
  outbox.tell(Direction::received, MessageEvent{message.type, message.body});
}

void HandshakeBase::sent(HandshakeType type, Bytes whole) {
  transcript.add(whole);
  enter_phase(type, settings.is_client);
  outbox.tell(Direction::sent, MessageEvent{type, whole.subspan(kHandshakeHeaderSize)});
}

Result<void> HandshakeBase::remember_session_id(Bytes id) {
  ASHLAR_CHECK(outcome.session_id.assign(id));
  negotiated().session_id = outcome.session_id.bytes();
  return {};
}

Result<VerifiedPeer> HandshakeBase::judge_chain(Buffer memory,
                                                const BoundedVector<Bytes, kMaxCertificates>& certificates,
                                                const Verifier& verifier, const x509::Purpose& purpose,
                                                std::string_view name) {
  ASHLAR_CHECK(outcome.keep_peer_chain(std::move(memory), certificates));
  const PeerChain chain = {outcome.peer_certificates(), purpose, name, settings.now(), policy().chain_keys};
  return verifier.verify_function(verifier.context, chain);
}

Result<x509::PublicKey> HandshakeBase::judge_raw_key(Buffer memory, Bytes subject_public_key_info,
                                                     const PinnedKeys& pinned) {
  ASHLAR_CHECK(outcome.keep_peer_key(std::move(memory), subject_public_key_info));
  if (!pinned.has(subject_public_key_info)) {
    return ErrorCode::key_not_pinned;
  }
  return x509::PublicKey::parse_spki(subject_public_key_info, policy().chain_keys->kinds);
}

namespace {

// Whether a certificate has the TLS feature status_request: Features ::= SEQUENCE OF INTEGER (RFC 7633 §4.1).
// One that cannot be read demands nothing.
bool demands_staple(const x509::Certificate& certificate) {
  static constexpr asn1::Oid kTlsFeature = asn1::oid("1.3.6.1.5.5.7.1.24");
  for (const x509::Extension& extension : certificate.extensions()) {
    if (!equal_public(extension.oid, kTlsFeature.bytes())) {
      continue;
    }
    asn1::DerReader whole(extension.value);
    auto features = whole.sequence();
    while (features && !features->empty()) {
      const auto feature = features->integer();
      if (!feature) {
        return false;
      }
      if (feature->size() == 1 && (*feature)[0] == static_cast<std::uint8_t>(ExtensionType::status_request)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

Result<void> HandshakeBase::check_staple(const ClientConfig& config) const {
  if (!config.request_status) {
    return {};
  }
  const StapleJudge* const judge = config.staples;
  if (!outcome.has_ocsp_response()) {
    const bool missing = staple_demanded || (judge != nullptr && judge->demanded);
    return missing ? ErrorCode::staple_missing : Result<void>();
  }
  if (judge == nullptr) {
    return {};
  }
  return judge->judge({outcome.status->ocsp_response.bytes(), outcome.peer_certificates()[0], peer_issuer_key,
                       settings.now(), policy().chain_keys});
}

void HandshakeBase::take_peer(VerifiedPeer&& peer) {
  staple_demanded = demands_staple(peer.certificate);
  peer_issuer_key = peer.issuer_key;
  take_peer(std::move(peer.key), outcome.peer_certificates()[0]);
}

void HandshakeBase::take_peer(x509::PublicKey&& key, Bytes shown) {
  peer_key.emplace(std::move(key));
  const crypto::Digest hash = crypto::digest(crypto::kSha256, shown);
  copy_bytes(peer_certificate_hash, hash.bytes());
}

Result<void> HandshakeBase::take_types(std::optional<CertificateType> of_server,
                                       std::optional<CertificateType> of_client,
                                       const ClientConfig& config) const {
  const auto not_offered = [](CertificateType type) {
    return Error{ErrorCode::certificate_type_not_offered, Place::none, static_cast<std::uint32_t>(type)};
  };
  CertificateType room[2];
  if (of_client && !has_type(own_types(config, room), *of_client)) {
    return not_offered(*of_client);
  }
  if (negotiated().resumed) {
    const bool same = !of_server || *of_server == negotiated().server_certificate_type;
    return same ? Result<void>() : ErrorCode::session_mismatch;
  }
  const CertificateType shown = of_server.value_or(CertificateType::x509);
  if (!has_type(accepted_types(config.accepted), shown)) {
    return not_offered(shown);
  }
  negotiated().server_certificate_type = shown;
  negotiated().client_certificate_type = of_client.value_or(CertificateType::x509);
  return {};
}

}  // namespace ashlar::tls
