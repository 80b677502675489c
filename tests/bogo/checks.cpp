// SPDX-License-Identifier: Apache-2.0
#include "checks.hpp"

#include "identity.hpp"

#include <ashlar/crypto/cpu.hpp>

#include <algorithm>
#include <cstdlib>

namespace bogo {

using namespace ashlar;

namespace {

void same(std::uint64_t found, std::uint64_t wanted, const std::string& what) {
  if (found != wanted) {
    throw Unexpected(what + " is " + std::to_string(found) + ", wanted " + std::to_string(wanted));
  }
}
void same(int found, int wanted, const std::string& what) {
  same(static_cast<std::uint64_t>(found), static_cast<std::uint64_t>(wanted), what);
}
void same(std::string_view found, std::string_view wanted, const std::string& what) {
  if (found != wanted) {
    throw Unexpected(what + " is \"" + std::string(found) + "\", wanted \"" + std::string(wanted) + "\"");
  }
}
void hold(bool condition, const std::string& otherwise) {
  if (!condition) {
    throw Unexpected(otherwise);
  }
}

template <class Row>
int id_of(const Row* row) {
  return row == nullptr ? 0 : static_cast<int>(row->id);
}

void hear(Heard& heard, const tls::Event& event) {
  const std::string direction = event.direction == tls::Direction::sent ? "write " : "read ";
  if (const auto* message = std::get_if<tls::MessageEvent>(&event.what)) {
    heard.messages += direction + "hs " + std::to_string(static_cast<int>(message->type)) + "\n";
    if (message->type == tls::HandshakeType::certificate && event.direction == tls::Direction::sent) {
      heard.certificate_sent.assign(message->body.begin(), message->body.end());
    }
    if (message->type == tls::HandshakeType::client_hello && event.direction == tls::Direction::received) {
      heard.client_hello.assign(message->body.begin(), message->body.end());
    }
  } else if (std::get_if<tls::ChangeCipherSpecEvent>(&event.what) != nullptr) {
    heard.messages += direction + "ccs\n";
  } else if (const auto* alert = std::get_if<tls::AlertEvent>(&event.what)) {
    heard.messages += direction + "alert " + std::to_string(static_cast<int>(alert->level)) + " " +
                      std::to_string(static_cast<int>(alert->alert)) + "\n";
  } else if (std::get_if<tls::HandshakeDoneEvent>(&event.what) != nullptr) {
    heard.handshake_done = true;
  }
}

void check_peer_chain(const Flags& flags, const tls::Connection& connection) {
  const std::span<const Bytes> chain = connection.peer_certificates();
  const tls::Negotiated& now = connection.negotiated();
  const tls::CertificateType type = flags.server ? now.client_certificate_type : now.server_certificate_type;
  if (flags.expect_peer_certificate_type) {
    same(static_cast<int>(type), *flags.expect_peer_certificate_type, "the type of the peer's certificate");
  }
  if (now.resumed) {
    return;
  }
  if (connection.negotiated().by_psk) {
    hold(chain.empty(), "the peer sent a certificate beside a pre-shared key");
  } else if (flags.expect_no_peer_cert) {
    hold(chain.empty(), "the peer sent a certificate");
  } else if (!flags.server || flags.require_any_client_certificate) {
    const bool raw = type == tls::CertificateType::raw_public_key;
    hold(raw != connection.peer_raw_public_key().empty(), "a raw public key came, or came not");
    hold(raw == chain.empty(), "the peer sent no certificate");
  }
  if (!flags.expect_peer_cert_file.empty()) {
    const std::vector<Octets> wanted = certificates_of(flags.expect_peer_cert_file);
    same(chain.size(), wanted.size(), "the number of the peer's certificates");
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      hold(equal_public(chain[i], wanted[i]), "certificate " + std::to_string(i) + " of the peer is another");
    }
  }
}

}  // namespace

tls::EventSink Heard::sink(Heard& heard) {
  tls::EventSink sink;
  sink.event = [](void* context, const tls::Event& event) { hear(*static_cast<Heard*>(context), event); };
  sink.context = &heard;
  return sink;
}

void check_negotiated(const Flags& flags, const tls::Connection& connection, const Heard& heard,
                      bool is_resume) {
  const tls::Negotiated& now = connection.negotiated();
  hold(heard.handshake_done, "the end of the handshake was not told");
  same(int{now.resumed}, int{is_resume && !flags.expect_session_miss}, "resumption");
  if (flags.expect_version != 0) {
    same(static_cast<int>(now.version), flags.expect_version, "the version");
  }
  // A resumed session has no key exchange and no signatures.
  if (flags.expect_curve_id != 0 && (!now.resumed || now.version == tls::ProtocolVersion::tls13)) {
    same(id_of(now.group), flags.expect_curve_id, "the group");
  }
  if (flags.expect_peer_signature_algorithm != 0 && !now.resumed) {
    same(id_of(flags.server ? now.client_scheme : now.server_scheme), flags.expect_peer_signature_algorithm,
         "the peer's signature scheme");
  }
  const bool aes = cpu::features().has(cpu::Feature::aes_ni);
  const int cipher = flags.expect_cipher != 0 ? flags.expect_cipher
                                              : (aes ? flags.expect_cipher_aes : flags.expect_cipher_no_aes);
  if (cipher != 0) {
    same(id_of(now.suite), cipher, "the cipher suite");
  }
  if (!flags.expect_server_name.empty()) {
    same(now.server_name, flags.expect_server_name, "server_name");
  }
  hold(!flags.expect_no_server_name || now.server_name.empty(), "there is a server_name");
  same(now.alpn, flags.server ? flags.select_alpn : flags.expect_alpn, "the application protocol");
  // TLS 1.3 has both of these without saying so.
  const bool tls13 = now.version == tls::ProtocolVersion::tls13;
  hold(!flags.expect_extended_master_secret || tls13 || now.extended_master_secret,
       "no extended master secret");
  hold(!flags.expect_secure_renegotiation || tls13 || now.secure_renegotiation, "no secure renegotiation");
  hold(!flags.expect_accept_early_data || now.early_data, "early data was not accepted");
  hold(!flags.expect_reject_early_data || !now.early_data, "early data was accepted");
  if (!flags.expect_early_data_reason.empty()) {  // why it is refused is not told
    same(int{now.early_data}, int{flags.expect_early_data_reason == "accept"}, "early data");
  }
  hold(!flags.expect_hrr || now.retried, "there was no HelloRetryRequest");
  hold(!flags.expect_no_hrr || !now.retried, "there was a HelloRetryRequest");
  hold(!flags.expect_no_secure_renegotiation || !now.secure_renegotiation, "secure renegotiation");
  check_peer_chain(flags, connection);
  // What came with a certificate is not kept for the sessions that follow.
  if (!now.resumed) {
    if (flags.expect_ocsp_response) {
      hold(equal_public(connection.peer_ocsp_response(), *flags.expect_ocsp_response),
           "the OCSP response is another");
    }
    if (flags.expect_timestamps) {
      hold(equal_public(connection.peer_timestamps(), Bytes(*flags.expect_timestamps).subspan(2)),
           "the timestamps are others");
    }
  }
}

void check_credential(const Flags& flags, const tls::Connection& connection,
                      const tls::Credentials* credentials, const Heard& heard) {
  if (!flags.expect_selected_credential) {
    return;
  }
  // The last credential, given without -new-x509-credential, has no number.
  const std::size_t count = flags.credentials.size() - (flags.default_credential ? 1 : 0);
  const tls::Negotiated& now = connection.negotiated();
  int shown = -1;
  std::size_t next = 0;  // among those that are no pre-shared keys
  for (std::size_t i = 0; i < count && shown < 0; ++i) {
    const CredentialFlags& given = flags.credentials[i];
    if (given.is_psk) {
      shown = now.by_psk && equal_public(now.psk_identity, *given.psk_identity) ? static_cast<int>(i) : -1;
      continue;
    }
    const tls::Credential& each = (*credentials)[next++];
    // A certificate has the bytes of its key in it.
    if (now.by_psk ||
        each.type() != (flags.server ? now.server_certificate_type : now.client_certificate_type)) {
      continue;
    }
    // The same key may be there twice, with other schemes.
    const tls::Scheme* const scheme = flags.server ? now.server_scheme : now.client_scheme;
    if (scheme != nullptr && !each.signs(*scheme)) {
      continue;
    }
    const Bytes leaf = each.size() != 0 ? each.certificate(0).der() : each.raw_public_key();
    const Octets& sent = heard.certificate_sent;
    if (std::search(sent.begin(), sent.end(), leaf.begin(), leaf.end()) != sent.end()) {
      shown = static_cast<int>(i);
    }
  }
  if (shown != *flags.expect_selected_credential) {
    throw Unexpected("credential " + std::to_string(shown) + " was shown, wanted " +
                     std::to_string(*flags.expect_selected_credential));
  }
}

bool checks_request(const Flags& flags) {
  return flags.expect_client_ca_list || flags.expect_certificate_types || flags.expect_advertised_alpn ||
         !flags.expect_peer_verify_prefs.empty();
}

void check_request(const Flags& flags, const tls::CredentialRequest& request) {
  if (flags.expect_certificate_types) {
    hold(equal_public(request.certificate_types, *flags.expect_certificate_types),
         "the types of certificates are others");
  }
  if (flags.expect_client_ca_list) {
    Octets wanted;
    if (*flags.expect_client_ca_list != "<EMPTY>") {
      for (const std::string& hex : split(*flags.expect_client_ca_list, ',')) {
        const Octets name = from_hex(hex);
        wanted.push_back(static_cast<std::uint8_t>(name.size() >> 8));
        wanted.push_back(static_cast<std::uint8_t>(name.size()));
        wanted.insert(wanted.end(), name.begin(), name.end());
      }
    }
    hold(equal_public(request.certificate_authorities, wanted), "certificate_authorities are others");
  }
  if (flags.expect_advertised_alpn) {
    same(text_of(request.alpn_offered), *flags.expect_advertised_alpn, "the list of application protocols");
  }
  if (!flags.expect_peer_verify_prefs.empty()) {
    same(request.schemes.size(), flags.expect_peer_verify_prefs.size(), "the number of the peer's schemes");
    for (std::size_t i = 0; i < request.schemes.size(); ++i) {
      same(static_cast<int>(request.schemes[i]), flags.expect_peer_verify_prefs[i], "a scheme of the peer");
    }
  }
}

void check_messages(const Flags& flags, const Heard& heard) {
  if (!flags.expect_msg_callback.empty()) {
    same(heard.messages, flags.expect_msg_callback, "the list of messages");
  }
}

}  // namespace bogo
