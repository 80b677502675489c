// SPDX-License-Identifier: Apache-2.0
#include "net/ending.hpp"

#include "net/foreign_talk.hpp"

#include <ashlar/tls/registry.hpp>

#include <algorithm>
#include <iterator>

namespace ashlar::cli {
namespace {

std::string explain(const Error& error) {
  return error == ErrorCode::peer_alert ? " (more: ashlar explain " + std::to_string(error.detail) + ")"
                                        : std::string();
}

std::string alert_text(const Error& error) {
  return "the alert " + std::string(tls::name(static_cast<Alert>(error.detail)));
}

// The peer stopped without an alert before the handshake was done.
Words stopped(const std::string& about, const ClientEnd& how, const std::string& reason) {
  Words words;
  words.cause = about + "the server closed the connection during the handshake" +
                (reason.empty() ? "" : " (" + reason + ")");
  if (how.negotiated.suite == nullptr) {
    words.found = "an end of the connection before any answer to ClientHello";
    words.usual =
        "The port speaks something else than TLS, a firewall or a proxy is in between, or the server has no "
        "use for this name.";
    words.next = "check the port and the name; the server's log may say more";
  } else if (how.negotiated.client_certificate_requested && !how.has_credential) {
    words.found = "an end of the connection after the server had asked for a client certificate";
    words.usual = "The server demands one, and says so by closing.";
    words.next = "give one: --cert FILE --key FILE";
  } else {
    words.found = "an end of the connection after ServerHello";
    words.usual = "The server did not like what it got, or it stopped just then.";
    words.next = "watch how far it comes with --trace; the server's log may say more";
  }
  words.wanted = "the server's messages up to its Finished";
  return words;
}

bool offers(const ClientEnd& how, tls::ProtocolVersion version) {
  return how.policy.speaks(version);
}
bool offers_both(const ClientEnd& how) {
  return offers(how, tls::ProtocolVersion::tls13) && offers(how, tls::ProtocolVersion::tls12);
}
std::string spoken(const ClientEnd& how) {
  return offers_both(how)                           ? "TLS 1.3 or TLS 1.2"
         : offers(how, tls::ProtocolVersion::tls13) ? "TLS 1.3"
                                                    : "TLS 1.2";
}
// What helps if the server speaks none of the versions that were offered.
std::string other_version(const ClientEnd& how) {
  return offers_both(how) ? "bring the server up to date: nothing older is safe"
         : offers(how, tls::ProtocolVersion::tls13)
             ? "offer TLS 1.2 too: leave --tls 1.3 out, or name suites of it"
             : "offer TLS 1.3 too: leave --tls 1.2 out, or name suites of it";
}

// In TLS 1.3 the server judges the client's certificate after the client has done its part (RFC 9846 §4.4).
bool is_about_certificate(Alert alert) {
  constexpr Alert kAbout[] = {
      Alert::bad_certificate,     Alert::unsupported_certificate, Alert::certificate_revoked,
      Alert::certificate_expired, Alert::certificate_unknown,     Alert::unknown_ca,
      Alert::access_denied,       Alert::decrypt_error,           Alert::certificate_required};
  return std::find(std::begin(kAbout), std::end(kAbout), alert) != std::end(kAbout);
}

Words of_alert(const std::string& about, const ClientEnd& how) {
  const Error& error = how.end.error;
  const auto alert = static_cast<Alert>(error.detail);
  Words words = words_of(about, error);
  words.cause = about + words.cause.substr(about.size() + 2);
  words.found = alert_text(error);
  const bool before_hello = how.negotiated.suite == nullptr;
  if (how.established && !(how.negotiated.version == tls::ProtocolVersion::tls13 &&
                           how.negotiated.client_certificate_requested && is_about_certificate(alert))) {
    return words;
  }
  if (alert == Alert::protocol_version && before_hello) {
    words.cause = about + "the server does not speak " + spoken(how) + " [RFC 5246 §7.2.2]";
    words.usual =
        offers_both(how) ? "It speaks nothing newer than TLS 1.1."
        : offers(how, tls::ProtocolVersion::tls13)
            ? "It speaks TLS 1.2 and nothing newer."
            : "It speaks TLS 1.3 alone: a server that is too old answers with its own version instead.";
    words.wanted = "a server that speaks " + spoken(how) + ", which is what was offered";
    words.next = other_version(how) + explain(error);
  } else if (how.negotiated.client_certificate_requested && !how.has_credential) {
    words.cause = about + "the server demands a client certificate";
    words.usual = {};
    words.found += ", after the server had asked for a client certificate and got none";
    words.wanted = "a client certificate that the server accepts";
    words.next = "give one: --cert FILE --key FILE" + explain(error);
  } else if (how.negotiated.client_certificate_requested) {
    words.cause = about + "the server refused the client certificate, most likely";
    words.usual = {};
    words.found += ", after it got the client certificate";
    words.wanted = "a certificate of a CA that the server names";
    words.next = "see what it asks for: --trace; see what you have: ashlar cert show FILE" + explain(error);
  } else if (alert == Alert::handshake_failure && before_hello) {
    words.cause = about + "the server found nothing in common with this client";
    words.usual = "It has other cipher suites, groups or signature schemes than the policy " +
                  how.policy_name + " offers.";
    words.wanted = "a server with one of the suites of --policy " + how.policy_name;
    words.next = (how.policy_name == "compat" ? std::string("look at the server's list of cipher suites")
                                              : std::string("try --policy compat, for old servers")) +
                 explain(error);
  } else if (alert == Alert::unrecognized_name) {
    words.cause = about + "the server has no certificate for this name";
    words.usual = {};
    words.wanted = "a name that the server knows";
    words.next =
        "check the name; ashlar client has --name for one that differs from the host" + explain(error);
  }
  return words;
}

std::string version_found(std::uint32_t version) {
  return version <= 0x0300   ? "SSL 3.0"
         : version == 0x0301 ? "TLS 1.0"
         : version == 0x0302 ? "TLS 1.1"
         : version == 0x0303 ? "TLS 1.2"
                             : "another version";
}

}  // namespace

Words ending_words(const std::string& host, const ClientEnd& how) {
  using Reason = ConnectionEnd::Reason;
  const std::string about = host + ": " + (how.established ? "" : "no TLS connection: ");
  const Error& error = how.end.error;
  if (how.end.reason == Reason::deadline) {
    return {.cause = about + "nothing came in time",
            .usual = "The server is busy or hangs, or the network drops what is sent.",
            .found = how.negotiated.suite == nullptr ? "no answer to ClientHello" : "an unfinished exchange",
            .wanted = "an answer within the time of --timeout",
            .next = "try again, or wait longer: --timeout SECONDS"};
  }
  if (how.end.reason == Reason::network && !how.established) {
    return stopped(about, how, how.end.network.message());
  }
  if (how.end.reason != Reason::failed) {
    return {.cause = about + how.end.text(),
            .usual = "The server or something in between cut the connection.",
            .found = "an end without close_notify",
            .wanted = "close_notify at the end",
            .next = "take what came for a part, and try again"};
  }
  if (error == ErrorCode::truncated_connection && !how.established) {
    return stopped(about, how, "");
  }
  if (error == ErrorCode::peer_alert) {
    return of_alert(about, how);
  }
  Words words = words_of(about, error);
  words.cause = about + words.cause.substr(about.size() + 2);
  if (error == ErrorCode::unsupported_version) {
    const bool too_old = error.detail < static_cast<std::uint32_t>(tls::ProtocolVersion::tls12);
    words.cause = about + "the server does not speak " + spoken(how) + (too_old ? ": it is too old" : "") +
                  " [RFC 5246 §7.4.1.2]";
    words.usual = {};
    words.found = "a ServerHello of " + version_found(error.detail);
    words.wanted = spoken(how) + ", which is what was offered";
    words.next = (too_old ? "bring the server up to date: nothing older is safe" : other_version(how)) +
                 " (more: ashlar explain unsupported_version)";
  } else if (error == ErrorCode::not_tls || error == ErrorCode::plain_http) {
    const Words talk = foreign_server_words(host, error);
    words.usual = {};
    words.found = talk.found;
    words.wanted = talk.wanted;
    words.next = talk.next;
  } else if (error == ErrorCode::extended_master_secret_missing) {
    words.found = "a ServerHello without extended_master_secret";
    words.wanted = "a server that does RFC 7627, since the policy " + how.policy_name + " demands it";
  } else if (error == ErrorCode::truncated_connection) {
    words.found = "an end of the connection without close_notify";
    words.wanted = "close_notify, by which the server says that nothing is missing";
  }
  return words;
}

}  // namespace ashlar::cli
