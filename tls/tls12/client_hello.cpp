// SPDX-License-Identifier: Apache-2.0
// The client's hello and the server's answer to it (RFC 5246 §7.4.1).
#include "server_name.hpp"
#include "tls12/client.hpp"

namespace ashlar::tls::tls12 {

namespace {

// Registry numbers as the wire has them, from the rows of a policy.
template <class Row, std::size_t Capacity>
Result<void> write_ids(std::span<const Row* const> rows, BoundedBuffer<Capacity>& out) {
  for (const Row* row : rows) {
    const auto id = static_cast<std::uint16_t>(row->id);
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)};
    ASHLAR_CHECK(out.append(bytes));
  }
  return {};
}

Result<void> write_protocols(std::span<const std::string_view> protocols, BoundedBuffer<512>& out) {
  for (const std::string_view protocol : protocols) {
    if (protocol.empty() || protocol.size() > 255) {
      return ErrorCode::invalid_argument;
    }
    const std::uint8_t size[] = {static_cast<std::uint8_t>(protocol.size())};
    ASHLAR_CHECK(out.append(size));
    ASHLAR_CHECK(out.append(bytes_of(protocol)));
  }
  return {};
}

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

  BoundedBuffer<128> suites;
  BoundedBuffer<64> groups;
  BoundedBuffer<2 * kMaxSchemes> schemes;
  BoundedBuffer<512> protocols;
  ASHLAR_CHECK(write_ids(policy().suites, suites));
  ASHLAR_CHECK(write_ids(policy().groups, groups));
  ASHLAR_CHECK(write_ids(policy().schemes, schemes));
  ASHLAR_CHECK(write_protocols(config.alpn, protocols));

  ClientHello hello;
  hello.version = ProtocolVersion::tls12;
  hello.random = client_random;
  hello.cipher_suites = suites.bytes();
  constexpr std::uint8_t kNullCompression[] = {0};
  hello.compression_methods = kNullCompression;
  hello.has_extensions = true;
  hello.server_name = negotiated().server_name;
  hello.supported_groups = groups.bytes();
  hello.has_ec_point_formats = !groups.empty();
  hello.offers_uncompressed_points = !groups.empty();
  hello.signature_algorithms = schemes.bytes();
  hello.alpn = protocols.bytes();
  hello.extended_master_secret = true;
  for (const CipherSuite* suite : policy().suites) {
    hello.encrypt_then_mac = hello.encrypt_then_mac || suite->cipher->encrypt_then_mac != nullptr;
  }
  hello.has_renegotiation_info = true;

  ClientExpectsServerHello next;
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
  if (hello.acknowledges_server_name && negotiated.server_name.empty()) {
    return Error{ErrorCode::unsolicited_extension, Place::none,
                 static_cast<std::uint32_t>(ExtensionType::server_name)};
  }
  const std::string_view protocol = find_protocol(handshake.config.alpn, hello.alpn);
  if (!hello.alpn.empty() && protocol.empty()) {
    return Error{ErrorCode::unsolicited_extension, Place::none,
                 static_cast<std::uint32_t>(ExtensionType::application_layer_protocol_negotiation)};
  }
  if (!hello.extended_master_secret && policy.require_extended_master_secret) {
    return ErrorCode::extended_master_secret_missing;
  }
  if (hello.encrypt_then_mac && suite->cipher->encrypt_then_mac == nullptr) {
    return Error{ErrorCode::unsolicited_extension, Place::none,
                 static_cast<std::uint32_t>(ExtensionType::encrypt_then_mac)};
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
