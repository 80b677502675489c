// SPDX-License-Identifier: Apache-2.0
// The client's hello and the server's flight that answers it, up to ServerHelloDone (RFC 5246 §7.4.1 to
// §7.4.5).
#include "extension/block.hpp"
#include "tls12/server.hpp"

namespace ashlar::tls::tls12 {

namespace {

bool offers_null_compression(const ClientHello& hello) {
  for (const std::uint8_t method : hello.compression_methods) {
    if (method == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<ServerState> ServerExpectsClientHello::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ClientHello hello, ClientHello::parse(input.message->body));
  const ServerConfig& config = handshake.config;
  const Policy& policy = handshake.policy();
  Engine& engine = handshake.engine;
  Negotiated& negotiated = handshake.negotiated();
  if (hello.version < ProtocolVersion::tls12) {
    // RFC 7507 §3: a client that could do better was made to fall back.
    return Error{
        hello.offers_fallback_scsv ? ErrorCode::inappropriate_fallback : ErrorCode::unsupported_version,
        Place::none, static_cast<std::uint32_t>(hello.version)};
  }
  if (!offers_null_compression(hello)) {
    return ErrorCode::null_compression_missing;
  }
  if (!hello.extended_master_secret && policy.require_extended_master_secret) {
    return ErrorCode::extended_master_secret_missing;
  }
  if (!engine.server_name.assign(bytes_of(hello.server_name))) {
    return ErrorCode::bad_server_name;
  }
  negotiated.version = ProtocolVersion::tls12;
  negotiated.server_name = text_of(engine.server_name.bytes());
  negotiated.extended_master_secret = hello.extended_master_secret;
  negotiated.secure_renegotiation = hello.has_renegotiation_info;
  engine.version_fixed = true;
  handshake.client_version = static_cast<std::uint16_t>(hello.version);
  copy_bytes(handshake.client_random, hello.random);
  if (!hello.alpn.empty() && !config.alpn.empty()) {
    negotiated.alpn = choose_protocol(config.alpn, hello.alpn);
    if (negotiated.alpn.empty()) {
      return ErrorCode::no_common_protocol;
    }
  }

  ASHLAR_CHECK(handshake.transcript.start(policy));
  Session session = handshake.find_session(hello);
  if (!session.id.empty()) {
    // RFC 7627 §5.3: a session with extended master secret is not continued without it.
    if (!hello.extended_master_secret) {
      return ErrorCode::extended_master_secret_missing;
    }
    negotiated.suite = policy.suite(session.suite);
    negotiated.encrypt_then_mac =
        hello.encrypt_then_mac && negotiated.suite->cipher->encrypt_then_mac != nullptr;
    negotiated.resumed = true;
    negotiated.client_authenticated = session.client_authenticated;
    ASHLAR_CHECK(handshake.remember_session_id(session.id.bytes()));
    handshake.accept(*input.message);
    handshake.tell_secret(false, SecretKind::client_random, handshake.client_random);
    ASHLAR_CHECK(handshake.send_server_hello(hello));
    return handshake.resume(std::move(session));
  }

  ASHLAR_TRY(const Choice choice, handshake.choose(hello));
  handshake.credential = choice.credential;
  negotiated.suite = choice.suite;
  negotiated.encrypt_then_mac = hello.encrypt_then_mac && choice.suite->cipher->encrypt_then_mac != nullptr;
  negotiated.group = choice.group;
  negotiated.server_scheme = choice.scheme;
  handshake.accept(*input.message);
  handshake.tell_secret(false, SecretKind::client_random, handshake.client_random);
  if (!handshake.asks_for_certificate()) {
    handshake.transcript.keep_only(*choice.suite->prf_hash);
  }
  // Without extended master secret a session is not resumed (RFC 7627 §5.4), and so gets no id.
  if (config.sessions != nullptr && hello.extended_master_secret) {
    std::uint8_t id[kMaxSessionIdSize];
    ASHLAR_CHECK(engine.settings.random.fill(id));
    ASHLAR_CHECK(handshake.remember_session_id(id));
  }
  ASHLAR_CHECK(handshake.send_server_hello(hello));
  ASHLAR_CHECK(handshake.send_certificate(handshake.own().chain));
  if (choice.group == nullptr) {
    return handshake.finish_flight({});
  }

  ServerSignsServerKeyExchange next;
  next.scheme = choice.scheme;
  next.share.resize(choice.group->key_share_size);
  ASHLAR_CHECK(choice.group->generate(engine.settings.random, next.ephemeral, next.share.bytes_mut()));
  ServerKeyExchange exchange;
  exchange.group = choice.group->id;
  exchange.key_share = next.share.bytes();
  std::uint8_t storage[4 + kMaxKeyShareSize];
  Writer params{MutBytes(storage)};
  exchange.build_params(params);
  ASHLAR_TRY(const Bytes signed_params, params.finish());
  crypto::Hash hash(*choice.scheme->algorithm->hash);
  hash.update(handshake.client_random).update(handshake.server_random).update(signed_params);
  next.digest.size = hash.finish(next.digest.storage).size();
  return ServerState(std::move(next));
}

Result<void> ServerHandshake::send_server_hello(const ClientHello& client) {
  ASHLAR_CHECK(engine.settings.random.fill(server_random));
  ServerHello hello;
  hello.version = ProtocolVersion::tls12;
  hello.random = server_random;
  hello.session_id = engine.session_id.bytes();
  hello.suite = suite().id;
  answer_extensions({client, negotiated()}, hello);
  ASHLAR_CHECK(
      send(HandshakeType::server_hello, kMaxHelloSize, [&](Writer& writer) { hello.build(writer); }));
  tell_secret(true, SecretKind::server_random, server_random);
  return {};
}

PrivateKeyRequest ServerSignsServerKeyExchange::request(const ServerHandshake& handshake) const {
  return {PrivateKeyRequest::Kind::sign, handshake.credential, scheme->algorithm, digest.bytes(), 0};
}

Result<ServerState> ServerSignsServerKeyExchange::handle(ServerHandshake& handshake, const Input& input) {
  ServerKeyExchange exchange;
  exchange.group = handshake.negotiated().group->id;
  exchange.key_share = share.bytes();
  exchange.scheme = scheme->id;
  exchange.signature = input.answer;
  ASHLAR_CHECK(handshake.send(HandshakeType::server_key_exchange, kMaxKeyExchangeSize,
                              [&](Writer& writer) { exchange.build(writer); }));
  return handshake.finish_flight(std::move(ephemeral));
}

Result<ServerState> ServerHandshake::finish_flight(EphemeralKey ephemeral) {
  const auto done = [this] {
    return send(HandshakeType::server_hello_done, 0, [](Writer& writer) { ServerHelloDone{}.build(writer); });
  };
  if (!asks_for_certificate()) {
    ASHLAR_CHECK(done());
    return ServerState(ServerExpectsClientKeyExchange{std::move(ephemeral)});
  }
  // The names of the issuers that are acceptable, as a vector of vectors.
  std::size_t size = 0;
  for (const Bytes& name : config.client_ca_names) {
    size += 2 + name.size();
  }
  Buffer authorities(engine.allocation().memory);
  ASHLAR_CHECK(authorities.reserve(size));
  Writer names(authorities.room());
  for (const Bytes& name : config.client_ca_names) {
    auto vector = names.u16_scope();
    names.bytes(name);
  }
  ASHLAR_TRY(const Bytes names_list, names.finish());
  std::uint8_t storage[2 * kMaxSchemes];
  Writer room{MutBytes(storage)};
  constexpr std::uint8_t kTypes[] = {1, 64};  // rsa_sign, ecdsa_sign
  CertificateRequest request;
  request.certificate_types = kTypes;
  request.signature_algorithms = list_ids(policy().schemes, room);
  ASHLAR_CHECK(room.finish());
  request.certificate_authorities = names_list;
  ASHLAR_CHECK(
      send(HandshakeType::certificate_request, 128 + size, [&](Writer& writer) { request.build(writer); }));
  negotiated().client_certificate_requested = true;
  ASHLAR_CHECK(done());
  return ServerState(ServerExpectsCertificate{std::move(ephemeral)});
}

}  // namespace ashlar::tls::tls12
