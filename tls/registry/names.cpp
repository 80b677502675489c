// SPDX-License-Identifier: Apache-2.0
// The names of the numbers, as the RFCs and IANA's registries write them. A number with a row gets its name
// from the row. The lists name the others, for traces and messages to people.
#include "extension/table.hpp"
#include "message/types.hpp"

namespace ashlar::tls {
namespace {

struct Name {
  std::uint16_t value;
  std::string_view text;
};

constexpr std::string_view kUnknown = "unknown";

template <class Value>
std::string_view find(std::span<const Name> names, Value value) {
  for (const Name& name : names) {
    if (name.value == static_cast<std::uint16_t>(value)) {
      return name.text;
    }
  }
  return kUnknown;
}

constexpr Name kContentTypes[] = {
    {20, "change_cipher_spec"}, {21, "alert"}, {22, "handshake"}, {23, "application_data"}, {24, "heartbeat"},
};
constexpr Name kVersions[] = {
    {0x0300, "SSL 3.0"}, {0x0301, "TLS 1.0"}, {0x0302, "TLS 1.1"}, {0x0303, "TLS 1.2"}, {0x0304, "TLS 1.3"},
};
// Types that Ashlar does not speak, for messages about them. The others have rows (message/types.hpp).
constexpr Name kOtherHandshakeTypes[] = {
    {21, "CertificateURL"},
    {23, "SupplementalData"},
    {254, "message_hash"},
};
// The same for extensions (extension/table.hpp).
constexpr Name kOtherExtensionTypes[] = {
    {15, "heartbeat"},
    {17, "status_request_v2"},
    {21, "padding"},
    {27, "compress_certificate"},
    {34, "delegated_credential"},
    {49, "post_handshake_auth"},
    {0xfe0d, "encrypted_client_hello"},
};
constexpr auto kExtensionTypes = column([](const Extension& row) {
  return Name{static_cast<std::uint16_t>(row.type), row.name};
});
constexpr Name kGroups[] = {
    {21, "secp224r1"},
    {22, "secp256k1"},
    {23, "secp256r1"},
    {24, "secp384r1"},
    {25, "secp521r1"},
    {29, "x25519"},
    {30, "x448"},
    {256, "ffdhe2048"},
    {257, "ffdhe3072"},
    {258, "ffdhe4096"},
    {259, "ffdhe6144"},
    {260, "ffdhe8192"},
    {512, "MLKEM512"},
    {513, "MLKEM768"},
    {514, "MLKEM1024"},
    {4587, "SecP256r1MLKEM768"},
    {4588, "X25519MLKEM768"},
    {4589, "SecP384r1MLKEM1024"},
};
constexpr Name kSchemes[] = {
    {0x0201, "rsa_pkcs1_sha1"},
    {0x0203, "ecdsa_sha1"},
    {0x0401, "rsa_pkcs1_sha256"},
    {0x0403, "ecdsa_secp256r1_sha256"},
    {0x0501, "rsa_pkcs1_sha384"},
    {0x0503, "ecdsa_secp384r1_sha384"},
    {0x0601, "rsa_pkcs1_sha512"},
    {0x0603, "ecdsa_secp521r1_sha512"},
    {0x0804, "rsa_pss_rsae_sha256"},
    {0x0805, "rsa_pss_rsae_sha384"},
    {0x0806, "rsa_pss_rsae_sha512"},
    {0x0807, "ed25519"},
    {0x0808, "ed448"},
    {0x0809, "rsa_pss_pss_sha256"},
    {0x080a, "rsa_pss_pss_sha384"},
    {0x080b, "rsa_pss_pss_sha512"},
    {0x0904, "mldsa44"},
    {0x0905, "mldsa65"},
    {0x0906, "mldsa87"},
};
// RFC 8446 §6 and IANA's registry; those marked reserved there keep the names of the RFCs that defined them.
constexpr Name kAlerts[] = {
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
};

}  // namespace

std::string_view name(ContentType type) {
  return find(kContentTypes, type);
}
std::string_view name(ProtocolVersion version) {
  return find(kVersions, version);
}
std::string_view name(HandshakeType type) {
  const MessageType* row = message_type(type);
  return row != nullptr ? row->name : find(kOtherHandshakeTypes, type);
}
std::string_view name(ExtensionType type) {
  const std::string_view known = find(kExtensionTypes, type);
  return known != kUnknown ? known : find(kOtherExtensionTypes, type);
}
std::string_view name(GroupId group) {
  return find(kGroups, group);
}
std::string_view name(CertificateType type) {
  return type == CertificateType::x509             ? "X.509"
         : type == CertificateType::raw_public_key ? "raw public key"
                                                   : kUnknown;
}
std::string_view name(SchemeId scheme) {
  return find(kSchemes, scheme);
}
std::string_view name(Alert alert) {
  return find(kAlerts, alert);
}

std::string_view name(SecretKind kind) {
  constexpr std::string_view kNames[] = {
      "client_random",
      "server_random",
      "premaster_secret",
      "session_hash",
      "master_secret",
      "key_block",
      "client_mac_key",
      "server_mac_key",
      "client_key",
      "server_key",
      "client_iv",
      "server_iv",
      "client_finished_hash",
      "server_finished_hash",
      "client_verify_data",
      "server_verify_data",
      "early_secret",
      "client_early_traffic_secret",
      "early_exporter_secret",
      "handshake_secret",
      "client_handshake_traffic_secret",
      "server_handshake_traffic_secret",
      "client_application_traffic_secret",
      "server_application_traffic_secret",
      "exporter_secret",
      "resumption_secret",
  };
  const auto index = static_cast<std::size_t>(kind);
  return index < std::size(kNames) ? kNames[index] : kUnknown;
}

}  // namespace ashlar::tls
