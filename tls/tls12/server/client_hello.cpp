// SPDX-License-Identifier: Apache-2.0
// The server takes the ClientHello and answers it (RFC 5246 §7.4.1.2).
#include "extension/max_fragment_length.hpp"
#include "hello/alpn.hpp"
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

Result<ServerState> ServerExpectsClientHello::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ClientHello hello, ClientHello::parse(input.message->body));
  ASHLAR_CHECK(handshake.note(hello));
  if (Session session; handshake.find_session(hello, session)) {
    return handshake.resume(*input.message, hello, std::move(session));
  }
  if (handshake.config.ask_for_credential) {
    // Who has a pre-shared key needs no credential.
    if (const auto choice = handshake.choose_psk(hello)) {
      return handshake.begin(*input.message, hello, *choice);
    }
    ASHLAR_TRY(Buffer memory, handshake.outbox.keep(*input.message));
    return ServerState(ServerChoosesCredential{std::move(memory), *input.message});
  }
  ASHLAR_TRY(const Choice choice, handshake.choose(hello));
  return handshake.begin(*input.message, hello, choice);
}

Result<void> ServerHandshake::note(const ClientHello& hello) {
  if (!hello.extended_master_secret && policy().require_extended_master_secret) {
    return ErrorCode::extended_master_secret_missing;
  }
  ASHLAR_CHECK(outcome.server_name.append(bytes_of(hello.server_name)));
  negotiated().version = ProtocolVersion::tls12;
  negotiated().server_name = text_of(outcome.server_name.bytes());
  negotiated().extended_master_secret = hello.extended_master_secret;
  negotiated().secure_renegotiation = hello.has_renegotiation_info;
  client_version = static_cast<std::uint16_t>(hello.version);
  copy_bytes(client_random, hello.random);
  if (hello.record_size_limit != 0) {
    outcome.send_limit = hello.record_size_limit < kMaxPlaintextSize ? hello.record_size_limit
                                                                     : std::uint16_t{kMaxPlaintextSize};
  } else if (hello.max_fragment_length != 0) {
    const std::size_t limit = max_fragment_length(hello.max_fragment_length);
    outcome.send_limit = outcome.receive_limit = static_cast<std::uint16_t>(limit);
  }
  if (!hello.alpn.empty() && !config.alpn.empty()) {
    negotiated().alpn = choose_protocol(config.alpn, hello.alpn);
    if (negotiated().alpn.empty()) {
      return ErrorCode::no_common_protocol;
    }
  }
  return {};
}

// The full handshake: our flight up to the ServerHelloDone, or to the ServerKeyExchange that must be signed.
Result<ServerState> ServerHandshake::begin(const HandshakeMessage& message, const ClientHello& hello,
                                           const Choice& choice) {
  credential = choice.credential;
  negotiated().suite = choice.suite;
  negotiated().encrypt_then_mac = decide_encrypt_then_mac(*choice.suite, hello.encrypt_then_mac);
  negotiated().group = choice.group;
  negotiated().server_scheme = choice.scheme;
  if (credential != nullptr) {
    negotiated().server_certificate_type = credential->type();
  }
  if (asks_for_certificate()) {
    ASHLAR_TRY(negotiated().client_certificate_type,
               choose_client_type(config, hello.client_certificate_types));
  }
  ASHLAR_CHECK(start_transcript(asks_for_certificate()));
  accept(message);
  tell_secret(false, SecretKind::client_random, client_random);
  // Without extended master secret a session is not resumed (RFC 7627 §5.4), so it gets neither ticket nor
  // ID.
  gives_ticket = config.tickets != nullptr && hello.takes_tickets && hello.extended_master_secret;
  if (config.sessions != nullptr && !gives_ticket && hello.extended_master_secret) {
    std::uint8_t id[kMaxSessionIdSize];
    ASHLAR_CHECK(settings.random.fill(id));
    ASHLAR_CHECK(remember_session_id(id));
  }
  const Bytes status = hello.asks_for_status && credential != nullptr ? credential->ocsp_staple() : Bytes();
  gives_status = !status.empty();
  ASHLAR_CHECK(send_server_hello(hello));
  if (key_exchange().by_psk()) {
    return send_psk_parameters();
  }
  ASHLAR_CHECK(send_certificate(credential));
  if (gives_status) {
    const CertificateStatus message{status};
    ASHLAR_CHECK(send(HandshakeType::certificate_status, 1 + 3 + status.size(),
                      [&](Writer& writer) { message.build(writer); }));
  }
  if (!key_exchange().ephemeral) {
    return finish_flight(EphemeralKey(settings.memory));
  }
  return start_server_key_exchange(*choice.group, *choice.scheme);
}

}  // namespace ashlar::tls::tls12
