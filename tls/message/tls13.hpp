// SPDX-License-Identifier: Apache-2.0
// The handshake messages of TLS 1.3 that TLS 1.2 has not, or has in another form (RFC 9846 §4.3, §4.4, §4.6).
// What message.hpp says of messages holds here too.
#pragma once

#include "message/message.hpp"

namespace ashlar::tls::tls13 {

struct EncryptedExtensions {
  bool acknowledges_server_name = false;
  std::string_view alpn;                 // the one protocol chosen; empty if absent
  Bytes supported_groups;                // pairs of bytes; empty if absent
  std::uint8_t max_fragment_length = 0;  // 1 to 4; 0: absent
  std::uint16_t record_size_limit = 0;   // at least 64, with the byte of the content type; 0: absent
  bool early_data = false;
  bool has_expected_tickets = false;
  std::uint8_t expected_tickets = 0;  // how many follow
  std::optional<CertificateType> client_certificate_type;
  std::optional<CertificateType> server_certificate_type;
  ExtensionSet extensions;  // which a parsed one has

  static Result<EncryptedExtensions> parse(Bytes body);
  void build(Writer& writer) const;
};

struct CertificateRequest {
  Bytes context;                    // empty during the handshake
  Bytes signature_algorithms;       // pairs of bytes
  Bytes signature_algorithms_cert;  // pairs of bytes; empty if absent
  Bytes certificate_authorities;    // content of the vector: Names with 2-byte lengths; empty if absent
  bool asks_for_status = false;
  bool asks_for_timestamps = false;
  Bytes certificate_compressions;      // pairs of bytes; empty if absent
  std::uint16_t grease_extension = 0;  // for build alone: one that means nothing; 0: none

  // Without signature_algorithms: missing_extension.
  static Result<CertificateRequest> parse(Bytes body);
  void build(Writer& writer) const;
};

struct CertificateMessage {
  Bytes context;
  BoundedVector<Bytes, kMaxCertificates> certificates;  // DER, leaf first; may be empty
  ExtensionSet extensions;                              // which any of the entries has
  // What the first entry says of its certificate (§4.4.2.1): an OCSP response, and the content of a
  // SignedCertificateTimestampList; empty if absent.
  Bytes ocsp_response;
  Bytes timestamps;

  static Result<CertificateMessage> parse(Bytes body);
  void build(Writer& writer) const;
};

// A Certificate message by which it is sent, compressed (RFC 8879 §4).
struct CompressedCertificate {
  CertificateCompressionId algorithm{};
  std::uint32_t uncompressed_length = 0;  // of the body
  Bytes compressed;                       // at least one byte

  static Result<CompressedCertificate> parse(Bytes body);
  void build(Writer& writer) const;
};

struct Finished {
  Bytes verify_data;  // as long as the suite's hash

  static Result<Finished> parse(Bytes body, std::size_t hash_size);
};

struct EndOfEarlyData {
  static Result<EndOfEarlyData> parse(Bytes body);
  void build(Writer&) const {}
};

struct NewSessionTicket {
  std::uint32_t lifetime = 0;  // seconds
  std::uint32_t age_add = 0;
  Bytes nonce;                         // 0 to 255 bytes
  Bytes ticket;                        // 1 to 2^16 - 1 bytes
  std::uint32_t max_early_data = 0;    // bytes; 0: absent, or none
  std::uint16_t grease_extension = 0;  // for build alone

  static Result<NewSessionTicket> parse(Bytes body);
  void build(Writer& writer) const;
};

struct KeyUpdate {
  bool update_requested = false;

  static Result<KeyUpdate> parse(Bytes body);
  void build(Writer& writer) const;
};

}  // namespace ashlar::tls::tls13
