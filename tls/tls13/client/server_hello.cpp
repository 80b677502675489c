// SPDX-License-Identifier: Apache-2.0
// The client takes the ServerHello or the HelloRetryRequest (RFC 9846 §4.1.3, §4.1.4).
#include "hello/alpn.hpp"
#include "hello/client_hello.hpp"
#include "psk/psk.hpp"
#include "tls13/client/client.hpp"
#include "tls13/client/resumption.hpp"

namespace ashlar::tls::tls13 {

Result<void> ClientHandshake::check_hello(const SentHello& sent, const ServerHello& hello,
                                          Carrier carrier) const {
  ExtensionSet offers = sent.extensions;
  if (carrier == Carrier::hello_retry_request) {
    offers.add(row_number(ExtensionType::cookie));  // the one that a server begins with (§4.2)
  }
  ASHLAR_CHECK(check_offered(hello.extensions, offers));
  ASHLAR_CHECK(check_allowed(hello.extensions, carrier, Place::server_hello_extensions));
  if (hello.version != ProtocolVersion::tls12 || hello.selected_version != ProtocolVersion::tls13) {
    return Error{ErrorCode::unsupported_version, Place::none, static_cast<std::uint32_t>(hello.version)};
  }
  if (!equal_public(hello.session_id, sent.session_id.bytes())) {
    return ErrorCode::session_id_not_echoed;
  }
  if (policy().tls13_suite(hello.suite) == nullptr) {
    return Error{ErrorCode::suite_not_offered, Place::none, static_cast<std::uint32_t>(hello.suite)};
  }
  // What was begun with a HelloRetryRequest goes on with its suite.
  if (negotiated().retried && negotiated().suite->id != hello.suite) {
    return ErrorCode::second_hello_differs;
  }
  return {};
}

Result<ClientState> ClientExpectsServerHello::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ServerHello hello, ServerHello::parse(input.message->body));
  if (hello.is_retry()) {
    return handshake.retry(std::move(sent), *input.message, hello);
  }
  return handshake.begin(std::move(sent), *input.message, hello);
}

Result<ClientState> ClientExpectsSecondServerHello::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ServerHello hello, ServerHello::parse(input.message->body));
  if (hello.is_retry()) {  // one is enough (§4.1.4)
    return Error{ErrorCode::unexpected_message, Place::none,
                 static_cast<std::uint32_t>(HandshakeType::server_hello)};
  }
  return handshake.begin(std::move(sent), *input.message, hello);
}

Result<ClientState> ClientHandshake::retry(SentHello sent, const HandshakeMessage& message,
                                           const ServerHello& hello) {
  ASHLAR_CHECK(check_hello(sent, hello, Carrier::hello_retry_request));
  if (!hello.has_key_share && hello.cookie.empty()) {
    return ErrorCode::useless_retry;
  }
  const Group* group = nullptr;
  if (hello.has_key_share) {
    group = policy().group(hello.key_share_group);
    if (group == nullptr) {
      return Error{ErrorCode::group_not_offered, Place::none,
                   static_cast<std::uint32_t>(hello.key_share_group)};
    }
    if (sent.shares.has(hello.key_share_group)) {
      return ErrorCode::useless_retry;
    }
  }
  negotiated().version = ProtocolVersion::tls13;
  negotiated().suite = policy().tls13_suite(hello.suite);
  negotiated().retried = true;
  ASHLAR_CHECK(start_transcript());
  transcript.add(sent.message.bytes());
  transcript.replace_by_hash();
  accept(message);
  if (sent.early_data) {
    sent.early_data = false;
    outcome.early_data = EarlyDataStatus::refused;
    outbox.stop_protecting();
  }
  // The second hello is the first one but for these (§4.1.2).
  if (group != nullptr) {
    ASHLAR_CHECK(sent.shares.make(*group, false, policy(), settings.random));
  }
  ASHLAR_CHECK(sent.cookie.append(hello.cookie));
  sent.psk_hash = suite().hash;
  ASHLAR_CHECK(list_psks(config, outbox, sent));
  ASHLAR_CHECK(send_change_cipher_spec());
  ASHLAR_CHECK(send_client_hello(config, outbox, sent, &transcript));
  transcript.add(sent.message.bytes());
  return ClientState(ClientExpectsSecondServerHello{std::move(sent)});
}

// Who the server is, is known by the key.
Result<void> ClientHandshake::take_psk(const OfferedPsk& psk, const SentHello& sent) {
  if (psk.external != nullptr) {
    bind_psk(psk.external->identity(), psk.external->secret(), peer_certificate_hash);
    outcome.authenticate_by_psk(psk.external->identity());
    return {};
  }
  copy_bytes(peer_certificate_hash, sent.session.peer_certificate_hash);
  resumed_expires = sent.session.expires;
  negotiated().server_certificate_type = sent.session.server_certificate_type;
  negotiated().client_certificate_type = sent.session.client_certificate_type;
  return sent.session.by_psk ? outcome.keep_psk_identity(sent.session.psk_identity.bytes()) : Result<void>{};
}

Result<ClientState> ClientHandshake::begin(SentHello sent, const HandshakeMessage& message,
                                           const ServerHello& hello) {
  ASHLAR_CHECK(check_hello(sent, hello, Carrier::server_hello));
  const Suite* const chosen = policy().tls13_suite(hello.suite);
  // Without a fresh key exchange only by the policy, and only beside a pre-shared key (psk_ke).
  if (!hello.has_key_share && !(hello.has_pre_shared_key && policy().psk_without_key_exchange)) {
    return missing(ExtensionType::key_share);
  }
  const Group* const group = hello.has_key_share ? sent.shares.row_of(hello.key_share_group) : nullptr;
  if (hello.has_key_share && group == nullptr) {
    return Error{ErrorCode::group_not_offered, Place::none,
                 static_cast<std::uint32_t>(hello.key_share_group)};
  }
  if (!hello.has_pre_shared_key && !may_trust_otherwise(config)) {
    return missing(ExtensionType::pre_shared_key);  // a certificate would not do
  }
  const OfferedPsks offers = offered_psks(config, policy(), sent);
  const OfferedPsk* psk = nullptr;
  if (hello.has_pre_shared_key) {
    if (hello.selected_identity >= offers.size() || offers[hello.selected_identity].hash != chosen->hash) {
      return Error{ErrorCode::identity_not_offered, Place::none, hello.selected_identity};
    }
    psk = &offers[hello.selected_identity];
  }
  offered = sent.extensions;
  negotiated().version = ProtocolVersion::tls13;
  negotiated().suite = chosen;
  negotiated().group = group;
  negotiated().resumed = psk != nullptr && psk->external == nullptr;
  negotiated().extended_master_secret = true;  // what it does, the key schedule does always
  negotiated().client_authenticated = negotiated().resumed && sent.session.client_authenticated;
  ASHLAR_CHECK(remember_session_id(hello.session_id));
  copy_bytes(server_random, hello.random);
  if (!negotiated().retried) {
    ASHLAR_CHECK(start_transcript());
    transcript.add(sent.message.bytes());
  }
  accept(message);
  tell_secret(false, SecretKind::server_random, server_random);
  SecretBuffer<kMaxSharedSecretSize> shared;
  if (group != nullptr) {
    shared.resize(group->secret_size);
    ASHLAR_CHECK(sent.shares.finish(*group, hello.key_share, shared.reveal_mut()));
  }
  PskSecret psk_secret;
  if (psk != nullptr) {
    ASHLAR_CHECK(take_psk(*psk, sent));
    ASHLAR_TRY(psk_secret, secret_of(*psk, sent));
  }
  ASHLAR_TRY(HandshakeSecrets secrets, derive_handshake_secrets(psk_secret.reveal(), shared.reveal()));
  ASHLAR_CHECK(send_change_cipher_spec());
  ASHLAR_CHECK(change_keys(Direction::received, secrets.server_traffic));
  if (sent.early_data && negotiated().resumed) {  // its keys stay until we know what becomes of it
    early_data = {true, policy().tls13_suite(sent.session.suite),
                  find_protocol(config.alpn, text_of(sent.session.alpn.bytes()))};
    return ClientState(ClientExpectsEncryptedExtensions{std::move(secrets)});
  }
  if (sent.early_data) {
    outcome.early_data = EarlyDataStatus::refused;
  }
  ASHLAR_CHECK(change_keys(Direction::sent, secrets.client_traffic));
  return ClientState(ClientExpectsEncryptedExtensions{std::move(secrets)});
}

}  // namespace ashlar::tls::tls13
