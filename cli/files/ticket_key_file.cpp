// SPDX-License-Identifier: Apache-2.0
#include "files/ticket_key_file.hpp"

#include "failure/failure.hpp"
#include "files/files.hpp"
#include "files/symmetric_key.hpp"
#include "output/terminal.hpp"

#include <ashlar/crypto/random.hpp>

#include <cstdio>

namespace ashlar::cli {

namespace {

constexpr std::string_view kNext =
    "make one with ashlar key new ticket -o FILE; a file may have several lines";

Failure refusal(const std::string& path, const std::string& found) {
  return Failure(Words{.cause = path + ": these are no ticket keys",
                       .found = found,
                       .wanted = "1 to " + std::to_string(tls::TicketKeys::kMaxKeys) +
                                 " different keys, one a line, of " +
                                 std::to_string(2 * tls::TicketKeys::kKeySize) + " hex digits each",
                       .next = std::string(kNext)},
                 ExitCode::failed);
}

}  // namespace

void load_ticket_keys(const std::string& path, tls::TicketKeys& keys) {
  const FileBytes content = read_whole(path, 1U << 16);
  std::string_view rest = content.text();
  std::vector<FileBytes> read;
  std::size_t number = 0;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    ++number;
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t')) {
      line.remove_suffix(1);
    }
    if (line.empty() || line.front() == '#') {
      continue;
    }
    const std::string where = path + ", line " + std::to_string(number);
    if (line.size() != 2 * tls::TicketKeys::kKeySize) {
      throw refusal(where, counted(line.size(), "character"));
    }
    read.push_back(unhex_key(line, where));
  }
  std::vector<Bytes> given;
  for (const FileBytes& key : read) {
    given.push_back(key.bytes());
  }
  if (!keys.replace(given)) {
    throw refusal(path, given.empty() ? "no key"
                                      : counted(given.size(), "key") +
                                            ", of which one is of zeros or comes twice, or too many");
  }
}

void write_ticket_key(const std::string& path, bool replace) {
  SecretBuffer<tls::TicketKeys::kKeySize> key;
  key.resize(key.capacity());
  const auto filled = crypto::fresh_random().fill(key.reveal_mut());
  if (!filled) {
    throw Failure(sentence(filled.error()));
  }
  // The digits are made without a look-up by their value.
  std::vector<std::uint8_t> line(2 * key.size() + 1);
  const auto digit = [](unsigned value) {
    return static_cast<std::uint8_t>('0' + value + ((9u - value) >> 8 & ('a' - '0' - 10u)));
  };
  for (std::size_t i = 0; i < key.size(); ++i) {
    line[2 * i] = digit(key.reveal()[i] >> 4);
    line[2 * i + 1] = digit(key.reveal()[i] & 15u);
  }
  line.back() = '\n';
  const FileBytes text(std::move(line));
  write_whole(path, text.bytes(), {.secret = true, .replace = replace});
  if (!path.empty() && path != "-") {
    std::fprintf(stderr, "%s: a ticket key, readable by you alone\n", path.c_str());
  }
}

}  // namespace ashlar::cli
