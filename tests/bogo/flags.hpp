// SPDX-License-Identifier: Apache-2.0
// What the runner asks of one connection, on the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bogo {

// The runner asks for something that Ashlar does not have or that this program does not do.
struct Unimplemented : std::runtime_error {
  using runtime_error::runtime_error;
};
// The connection was made but differs from what the runner requires.
struct Unexpected : std::runtime_error {
  using runtime_error::runtime_error;
};

using Octets = std::vector<std::uint8_t>;

// One certificate chain with its key, or a pre-shared key.
struct CredentialFlags {
  bool raw = false;  // a raw public key
  std::string cert_file, key_file;
  std::vector<int> signing_prefs;
  std::optional<Octets> ocsp_response, timestamps;
  bool is_psk = false, psk_sha384 = false;
  std::optional<Octets> psk_key, psk_identity, psk_context;
};

struct Flags {
  // For the whole run.
  int port = 0;
  std::uint64_t shim_id = 0;
  bool ipv6 = false, server = false, is_handshaker_supported = false;
  int resume_count = 0;

  // Versions and algorithms.
  int min_version = 0, max_version = 0;
  bool no_tls13 = false, no_tls12 = false, no_tls11 = false, no_tls1 = false;
  std::string cipher, standard;
  std::vector<int> curves, verify_prefs;
  std::string host_name, advertise_alpn, select_alpn;
  bool decline_alpn = false, reject_alpn = false;
  bool grease = false, permute_extensions = false;
  bool no_ticket = false, skip_ticket = false, renew_ticket = false;
  int resumption_delay = 0;
  bool early_data = false;            // it may be sent or taken
  int early_write_after_message = 0;  // a client sends it when it has received a message of this type

  // Who authenticates.
  bool require_any_client_certificate = false, verify_peer = false, verify_fail = false;
  std::optional<std::string> use_client_ca_list;
  // In order of preference: those announced by -new-x509-credential, and then the default one.
  std::vector<CredentialFlags> credentials;
  bool default_credential = false;  // there is a default one
  // Types of certificates (RFC 7250) that are taken from the peer, and that can be shown.
  std::vector<int> accepted_types, own_types;
  bool all_compressions = false;  // of certificates (RFC 8879): the runner's three
  int one_compression = 0;
  std::string psk, psk_identity;  // a pre-shared key of TLS 1.2

  // What is asked for beside certificates, and made of the connection's keys.
  bool enable_ocsp_stapling = false, enable_timestamps = false;
  bool use_ocsp_callback = false, decline_ocsp_callback = false, fail_ocsp_callback = false;
  int export_size = 0;
  std::string export_label, export_context;
  bool use_export_context = false;

  // How the connection is driven.
  bool async = false, implicit_handshake = false, peek_then_read = false, handshake_never_done = false;
  bool shim_writes_first = false, read_with_unfinished_write = false, write_different_record_sizes = false;
  bool shim_shuts_down = false, check_close_notify = false;
  std::string shim_initial_write = "hello";
  int repeat_shim_initial_write = 1, read_size = 0;

  // What is expected of it.
  int expect_version = 0, expect_curve_id = 0, expect_peer_signature_algorithm = 0;
  int expect_cipher = 0, expect_cipher_aes = 0, expect_cipher_no_aes = 0;
  std::string expect_server_name, expect_alpn, expect_peer_cert_file, expect_msg_callback;
  std::optional<std::string> expect_client_ca_list, expect_advertised_alpn;
  std::optional<Octets> expect_certificate_types, expect_ocsp_response, expect_timestamps;
  std::vector<int> expect_peer_verify_prefs;
  bool expect_no_server_name = false, expect_no_peer_cert = false;
  bool expect_session_miss = false, expect_no_session = false, expect_ticket_renewal = false;
  bool expect_accept_early_data = false, expect_reject_early_data = false;
  bool expect_no_offer_early_data = false, expect_ticket_supports_early_data = false;
  std::string expect_early_data_reason;
  bool expect_hrr = false, expect_no_hrr = false;
  bool expect_session_id = false, expect_no_session_id = false;
  bool expect_extended_master_secret = false;
  bool expect_secure_renegotiation = false, expect_no_secure_renegotiation = false;
  std::optional<int> expect_selected_credential, expect_peer_certificate_type;
  std::optional<Octets> expect_peer_key_sha256;
};

// retry: of a client whose early data was refused, from there on.
struct AllFlags {
  Flags initial, resume, retry;
};

// Throws Unimplemented for a flag that is not in the table.
AllFlags parse_flags(const std::vector<std::string>& arguments);

// The bytes that hexadecimal digits stand for.
Octets from_hex(const std::string& text);
// The parts of a text between separators such as commas; at least one part.
std::vector<std::string> split(const std::string& text, char separator);

}  // namespace bogo
