// SPDX-License-Identifier: Apache-2.0
// Events, told as they happen. The trace view, the key log and the tests' transcripts are all made from them.
#pragma once

#include <ashlar/tls/registry.hpp>

#include <variant>

namespace ashlar::tls {

enum class Direction : std::uint8_t { sent, received };  // as this side sees it

// The four phases of the full handshake (hello, server's keys, client's keys, finish), then data.
enum class Phase : std::uint8_t {
  hello = 1,
  server_authentication = 2,
  client_key_exchange = 3,
  finish = 4,
  data = 5
};

// What has been agreed so far. A field is set when a message decides it. Rows are the policy's. Texts and
// bytes live as long as the connection, and `alpn` as long as its config.
struct Negotiated {
  ProtocolVersion version{};
  // What the server shows, and what the client does if it is asked (RFC 7250). With a session that is
  // resumed: what was shown when it was made.
  CertificateType server_certificate_type = CertificateType::x509;
  CertificateType client_certificate_type = CertificateType::x509;
  const CipherSuite* suite = nullptr;
  const Group* group = nullptr;           // none with RSA key transport
  const Scheme* server_scheme = nullptr;  // the server's signature
  const Scheme* client_scheme = nullptr;  // the client's
  std::string_view alpn;                  // empty: none
  std::string_view server_name;           // what the client asked for; empty: nothing
  std::span<const std::uint8_t> session_id;
  bool resumed = false;
  bool extended_master_secret = false;  // if not, the session is not resumed
  bool encrypt_then_mac = false;        // CBC suites only (RFC 7366)
  bool secure_renegotiation = false;
  bool client_certificate_requested = false;
  bool client_authenticated = false;
  bool retried = false;  // a HelloRetryRequest was sent (TLS 1.3)
  // The server takes early data: what arrives as such may be a replay of what it has had before.
  bool early_data = false;
  // A pre-shared key from outside authenticates both sides, in this handshake or in the one that is resumed.
  // Its identity is any bytes of the client's, known to the server or not while the handshake is not done.
  bool by_psk = false;
  std::span<const std::uint8_t> psk_identity;
};

// A whole handshake message was sent, or was received and accepted by the state that expected
// it.
struct MessageEvent {
  HandshakeType type;
  Bytes body;  // without the four-byte header; valid during the call only
};
// A ChangeCipherSpec: the keys of this direction change here.
struct ChangeCipherSpecEvent {};
struct AlertEvent {
  AlertLevel level;
  Alert alert;
};
struct RecordEvent {  // a record was sealed or opened
  ContentType type;
  ProtocolVersion version;
  std::uint64_t sequence_number;
  std::size_t plaintext_size;
  std::size_t wire_size;     // with the header
  std::size_t padding_size;  // CBC: the length byte included; TLS 1.3: zeros behind the content type
  std::size_t mac_size;      // MAC or tag
  std::uint16_t key_epoch;   // 0: no keys yet; 1: those of the handshake that was finished
};
enum class SecretKind : std::uint8_t {  // which secret an event tells
  client_random,
  server_random,
  premaster_secret,
  session_hash,  // with extended master secret: hash of the messages up to ClientKeyExchange (RFC 7627 §3)
  master_secret,
  key_block,  // is cut into the six values that follow, in this order (RFC 5246 §6.3)
  client_mac_key,
  server_mac_key,
  client_key,
  server_key,
  client_iv,
  server_iv,
  client_finished_hash,
  server_finished_hash,
  client_verify_data,
  server_verify_data,
  // TLS 1.3 (RFC 9846 §7.1).
  early_secret,
  client_early_traffic_secret,
  early_exporter_secret,
  handshake_secret,
  client_handshake_traffic_secret,
  server_handshake_traffic_secret,
  client_application_traffic_secret,
  server_application_traffic_secret,
  exporter_secret,
  resumption_secret,
};
// Such as "master secret".
std::string_view name(SecretKind kind);
// A secret was made. Told only if the sink asks for secrets.
struct SecretEvent {
  SecretKind kind;
  Bytes value;  // valid during the call only
};
struct ErrorEvent {  // this error ends the connection
  Error error;
};
struct HandshakeDoneEvent {};

// One event. It, and what it points to, is valid during the call only.
struct Event {
  Direction direction;
  Phase phase;
  std::uint64_t time;  // of Clock::monotonic_nanoseconds
  const Negotiated& negotiated;
  std::variant<MessageEvent, ChangeCipherSpecEvent, AlertEvent, RecordEvent, SecretEvent, ErrorEvent,
               HandshakeDoneEvent>
      what;
};

// The function that events are told to, or null. Records and secrets are told only if asked for. `context`
// must outlive the connections.
struct EventSink {
  void (*event)(void* context, const Event& event) = nullptr;
  void* context = nullptr;
  bool records = false;
  bool secrets = false;
};

}  // namespace ashlar::tls
