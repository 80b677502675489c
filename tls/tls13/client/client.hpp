// SPDX-License-Identifier: Apache-2.0
// The client's handshake. Each state is a struct that owns what is secret in it; its handle() takes the one
// kind of input that the state expects (transitions.hpp) and returns the state that follows.
#pragma once

#include "hello/certificate_types.hpp"
#include "hello/versions.hpp"
#include "tls13/handshake.hpp"

namespace ashlar::tls::tls13 {

struct ClientHandshake;
using ClientConnected = Connected<State::client_connected>;
using ClientState = OneOf<struct ClientExpectsServerHello, struct ClientExpectsSecondServerHello,
                          struct ClientExpectsEncryptedExtensions, struct ClientExpectsCertificateRequest,
                          struct ClientExpectsCertificate, struct ClientExpectsCertificateVerify,
                          struct ClientExpectsFinished, struct ClientChoosesCredential,
                          struct ClientSignsCertificateVerify, ClientConnected>;

struct ClientExpectsServerHello {
  static constexpr State kState = State::client_expects_server_hello;
  SentHello sent;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsSecondServerHello {
  static constexpr State kState = State::client_expects_second_server_hello;
  SentHello sent;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsEncryptedExtensions {
  static constexpr State kState = State::client_expects_encrypted_extensions;
  HandshakeSecrets secrets;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsCertificateRequest {
  static constexpr State kState = State::client_expects_certificate_request;
  HandshakeSecrets secrets;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsCertificate {
  static constexpr State kState = State::client_expects_certificate;
  HandshakeSecrets secrets;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsCertificateVerify {
  static constexpr State kState = State::client_expects_certificate_verify;
  HandshakeSecrets secrets;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientExpectsFinished {
  static constexpr State kState = State::client_expects_finished;
  HandshakeSecrets secrets;

  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientChoosesCredential {
  static constexpr State kState = State::client_chooses_credential;
  ApplicationSecrets secrets;

  std::optional<CredentialRequest> request(const ClientHandshake& handshake) const;
  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientSignsCertificateVerify {
  static constexpr State kState = State::client_signs_certificate_verify;
  ApplicationSecrets secrets;
  const Scheme* scheme;
  Buffer message;  // what is signed, and its digest where the scheme has one
  crypto::Digest digest;

  PrivateKeyRequest request(const ClientHandshake& handshake) const;
  Result<ClientState> handle(ClientHandshake& handshake, const Input& input);
};

struct ClientHandshake : HandshakeOf<ClientHandshake, ClientState> {
  ClientHandshake(const Allocation& allocation, const Outbox& engine, const ClientConfig& given,
                  SentHello&& sent);

  Result<Next> step(const Input& input);

  // What both hellos of a server are held to (H04, H05).
  Result<void> check_hello(const SentHello& sent, const ServerHello& hello, Carrier carrier) const;
  // The answer to a HelloRetryRequest: the second ClientHello.
  Result<ClientState> retry(SentHello sent, const HandshakeMessage& message, const ServerHello& hello);
  // A ServerHello: the keys of the handshake come into use.
  Result<ClientState> begin(SentHello sent, const HandshakeMessage& message, const ServerHello& hello);
  // The server has chosen this key.
  Result<void> take_psk(const struct OfferedPsk& psk, const SentHello& sent);
  // Takes a Certificate of the server.
  Result<ClientState> take_certificate(HandshakeSecrets secrets, const HandshakeMessage& message);
  // Chooses the credential that answers the request; its scheme, or null if there is none.
  const Scheme* choose(const CertificateRequest& request);
  // Our flight: with a credential, without a certificate that was asked for, or without being asked.
  Result<ClientState> show(ApplicationSecrets secrets, const Credential& own, const Scheme& scheme);
  Result<ClientState> show_none(ApplicationSecrets secrets);
  Result<ClientState> finish(ApplicationSecrets secrets);

  // Early data that was offered with the session that is resumed: it is not refused, and under its keys is
  // what we send. What it was sent under.
  struct EarlyData {
    bool pending = false;
    const Suite* suite = nullptr;
    std::string_view alpn;
  };

  const ClientConfig& config;
  EarlyData early_data;
  BoundedBuffer<255> name;  // what the certificate must be for
  ExtensionSet offered;
  // The server's CertificateRequest, if there was one, and what it lies in.
  Buffer request_memory;
  Bytes request_body;
  // For what comes after the handshake.
  HashSecret client_traffic, server_traffic, resumption_secret;
};

}  // namespace ashlar::tls::tls13
