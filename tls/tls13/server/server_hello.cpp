// SPDX-License-Identifier: Apache-2.0
// The server's flight: ServerHello, EncryptedExtensions, CertificateRequest, Certificate and what its
// CertificateVerify signs (RFC 9846 §4.1.3, §4.3, §4.4).
#include "credential/credentials.hpp"
#include "hello/server_certificates.hpp"
#include "hello/variation.hpp"
#include "tls13/early_data.hpp"
#include "tls13/server/server.hpp"

namespace ashlar::tls::tls13 {

namespace {

struct Choice {
  const Credential* credential = nullptr;
  const Scheme* scheme = nullptr;
};

// The first of the candidates that signs what the client checks; if `named` is not empty, of those whose
// certificate is for this name.
Choice choose_among(const Policy& policy, const ClientHello& hello, Candidates candidates,
                    std::string_view named) {
  while (const Credential* const each = candidates.next()) {
    if (!takes_type(hello.server_certificate_types, each->type())) {
      continue;
    }
    const Scheme* const scheme = choose_scheme(policy, hello.signature_algorithms, *each);
    if (scheme != nullptr && (named.empty() || is_for(*each, named))) {
      return {each, scheme};
    }
  }
  return {};
}

Choice choose(const Policy& policy, const Credentials& credentials, const ClientHello& hello) {
  if (!hello.server_name.empty()) {
    const Choice named =
        choose_among(policy, hello, credentials.impl().for_name(hello.server_name), hello.server_name);
    if (named.credential != nullptr) {
      return named;
    }
  }
  return choose_among(policy, hello, credentials.impl().of_any_name(), {});
}

// Whether the client takes what some credential shows.
bool has_type_for(const Credentials& credentials, const ClientHello& hello) {
  Candidates rest = credentials.impl().of_any_name();
  while (const Credential* const each = rest.next()) {
    if (takes_type(hello.server_certificate_types, each->type())) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<ServerState> ServerHandshake::begin(const HandshakeMessage& message, const ClientHello& hello,
                                           const Group& group) {
  if (takes_tickets) {
    ASHLAR_TRY(const FoundPsk psk, find_psk(message, hello));
    if (psk.found()) {
      return begin_by_psk(message, hello, &group, psk);
    }
  }
  if (only_by_psk()) {
    return without_psk(hello);
  }
  if (hello.signature_algorithms.empty()) {
    return missing(ExtensionType::signature_algorithms);
  }
  if (config.ask_for_credential) {
    ASHLAR_TRY(Buffer memory, outbox.keep(message));
    return ServerState(ServerChoosesCredential{std::move(memory), message, &group});
  }
  const Choice choice = choose(policy(), *config.credentials, hello);
  if (choice.credential == nullptr) {
    return has_type_for(*config.credentials, hello) ? ErrorCode::no_common_scheme
                                                    : ErrorCode::no_common_certificate_type;
  }
  return show(message, hello, group, *choice.credential, *choice.scheme, Buffer(settings.memory));
}

Result<ServerState> ServerHandshake::begin_by_psk(const HandshakeMessage& message, const ClientHello& hello,
                                                  const Group* group, const FoundPsk& psk) {
  if (psk.resumed()) {
    negotiated().resumed = true;
    negotiated().client_authenticated = psk.session.client_authenticated;
    negotiated().server_certificate_type = psk.session.server_certificate_type;
    negotiated().client_certificate_type = psk.session.client_certificate_type;
    copy_bytes(peer_certificate_hash, psk.session.peer_certificate_hash);
    resumed_expires = psk.session.expires;
    if (psk.session.by_psk) {
      ASHLAR_CHECK(outcome.keep_psk_identity(psk.session.psk_identity.bytes()));
    }
  }
  negotiated().early_data = takes_early_data(hello, psk);
  ASHLAR_TRY(HandshakeSecrets secrets, send_hello(message, hello, group, &psk));
  ASHLAR_TRY(ApplicationSecrets next, finish(std::move(secrets)));
  if (negotiated().early_data) {
    outcome.early_data = EarlyDataStatus::accepted;
    return ServerState(ServerExpectsEndOfEarlyData{std::move(next), psk.session.max_early_data});
  }
  return ServerState(ServerExpectsFinished{std::move(next)});
}

std::optional<CredentialRequest> ServerChoosesCredential::request(const ServerHandshake& handshake) const {
  return credential_request(message.body, handshake.outcome.negotiated);
}

Result<ServerState> ServerChoosesCredential::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ClientHello hello, ClientHello::parse(message.body));
  if (input.credential == nullptr) {
    return hello.server_name.empty() ? ErrorCode::no_credential : ErrorCode::unrecognized_name;
  }
  handshake.provided.emplace(input.credential->share());
  if (!takes_type(hello.server_certificate_types, handshake.provided->type())) {
    return ErrorCode::no_common_certificate_type;
  }
  const Scheme* const scheme =
      choose_scheme(handshake.policy(), hello.signature_algorithms, *handshake.provided);
  if (scheme == nullptr) {
    return ErrorCode::no_common_scheme;
  }
  return handshake.show(message, hello, *group, *handshake.provided, *scheme, std::move(memory));
}

Result<HandshakeSecrets> ServerHandshake::send_hello(const HandshakeMessage& message,
                                                     const ClientHello& client, const Group* group,
                                                     const FoundPsk* psk, Bytes exchanged) {
  accept(message);
  HashSecret early_traffic;
  if (negotiated().early_data) {
    ASHLAR_TRY(const crypto::Digest so_far, transcript_hash());
    ASHLAR_TRY(early_traffic,
               derive_early_traffic_secret(outbox, hash(), psk->secret.reveal(), so_far.bytes()));
  }
  negotiated().group = group;
  Buffer share(settings.memory);
  SecretBuffer<kMaxSharedSecretSize> shared;
  if (group != nullptr) {
    ASHLAR_CHECK(share.reserve(group->response_share_size));
    share.commit(group->response_share_size);
    shared.resize(group->secret_size);
    if (exchanged.empty()) {
      ASHLAR_CHECK(group->respond(settings.random, find_key_share(client.key_shares, group->id),
                                  share.bytes_mut(), shared.reveal_mut()));
    } else {
      copy_bytes(share.bytes_mut(), exchanged.first(group->response_share_size));
      copy_bytes(shared.reveal_mut(), exchanged.last(group->secret_size));
    }
  }
  ASHLAR_CHECK(settings.random.fill(server_random));
  ServerHello hello;
  hello.version = ProtocolVersion::tls12;
  hello.random = server_random;
  hello.session_id = outcome.session_id.bytes();
  hello.suite = suite().id;
  hello.selected_version = ProtocolVersion::tls13;
  hello.has_key_share = group != nullptr;
  hello.key_share_group = group != nullptr ? group->id : GroupId{};
  hello.key_share = share.bytes();
  hello.has_pre_shared_key = psk != nullptr;
  hello.selected_identity = psk != nullptr ? psk->index : std::uint16_t{0};
  ASHLAR_CHECK(send(HandshakeType::server_hello, kMaxHelloSize + share.size(),
                    [&](Writer& writer) { hello.build(writer); }));
  tell_secret(true, SecretKind::server_random, server_random);
  ASHLAR_TRY(HandshakeSecrets secrets,
             derive_handshake_secrets(psk != nullptr ? psk->secret.reveal() : Bytes(), shared.reveal()));
  ASHLAR_CHECK(send_change_cipher_spec());
  ASHLAR_CHECK(change_keys(Direction::sent, secrets.server_traffic));
  ASHLAR_CHECK(
      change_keys(Direction::received, negotiated().early_data ? early_traffic : secrets.client_traffic));
  if (client.early_data && !negotiated().early_data) {  // not of a second hello
    pass_over_early_data();
  }
  if (client.record_size_limit != 0) {
    // With the byte of the content type (RFC 8449 §4). A larger limit than there is is no limit.
    const std::size_t limit = client.record_size_limit - 1u;
    outcome.send_limit = static_cast<std::uint16_t>(limit < kMaxPlaintextSize ? limit : kMaxPlaintextSize);
  }
  ASHLAR_CHECK(send_encrypted_extensions(client));
  return Result<HandshakeSecrets>(std::move(secrets));
}

std::uint8_t ServerHandshake::count_tickets(const ClientHello& hello) const {
  if (resumption() == nullptr || !takes_tickets) {
    return 0;
  }
  if (!hello.has_ticket_request) {
    return 1;
  }
  const std::uint8_t wanted = negotiated().resumed ? hello.resumption_tickets : hello.new_session_tickets;
  return wanted < config.max_tickets ? wanted : config.max_tickets;
}

Result<void> ServerHandshake::send_encrypted_extensions(const ClientHello& client) {
  EncryptedExtensions message;
  message.acknowledges_server_name = !client.server_name.empty() && !negotiated().resumed;
  message.alpn = negotiated().alpn;
  message.early_data = negotiated().early_data;
  tickets = count_tickets(client);
  message.has_expected_tickets = client.has_ticket_request;
  message.expected_tickets = tickets;
  message.server_certificate_type =
      answered_type(client.server_certificate_types, negotiated().server_certificate_type);
  if (asks_for_certificate() && !negotiated().resumed) {
    message.client_certificate_type =
        answered_type(client.client_certificate_types, negotiated().client_certificate_type);
  }
  // A server of ours takes records of any size.
  message.record_size_limit = client.record_size_limit != 0 ? kMaxPlaintextSize + 1 : 0;
  return send(HandshakeType::encrypted_extensions, kMaxHelloSize,
              [&](Writer& writer) { message.build(writer); });
}

Result<void> ServerHandshake::send_certificate_request() {
  Buffer authorities(settings.memory);
  CertificateRequest request;
  if (config.grease) {
    ASHLAR_TRY(request.grease_extension, draw_grease(settings.random));
  }
  ASHLAR_TRY(request.certificate_authorities, list_authorities(config.client_ca_names, authorities));
  std::uint8_t storage[2 * kMaxSchemes + 254];
  Writer room{MutBytes(storage)};
  request.signature_algorithms = list_ids(policy().schemes, room);
  request.certificate_compressions = list_ids(policy().certificate_compressions, room);
  ASHLAR_CHECK(room.finish());
  ASHLAR_CHECK(send(HandshakeType::certificate_request, 384 + request.certificate_authorities.size(),
                    [&](Writer& writer) { request.build(writer); }));
  negotiated().client_certificate_requested = true;
  return {};
}

Result<ServerState> ServerHandshake::show(const HandshakeMessage& message, const ClientHello& hello,
                                          const Group& group, const Credential& own, const Scheme& scheme,
                                          Buffer kept) {
  credential = &own;
  negotiated().server_scheme = &scheme;
  negotiated().server_certificate_type = own.type();
  if (asks_for_certificate()) {
    ASHLAR_TRY(negotiated().client_certificate_type,
               choose_client_type(config, hello.client_certificate_types));
  }
  if (!settings.batch) {
    return send_flight(message, hello, group, scheme, {});
  }
  const Bytes peer_share = find_key_share(hello.key_shares, group.id);
  if (kept.empty()) {
    ASHLAR_TRY(kept, outbox.keep(message));
  }
  return ServerState(ServerExchangesKeys{std::move(kept), message, &group, &scheme, peer_share});
}

std::optional<KeyExchangeRequest> ServerExchangesKeys::request(const ServerHandshake&) const {
  return KeyExchangeRequest{group, peer_share};
}

Result<ServerState> ServerExchangesKeys::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ClientHello hello, ClientHello::parse(message.body));
  return handshake.send_flight(message, hello, *group, *scheme, input.bytes);
}

Result<ServerState> ServerHandshake::send_flight(const HandshakeMessage& message, const ClientHello& hello,
                                                 const Group& group, const Scheme& scheme, Bytes exchanged) {
  ASHLAR_TRY(HandshakeSecrets secrets, send_hello(message, hello, &group, nullptr, exchanged));
  if (asks_for_certificate()) {
    ASHLAR_CHECK(send_certificate_request());
  }
  ASHLAR_CHECK(send_certificate(credential, {hello.asks_for_status, hello.asks_for_timestamps},
                                hello.certificate_compressions));
  ServerSignsCertificateVerify next{std::move(secrets), &scheme, Buffer(settings.memory), {}};
  ASHLAR_CHECK(write_signed_content(true, next.message));
  next.digest = digest_for(scheme, next.message.bytes());
  return ServerState(std::move(next));
}

}  // namespace ashlar::tls::tls13
