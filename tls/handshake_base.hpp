// SPDX-License-Identifier: Apache-2.0
// What client and server do alike in a handshake of any version: messages in and out, the transcript, and the
// peer's certificates.
#pragma once

#include <concepts>

#include "protocol_of.hpp"
#include "transcript.hpp"

namespace ashlar::tls {

// Bounds for the room that messages need which are built.
inline constexpr std::size_t kMaxHelloSize = 1536;
inline constexpr std::size_t kMaxKeyExchangeSize = 2048;

// What is asked of a credential's key. The digest is empty where the scheme has none.
inline PrivateKeyRequest signature_request(const Credential* credential, const Scheme& scheme, Bytes message,
                                           Bytes digest) {
  return {PrivateKeyRequest::Kind::sign, credential, scheme.algorithm, message, digest, {}, 0};
}
inline crypto::Digest digest_for(const Scheme& scheme, Bytes message) {
  const crypto::HashAlgorithm* const hash = scheme.algorithm->hash;
  return hash != nullptr ? crypto::digest(*hash, message) : crypto::Digest{};
}

struct HandshakeBase : ProtocolObject {
  HandshakeBase(const Allocation& allocation, const Outbox& engine)
      : ProtocolObject(allocation, engine), settings(engine.settings), outcome(engine.outcome) {}

  const Policy& policy() const { return *settings.policy; }
  Negotiated& negotiated() const { return outcome.negotiated; }
  Direction own_or(bool own) const { return own ? Direction::sent : Direction::received; }

  // A received message that its state has found good: from here on it is part of the transcript.
  void accept(const HandshakeMessage& message);
  // Builds a message of at most `max_size` bytes with build(Writer&), and makes it part of the flight and the
  // transcript.
  template <std::invocable<Writer&> Build>
  Result<void> send(HandshakeType type, std::size_t max_size, const Build& build) {
    ASHLAR_TRY(const MutBytes room, outbox.room(kHandshakeHeaderSize + max_size));
    Writer writer(room);
    {
      const auto body = handshake_scope(writer, type);
      build(writer);
    }
    ASHLAR_TRY(const Bytes whole, writer.finish());
    outbox.queue(whole.size());
    sent(type, whole);
    return {};
  }
  // A message that lies in the flight is part of the transcript.
  void sent(HandshakeType type, Bytes whole);

  Result<void> remember_session_id(Bytes id);

  // Keeps the peer's chain, which lies in `memory` and is not empty, and has it judged.
  Result<VerifiedPeer> judge_chain(Buffer memory, const BoundedVector<Bytes, kMaxCertificates>& certificates,
                                   const Verifier& verifier, const x509::Purpose& purpose,
                                   std::string_view name);
  // Keeps the peer's raw public key, which lies in `memory`, judges it, and reads it: key_not_pinned, or
  // what is wrong with the key.
  Result<x509::PublicKey> judge_raw_key(Buffer memory, Bytes subject_public_key_info,
                                        const PinnedKeys& pinned);
  // Takes the key of a peer that was found good. `shown` is its certificate or raw key.
  void take_peer(x509::PublicKey&& key, Bytes shown);
  void take_peer(VerifiedPeer&& peer);

  // What the server's hello says of types of certificates, as the client takes it: its own choice of what was
  // offered, or certificates. A session that is resumed keeps its types.
  Result<void> take_types(std::optional<CertificateType> of_server, std::optional<CertificateType> of_client,
                          const ClientConfig& config) const;

  void tell_secret(bool own, SecretKind kind, Bytes value) const {
    if (outbox.hears_secrets()) {
      outbox.tell(own_or(own), SecretEvent{kind, value});
    }
  }

  const Settings& settings;
  Outcome& outcome;
  Transcript transcript;
  std::uint8_t client_random[kRandomSize] = {};
  std::uint8_t server_random[kRandomSize] = {};
  std::optional<x509::PublicKey> peer_key;
  std::uint8_t peer_certificate_hash[32] = {};
  bool staple_demanded = false;  // by the peer's certificate
  Bytes peer_issuer_key;         // VerifiedPeer::issuer_key

  // A client that asked for an OCSP response wants one with a certificate that demands it (RFC 7633 §4.2.3),
  // or if its config does: staple_missing. The config's judge says whether it is good. Called when it is
  // clear whether one came.
  Result<void> check_staple(const ClientConfig& config) const;

 private:
  // The phase that a message belongs to begins, or goes on.
  void enter_phase(HandshakeType type, bool from_client);
};

}  // namespace ashlar::tls
