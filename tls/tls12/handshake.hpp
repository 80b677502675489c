// SPDX-License-Identifier: Apache-2.0
// What client and server share in a TLS 1.2 handshake: messages in and out, the transcript, keys, the peer's
// certificates and signatures, ChangeCipherSpec and Finished.
#pragma once

#include "protocol_of.hpp"
#include "tls12/encrypt_then_mac.hpp"
#include "tls12/key_exchange.hpp"
#include "tls12/key_schedule.hpp"
#include "tls12/transitions.hpp"
#include "transcript.hpp"

#include <ashlar/base/one_of.hpp>

#include <concepts>

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

// The largest sizes of what is built: bounds for the room that it needs.
inline constexpr std::size_t kMaxHelloSize = 1536;
inline constexpr std::size_t kMaxKeyExchangeSize = 1024;

struct Handshake : ProtocolObject {
  Handshake(const Allocation& allocation, const Outbox& engine)
      : ProtocolObject(allocation, engine), settings(engine.settings), outcome(engine.outcome) {}

  const Policy& policy() const { return *settings.policy; }
  Negotiated& negotiated() const { return outcome.negotiated; }
  // The policy lists suites of TLS 1.2 only, so the negotiated suite is one.
  const Suite& suite() const { return static_cast<const Suite&>(*outcome.negotiated.suite); }
  const KeyExchange& key_exchange() const { return *suite().key_exchange; }
  const RecordCipher& record_cipher() const {
    return tls12::record_cipher(suite(), outcome.negotiated.encrypt_then_mac);
  }
  Direction own_or(bool own) const { return own ? Direction::sent : Direction::received; }

  // The suite is known, and so is the hash. If a CertificateVerify may come, it may need another hash.
  Result<void> start_transcript(bool certificate_verify) {
    using Schemes = std::span<const Scheme* const>;
    return transcript.start(*suite().hash, certificate_verify ? policy().schemes : Schemes());
  }
  // The state has accepted this received message: from here on it is part of the transcript.
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
  // Sends the Certificate message that the credential has ready. Null: one without certificates.
  Result<void> send_certificate(const Credential* own);

  // Keeps a copy of the ID in the connection, because the ID points into the message.
  Result<void> remember_session_id(Bytes id);

  // From the premaster secret to the keys, through the master secret (RFC 5246 §8.1, RFC 7627 §4). The
  // transcript must end with the ClientKeyExchange.
  Result<PendingKeys> derive_keys(Bytes premaster);
  // From the master secret to the keys (RFC 5246 §6.3).
  void expand_keys(PendingKeys& keys);
  // The session that this handshake makes.
  Result<Session> make_session(const MasterSecret& master_secret, std::uint64_t trust_id);

  // Keeps the peer's chain, has it judged, and takes the leaf's key. The chain is not empty.
  Result<void> verify_peer(const HandshakeMessage& message, const Verifier& verifier,
                           const x509::Purpose& purpose, std::string_view name);
  // The scheme of a signature by the peer: one of the policy's, and of its key's type (H03).
  Result<const Scheme*> peer_scheme(SchemeId id) const;

  // ChangeCipherSpec, sent or received: the keys of that direction come into use.
  Result<void> send_change_cipher_spec(PendingKeys& keys);
  Result<void> receive_change_cipher_spec(PendingKeys& keys);
  Result<void> send_finished(const PendingKeys& keys);
  Result<void> verify_finished(const PendingKeys& keys, const HandshakeMessage& message);

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

 private:
  void sent(HandshakeType type, Bytes whole);
  // Enters the phase that this message belongs to.
  void enter_phase(HandshakeType type, bool from_client);
  Result<void> compute_verify_data(const PendingKeys& keys, bool from_client,
                                   MutBytesOf<kVerifyDataSize> out) const;
};

// The input's kind, as the table names it.
InputKind kind_of(const Input& input);

// Which state `state` holds.
template <class... States>
State state_of(const OneOf<States...>& state) {
  constexpr State kStatesOf[] = {States::kState...};
  return kStatesOf[state.index()];
}

// The request of this kind that the state in `state` waits for, if it does.
template <class Request, class Handshake, class... States>
std::optional<Request> request_of(const Handshake& handshake, const OneOf<States...>& state) {
  std::optional<Request> request;
  const auto ask = [&]<class S>(const S* present) {
    if constexpr (requires {
                    { present->request(handshake) } -> std::convertible_to<std::optional<Request>>;
                  }) {
      if (present != nullptr) {
        request = present->request(handshake);
      }
    }
  };
  (ask(state.template get_if<States>()), ...);
  return request;
}

// Lets the state in `state` handle the input, and puts the returned state in its place. If the table does not
// allow that state to follow, it is a mistake in Ashlar.
template <class Handshake, class... States>
Result<void> step_state(Handshake& handshake, OneOf<States...>& state, const Input& input) {
  Result<OneOf<States...>> next = ErrorCode::internal_mistake;
  const auto try_state = [&]<class S>(S* present) {
    if (present != nullptr) {
      auto result = present->handle(handshake, input);
      if constexpr (std::is_same_v<decltype(result), Result<OneOf<States...>>>) {
        next = std::move(result);
      } else if (result) {
        next = OneOf<States...>(std::move(*result));
      } else {
        next = result.error();
      }
    }
    return present != nullptr;
  };
  (void)(try_state(state.template get_if<States>()) || ...);
  if (!next) {
    return next.error();
  }
  if (!allowed(state_of(state), kind_of(input), state_of(*next))) {
    return ErrorCode::internal_mistake;
  }
  state = std::move(*next);
  return {};
}

// One side's handshake as a Protocol. Self is the side, States are its states.
template <class Self, class States>
struct HandshakeOf : Handshake {
  HandshakeOf(const Allocation& allocation, const Outbox& engine, States first)
      : Handshake(allocation, engine), state(std::move(first)) {}

  static constexpr bool kConnected = false;
  std::string_view state_name() const { return kStateNames[static_cast<std::size_t>(state_of(state))]; }
  bool accepts(const Input& input) const { return allowed(state_of(state), kind_of(input)); }
  std::optional<PrivateKeyRequest> private_key_request() const {
    return request_of<PrivateKeyRequest>(static_cast<const Self&>(*this), state);
  }
  std::optional<CredentialRequest> credential_request() const {
    return request_of<CredentialRequest>(static_cast<const Self&>(*this), state);
  }

  States state;
  const Credential* credential = nullptr;  // the one that is shown
  std::optional<Credential> provided;      // our handle of it, if it was chosen outside
};

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
// The protocol of after_handshake.cpp takes its place at once.
template <State Here>
struct Connected {
  static constexpr State kState = Here;
  Result<Connected> handle(Handshake&, const Input&) { return ErrorCode::internal_mistake; }
};

}  // namespace ashlar::tls::tls12
