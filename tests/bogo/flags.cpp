// SPDX-License-Identifier: Apache-2.0
#include "flags.hpp"

#include <functional>
#include <map>
#include <string_view>
#include <variant>

namespace bogo {
namespace {

using Setter = std::function<void(Flags&, const std::string&)>;
struct Flag {
  bool has_value;
  Setter set;
};

Flag yes(bool Flags::*field) {
  return {false, [field](Flags& flags, const std::string&) { flags.*field = true; }};
}
// A flag that needs no action: it is always true here, or it concerns the runner's own library.
Flag nothing() {
  return {false, [](Flags&, const std::string&) {}};
}
Flag nothing_of_value() {
  return {true, [](Flags&, const std::string&) {}};
}
template <class Field>
Flag number(Field Flags::*field) {
  return {true, [field](Flags& flags, const std::string& value) { flags.*field = std::stoi(value); }};
}
template <class Field>
Flag text(Field Flags::*field) {
  return {true, [field](Flags& flags, const std::string& value) { flags.*field = value; }};
}
Flag numbers(std::vector<int> Flags::*field) {
  return {true,
          [field](Flags& flags, const std::string& value) { (flags.*field).push_back(std::stoi(value)); }};
}

Flag standard(const char* name) {
  return {false, [name](Flags& flags, const std::string&) { flags.standard = name; }};
}

Octets from_base64(const std::string& text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Octets out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) {
      break;
    }
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<std::uint8_t>(bits >> count));
    }
  }
  return out;
}
Flag base64(std::optional<Octets> Flags::*field) {
  return {true, [field](Flags& flags, const std::string& value) { flags.*field = from_base64(value); }};
}

// The credential that these flags are about: the last one announced, or else the one that needs no
// announcement, which stands last.
CredentialFlags& credential(Flags& flags) {
  if (flags.credentials.empty()) {
    flags.credentials.emplace_back();
    flags.default_credential = true;
  }
  const bool announced = flags.default_credential && flags.credentials.size() > 1;
  return flags.credentials[flags.credentials.size() - (announced ? 2 : 1)];
}
void announce_credential(Flags& flags, const std::string&) {
  flags.credentials.insert(flags.credentials.end() - (flags.default_credential ? 1 : 0), CredentialFlags{});
}
void announce_raw_key(Flags& flags, const std::string& value) {
  announce_credential(flags, value);
  credential(flags).raw = true;
}
void announce_psk(Flags& flags, const std::string& value) {
  announce_credential(flags, value);
  credential(flags).is_psk = true;
}
Flag of_credential(std::string CredentialFlags::*field) {
  return {true, [field](Flags& flags, const std::string& value) { credential(flags).*field = value; }};
}

Flag of_credential(std::optional<Octets> CredentialFlags::*field) {
  return {true,
          [field](Flags& flags, const std::string& value) { credential(flags).*field = from_base64(value); }};
}

const std::map<std::string, Flag>& table() {
  static const std::map<std::string, Flag> flags = {
      {"-port", number(&Flags::port)},
      {"-shim-id",
       {true, [](Flags& flags, const std::string& value) { flags.shim_id = std::stoull(value); }}},
      {"-ipv6", yes(&Flags::ipv6)},
      {"-server", yes(&Flags::server)},
      {"-is-handshaker-supported", yes(&Flags::is_handshaker_supported)},
      {"-resume-count", number(&Flags::resume_count)},
      {"-write-settings", nothing_of_value()},

      {"-install-cert-compression-algs", yes(&Flags::all_compressions)},
      {"-install-one-cert-compression-alg", number(&Flags::one_compression)},
      {"-min-version", number(&Flags::min_version)},
      {"-max-version", number(&Flags::max_version)},
      {"-no-tls13", yes(&Flags::no_tls13)},
      {"-no-tls12", yes(&Flags::no_tls12)},
      {"-no-tls11", yes(&Flags::no_tls11)},
      {"-no-tls1", yes(&Flags::no_tls1)},
      {"-fips-202205", standard("fips-202205")},
      {"-wpa-202304", standard("wpa-202304")},
      {"-cnsa1-202603", standard("cnsa1-202603")},
      {"-cnsa2-202603", standard("cnsa2-202603")},
      {"-cipher", text(&Flags::cipher)},
      {"-curves", numbers(&Flags::curves)},
      {"-verify-prefs", numbers(&Flags::verify_prefs)},
      {"-host-name", text(&Flags::host_name)},
      {"-advertise-alpn", text(&Flags::advertise_alpn)},
      {"-select-alpn", text(&Flags::select_alpn)},
      {"-decline-alpn", yes(&Flags::decline_alpn)},
      {"-reject-alpn", yes(&Flags::reject_alpn)},
      {"-no-ticket", yes(&Flags::no_ticket)},
      {"-skip-ticket", yes(&Flags::skip_ticket)},
      {"-renew-ticket", yes(&Flags::renew_ticket)},
      {"-enable-grease", yes(&Flags::grease)},
      {"-permute-extensions", yes(&Flags::permute_extensions)},
      {"-use-ticket-callback", nothing()},
      {"-use-ticket-aead-callback", nothing()},
      {"-server-preference", nothing()},
      {"-enable-early-data", yes(&Flags::early_data)},
      {"-early-write-after-message", number(&Flags::early_write_after_message)},
      {"-resumption-delay", number(&Flags::resumption_delay)},

      {"-trust-cert", nothing_of_value()},
      {"-require-any-client-certificate", yes(&Flags::require_any_client_certificate)},
      {"-verify-peer", yes(&Flags::verify_peer)},
      {"-verify-fail", yes(&Flags::verify_fail)},
      {"-use-custom-verify-callback", nothing()},
      {"-expect-verify-result", nothing()},
      {"-use-client-ca-list", text(&Flags::use_client_ca_list)},
      {"-cert-file", of_credential(&CredentialFlags::cert_file)},
      {"-key-file", of_credential(&CredentialFlags::key_file)},
      {"-signing-prefs",
       {true, [](Flags& flags,
                 const std::string& value) { credential(flags).signing_prefs.push_back(std::stoi(value)); }}},
      {"-ocsp-response", of_credential(&CredentialFlags::ocsp_response)},
      {"-signed-cert-timestamps", of_credential(&CredentialFlags::timestamps)},
      // A server's callback is the choice of a config with a credential, whose staple there is.
      {"-use-ocsp-callback", yes(&Flags::use_ocsp_callback)},
      {"-set-ocsp-in-callback", nothing()},
      {"-decline-ocsp-callback", yes(&Flags::decline_ocsp_callback)},
      {"-fail-ocsp-callback", yes(&Flags::fail_ocsp_callback)},
      {"-enable-ocsp-stapling", yes(&Flags::enable_ocsp_stapling)},
      {"-enable-signed-cert-timestamps", yes(&Flags::enable_timestamps)},
      {"-expect-ocsp-response", base64(&Flags::expect_ocsp_response)},
      {"-expect-signed-cert-timestamps", base64(&Flags::expect_timestamps)},
      {"-export-keying-material", number(&Flags::export_size)},
      {"-export-label", text(&Flags::export_label)},
      {"-export-context", text(&Flags::export_context)},
      {"-use-export-context", yes(&Flags::use_export_context)},
      {"-new-x509-credential", {false, announce_credential}},
      {"-new-rpk-credential", {false, announce_raw_key}},
      {"-accepted-peer-cert-types", numbers(&Flags::accepted_types)},
      {"-available-client-cert-types", numbers(&Flags::own_types)},
      {"-new-psk-credential", {false, announce_psk}},
      {"-psk-importer-key", of_credential(&CredentialFlags::psk_key)},
      {"-psk-importer-identity", of_credential(&CredentialFlags::psk_identity)},
      {"-psk-importer-context", of_credential(&CredentialFlags::psk_context)},
      {"-psk-importer-sha256", nothing()},
      {"-psk-importer-sha384",
       {false, [](Flags& flags, const std::string&) { credential(flags).psk_sha384 = true; }}},
      {"-psk", text(&Flags::psk)},
      {"-psk-identity", text(&Flags::psk_identity)},
      {"-allow-hint-mismatch", nothing()},
      {"-use-early-callback", nothing()},
      {"-use-old-client-cert-callback", nothing()},

      {"-async", yes(&Flags::async)},
      {"-implicit-handshake", yes(&Flags::implicit_handshake)},
      {"-peek-then-read", yes(&Flags::peek_then_read)},
      {"-handshake-never-done", yes(&Flags::handshake_never_done)},
      {"-no-op-extra-handshake", nothing()},
      {"-shim-writes-first", yes(&Flags::shim_writes_first)},
      {"-shim-initial-write", text(&Flags::shim_initial_write)},
      {"-repeat-shim-initial-write", number(&Flags::repeat_shim_initial_write)},
      {"-read-with-unfinished-write", yes(&Flags::read_with_unfinished_write)},
      {"-write-different-record-sizes", yes(&Flags::write_different_record_sizes)},
      {"-partial-write", nothing()},
      {"-read-size", number(&Flags::read_size)},
      {"-shim-shuts-down", yes(&Flags::shim_shuts_down)},
      {"-check-close-notify", yes(&Flags::check_close_notify)},
      {"-install-ddos-callback", nothing()},
      {"-forbid-renegotiation-after-handshake", nothing()},

      {"-expect-version", number(&Flags::expect_version)},
      {"-expect-curve-id", number(&Flags::expect_curve_id)},
      {"-expect-peer-signature-algorithm", number(&Flags::expect_peer_signature_algorithm)},
      {"-expect-cipher", number(&Flags::expect_cipher)},
      {"-expect-cipher-aes", number(&Flags::expect_cipher_aes)},
      {"-expect-cipher-no-aes", number(&Flags::expect_cipher_no_aes)},
      {"-expect-server-name", text(&Flags::expect_server_name)},
      {"-expect-no-server-name", yes(&Flags::expect_no_server_name)},
      {"-expect-alpn", text(&Flags::expect_alpn)},
      {"-expect-advertised-alpn", text(&Flags::expect_advertised_alpn)},
      {"-expect-peer-cert-file", text(&Flags::expect_peer_cert_file)},
      {"-expect-no-peer-cert", yes(&Flags::expect_no_peer_cert)},
      {"-expect-msg-callback", text(&Flags::expect_msg_callback)},
      {"-expect-client-ca-list", text(&Flags::expect_client_ca_list)},
      {"-expect-certificate-types", base64(&Flags::expect_certificate_types)},
      {"-expect-peer-verify-pref", numbers(&Flags::expect_peer_verify_prefs)},
      {"-expect-session-miss", yes(&Flags::expect_session_miss)},
      {"-expect-no-session", yes(&Flags::expect_no_session)},
      {"-expect-ticket-renewal", yes(&Flags::expect_ticket_renewal)},
      {"-expect-accept-early-data", yes(&Flags::expect_accept_early_data)},
      {"-expect-reject-early-data", yes(&Flags::expect_reject_early_data)},
      {"-expect-no-offer-early-data", yes(&Flags::expect_no_offer_early_data)},
      {"-expect-ticket-supports-early-data", yes(&Flags::expect_ticket_supports_early_data)},
      {"-expect-early-data-reason", text(&Flags::expect_early_data_reason)},
      {"-expect-hrr", yes(&Flags::expect_hrr)},
      {"-expect-no-hrr", yes(&Flags::expect_no_hrr)},
      {"-expect-session-id", yes(&Flags::expect_session_id)},
      {"-expect-no-session-id", yes(&Flags::expect_no_session_id)},
      {"-expect-extended-master-secret", yes(&Flags::expect_extended_master_secret)},
      {"-expect-secure-renegotiation", yes(&Flags::expect_secure_renegotiation)},
      {"-expect-no-secure-renegotiation", yes(&Flags::expect_no_secure_renegotiation)},
      {"-expect-selected-credential", number(&Flags::expect_selected_credential)},
      {"-expect-peer-certificate-type", number(&Flags::expect_peer_certificate_type)},
      {"-expect-peer-rpk-sha256", base64(&Flags::expect_peer_key_sha256)},
      {"-expect-total-renegotiations",
       {true,
        [](Flags&, const std::string& value) {
          if (value != "0") {
            throw Unimplemented("renegotiation is refused");
          }
        }}},
  };
  return flags;
}

bool remove_prefix(std::string& name, std::string_view prefix) {
  if (!name.starts_with(prefix)) {
    return false;
  }
  name.erase(0, prefix.size());
  return true;
}

}  // namespace

AllFlags parse_flags(const std::vector<std::string>& arguments) {
  AllFlags all;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string name = arguments[i];
    // No second process does the handshake here.
    const bool elsewhere = !remove_prefix(name, "-on-shim") && remove_prefix(name, "-on-handshaker");
    const bool on_initial = remove_prefix(name, "-on-initial");
    const bool on_resume = !on_initial && remove_prefix(name, "-on-resume");
    const bool on_retry = !on_initial && !on_resume && remove_prefix(name, "-on-retry");
    const auto found = table().find(name);
    if (found == table().end()) {
      throw Unimplemented("no flag " + arguments[i]);
    }
    const Flag& flag = found->second;
    if (flag.has_value && ++i == arguments.size()) {
      throw Unimplemented(name + " has no value");
    }
    const std::string value = flag.has_value ? arguments[i] : std::string();
    if (elsewhere) {
      continue;
    }
    if (!on_resume && !on_retry) {
      flag.set(all.initial, value);
    }
    if (!on_initial && !on_retry) {
      flag.set(all.resume, value);
    }
    if (!on_initial && !on_resume) {
      flag.set(all.retry, value);
    }
  }
  return all;
}

Octets from_hex(const std::string& text) {
  Octets out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  }
  return out;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace bogo
