// SPDX-License-Identifier: Apache-2.0
// The server's handshake. Each state is a struct that owns its secrets. Its handle() takes the one kind of
// input that the state expects (transitions.hpp) and returns the next state.
#pragma once

#include <ashlar/crypto/rsa.hpp>

#include "hello/certificate_types.hpp"
#include "hello/versions.hpp"
#include "tls12/handshake.hpp"

namespace ashlar::tls::tls12 {

struct ServerHandshake;
using ServerExpectsChangeCipherSpec =
    ExpectsChangeCipherSpec<State::server_expects_change_cipher_spec, struct ServerExpectsFinished>;
using ServerConnected = Connected<State::server_connected>;
using ServerState = OneOf<struct ServerExpectsClientHello, struct ServerChoosesCredential,
                          struct ServerSignsServerKeyExchange, struct ServerExpectsCertificate,
                          struct ServerExpectsClientKeyExchange, struct ServerDecryptsPremaster,
                          struct ServerExpectsCertificateVerify, ServerExpectsChangeCipherSpec,
                          ServerExpectsFinished, ServerConnected>;

// The server's ephemeral private key; empty if no ServerKeyExchange is sent.
using EphemeralKey = SecretMemory;

struct ServerExpectsClientHello {
  static constexpr State kState = State::server_expects_client_hello;
  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerChoosesCredential {
  static constexpr State kState = State::server_chooses_credential;
  Buffer memory;  // holds the ClientHello
  HandshakeMessage message;

  std::optional<CredentialRequest> request(const ServerHandshake& handshake) const;
  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerSignsServerKeyExchange {
  static constexpr State kState = State::server_signs_server_key_exchange;
  EphemeralKey ephemeral;
  Buffer share;
  // The bytes to sign (RFC 8422 §5.4), which are both randoms and the parameters, and their digest.
  Buffer message;
  const Scheme* scheme;
  crypto::Digest digest;

  PrivateKeyRequest request(const ServerHandshake& handshake) const;
  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerExpectsCertificate {
  static constexpr State kState = State::server_expects_certificate;
  EphemeralKey ephemeral;

  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerExpectsClientKeyExchange {
  static constexpr State kState = State::server_expects_client_key_exchange;
  EphemeralKey ephemeral;

  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerDecryptsPremaster {
  static constexpr State kState = State::server_decrypts_premaster;
  BoundedBuffer<crypto::kRsaMaxSize> ciphertext;

  PrivateKeyRequest request(const ServerHandshake& handshake) const;
  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerExpectsCertificateVerify {
  static constexpr State kState = State::server_expects_certificate_verify;
  PendingKeys keys;

  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerExpectsFinished {
  static constexpr State kState = State::server_expects_finished;
  PendingKeys keys;

  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

// The answer to a ClientHello: a suite, the credential for it, and for an ephemeral exchange a group and a
// scheme.
struct Choice {
  const Suite* suite;
  const Credential* credential;
  const Group* group;
  const Scheme* scheme;
};

struct ServerHandshake : HandshakeOf<ServerHandshake, ServerState> {
  ServerHandshake(const Allocation& allocation, const Outbox& engine, const ServerConfig& given)
      : SideOf(allocation, engine, ServerExpectsClientHello{}), config(given) {}

  Result<Next> step(const Input& input);
  bool takes_certificates() const { return config.client_authentication != ClientAuthentication::none; }
  // In this handshake: who has a pre-shared key has proved who it is.
  bool asks_for_certificate() const { return takes_certificates() && !key_exchange().by_psk(); }
  // The trust under which a session is made: who judges what clients show, or none.
  std::uint64_t trust_id() const {
    return takes_certificates() && !outcome.negotiated.by_psk
               ? *judge_of(config.accepted, config.verifier, outcome.negotiated.client_certificate_type)
               : 0;
  }

  // The policy's first suite for which client and server have everything that it needs, or the error that
  // says what is missing. With the config's credentials, or with this one.
  Result<Choice> choose(const ClientHello& hello) const;
  Result<Choice> choose(const ClientHello& hello, const Credential& only) const;
  Result<Choice> choose_psk(const ClientHello& hello) const;  // among suites that need no credential
  // Takes from the ClientHello what does not depend on the choice of a suite.
  Result<void> note(const ClientHello& hello);
  // Finds the session that the client asked for, by ticket or by ID, if it may be resumed now.
  bool find_session(const ClientHello& hello, Session& session) const;
  // The answers to a ClientHello: the abbreviated and the full handshake.
  Result<ServerState> resume(const HandshakeMessage& message, const ClientHello& hello, Session session);
  Result<ServerState> begin(const HandshakeMessage& message, const ClientHello& hello, const Choice& choice);
  Result<void> send_server_hello(const ClientHello& hello);
  Result<void> send_new_session_ticket(const Session& session);
  // Sends the ServerKeyExchange of an exchange with a pre-shared key: the hint, and a share if it has a
  // group.
  Result<ServerState> send_psk_parameters();
  // The premaster secret with the key of this identity in it, or a random one if there is no such key.
  Result<void> add_psk_of(Bytes identity, Premaster& premaster);
  // The ephemeral key and our share of the group.
  Result<void> make_share(const Group& group, EphemeralKey& ephemeral, Buffer& share) const;
  // Makes the ephemeral key and what is to be signed with it.
  Result<ServerState> start_server_key_exchange(const Group& group, const Scheme& scheme);
  // The rest of the server's flight after its Certificate or ServerKeyExchange.
  Result<ServerState> finish_flight(EphemeralKey ephemeral);
  Result<void> send_certificate_request();
  Result<ServerState> keys_known(PendingKeys keys);

  const ServerConfig& config;
  std::uint16_t client_version = 0;
  bool gives_ticket = false;  // and the ServerHello says so
  bool gives_status = false;  // the same
  bool by_ticket = false;     // the session that was resumed came in one
};

}  // namespace ashlar::tls::tls12
