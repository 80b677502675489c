// SPDX-License-Identifier: Apache-2.0
#include "starttls/dialogue.hpp"

#include "output/terminal.hpp"

#include <algorithm>

namespace ashlar::cli {
namespace {

constexpr const StartTls* kRows[] = {&kSmtp, &kImap, &kPop3, &kFtp, &kXmpp, &kLdap, &kPostgres};
// So much of a peer's text is in a message.
constexpr std::size_t kMostShown = 120;

char capital(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string shown(std::string_view text) {
  const bool whole = text.size() <= kMostShown;
  return "\"" + escape(text.substr(0, kMostShown)) + (whole ? "\"" : "…\"");
}

std::string next_port(const StartTls& row) {
  return row.wrapped.empty()
             ? "check host and port: " + std::string(row.protocol) + " has port " + std::string(row.port)
             : "check host and port: " + std::string(row.protocol) + " has port " + std::string(row.port) +
                   "; port " + std::string(row.wrapped) +
                   " speaks TLS from its first byte, without --starttls";
}

}  // namespace

std::span<const StartTls* const> starttls_rows() {
  return kRows;
}

std::vector<std::string> starttls_names() {
  std::vector<std::string> names;
  for (const StartTls* const row : kRows) {
    names.emplace_back(row->name);
  }
  return names;
}

const StartTls* starttls_row(std::string_view name) {
  for (const StartTls* const row : kRows) {
    if (row->name == name) {
      return row;
    }
  }
  return nullptr;
}

std::string starttls_help() {
  std::string text;
  for (const StartTls* const row : kRows) {
    text += (text.empty() ? "" : ", ") + std::string(row->name) + " (" + std::string(row->said) + ")";
  }
  return text;
}

Reply LineDialogue::take(std::string_view unit) {
  while (!unit.empty() && (unit.back() == '\n' || unit.back() == '\r')) {
    unit.remove_suffix(1);
  }
  return line(unit);
}

std::string first_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(), capital);
  return out;
}

bool has_word(std::string_view text, std::string_view word) {
  while (!text.empty()) {
    if (first_word(text) == word) {
      return true;
    }
  }
  return false;
}

TalkFailure not_spoken(const StartTls& row, std::string_view found, std::string_view wanted) {
  return {Words{.cause = "the server does not speak " + std::string(row.protocol) + " as it should",
                .usual = "The port is another protocol's, or the server turns this client away.",
                .found = shown(found),
                .wanted = std::string(wanted) + " [" + std::string(row.clause) + "]",
                .next = next_port(row)}};
}

TalkFailure not_offered(const StartTls& row, const std::string& offered) {
  return {Words{
      .cause = "the server does not offer TLS",
      .usual = "TLS is not turned on there, or somebody in between took the offer out of its answer.",
      .found = offered.empty() ? "an offer of nothing" : "an offer of " + shown(offered),
      .wanted = std::string(row.said) + " [" + std::string(row.clause) + "]",
      .next = row.wrapped.empty() ? "turn TLS on at the server"
                                  : "turn TLS on at the server, or try port " + std::string(row.wrapped) +
                                        ", which speaks TLS from its first byte, without --starttls"}};
}

TalkFailure refused(const StartTls& row, std::string_view answer) {
  return {Words{.cause = "the server refuses to go over to TLS",
                .usual = "TLS is not turned on there, or its certificate could not be read.",
                .found = shown(answer),
                .wanted = "a yes to " + std::string(row.said) + " [" + std::string(row.clause) + "]",
                .next = "turn TLS on at the server; its log may say more"}};
}

TalkFailure not_understood(const StartTls& row, std::string_view found) {
  return {Words{.cause = "the client does not speak " + std::string(row.protocol) + " as it should",
                .found = shown(found),
                .wanted = std::string(row.said) + " [" + std::string(row.clause) + "]",
                .next = found.starts_with('\x16')
                            ? "give the client --starttls " + std::string(row.name) +
                                  " or its like: it began TLS at once"
                            : "give the client the port and the protocol of this server"}};
}

}  // namespace ashlar::cli
