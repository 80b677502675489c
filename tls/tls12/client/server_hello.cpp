// SPDX-License-Identifier: Apache-2.0
// The client takes the ServerHello (RFC 5246 §7.4.1.3).
#include "extension/block.hpp"
#include "hello/alpn.hpp"
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

namespace {

// What the server chose must be among what was offered (H04).
Result<void> check_choice(const ClientHandshake& handshake, ExtensionSet offered, const ServerHello& hello) {
  if (handshake.policy().suite(hello.suite) == nullptr) {
    return Error{ErrorCode::suite_not_offered, Place::none, static_cast<std::uint32_t>(hello.suite)};
  }
  if (!hello.has_renegotiation_info) {
    return ErrorCode::renegotiation_info_bad;
  }
  ASHLAR_CHECK(check_offered(hello.extensions, offered));
  if (!hello.alpn.empty() && find_protocol(handshake.config.alpn, hello.alpn).empty()) {
    return ErrorCode::protocol_not_offered;
  }
  if (!hello.extended_master_secret && handshake.policy().require_extended_master_secret) {
    return ErrorCode::extended_master_secret_missing;
  }
  return {};
}

// A resumed session keeps its suite, its protocol and its master secret.
Result<void> check_resumption(const Session& offered, const ServerHello& hello) {
  const bool same = offered.suite == hello.suite &&
                    offered.extended_master_secret == hello.extended_master_secret &&
                    equal_public(offered.alpn.bytes(), bytes_of(hello.alpn));
  return same ? Result<void>{} : ErrorCode::session_mismatch;
}

// Kinds of certificates, the messages that will follow, timestamps, and sizes of records.
Result<void> take_announcements(ClientHandshake& handshake, const ServerHello& hello) {
  ASHLAR_CHECK(
      handshake.take_types(hello.server_certificate_type, hello.client_certificate_type, handshake.config));
  handshake.ticket_announced = hello.gives_ticket;
  handshake.status_announced = hello.gives_status;
  if (handshake.key_exchange().by_psk() && hello.gives_status) {  // of no certificate
    return misplaced(ExtensionType::status_request).at(Place::server_hello_extensions);
  }
  if (!hello.timestamps.empty()) {
    ASHLAR_CHECK(handshake.outcome.keep_timestamps(hello.timestamps));
  }
  if (hello.record_size_limit > kMaxPlaintextSize) {
    return Error{ErrorCode::bad_record_size_limit, Place::server_hello_record_size_limit,
                 hello.record_size_limit};
  }
  if (hello.record_size_limit != 0) {
    handshake.outcome.send_limit = hello.record_size_limit;
    handshake.outcome.receive_limit = handshake.config.record_size_limit;
  }
  return {};
}

}  // namespace

Result<ClientState> ClientExpectsServerHello::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ServerHello hello, ServerHello::parse(input.message->body));
  ASHLAR_CHECK(check_choice(handshake, offered_extensions, hello));
  Negotiated& negotiated = handshake.negotiated();
  const Suite* suite = handshake.policy().suite(hello.suite);
  ASHLAR_TRY(negotiated.encrypt_then_mac, check_encrypt_then_mac(*suite, hello.encrypt_then_mac));
  negotiated.version = hello.version;
  negotiated.suite = suite;
  negotiated.extended_master_secret = hello.extended_master_secret;
  negotiated.secure_renegotiation = true;
  negotiated.resumed = !offered.id.empty() && equal_public(offered.id.bytes(), hello.session_id);
  ASHLAR_CHECK(handshake.remember_session_id(hello.session_id));
  negotiated.alpn = find_protocol(handshake.config.alpn, hello.alpn);
  copy_bytes(handshake.server_random, hello.random);
  if (negotiated.resumed) {
    ASHLAR_CHECK(check_resumption(offered, hello));
    negotiated.client_authenticated = offered.client_authenticated;
    negotiated.server_certificate_type = offered.server_certificate_type;
    negotiated.client_certificate_type = offered.client_certificate_type;
  }
  ASHLAR_CHECK(take_announcements(handshake, hello));
  const bool by_psk = handshake.key_exchange().by_psk();
  const bool may_sign = !negotiated.resumed && !by_psk &&
                        (handshake.config.credentials != nullptr || handshake.config.ask_for_credential);
  ASHLAR_CHECK(handshake.start_transcript(may_sign));
  handshake.transcript.add(client_hello.bytes());
  handshake.accept(*input.message);
  handshake.tell_secret(false, SecretKind::server_random, handshake.server_random);
  if (!negotiated.resumed) {
    return by_psk ? handshake.expect_key_exchange() : ClientState(ClientExpectsCertificate{});
  }
  PendingKeys keys;
  keys.master_secret = MasterSecret(offered.secret.reveal().first<48>());
  handshake.expand_keys(keys);
  handshake.resumed = std::move(offered);
  if (handshake.resumed.by_psk) {
    ASHLAR_CHECK(handshake.outcome.keep_psk_identity(handshake.resumed.psk_identity.bytes()));
  }
  return handshake.expect_end(std::move(keys));
}

}  // namespace ashlar::tls::tls12
