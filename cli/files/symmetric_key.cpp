// SPDX-License-Identifier: Apache-2.0
#include "files/symmetric_key.hpp"

#include "failure/failure.hpp"
#include "output/terminal.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

FileBytes unhex_key(std::string_view text, const std::string& about) {
  text = trimmed(text);
  if (text.size() % 2 != 0) {
    throw Failure(Words{.cause = about + ": the hex digits do not make whole bytes",
                        .found = counted(text.size(), "hex digit") + ", an odd number",
                        .wanted = "two digits for each byte",
                        .next = "look for the digit that was lost, mostly a zero in front"});
  }
  std::vector<std::uint8_t> bytes(text.size() / 2);
  // Digits become numbers without a branch or a table look-up on their value, because they may be a key.
  const auto between = [](std::uint64_t x, std::uint64_t first, std::uint64_t last) {
    return ~(ct::less(x, first) | ct::less(last, x));
  };
  ct::Mask good = ct::Mask::yes();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint64_t c = static_cast<unsigned char>(text[i]);
    const std::uint64_t lower = c | 0x20;
    const ct::Mask digit = between(c, '0', '9');
    const ct::Mask letter = between(lower, 'a', 'f');
    good &= digit | letter;
    const std::uint64_t value = ((c - '0') & digit.bits()) | ((lower - 'a' + 10) & letter.bits());
    bytes[i / 2] = static_cast<std::uint8_t>(std::uint64_t{bytes[i / 2]} << 4 | (value & 15));
  }
  FileBytes key(std::move(bytes));
  if (!good.declassify()) {
    throw Failure(Words{.cause = about + ": not all of it is hex digits",
                        .found = "other characters among them",
                        .wanted = "0 to 9 and a to f, with blanks only around them",
                        .next = "write it as hex: od -An -tx1 FILE | tr -d ' \\n'"});
  }
  return key;
}

FileBytes read_key(const std::string& path, std::size_t size) {
  FileBytes given = read_whole(path, 1U << 16);
  if (given.bytes().size() == size) {
    return given;
  }
  if (trimmed(given.text()).size() == 2 * size) {
    return unhex_key(given.text(), path);
  }
  throw Failure(Words{
      .cause = input_name(path) + ": this is no key of the right size",
      .found = counted(given.bytes().size(), "byte"),
      .wanted = "a key of " + counted(size, "byte") + ", or " + std::to_string(2 * size) + " hex digits",
      .next = "make one: head -c " + std::to_string(size) + " /dev/urandom > secret.key"});
}

}  // namespace ashlar::cli
