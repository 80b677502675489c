// SPDX-License-Identifier: Apache-2.0
#include "trace/messages.hpp"

#include "certificates/describe.hpp"
#include "failure/failure.hpp"
#include "options/psk_options.hpp"
#include "output/terminal.hpp"

#include <ashlar/base/reader.hpp>
#include <ashlar/tls/policy.hpp>
#include <ashlar/tls/suite_names.hpp>

#include <algorithm>
#include <optional>

namespace ashlar::cli {
namespace {

std::string text(std::string_view view) {
  return std::string(view);
}

// Pairs of bytes as names. Those without a name are counted.
template <class Id>
std::string names_of(Reader ids) {
  std::string out;
  std::size_t others = 0;
  while (const auto id = ids.u16()) {
    const std::string_view known = tls::name(static_cast<Id>(*id));
    if (known.empty() || known == "unknown") {
      ++others;
    } else {
      out += (out.empty() ? "" : " ") + text(known);
    }
  }
  if (others > 0) {
    out += (out.empty() ? "" : " ") + ("(" + counted(others, "other") + ")");
  }
  return out;
}

std::string compression_name(std::uint16_t id) {
  static constexpr std::string_view kNames[] = {"zlib", "brotli", "zstd"};
  return id >= 1 && id <= std::size(kNames) ? text(kNames[id - 1]) : "algorithm " + std::to_string(id);
}

std::string protocols(Reader list) {
  std::string out;
  while (auto name = list.u8_prefixed()) {
    out += (out.empty() ? "" : " ") + escape(name->take_rest());
  }
  return out;
}

// A client's list of shares, a server's one share, or the group that a HelloRetryRequest asks for.
Result<std::string> key_shares(Reader body) {
  Reader whole = body;
  ASHLAR_TRY(const std::uint16_t first, body.u16());
  if (body.empty()) {
    return "wants a key share of " + text(tls::name(static_cast<tls::GroupId>(first)));
  }
  if (first != body.remaining()) {
    return "a key share of " + text(tls::name(static_cast<tls::GroupId>(first)));
  }
  std::string out = "key shares of";
  ASHLAR_TRY(Reader list, whole.u16_prefixed());
  while (!list.empty()) {
    ASHLAR_TRY(const std::uint16_t group, list.u16());
    ASHLAR_CHECK(list.u16_prefixed());
    out += " " + text(tls::name(static_cast<tls::GroupId>(group)));
  }
  return out;
}

Result<std::string> extension_text(std::uint16_t type, Reader body) {
  switch (static_cast<tls::ExtensionType>(type)) {
    case tls::ExtensionType::server_name: {
      if (body.empty()) {
        return std::string();
      }
      ASHLAR_TRY(Reader list, body.u16_prefixed());
      ASHLAR_CHECK(list.u8());
      ASHLAR_TRY(Reader host, list.u16_prefixed());
      return "server name " + escape(host.take_rest());
    }
    case tls::ExtensionType::supported_groups: {
      ASHLAR_TRY(Reader list, body.u16_prefixed());
      return "groups " + names_of<tls::GroupId>(list);
    }
    case tls::ExtensionType::application_layer_protocol_negotiation: {
      ASHLAR_TRY(Reader list, body.u16_prefixed());
      return "ALPN " + protocols(list);
    }
    case tls::ExtensionType::session_ticket:
      return body.empty() ? std::string() : "a ticket of " + counted(body.remaining(), "byte");
    case tls::ExtensionType::supported_versions: {
      if (body.remaining() == 2) {  // a server's: it says the version itself
        return std::string();
      }
      ASHLAR_TRY(Reader list, body.u8_prefixed());
      return "versions " + names_of<tls::ProtocolVersion>(list);
    }
    case tls::ExtensionType::key_share:
      return key_shares(body);
    case tls::ExtensionType::pre_shared_key:
      return std::string(body.remaining() == 2 ? "the pre-shared key is taken" : "a pre-shared key");
    case tls::ExtensionType::cookie:
      return std::string("a cookie");
    case tls::ExtensionType::ticket_request: {
      ASHLAR_TRY(const std::uint8_t first, body.u8());
      return body.empty() ? counted(first, "ticket") + (first == 1 ? " follows" : " follow")
                          : "wants " + counted(first, "ticket");
    }
    case tls::ExtensionType::compress_certificate: {
      ASHLAR_TRY(Reader list, body.u8_prefixed());
      std::string out = "takes certificates compressed by ";
      for (const char* comma = ""; !list.empty(); comma = ", ") {
        ASHLAR_TRY(const std::uint16_t id, list.u16());
        out += comma + compression_name(id);
      }
      return out;
    }
    case tls::ExtensionType::extended_master_secret:
      return std::string("extended master secret");
    default:
      return std::string();
  }
}

std::string extension_texts(Reader rest) {
  std::string out;
  auto list = rest.u16_prefixed();
  while (list && !list->empty()) {
    const auto type = list->u16();
    auto body = list->u16_prefixed();
    if (!type || !body) {
      break;
    }
    if (const auto known = extension_text(*type, *body); known && !known->empty()) {
      out += "; " + *known;
    }
  }
  return out;
}

// The body of an extension, if the list at the end of a message has it.
std::optional<Reader> extension_of(Reader rest, tls::ExtensionType wanted) {
  auto list = rest.u16_prefixed();
  while (list && !list->empty()) {
    const auto type = list->u16();
    const auto body = list->u16_prefixed();
    if (!type || !body) {
      break;
    }
    if (static_cast<tls::ExtensionType>(*type) == wanted) {
      return *body;
    }
  }
  return std::nullopt;
}

// The version that a ServerHello chooses: in its extension, or else in its field.
std::uint16_t chosen_version(std::uint16_t field, Reader rest) {
  auto body = extension_of(rest, tls::ExtensionType::supported_versions);
  const auto version = body ? body->u16() : Result<std::uint16_t>(field);
  return version ? *version : field;
}

bool is_tls13(const tls::Negotiated& negotiated) {
  return negotiated.version == tls::ProtocolVersion::tls13;
}

// The random value that makes a ServerHello a HelloRetryRequest begins so (RFC 9846 §4.1.3).
bool is_retry(Bytes random) {
  constexpr std::uint8_t kStart[] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11};
  return equal_public(random.first(sizeof kStart), kStart);
}

Result<std::string> client_hello(Reader body) {
  ASHLAR_CHECK(body.u16());
  ASHLAR_CHECK(body.take(32));
  ASHLAR_TRY(Reader session, body.u8_prefixed());
  ASHLAR_TRY(Reader suites, body.u16_prefixed());
  ASHLAR_CHECK(body.u8_prefixed());
  const std::string extensions = extension_texts(body);
  // There the session id is for middleboxes alone.
  const bool offers_tls13 = extensions.find("versions TLS 1.3") != std::string::npos;
  return "offers " + counted(suites.remaining() / 2, "cipher suite") + extensions +
         (session.empty() || offers_tls13
              ? ""
              : "; wants to resume session " + hex(session.peek()).substr(0, 8) + "…");
}

Result<std::string> server_hello(Reader body, const tls::Negotiated& negotiated) {
  ASHLAR_TRY(const std::uint16_t version, body.u16());
  ASHLAR_TRY(const Bytes random, body.take(32));
  ASHLAR_TRY(Reader session, body.u8_prefixed());
  ASHLAR_TRY(const std::uint16_t suite, body.u16());
  ASHLAR_CHECK(body.u8());
  std::string chosen = suite_text(negotiated);
  if (negotiated.suite == nullptr || static_cast<std::uint16_t>(negotiated.suite->id) != suite) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(suite >> 8), static_cast<std::uint8_t>(suite)};
    char room[tls::kMaxSuiteName];
    const std::string_view known = tls::iana_name(tls::SuiteId{suite}, room);
    chosen = known.empty() ? "cipher suite 0x" + hex(bytes) : text(known);
  }
  const auto spoken = static_cast<tls::ProtocolVersion>(chosen_version(version, body));
  if (spoken == tls::ProtocolVersion::tls13) {
    return (is_retry(random) ? "HelloRetryRequest: " : "chooses ") + version_text(spoken) + ", " + chosen +
           extension_texts(body);
  }
  return "chooses " + version_text(spoken) + ", " + chosen + extension_texts(body) +
         (negotiated.resumed ? "; resumes session " + hex(session.peek()).substr(0, 8) + "…"
          : extension_of(body, tls::ExtensionType::session_ticket) ? "; a session that goes into a ticket"
          : session.empty()                                        ? "; a session that cannot be resumed"
                            : "; a new session, " + hex(session.peek()).substr(0, 8) + "…");
}

// A key in place of certificates (RFC 7250), if this is one.
std::optional<std::string> raw_key(Bytes spki) {
  const auto key = x509::PublicKey::parse_spki(spki, x509::kAllKeys.kinds);
  if (!key) {
    return std::nullopt;
  }
  return "a raw public key, " + text(key->kind().name) + ", sha256:" + fingerprint(spki);
}

Result<std::string> certificates(Reader body, const tls::Negotiated& negotiated) {
  const bool tls13 = is_tls13(negotiated);
  if (tls13) {
    ASHLAR_CHECK(body.u8_prefixed());
  }
  ASHLAR_TRY(Reader list, body.u24_prefixed());
  if (list.empty()) {
    return std::string("no certificate");
  }
  const auto is_raw = [](tls::CertificateType type) { return type == tls::CertificateType::raw_public_key; };
  if (is_raw(negotiated.server_certificate_type) || is_raw(negotiated.client_certificate_type)) {
    Reader entry = list;
    const auto inner = tls13 ? entry.u24_prefixed() : Result<Reader>(list);
    if (const auto told = inner ? raw_key(inner->peek()) : std::nullopt) {
      return *told;
    }
  }
  std::string first;
  std::size_t count = 0;
  while (!list.empty()) {
    ASHLAR_TRY(Reader der, list.u24_prefixed());
    if (tls13) {
      ASHLAR_CHECK(list.u16_prefixed());
    }
    if (count++ == 0) {
      const Bytes leaf = der.take_rest();
      if (const auto certificate = x509::Certificate::parse(leaf)) {
        first = name_text(certificate->subject()) + " (" + public_key_text(*certificate) + "), issued by " +
                name_text(certificate->issuer());
      }
    }
  }
  return counted(count, "certificate") + ": " + first;
}

// Whether the suite takes a pre-shared key: its exchange stands in its name.
bool takes_psk(const tls::Negotiated& negotiated) {
  return negotiated.suite != nullptr && negotiated.suite->name.find("PSK_WITH") != std::string_view::npos;
}

Result<std::string> psk_parameters(Reader body, const tls::Negotiated& negotiated) {
  ASHLAR_TRY(Reader hint, body.u16_prefixed());
  const std::string share =
      negotiated.group == nullptr ? std::string() : "an ephemeral key on " + text(negotiated.group->name);
  return (share.empty() ? std::string() : share + ", ") +
         (hint.empty() ? std::string("no hint which pre-shared key")
                       : "a hint which pre-shared key: " + identity_text(hint.take_rest()));
}

Result<std::string> server_key_exchange(Reader body, const tls::Negotiated& negotiated) {
  if (takes_psk(negotiated)) {
    return psk_parameters(body, negotiated);
  }
  if (negotiated.group == nullptr || negotiated.server_scheme == nullptr) {
    return std::string("an ephemeral key");
  }
  return "an ephemeral key on " + text(negotiated.group->name) + ", signed with " +
         text(negotiated.server_scheme->name);
}

Result<std::string> certificate_request(Reader body, bool tls13) {
  if (tls13) {
    ASHLAR_CHECK(body.u8_prefixed());
    auto signed_with = extension_of(body, tls::ExtensionType::signature_algorithms);
    if (!signed_with) {
      return std::string("asks for a client certificate");
    }
    ASHLAR_TRY(Reader schemes, signed_with->u16_prefixed());
    return "asks for a client certificate, signed with " + names_of<tls::SchemeId>(schemes);
  }
  ASHLAR_CHECK(body.u8_prefixed());
  ASHLAR_TRY(Reader schemes, body.u16_prefixed());
  ASHLAR_TRY(Reader issuers, body.u16_prefixed());
  std::size_t count = 0;
  while (issuers.u16_prefixed()) {
    ++count;
  }
  return "asks for a client certificate of " +
         (count == 0 ? "any issuer" : counted(count, "acceptable issuer")) + ", signed with " +
         names_of<tls::SchemeId>(schemes);
}

Result<std::string> new_session_ticket(Reader body) {
  ASHLAR_TRY(const std::uint32_t lifetime, body.u32());
  ASHLAR_TRY(const Reader ticket, body.u16_prefixed());
  if (ticket.empty()) {
    return std::string("no ticket after all");
  }
  return "the session, sealed under a key of the server's, in " + counted(ticket.remaining(), "byte") +
         (lifetime == 0 ? std::string() : ", good for " + counted(lifetime, "second"));
}

Result<std::string> certificate_verify(Reader body) {
  ASHLAR_TRY(const std::uint16_t scheme, body.u16());
  return "a digest of all messages so far, signed with " +
         text(tls::name(static_cast<tls::SchemeId>(scheme)));
}

Result<std::string> client_key_exchange(Reader body, const tls::Negotiated& negotiated) {
  if (takes_psk(negotiated)) {
    ASHLAR_TRY(Reader identity, body.u16_prefixed());
    return "the pre-shared key " + identity_text(identity.take_rest()) +
           (negotiated.group == nullptr ? std::string()
                                        : ", and an ephemeral key on " + text(negotiated.group->name));
  }
  if (negotiated.group == nullptr) {
    return std::string("the premaster secret, encrypted to the server's RSA key");
  }
  return "an ephemeral key on " +
         (negotiated.group != nullptr ? text(negotiated.group->name) : "the same group") +
         ": both sides can compute the premaster secret";
}

Result<std::string> encrypted_extensions(Reader body) {
  const std::string words = extension_texts(body);
  return words.empty() ? std::string("nothing to add") : words.substr(2);
}

Result<std::string> pre_shared_key_ticket(Reader body) {
  ASHLAR_TRY(const std::uint32_t lifetime, body.u32());
  return "a ticket to resume the session with, for " + counted(lifetime, "second");
}

Result<std::string> compressed_certificate(Reader body) {
  ASHLAR_TRY(const std::uint16_t algorithm, body.u16());
  ASHLAR_TRY(const std::uint32_t length, body.u24());
  ASHLAR_TRY(const Reader compressed, body.u24_prefixed());
  return "a Certificate message of " + counted(length, "byte") + ", compressed by " +
         compression_name(algorithm) + " to " + std::to_string(compressed.remaining());
}

Result<std::string> key_update(Reader body) {
  ASHLAR_TRY(const std::uint8_t request, body.u8());
  return std::string("the sender's keys are new from here") +
         (request == 1 ? ", and it wants the other side's to be new too" : "");
}

// What a message decides, by its type. Types without a row have no text.
struct Teller {
  tls::HandshakeType type;
  Result<std::string> (*tell)(Reader body, const tls::Negotiated& negotiated);
};
using Agreed = const tls::Negotiated&;
constexpr Teller kTellers[] = {
    {tls::HandshakeType::client_hello, [](Reader body, Agreed) { return client_hello(body); }},
    {tls::HandshakeType::server_hello, server_hello},
    {tls::HandshakeType::certificate, [](Reader body, Agreed agreed) { return certificates(body, agreed); }},
    {tls::HandshakeType::server_key_exchange,
     [](Reader body, Agreed agreed) { return server_key_exchange(body, agreed); }},
    {tls::HandshakeType::certificate_request,
     [](Reader body, Agreed agreed) { return certificate_request(body, is_tls13(agreed)); }},
    {tls::HandshakeType::server_hello_done,
     [](Reader, Agreed) { return Result(std::string("the server waits for the client")); }},
    {tls::HandshakeType::client_key_exchange,
     [](Reader body, Agreed agreed) { return client_key_exchange(body, agreed); }},
    {tls::HandshakeType::certificate_verify, [](Reader body, Agreed) { return certificate_verify(body); }},
    {tls::HandshakeType::finished,
     [](Reader, Agreed agreed) {
       return Result(std::string(is_tls13(agreed) ? "HMAC" : "PRF output") +
                     " over all messages: the sender has the keys and saw the same handshake");
     }},
    {tls::HandshakeType::encrypted_extensions,
     [](Reader body, Agreed) { return encrypted_extensions(body); }},
    {tls::HandshakeType::new_session_ticket,
     [](Reader body, Agreed agreed) {
       return is_tls13(agreed) ? pre_shared_key_ticket(body) : new_session_ticket(body);
     }},
    {tls::HandshakeType::compressed_certificate,
     [](Reader body, Agreed) { return compressed_certificate(body); }},
    {tls::HandshakeType::key_update, [](Reader body, Agreed) { return key_update(body); }},
    {tls::HandshakeType::hello_request,
     [](Reader, Agreed) { return Result(std::string("asks for another handshake")); }},
};

Result<std::string> decide(const tls::MessageEvent& message, const tls::Negotiated& negotiated) {
  for (const Teller& teller : kTellers) {
    if (teller.type == message.type) {
      return teller.tell(Reader(message.body), negotiated);
    }
  }
  return std::string();
}

// The list that a ClientHello offers, or the one that a ServerHello chooses. There is only null: TLS 1.3 has
// no compression, and in TLS 1.2 it tells secrets (CRIME).
Result<std::string> compression_methods(Reader body, bool client) {
  ASHLAR_CHECK(body.take(34));  // version and random
  ASHLAR_CHECK(body.u8_prefixed());
  if (client) {
    ASHLAR_CHECK(body.u16_prefixed());
    ASHLAR_TRY(Reader methods, body.u8_prefixed());
    return "; compression methods" + std::string(text_of(methods.peek()) == std::string_view("\0", 1)
                                                     ? " null (0)"
                                                     : " " + hex(methods.peek()));
  }
  ASHLAR_CHECK(body.u16());
  ASHLAR_TRY(const std::uint8_t method, body.u8());
  return "; compression method " + (method == 0 ? std::string("null (0)") : std::to_string(method));
}

}  // namespace

namespace {

std::string suite_names(Reader ids) {
  std::string out;
  while (const auto id = ids.u16()) {
    std::string name;
    const auto look = [&](const auto& suites) {
      for (const auto* const suite : suites) {
        if (static_cast<std::uint16_t>(suite->id) == *id) {
          name = text(suite->name);
        }
      }
    };
    look(tls::policy::compat.suites);
    look(tls::policy::psk.suites);
    look(tls::policy::compat.tls13_suites);
    if (name.empty()) {
      const std::uint8_t bytes[] = {static_cast<std::uint8_t>(*id >> 8), static_cast<std::uint8_t>(*id)};
      name = *id == 0x00ff ? "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" : "0x" + hex(bytes);
    }
    out += (out.empty() ? "" : " ") + name;
  }
  return out;
}

Result<std::string> offer(Reader body) {
  ASHLAR_CHECK(body.u16());
  ASHLAR_CHECK(body.take(32));
  ASHLAR_CHECK(body.u8_prefixed());
  ASHLAR_TRY(Reader suites, body.u16_prefixed());
  ASHLAR_CHECK(body.u8_prefixed());
  std::string out = "; cipher suites " + suite_names(suites);
  auto list = body.u16_prefixed();
  while (list && !list->empty()) {
    ASHLAR_TRY(const std::uint16_t type, list->u16());
    ASHLAR_TRY(Reader content, list->u16_prefixed());
    if (static_cast<tls::ExtensionType>(type) == tls::ExtensionType::signature_algorithms) {
      ASHLAR_TRY(Reader schemes, content.u16_prefixed());
      out += "; signature schemes " + names_of<tls::SchemeId>(schemes);
    }
  }
  return out;
}

}  // namespace

std::string offered(const tls::MessageEvent& message) {
  std::string out;
  Result<std::string> methods = std::string();
  if (message.type == tls::HandshakeType::client_hello) {
    const auto words = offer(Reader(message.body));
    out = words ? *words : std::string();
    methods = compression_methods(Reader(message.body), true);
  } else if (message.type == tls::HandshakeType::server_hello) {
    methods = compression_methods(Reader(message.body), false);
  }
  return out + (methods ? *methods : std::string()) + "; handshake message type " +
         std::to_string(static_cast<int>(message.type));
}

std::string version_text(tls::ProtocolVersion version) {
  const auto wire = static_cast<std::uint16_t>(version);
  return text(tls::name(version)) + " (" + std::to_string(wire >> 8) + "," + std::to_string(wire & 0xff) +
         ")";
}

std::string suite_text(const tls::Negotiated& negotiated) {
  return negotiated.suite != nullptr ? text(negotiated.suite->name) : "nothing yet";
}

std::string legacy_text(const tls::Negotiated& negotiated) {
  const bool legacy = negotiated.suite != nullptr && !negotiated.suite->legacy.empty();
  return legacy ? ", a legacy cipher suite" : "";
}

std::string decision(const tls::MessageEvent& message, const tls::Negotiated& negotiated) {
  const auto words = decide(message, negotiated);
  return words ? *words : "not to be read: " + sentence(words.error());
}

const char* phase_title(tls::Phase phase, bool tls13) {
  switch (phase) {
    case tls::Phase::hello:
      return "phase 1: the hellos agree on version, suite and extensions";
    case tls::Phase::server_authentication:
      return tls13 ? "phase 2: what else the server says and its certificate, encrypted"
                   : "phase 2: the server's certificate and its share of the key exchange";
    case tls::Phase::client_key_exchange:
      return tls13 ? "phase 3: the client's certificate, if asked"
                   : "phase 3: the client's share of the key exchange, its certificate if asked";
    case tls::Phase::finish:
      return tls13 ? "phase 4: both prove that they saw the same handshake"
                   : "phase 4: both change keys and prove that they saw the same handshake";
    case tls::Phase::data:
      return "application data";
  }
  return "";
}

}  // namespace ashlar::cli
