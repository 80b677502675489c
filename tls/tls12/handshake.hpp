// SPDX-License-Identifier: Apache-2.0
// What client and server share in a TLS 1.2 handshake: messages in and out, the transcript, keys, the peer's
// certificates and signatures, ChangeCipherSpec and Finished.
#pragma once

#include "handshake_base.hpp"
#include "state_machine.hpp"
#include "tls12/encrypt_then_mac.hpp"
#include "tls12/exporter.hpp"
#include "tls12/key_exchange.hpp"
#include "tls12/key_schedule.hpp"
#include "tls12/transitions.hpp"

namespace ashlar::tls::tls12 {

// What a state holds once the keys are known. Moving and wiping are not inline, because many states do it.
struct PendingKeys {
  PendingKeys();
  PendingKeys(PendingKeys&& other) noexcept;
  PendingKeys& operator=(PendingKeys&& other) noexcept;
  ~PendingKeys();

  MasterSecret master_secret;
  TrafficKeys reading;
  TrafficKeys writing;
};

struct Handshake : HandshakeBase {
  using HandshakeBase::HandshakeBase;

  // The policy lists suites of TLS 1.2 only, so the negotiated suite is one.
  const Suite& suite() const { return static_cast<const Suite&>(*outcome.negotiated.suite); }
  const KeyExchange& key_exchange() const { return *suite().key_exchange; }
  const RecordCipher& record_cipher() const {
    return tls12::record_cipher(suite(), outcome.negotiated.encrypt_then_mac);
  }

  // The suite is known, and so is the hash. If a CertificateVerify may come, it may need another hash.
  Result<void> start_transcript(bool certificate_verify) {
    using Schemes = std::span<const Scheme* const>;
    return transcript.start(*suite().hash, certificate_verify ? policy().schemes : Schemes());
  }
  // Sends the Certificate message that the credential has ready. Null: one without certificates.
  Result<void> send_certificate(const Credential* own);

  // From the premaster secret to the keys, through the master secret (RFC 5246 §8.1, RFC 7627 §4). The
  // transcript must end with the ClientKeyExchange.
  Result<PendingKeys> derive_keys(Bytes premaster);
  // From the master secret to the keys (RFC 5246 §6.3).
  void expand_keys(PendingKeys& keys);
  // The premaster secret with the pre-shared key in it, if the exchange takes one. Who has the key is noted.
  void add_psk(Bytes identity, const Psk& psk, Premaster& premaster);
  // Whether a session can be kept: a long identity of a pre-shared key has no room in it.
  bool can_make_session() const {
    return !outcome.negotiated.by_psk || outcome.negotiated.psk_identity.size() <= kMaxResumedPskIdentitySize;
  }
  // The session that this handshake makes.
  Result<Session> make_session(const MasterSecret& master_secret, std::uint64_t trust_id);

  // What is left of the secrets once the handshake is done.
  Exporter make_exporter(MasterSecret&& master_secret) const;

  // Keeps the peer's chain, has it judged, and takes the leaf's key. The chain is not empty.
  Result<void> verify_peer(const HandshakeMessage& message, const Verifier& verifier,
                           const x509::Purpose& purpose, std::string_view name);
  // The same with a raw public key.
  Result<void> verify_raw_key(const HandshakeMessage& message, Bytes key, const PinnedKeys& pinned);
  // The scheme of a signature by the peer: one of the policy's, and of its key's type (H03).
  Result<const Scheme*> peer_scheme(SchemeId id) const;

  // ChangeCipherSpec, sent or received: the keys of that direction come into use.
  Result<void> send_change_cipher_spec(PendingKeys& keys);
  Result<void> receive_change_cipher_spec(PendingKeys& keys);
  Result<void> send_finished(const PendingKeys& keys);
  Result<void> verify_finished(const PendingKeys& keys, const HandshakeMessage& message);

 private:
  Result<void> check_key(const x509::PublicKey& key) const;
  Result<void> compute_verify_data(const PendingKeys& keys, bool from_client,
                                   MutBytesOf<kVerifyDataSize> out) const;
};

template <class Self, class States>
using HandshakeOf = SideOf<Self, Handshake, States>;

// The states that are the same on both sides. `Here` is this side's.
template <State Here, class ExpectsFinished>
struct ExpectsChangeCipherSpec {
  static constexpr State kState = Here;
  PendingKeys keys;

  Result<ExpectsFinished> handle(Handshake& handshake, const Input&) {
    ASHLAR_CHECK(handshake.receive_change_cipher_spec(keys));
    return ExpectsFinished{std::move(keys)};
  }
};
// The protocol of after_handshake.cpp takes its place at once, and keys for the application are made of the
// secret.
template <State Here>
struct Connected {
  static constexpr State kState = Here;
  MasterSecret master_secret;

  Result<Connected> handle(Handshake&, const Input&) { return ErrorCode::internal_mistake; }
};

}  // namespace ashlar::tls::tls12
