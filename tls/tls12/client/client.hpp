// SPDX-License-Identifier: Apache-2.0
// The client's handshake. Each state is a struct that owns its secrets. Its handle() takes the one kind of
// input that the state expects (transitions.hpp) and returns the next state.
#pragma once

#include "hello/certificate_types.hpp"
#include "hello/versions.hpp"
#include "tls12/handshake.hpp"

namespace ashlar::tls::tls12 {

struct ClientHandshake;
using ClientExpectsChangeCipherSpec =
    ExpectsChangeCipherSpec<State::client_expects_change_cipher_spec, struct ClientExpectsFinished>;
using ClientConnected = Connected<State::client_connected>;
using ClientState = OneOf<struct ClientExpectsServerHello, struct ClientExpectsCertificate,
                          struct ClientExpectsCertificateStatus, struct ClientExpectsServerKeyExchange,
                          struct ClientExpectsPskHint, struct ClientExpectsCertificateRequest,
                          struct ClientChoosesCredential, struct ClientExpectsServerHelloDone,
                          struct ClientSignsCertificateVerify, struct ClientExpectsNewSessionTicket,
                          ClientExpectsChangeCipherSpec, ClientExpectsFinished, ClientConnected>;

// The server's share of the group, in connection memory; empty if no ServerKeyExchange came.
using ServerShare = Buffer;

struct ClientExpectsServerHello {
  static constexpr State kState = State::client_expects_server_hello;
  Buffer client_hello;  // not in the transcript yet
  Session offered;      // its id is empty if there is none
  ExtensionSet offered_extensions;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsCertificate {
  static constexpr State kState = State::client_expects_certificate;
  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsCertificateStatus {
  static constexpr State kState = State::client_expects_certificate_status;
  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsServerKeyExchange {
  static constexpr State kState = State::client_expects_server_key_exchange;
  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsPskHint {
  static constexpr State kState = State::client_expects_psk_hint;
  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsCertificateRequest {
  static constexpr State kState = State::client_expects_certificate_request;
  ServerShare server_share;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientChoosesCredential {
  static constexpr State kState = State::client_chooses_credential;
  ServerShare server_share;
  Buffer memory;  // holds the CertificateRequest
  Bytes body;

  std::optional<CredentialRequest> request(const ClientHandshake& handshake) const;
  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsServerHelloDone {
  static constexpr State kState = State::client_expects_server_hello_done;
  ServerShare server_share;
  const Scheme* scheme;  // for our CertificateVerify; null if no certificate of ours suits the request

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientSignsCertificateVerify {
  static constexpr State kState = State::client_signs_certificate_verify;
  PendingKeys keys;
  const Scheme* scheme;
  crypto::Digest digest;

  PrivateKeyRequest request(const ClientHandshake& handshake) const;
  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsNewSessionTicket {
  static constexpr State kState = State::client_expects_new_session_ticket;
  PendingKeys keys;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsFinished {
  static constexpr State kState = State::client_expects_finished;
  PendingKeys keys;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientHandshake : HandshakeOf<ClientHandshake, ClientState> {
  ClientHandshake(const Allocation& allocation, const Outbox& engine, const ClientConfig& given,
                  SentHello&& sent);

  Result<Next> step(const Input& input);
  // Who judged the server.
  std::uint64_t trust_id() const {
    return judge_of(config, outcome.negotiated.server_certificate_type).value_or(0);
  }
  // Chooses the credential that answers the request. Returns its scheme for the CertificateVerify, or null if
  // no credential fits.
  const Scheme* choose(const CertificateRequest& request);
  // Sends the second flight, from our Certificate to our ClientKeyExchange and what comes after it.
  Result<ClientState> answer(const ServerShare& server_share, const Scheme* scheme);
  // Sends the ClientKeyExchange; the keys follow from it.
  Result<PendingKeys> send_client_key_exchange(const ServerShare& server_share);
  Result<ClientState> finish(PendingKeys keys);
  // Takes a ServerKeyExchange of an exchange with a pre-shared key: chooses the key by its hint, and notes
  // the share if there is one.
  Result<ClientState> take_psk_parameters(const HandshakeMessage& message);
  Result<void> choose_psk(Bytes hint);
  // The state after the server's certificate and what came with it, or after its hello if it shows none.
  ClientState expect_key_exchange() const;
  // The state in which the server's last flight is awaited, with the ticket if one was announced.
  ClientState expect_end(PendingKeys keys) const;
  // Keeps the session to resume later, if there is one.
  Result<void> keep_session(const PendingKeys& keys);

  const ClientConfig& config;
  BoundedBuffer<255> name;  // what the certificate must be for
  Session resumed;
  const PreSharedKey* psk = nullptr;  // the one that is used
  bool ticket_announced = false;
  bool status_announced = false;
  Buffer ticket;  // the server's new one; empty: none
  std::uint32_t ticket_lifetime = 0;
};

}  // namespace ashlar::tls::tls12
