// SPDX-License-Identifier: Apache-2.0
// ashlar explain: what an error or an alert means, what usually causes it, and the clause behind it, also by
// other programs' names; and what becomes of a cipher suite or a version.
#include "commands/commands.hpp"
#include "commands/explain_suite.hpp"
#include "failure/advice.hpp"
#include "failure/failure.hpp"
#include "failure/other_names.hpp"
#include "output/terminal.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace ashlar::cli {
namespace {

struct AlertRow {
  Alert alert;
  std::string_view name;
  std::string_view clause;
  std::string_view text;
};

// What a peer means by each alert, and where to look for the cause.
constexpr AlertRow kAlerts[] = {
    {Alert::close_notify, "close_notify", "RFC 5246 §7.2.1",
     "The sender has no more to send. Not an error: it is how a connection ends, and what tells the end of "
     "the data "
     "from a cut cable or an attacker who cuts it."},
    {Alert::unexpected_message, "unexpected_message", "RFC 5246 §7.2.2",
     "A message came that the state of the handshake does not allow. Between sound implementations it does "
     "not "
     "happen: look for a proxy that alters the stream, or for plain text sent where TLS was expected."},
    {Alert::bad_record_mac, "bad_record_mac", "RFC 5246 §7.2.2",
     "A record was forged or damaged on its way, or the two sides have different keys. TCP's own checksum is "
     "weak: "
     "broken network hardware is the usual innocent cause."},
    {Alert::record_overflow, "record_overflow", "RFC 5246 §7.2.2",
     "A record is longer than 2^14 bytes and what protection adds. Often the peer does not speak TLS at "
     "all."},
    {Alert::handshake_failure, "handshake_failure", "RFC 5246 §7.2.2",
     "No common ground: cipher suites, groups or signature schemes. Try --policy compat against an old peer, "
     "and "
     "check that the key type of the certificate goes with the suites offered."},
    {Alert::bad_certificate, "bad_certificate", "RFC 5246 §7.2.2",
     "The certificate is damaged, its signature is wrong, or it does not fit its purpose or name."},
    {Alert::unsupported_certificate, "unsupported_certificate", "RFC 5246 §7.2.2",
     "The certificate's kind of key or signature is not one the sender of the alert can use."},
    {Alert::certificate_revoked, "certificate_revoked", "RFC 5246 §7.2.2",
     "The issuer has taken the certificate back."},
    {Alert::certificate_expired, "certificate_expired", "RFC 5246 §7.2.2",
     "The certificate is past its end, or not yet valid. Check the clock of the side that complains."},
    {Alert::certificate_unknown, "certificate_unknown", "RFC 5246 §7.2.2",
     "The certificate was not accepted for a reason that has no alert of its own."},
    {Alert::illegal_parameter, "illegal_parameter", "RFC 5246 §7.2.2",
     "A field of a handshake message has a value that it must not have: one that was not offered, out of "
     "range, or "
     "at odds with another field."},
    {Alert::unknown_ca, "unknown_ca", "RFC 5246 §7.2.2",
     "The chain ends in no root that the sender of the alert trusts. Give it the root (--trust, "
     "--client-ca), or send "
     "the intermediate certificates that are missing from the chain."},
    {Alert::access_denied, "access_denied", "RFC 5246 §7.2.2",
     "The certificate is sound, but who it names may not do this."},
    {Alert::decode_error, "decode_error", "RFC 5246 §7.2.2",
     "A message could not be parsed: a length is wrong or a value is cut."},
    {Alert::decrypt_error, "decrypt_error", "RFC 5246 §7.2.2",
     "A signature or a Finished did not verify: the handshake was altered, or a key does not belong to its "
     "certificate."},
    {Alert::protocol_version, "protocol_version", "RFC 5246 §7.2.2",
     "The two sides have no version of TLS in common. Ashlar speaks TLS 1.3 and TLS 1.2, unless --tls or "
     "--suites leaves one of them out."},
    {Alert::insufficient_security, "insufficient_security", "RFC 5246 §7.2.2",
     "Everything that the other side offers is weaker than the sender of the alert accepts."},
    {Alert::internal_error, "internal_error", "RFC 5246 §7.2.2",
     "Something failed inside the sender of the alert, such as memory: its own log says what."},
    {Alert::inappropriate_fallback, "inappropriate_fallback", "RFC 7507 §4",
     "The client said that it fell back to an older version although the server speaks a newer one: somebody "
     "may be "
     "forcing old versions on them."},
    {Alert::user_canceled, "user_canceled", "RFC 5246 §7.2.2",
     "The handshake was called off for a reason that has nothing to do with the protocol."},
    {Alert::no_renegotiation, "no_renegotiation", "RFC 5246 §7.2.2",
     "A request for another handshake on this connection is declined; the connection itself may go on."},
    {Alert::missing_extension, "missing_extension", "RFC 8446 §6.2",
     "A hello lacks an extension that the version in use cannot do without."},
    {Alert::unsupported_extension, "unsupported_extension", "RFC 5246 §7.2.2",
     "The server's hello holds an extension that the client did not offer."},
    {Alert::unrecognized_name, "unrecognized_name", "RFC 6066 §3",
     "The server has no certificate for the name that the client asked for (server_name)."},
    {Alert::bad_certificate_status_response, "bad_certificate_status_response", "RFC 6066 §8",
     "The OCSP response that came with the certificate is not sound."},
    {Alert::unknown_psk_identity, "unknown_psk_identity", "RFC 4279 §2",
     "The server does not know the pre-shared key that the client named."},
    {Alert::certificate_required, "certificate_required", "RFC 8446 §6.2",
     "The server demands a client certificate and got none: --cert and --key."},
    {Alert::no_application_protocol, "no_application_protocol", "RFC 7301 §3.2",
     "The two sides have no application protocol (ALPN) in common."},
};

const AlertRow* alert_row(Alert alert) {
  for (const AlertRow& row : kAlerts) {
    if (row.alert == alert) {
      return &row;
    }
  }
  return nullptr;
}

// Lines of at most 80 characters, each indented by four.
void print_wrapped(std::string_view text) {
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > 76) {
      end = text.rfind(' ', 76);
    }
    std::printf("    %.*s\n", static_cast<int>(end), text.data());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void print_alert(const AlertRow& row) {
  std::printf("alert %u, %.*s [%.*s]\n", static_cast<unsigned>(row.alert), static_cast<int>(row.name.size()),
              row.name.data(), static_cast<int>(row.clause.size()), row.clause.data());
  print_wrapped(row.text);
}

// What Error::detail adds to the sentence.
constexpr std::string_view kDetails[] = {
    "",
    "Its number is the offset in bytes from the start of the input.",
    "Its number is the length found, in bytes.",
    "Its number is the value or the count found.",
    "Its number is the alert that the peer sent: ashlar explain ALERT says what that one means.",
    "Its number is the type of the handshake message.",
    "Its number is the type of the extension.",
    "Its number is the version found.",
    "Its number is the cipher suite found.",
    "Its number is the group found.",
    "Its number is the signature scheme found.",
    "Its number says which certificate of the chain, the first being 0.",
    "Its numbers are the tag found and its offset in bytes from the start of the input.",
    "Its numbers are the bits of the key found and the bits wanted.",
    "Its bytes are the first four of what came.",
};
static_assert(std::size(kDetails) == static_cast<std::size_t>(Detail::bytes) + 1);

void print_error(const ErrorRow& row) {
  std::printf("error %u, %s\n", static_cast<unsigned>(row.code), std::string(row.name).c_str());
  print_wrapped("What failed: " + std::string(row.text) + ".");
  if (!row.clause.empty()) {
    print_wrapped("Clause: " + std::string(row.clause) + ".");
  }
  if (row.detail != Detail::none) {
    print_wrapped(kDetails[static_cast<std::size_t>(row.detail)]);
  }
  if (const Advice* const advice = advice_for(row.code)) {
    print_wrapped("Usual cause: " + std::string(advice->cause));
    print_wrapped("Wanted: " + std::string(advice->wanted) + ".");
    print_wrapped("Next: " + std::string(advice->next));
  }
  // Errors that are never told to a peer have internal_error in the table only as a placeholder.
  if (row.alert == Alert::internal_error || row.alert == Alert::close_notify) {
    return;
  }
  if (const AlertRow* const alert = alert_row(row.alert)) {
    print_wrapped("On a TLS connection the peer is told: " + std::string(alert->name) + " (alert " +
                  std::to_string(static_cast<unsigned>(alert->alert)) + ").");
  }
}

void list() {
  std::printf("Errors:\n");
  for (const ErrorRow& row : kErrorTable) {
    std::printf("  %3u  %-34s %s\n", static_cast<unsigned>(row.code), std::string(row.name).c_str(),
                std::string(row.text).c_str());
  }
  std::printf("\nAlerts:\n");
  for (const AlertRow& row : kAlerts) {
    std::printf("  %3u  %s\n", static_cast<unsigned>(row.alert), std::string(row.name).c_str());
  }
}

// Tells of all that has this name or number.
bool tell(std::string what) {
  std::replace(what.begin(), what.end(), '-', '_');
  bool found = false;
  for (const ErrorRow& row : kErrorTable) {
    if (what == row.name || what == std::to_string(static_cast<unsigned>(row.code))) {
      print_error(row);
      found = true;
    }
  }
  for (const AlertRow& row : kAlerts) {
    if (what == row.name || what == std::to_string(static_cast<unsigned>(row.alert))) {
      std::printf("%s", found ? "\n" : "");
      print_alert(row);
      found = true;
    }
  }
  return found;
}

void run(const std::string& what) {
  if (what.empty()) {
    list();
    return;
  }
  if (tell(what) || explain_suite(what) || explain_version(what)) {
    return;
  }
  if (const auto meaning = meaning_of(what)) {
    std::printf("%s's name for this:\n\n", std::string(meaning->whose).c_str());
    tell(std::string(meaning->ours));
    return;
  }
  throw Failure(Words{
      .cause = "no error or alert is called \"" + escape(what) + "\"",
      .found = "\"" + escape(what) + "\"",
      .wanted =
          "the name or the number of an error or of an alert, such as unknown_issuer or 48, of a "
          "cipher suite, such as TLS_RSA_WITH_RC4_128_SHA or 0x0005, or what OpenSSL, GnuTLS, Go, Java, "
          "curl or a browser says, such as ERR_CERT_AUTHORITY_INVALID",
      .next = "ashlar explain lists them"});
}

}  // namespace

void add_explain(CLI::App& app) {
  const auto what = std::make_shared<std::string>();
  CLI::App* const command = app.add_subcommand("explain", "What an error or an alert means");
  command->add_option(
      "what", *what,
      "Name or number of an error, an alert, a cipher suite or a version, or what another program says; none "
      "lists all errors and alerts");
  // "-1" looks like an option to the parser, but the user means a number.
  command->allow_extras();
  command->footer(
      "Where an error and an alert share a name or a number both are told.\n\n"
      "  ashlar explain bad_record_mac\n"
      "  ashlar explain 48\n"
      "  ashlar explain TLS_RSA_WITH_RC4_128_SHA\n"
      "  ashlar explain ERR_CERT_AUTHORITY_INVALID\n"
      "  ashlar explain \"x509: certificate signed by unknown authority\"\n");
  command->callback([what, command] {
    std::string words = *what;
    for (const std::string& more : command->remaining()) {
      words += (words.empty() ? "" : " ") + more;
    }
    run(words);
  });
}

}  // namespace ashlar::cli
