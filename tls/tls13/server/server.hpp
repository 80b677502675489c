// SPDX-License-Identifier: Apache-2.0
// The server's handshake. Each state is a struct that owns what is secret in it; its handle() takes the one
// kind of input that the state expects (transitions.hpp) and returns the state that follows.
#pragma once

#include "hello/certificate_types.hpp"
#include "hello/versions.hpp"
#include "tls13/external_psk.hpp"
#include "tls13/handshake.hpp"

namespace ashlar::tls::tls13 {

struct ServerHandshake;
using ServerConnected = Connected<State::server_connected>;
using ServerState =
    OneOf<struct ServerExpectsClientHello, struct ServerExpectsSecondClientHello,
          struct ServerChoosesCredential, struct ServerExchangesKeys, struct ServerSignsCertificateVerify,
          struct ServerExpectsEndOfEarlyData, struct ServerExpectsCertificate,
          struct ServerExpectsCertificateVerify, struct ServerExpectsFinished, ServerConnected>;

struct ServerExpectsClientHello {
  static constexpr State kState = State::server_expects_client_hello;
  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerExpectsSecondClientHello {
  static constexpr State kState = State::server_expects_second_client_hello;
  crypto::Digest first;  // of what the second hello may not change
  const Group* group;    // of which it must have a share

  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerChoosesCredential {
  static constexpr State kState = State::server_chooses_credential;
  Buffer memory;  // what the ClientHello lies in
  HandshakeMessage message;
  const Group* group;

  std::optional<CredentialRequest> request(const ServerHandshake& handshake) const;
  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

// The key exchange is done with those of other connections (ServerConfig::batch).
struct ServerExchangesKeys {
  static constexpr State kState = State::server_exchanges_keys;
  Buffer memory;  // what the ClientHello lies in
  HandshakeMessage message;
  const Group* group;
  const Scheme* scheme;
  Bytes peer_share;  // in the ClientHello

  std::optional<KeyExchangeRequest> request(const ServerHandshake& handshake) const;
  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

// The key exchange is done, and the ServerHello is sent.
struct ServerSignsCertificateVerify {
  static constexpr State kState = State::server_signs_certificate_verify;
  HandshakeSecrets secrets;
  const Scheme* scheme;
  Buffer message;  // what is signed, and its digest where the scheme has one
  crypto::Digest digest;

  PrivateKeyRequest request(const ServerHandshake& handshake) const;
  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerExpectsEndOfEarlyData {
  static constexpr State kState = State::server_expects_end_of_early_data;
  ApplicationSecrets secrets;
  std::uint32_t room;  // how much more is taken

  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerExpectsCertificate {
  static constexpr State kState = State::server_expects_certificate;
  ApplicationSecrets secrets;

  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerExpectsCertificateVerify {
  static constexpr State kState = State::server_expects_certificate_verify;
  ApplicationSecrets secrets;

  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

struct ServerExpectsFinished {
  static constexpr State kState = State::server_expects_finished;
  ApplicationSecrets secrets;

  Result<ServerState> handle(ServerHandshake& handshake, const Input& input);
};

// A pre-shared key that the client has proved to have; its secret is empty if there is none.
struct FoundPsk {
  PskSecret secret;
  Session session;  // the one that is resumed; without a secret, the key is from outside
  std::uint16_t index = 0;
  Bytes identity;                    // which the hello has
  std::uint32_t obfuscated_age = 0;  // of the ticket

  bool found() const { return !secret.empty(); }
  bool resumed() const { return !session.secret.empty(); }
};

struct ServerHandshake : HandshakeOf<ServerHandshake, ServerState> {
  ServerHandshake(const Allocation& allocation, const Outbox& engine, const ServerConfig& given)
      : SideOf(allocation, engine, ServerExpectsClientHello{}), config(given) {}

  Result<Next> step(const Input& input);
  bool asks_for_certificate() const { return config.client_authentication != ClientAuthentication::none; }
  // Under which trust a session is made: who judges what clients show, or none.
  std::uint64_t trust_id() const {
    return asks_for_certificate() && !outcome.negotiated.by_psk
               ? *judge_of(config.accepted, config.verifier, outcome.negotiated.client_certificate_type)
               : 0;
  }

  // Takes from the first ClientHello what does not depend on what comes after it, and chooses the suite.
  Result<void> note(const ClientHello& hello);
  const Resumption* resumption() const {
    return config.tickets != nullptr ? config.tickets : config.sessions;
  }
  // The policy's first group of which the client has sent a share; without one the first that both have.
  Result<const Group*> choose_group(const ClientHello& hello) const;
  Result<ServerState> retry(const HandshakeMessage& message, const ClientHello& hello, const Group& group);
  // Goes on with a ClientHello that has a share of the group.
  Result<ServerState> begin(const HandshakeMessage& message, const ClientHello& hello, const Group& group);
  // Whether the early data of this hello is taken, which is asked once (H26).
  bool takes_early_data(const ClientHello& hello, const FoundPsk& psk) const;
  // All that a client may send which has a ticket of ours, cut as it likes.
  void pass_over_early_data() const;
  // The flight that no certificate belongs to. group: null without a fresh key exchange.
  Result<ServerState> begin_by_psk(const HandshakeMessage& message, const ClientHello& hello,
                                   const Group* group, const FoundPsk& psk);
  // The first of the client's keys that serves, with its proof: a session that may be resumed now, or one
  // from outside.
  Result<FoundPsk> find_psk(const HandshakeMessage& message, const ClientHello& hello);
  // The session behind an identity, if it may be resumed, and the key from outside; false if there is none.
  bool open_session(const ClientHello& hello, Bytes identity, Session& out) const;
  Result<bool> open_external(Bytes identity, PskSecret& secret, std::string_view& label);
  // Without a certificate to show, a pre-shared key must serve.
  bool only_by_psk() const { return config.credentials == nullptr && !config.ask_for_credential; }
  // What is wrong with a hello that has no key for such a server.
  Error without_psk(const ClientHello& hello) const;
  // ServerHello and EncryptedExtensions, and the keys of the handshake. psk: null for none. exchanged: share
  // and secret of a key exchange that was done outside; empty: it is done here.
  Result<HandshakeSecrets> send_hello(const HandshakeMessage& message, const ClientHello& hello,
                                      const Group* group, const FoundPsk* psk, Bytes exchanged = {});
  // How many tickets a client gets: none if there is nothing to make them of, else one or as many as it asks
  // for, within the config's bound (RFC 9149 §3).
  std::uint8_t count_tickets(const ClientHello& hello) const;
  Result<void> send_encrypted_extensions(const ClientHello& hello);
  Result<void> send_certificate_request();
  // Goes on with this credential. kept: what the ClientHello lies in, if it was kept; else empty.
  Result<ServerState> show(const HandshakeMessage& message, const ClientHello& hello, const Group& group,
                           const Credential& own, const Scheme& scheme, Buffer kept);
  // The flight up to what is to be signed with the credential that was taken. exchanged: as for send_hello.
  Result<ServerState> send_flight(const HandshakeMessage& message, const ClientHello& hello,
                                  const Group& group, const Scheme& scheme, Bytes exchanged);
  // The server's Finished, and its keys for application data.
  Result<ApplicationSecrets> finish(HandshakeSecrets secrets);

  const ServerConfig& config;
  // The client takes a pre-shared key with a fresh key exchange, such as a session that is resumed, and
  // without one, if the policy allows that.
  bool takes_tickets = false;
  bool takes_psk_alone = false;
  std::uint8_t tickets = 1;  // that it gets
  // For what comes after the handshake.
  HashSecret client_traffic, server_traffic, resumption_secret;
};

// A digest of what a second ClientHello may not change (RFC 9846 §4.1.2).
Result<crypto::Digest> digest_constant_parts(const crypto::HashAlgorithm& hash, Bytes client_hello);

}  // namespace ashlar::tls::tls13
