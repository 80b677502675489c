// SPDX-License-Identifier: Apache-2.0
// What client and server do alike in a TLS 1.2 handshake: messages in and out, the transcript, keys, the
// peer's certificates and signatures, ChangeCipherSpec and Finished.
#pragma once

#include "engine.hpp"
#include "tls12/key_schedule.hpp"
#include "tls12/transcript.hpp"

#include <ashlar/base/one_of.hpp>

#include <concepts>

namespace ashlar::tls::tls12 {

// The keys of one direction, until they come into use.
struct TrafficKeys {
  SecretBuffer<32> mac_key;
  SecretBuffer<32> key;
  SecretBuffer<16> fixed_iv;
};

// What a state holds once the keys are known.
struct PendingKeys {
  MasterSecret master_secret;
  TrafficKeys reading;
  TrafficKeys writing;
};

// Lengths of what is built, as bounds for the room that it needs.
inline constexpr std::size_t kMaxHelloSize = 1536;
inline constexpr std::size_t kMaxKeyExchangeSize = 1024;
inline constexpr std::size_t kMaxSchemes = 32;

struct Handshake {
  Handshake(const Allocation& allocation, Engine& connection) : engine(connection), allocation_(allocation) {}
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;
  const Allocation& allocation() const { return allocation_; }

  const Policy& policy() const { return *engine.settings.policy; }
  const CipherSuite& suite() const { return *engine.negotiated.suite; }
  const RecordCipher& record_cipher() const {
    return engine.negotiated.encrypt_then_mac ? *suite().cipher->encrypt_then_mac : *suite().cipher;
  }
  Negotiated& negotiated() { return engine.negotiated; }
  asn1::Time now() const { return engine.settings.clock.now(engine.settings.clock.context); }
  Direction own_or(bool own) const { return own ? Direction::sent : Direction::received; }

  // A received message that its state has found good: from here on it is part of the transcript.
  void accept(const HandshakeMessage& message);
  // Builds a message of at most `max_size` bytes with build(Writer&), and makes it part of the flight and the
  // transcript.
  template <std::invocable<Writer&> Build>
  Result<void> send(HandshakeType type, std::size_t max_size, const Build& build) {
    ASHLAR_CHECK(engine.flight.reserve(kHandshakeHeaderSize + max_size));
    Writer writer(engine.flight.room());
    {
      const auto body = handshake_scope(writer, type);
      build(writer);
    }
    ASHLAR_TRY(const Bytes whole, writer.finish());
    engine.flight.commit(whole.size());
    sent(type, whole);
    return {};
  }
  Result<void> send_certificate(std::span<const Bytes> chain);

  // What points into the message is kept by the connection.
  Result<void> remember_session_id(Bytes id);

  // Premaster secret to keys, through the master secret (RFC 5246 §8.1, RFC 7627 §4); the transcript ends
  // with the ClientKeyExchange.
  Result<PendingKeys> derive_keys(Bytes premaster);
  // Master secret to keys (RFC 5246 §6.3).
  void expand_keys(PendingKeys& keys);
  // The session that this handshake makes.
  Result<Session> make_session(const MasterSecret& master_secret, std::uint64_t trust_id);

  // Keeps the peer's chain, has it judged, and takes the leaf's key. The chain is not empty.
  Result<void> verify_peer(const HandshakeMessage& message, const Verifier& verifier, x509::Purpose purpose,
                           std::string_view name);
  // The scheme of a signature by the peer: one of the policy's, and of its key's type (H03).
  Result<const Scheme*> peer_scheme(SchemeId id) const;

  // ChangeCipherSpec either way: the keys of that direction come into use.
  Result<void> send_change_cipher_spec(PendingKeys& keys);
  Result<void> receive_change_cipher_spec(PendingKeys& keys);
  Result<void> send_finished(const PendingKeys& keys);
  Result<void> verify_finished(const PendingKeys& keys, const HandshakeMessage& message);

  void tell_secret(bool own, SecretKind kind, Bytes value) const {
    if (engine.hears_secrets()) {
      engine.emit(own_or(own), SecretEvent{kind, value});
    }
  }

  Engine& engine;
  Transcript transcript;
  std::uint8_t client_random[kRandomSize] = {};
  std::uint8_t server_random[kRandomSize] = {};
  std::optional<x509::PublicKey> peer_key;
  std::uint8_t peer_certificate_hash[32] = {};

 private:
  void sent(HandshakeType type, Bytes whole);
  // The phase that a message belongs to begins, or goes on.
  void enter_phase(HandshakeType type, bool from_client);
  void compute_verify_data(const PendingKeys& keys, bool from_client, MutBytesOf<kVerifyDataSize> out) const;

  const Allocation allocation_;
};

// A session or a policy tells what may be resumed; these bindings hold on both sides (H09).
bool session_fits(const Session& session, const Policy& policy, asn1::Time now, std::string_view server_name,
                  std::uint64_t trust_id);

// The protocols of `ours`, in order, looked up in the content of a ProtocolNameList; empty if none is there.
std::string_view choose_protocol(std::span<const std::string_view> ours, Bytes offered);

// Lets the state that stands in `state` handle the input, and puts what it returns in its place.
template <class Handshake, class... States>
Result<void> step_state(Handshake& handshake, OneOf<States...>& state, const Input& input) {
  Result<OneOf<States...>> next = ErrorCode::invalid_argument;
  const auto try_state = [&]<class S>(S* present) {
    if (present != nullptr) {
      next = present->handle(handshake, input);
    }
    return present != nullptr;
  };
  (void)(try_state(state.template get_if<States>()) || ...);
  if (!next) {
    return next.error();
  }
  state = std::move(*next);
  const auto name_state = [&]<class S>(const S* present) {
    if (present != nullptr) {
      handshake.engine.state = S::kState;
    }
  };
  (name_state(state.template get_if<States>()), ...);
  return {};
}

}  // namespace ashlar::tls::tls12
