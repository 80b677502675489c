// SPDX-License-Identifier: Apache-2.0
#include "handshake_base.hpp"

#include <ashlar/crypto/sha2.hpp>

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

Result<VerifiedPeer> HandshakeBase::judge_chain(const HandshakeMessage& message,
                                                const BoundedVector<Bytes, kMaxCertificates>& certificates,
                                                const Verifier& verifier, const x509::Purpose& purpose,
                                                std::string_view name) {
  ASHLAR_TRY(Buffer kept, outbox.keep(message));
  ASHLAR_CHECK(outcome.keep_peer_chain(std::move(kept), certificates));
  const PeerChain chain = {outcome.peer_certificates(), purpose, name, settings.now(), policy().chain_keys};
  return verifier.verify_function(verifier.context, chain);
}

void HandshakeBase::take_peer(VerifiedPeer&& peer) {
  peer_key.emplace(std::move(peer.key));
  const crypto::Digest hash = crypto::digest(crypto::kSha256, outcome.peer_certificates()[0]);
  copy_bytes(peer_certificate_hash, hash.bytes());
}

}  // namespace ashlar::tls
