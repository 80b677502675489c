// SPDX-License-Identifier: Apache-2.0
#include "files/symmetric_key.hpp"

#include "failure/failure.hpp"
#include "output/terminal.hpp"

#include <ashlar/base/ct.hpp>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

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

// A terminal that does not show what is typed, until this dies.
class SilentTerminal {
 public:
  SilentTerminal() : descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (descriptor_ < 0 || ::tcgetattr(descriptor_, &before_) != 0) {
      if (descriptor_ >= 0) {
        ::close(descriptor_);
      }
      throw Failure(
          "there is no terminal to ask for the passphrase: --passphrase-file or --key names a file");
    }
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(descriptor_, TCSAFLUSH, &silent);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal() {
    ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
    ::close(descriptor_);
  }

  FileBytes ask(std::string_view question) const {
    say(question);
    // Room for any line, so that no copy is left behind by growing.
    std::vector<std::uint8_t> line;
    line.reserve(4096);
    std::uint8_t c = 0;
    while (::read(descriptor_, &c, 1) == 1 && c != '\n' && line.size() < line.capacity()) {
      line.push_back(c);
    }
    wipe(&c, 1);
    say("\n");
    return FileBytes(std::move(line));
  }

 private:
  void say(std::string_view text) const { (void)!::write(descriptor_, text.data(), text.size()); }

  int descriptor_;
  termios before_{};
};

FileBytes not_empty(FileBytes passphrase) {
  if (passphrase.bytes().empty()) {
    throw Failure("an empty passphrase protects nothing");
  }
  return passphrase;
}

}  // namespace

FileBytes unhex_key(std::string_view text, const std::string& about) {
  text = trimmed(text);
  if (text.size() % 2 != 0) {
    throw Failure(about + ": " + counted(text.size(), "hex digit") + ": an odd number");
  }
  std::vector<std::uint8_t> bytes(text.size() / 2);
  // Digits become numbers without a branch or a look-up by their value, since they may be a key.
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
    throw Failure(about + ": not all of it is hex digits");
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
  throw Failure(path + ": " + counted(given.bytes().size(), "byte") + ", where a key has " +
                std::to_string(size) + " (or " + std::to_string(2 * size) + " hex digits)");
}

FileBytes read_passphrase(const std::string& path) {
  const FileBytes given = read_whole(path, 1U << 16);
  const std::string_view text = given.text();
  std::string_view line = text.substr(0, text.find('\n'));
  if (!line.empty() && line.back() == '\r') {
    line.remove_suffix(1);
  }
  const Bytes bytes = bytes_of(line);
  if (bytes.empty()) {
    throw Failure(path + ": its first line, which is the passphrase, is empty");
  }
  return FileBytes(std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
}

FileBytes ask_passphrase(bool twice) {
  const SilentTerminal terminal;
  FileBytes passphrase = not_empty(terminal.ask("Passphrase: "));
  if (twice) {
    const FileBytes again = terminal.ask("The same again: ");
    if (!ct::equal(passphrase.bytes(), again.bytes()).declassify()) {
      throw Failure("the two passphrases differ");
    }
  }
  return passphrase;
}

}  // namespace ashlar::cli
