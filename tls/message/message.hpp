// SPDX-License-Identifier: Apache-2.0
// The handshake messages of TLS 1.2 (RFC 5246 §7.4): one struct each, and one file each with its parser and
// its builder. A parsed message points into the body that it was read from. A builder writes the body;
// handshake_scope writes the header before it. Parsers judge structure: exact lengths, bounds, duplicates,
// values that are never allowed. The handshake's states judge whether a value fits what was offered.
#pragma once

#include <ashlar/base/bounded.hpp>
#include <ashlar/base/reader.hpp>
#include <ashlar/base/writer.hpp>
#include <ashlar/x509/verify.hpp>

#include "extension/set.hpp"
#include "message/types.hpp"

#include <optional>

namespace ashlar::tls {

inline constexpr std::size_t kHandshakeHeaderSize = 4;
inline constexpr std::size_t kRandomSize = 32;
inline constexpr std::size_t kVerifyDataSize = 12;
inline constexpr std::size_t kMaxCertificates = 1 + x509::kMaxCandidates;

struct HandshakeMessage {
  HandshakeType type;
  Bytes body;
  Bytes whole;  // with the header: what the transcript hashes
};
// The message at the front of `buffered`; nothing while bytes of it are missing. Its type and length are
// checked as soon as the header is there (T10).
Result<std::optional<HandshakeMessage>> next_handshake_message(Bytes buffered);

// Writes the header of a message. The body is written next; the length is filled in when the scope ends.
[[nodiscard]] Writer::Scope handshake_scope(Writer& writer, HandshakeType type);

// Each extension comes at most once (H15). Unknown ones are ignored, however many there are.
struct ClientHello {
  ProtocolVersion version{};
  Bytes random;         // 32 bytes
  Bytes session_id;     // 0 to 32 bytes
  Bytes cipher_suites;  // pairs of bytes, at least one
  Bytes compression_methods;
  bool has_extensions = false;

  std::string_view server_name;  // the host_name; empty if absent
  Bytes supported_groups;        // pairs of bytes; empty if absent
  Bytes signature_algorithms;    // pairs of bytes; empty if absent
  Bytes alpn;                    // the ProtocolNameList's content; empty if absent
  bool has_ec_point_formats = false;
  bool offers_uncompressed_points = false;
  bool extended_master_secret = false;
  bool encrypt_then_mac = false;        // RFC 7366
  bool has_renegotiation_info = false;  // the extension or the SCSV; build writes the extension
  bool offers_fallback_scsv = false;
  bool takes_tickets = false;  // RFC 5077
  Bytes session_ticket;        // the one shown; empty: none
  bool asks_for_status = false;
  bool asks_for_timestamps = false;
  std::uint8_t max_fragment_length = 0;  // 1 to 4; 0: absent
  std::uint16_t record_size_limit = 0;   // at least 64; 0: absent
  // CertificateTypes (RFC 7250), one byte each; empty if absent: X.509 alone.
  Bytes client_certificate_types;
  Bytes server_certificate_types;

  // TLS 1.3 (RFC 9846 §4.2). Lists are contents of vectors, empty if absent.
  Bytes supported_versions;  // pairs of bytes
  bool has_key_share = false;
  Bytes key_shares;  // KeyShareEntries; may be empty where the extension is there
  Bytes cookie;
  Bytes psk_key_exchange_modes;
  Bytes signature_algorithms_cert;  // pairs of bytes
  Bytes certificate_authorities;    // Names with 2-byte lengths
  bool early_data = false;
  bool has_ticket_request = false;
  std::uint8_t new_session_tickets = 0;  // how many are wanted
  std::uint8_t resumption_tickets = 0;   // and if a session is resumed
  Bytes certificate_compressions;        // pairs of bytes
  Bytes identities;                      // PskIdentities
  Bytes binders;                         // as many, each after its length; they end the message

  // For build alone: two extensions that mean nothing (RFC 8701), or 0, and the order of the table's rows,
  // the last of which stays the last; empty: the table's.
  std::uint16_t grease_extensions[2] = {};
  Bytes extension_order;

  static Result<ClientHello> parse(Bytes body);
  void build(Writer& writer) const;
  bool offers(SuiteId suite) const;
  bool offers(GroupId group) const;
  bool offers(SchemeId scheme) const;
};

// The random value that makes a ServerHello a HelloRetryRequest: SHA-256 of "HelloRetryRequest".
inline constexpr std::uint8_t kHelloRetryRequest[kRandomSize] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

struct ServerHello {
  ProtocolVersion version{};
  Bytes random;
  Bytes session_id;
  SuiteId suite{};
  bool extended_master_secret = false;
  bool encrypt_then_mac = false;  // only if it was offered, and only with a CBC suite
  bool has_renegotiation_info = false;
  bool has_ec_point_formats = false;
  bool acknowledges_server_name = false;
  bool gives_ticket = false;  // a NewSessionTicket follows
  bool gives_status = false;  // a CertificateStatus follows
  Bytes timestamps;           // content of the SignedCertificateTimestampList; empty: absent
  std::uint8_t max_fragment_length = 0;
  std::uint16_t record_size_limit = 0;
  std::string_view alpn;  // the one protocol chosen; empty if absent
  std::optional<CertificateType> client_certificate_type;
  std::optional<CertificateType> server_certificate_type;

  // TLS 1.3.
  ProtocolVersion selected_version{};  // 0 if absent
  bool has_key_share = false;
  GroupId key_share_group{};
  Bytes key_share;  // empty in a HelloRetryRequest
  Bytes cookie;     // of a HelloRetryRequest; empty if absent
  bool has_pre_shared_key = false;
  std::uint16_t selected_identity = 0;
  // Whether it is a HelloRetryRequest, which its random value tells (RFC 9846 §4.1.3).
  bool is_retry() const { return equal_public(random, kHelloRetryRequest); }
  // The version that the server chose.
  ProtocolVersion chosen_version() const {
    return selected_version != ProtocolVersion{} ? selected_version : version;
  }

  // The extensions of a parsed hello. The client compares them with its offer (check_offered).
  ExtensionSet extensions;

  // An unknown extension is unsolicited_extension (H04). One that has no place in a ServerHello is noted in
  // `extensions` and not read.
  static Result<ServerHello> parse(Bytes body);
  void build(Writer& writer) const;
};

struct CertificateMessage {
  BoundedVector<Bytes, kMaxCertificates> certificates;  // DER, leaf first; may be empty

  static Result<CertificateMessage> parse(Bytes body);
  void build(Writer& writer) const;
};

// A Certificate with a raw public key (RFC 7250 §3), which has no list. Empty: none, of a client.
Result<Bytes> parse_raw_public_key(Bytes body);
void build_raw_public_key(Bytes subject_public_key_info, Writer& writer);

// ECDHE (RFC 8422 §5.4): named curve only.
struct ServerKeyExchange {
  GroupId group{};
  Bytes key_share;
  SchemeId scheme{};
  Bytes signature;
  Bytes params;  // ServerECDHParams, which are signed after the two randoms; set by parse

  static Result<ServerKeyExchange> parse(Bytes body);
  // The same in two steps: the parameters, and the scheme and signature behind them, to the end of the body.
  static Result<ServerKeyExchange> parse_params(Bytes body);
  Result<void> parse_signature(Bytes body);
  // Writes the ServerECDHParams alone, from group and key_share.
  void build_params(Writer& writer) const;
  // Writes scheme and signature.
  void build_signature(Writer& writer) const;
  // Writes the whole body, which begins with those params.
  void build(Writer& writer) const;
};

struct CertificateRequest {
  Bytes certificate_types;        // one byte each: rsa_sign 1, ecdsa_sign 64
  Bytes signature_algorithms;     // pairs of bytes
  Bytes certificate_authorities;  // content of the vector: Names with 2-byte lengths

  static Result<CertificateRequest> parse(Bytes body);
  void build(Writer& writer) const;
};

struct ServerHelloDone {
  static Result<ServerHelloDone> parse(Bytes body);
  void build(Writer&) const {}
};

struct HelloRequest {
  static Result<HelloRequest> parse(Bytes body);
  void build(Writer&) const {}
};

// The identity hint that begins a ServerKeyExchange with a pre-shared key (RFC 4279 §2 to §4, RFC 5489 §2).
struct PskHint {
  Bytes hint;  // any bytes, at most 2^16 - 1; may be empty
  Bytes rest;  // the parameters of the group, if there is one

  static Result<PskHint> parse(Bytes body);
};

struct ClientKeyExchange {
  Bytes exchange_keys;  // ECDHE: the client's point; RSA: the encrypted premaster secret
  Bytes psk_identity;   // with a pre-shared key: any bytes, at most 2^16 - 1; may be empty

  // length_size: how many bytes say the length of the keys, 1 with ECDHE, 2 with RSA and DHE, 0 without keys.
  // by_psk: the identity comes first (RFC 4279 §2).
  static Result<ClientKeyExchange> parse(std::size_t length_size, Bytes body, bool by_psk = false);
  void build(std::size_t length_size, Writer& writer, bool by_psk = false) const;
};

struct CertificateVerify {
  SchemeId scheme{};
  Bytes signature;

  static Result<CertificateVerify> parse(Bytes body);
  void build(Writer& writer) const;
};

struct Finished {
  Bytes verify_data;  // 12 bytes

  static Result<Finished> parse(Bytes body);
  void build(Writer& writer) const;
};

struct NewSessionTicket {
  std::uint32_t lifetime = 0;  // seconds; 0: not said
  Bytes ticket;                // empty: none after all

  static Result<NewSessionTicket> parse(Bytes body);
  void build(Writer& writer) const;
};

struct CertificateStatus {
  Bytes ocsp_response;  // not empty

  static Result<CertificateStatus> parse(Bytes body);
  void build(Writer& writer) const;
};

struct AlertMessage {
  AlertLevel level{};
  Alert alert{};

  static Result<AlertMessage> parse(Bytes body);  // exactly two bytes
  void build(Writer& writer) const;
};

}  // namespace ashlar::tls
