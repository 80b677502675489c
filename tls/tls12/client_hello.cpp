// SPDX-License-Identifier: Apache-2.0
// The client's hello and the server's answer to it (RFC 5246 §7.4.1).
#include "extension/block.hpp"
#include "tls12/client.hpp"

namespace ashlar::tls::tls12 {

namespace {

// The config's own copy of a protocol's name, which outlives the message; empty if it is not there.
std::string_view find_protocol(std::span<const std::string_view> protocols, std::string_view protocol) {
  for (const std::string_view each : protocols) {
    if (each == protocol) {
      return each;
    }
  }
  return {};
}

}  // namespace

Result<void> ClientHandshake::start(std::string_view server, const Session* session) {
  ASHLAR_CHECK(transcript.start(policy()));
  ASHLAR_CHECK(engine.settings.random.fill(client_random));
  if (server.empty()) {
    return ErrorCode::bad_server_name;
  }
  if (!name.assign(bytes_of(server))) {
    return ErrorCode::bad_server_name;
  }
  const std::string_view host = host_name_of(text_of(name.bytes()));
  ASHLAR_CHECK(engine.server_name.assign(bytes_of(host)));
  negotiated().server_name = text_of(engine.server_name.bytes());

  std::uint8_t storage[1024];
  Writer room{MutBytes(storage)};
  constexpr std::uint8_t kNullCompression[] = {0};
  ClientHello hello;
  hello.version = ProtocolVersion::tls12;
  hello.random = client_random;
  hello.cipher_suites = list_ids(policy().suites, room);
  hello.compression_methods = kNullCompression;

  ClientExpectsServerHello next;
  ASHLAR_TRY(next.offered_extensions,
             offer_extensions({policy(), negotiated().server_name, config.alpn, room}, hello));
  ASHLAR_CHECK(room.finish());
  // The session is bound to the server's name and to who judged its certificate (H09).
  if (session != nullptr &&
      session_fits(*session, policy(), now(), text_of(name.bytes()), config.verifier.id) &&
      (session->alpn.empty() || !find_protocol(config.alpn, text_of(session->alpn.bytes())).empty())) {
    next.offered = session->clone();
    hello.session_id = next.offered.id.bytes();
  }
  ASHLAR_CHECK(
      send(HandshakeType::client_hello, kMaxHelloSize, [&](Writer& writer) { hello.build(writer); }));
  tell_secret(true, SecretKind::client_random, client_random);
  state = std::move(next);
  return {};
}

// What the server chose must be among what was offered (H04).
Result<ClientState> ClientExpectsServerHello::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ServerHello hello, ServerHello::parse(input.message->body));
  const Policy& policy = handshake.policy();
  Negotiated& negotiated = handshake.negotiated();
  if (hello.version != ProtocolVersion::tls12) {
    return Error{ErrorCode::unsupported_version, Place::none, static_cast<std::uint32_t>(hello.version)};
  }
  const CipherSuite* suite = policy.suite(hello.suite);
  if (suite == nullptr) {
    return Error{ErrorCode::suite_not_offered, Place::none, static_cast<std::uint32_t>(hello.suite)};
  }
  if (!hello.has_renegotiation_info) {
    return ErrorCode::renegotiation_info_bad;
  }
  ASHLAR_CHECK(check_offered(hello.extensions, offered_extensions));
  const std::string_view protocol = find_protocol(handshake.config.alpn, hello.alpn);
  if (!hello.alpn.empty() && protocol.empty()) {
    return unsolicited(ExtensionType::application_layer_protocol_negotiation);
  }
  if (!hello.extended_master_secret && policy.require_extended_master_secret) {
    return ErrorCode::extended_master_secret_missing;
  }
  if (hello.encrypt_then_mac && suite->cipher->encrypt_then_mac == nullptr) {
    return unsolicited(ExtensionType::encrypt_then_mac);
  }
  negotiated.version = hello.version;
  negotiated.encrypt_then_mac = hello.encrypt_then_mac;
  negotiated.suite = suite;
  negotiated.extended_master_secret = hello.extended_master_secret;
  negotiated.secure_renegotiation = true;
  negotiated.resumed = !offered.id.empty() && equal_public(offered.id.bytes(), hello.session_id);
  ASHLAR_CHECK(handshake.remember_session_id(hello.session_id));
  negotiated.alpn = protocol;
  copy_bytes(handshake.server_random, hello.random);
  handshake.engine.version_fixed = true;
  if (negotiated.resumed) {
    const bool same = offered.suite == hello.suite &&
                      offered.extended_master_secret == hello.extended_master_secret &&
                      equal_public(offered.alpn.bytes(), bytes_of(hello.alpn));
    if (!same) {
      return ErrorCode::session_mismatch;
    }
    negotiated.client_authenticated = offered.client_authenticated;
  }
  if (handshake.config.credential == nullptr) {
    // No CertificateVerify will need another hash.
    handshake.transcript.keep_only(*suite->prf_hash);
  }
  handshake.accept(*input.message);
  handshake.tell_secret(false, SecretKind::server_random, handshake.server_random);
  if (negotiated.resumed) {
    PendingKeys keys;
    keys.master_secret = MasterSecret(offered.master_secret.reveal());
    handshake.transcript.keep_only(*suite->prf_hash);
    handshake.expand_keys(keys);
    handshake.engine.session = std::move(offered);
    return ClientState(ClientExpectsChangeCipherSpec{std::move(keys)});
  }
  return ClientState(ClientExpectsCertificate{});
}

}  // namespace ashlar::tls::tls12
