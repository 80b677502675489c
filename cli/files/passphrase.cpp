// SPDX-License-Identifier: Apache-2.0
#include "files/passphrase.hpp"

#include "failure/failure.hpp"

#include <ashlar/base/ct.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace ashlar::cli {

FileBytes read_passphrase(const std::string& path) {
  const FileBytes given = read_whole(path, 1U << 16);
  const std::string_view text = given.text();
  std::string_view line = text.substr(0, text.find('\n'));
  if (!line.empty() && line.back() == '\r') {
    line.remove_suffix(1);
  }
  const Bytes bytes = bytes_of(line);
  if (bytes.empty()) {
    throw Failure(Words{
        .cause = input_name(path) + ": no passphrase in this file: an empty one protects nothing",
        .found = text.empty() ? "nothing: the file is empty" : "a first line that is empty",
        .wanted = "the passphrase, alone on the first line",
        .next =
            "write it there with an editor, and let nobody else read the file: chmod 600 " + quoted(path)});
  }
  return FileBytes(std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
}

struct SilentTerminal::Settings {
  termios all;
};

SilentTerminal::SilentTerminal(const std::string& about, const std::string& next)
    : about_(about),
      descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC)),
      before_(std::make_unique<Settings>()) {
  if (descriptor_ < 0 || ::tcgetattr(descriptor_, &before_->all) != 0) {
    const int reason = errno;
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
    throw Failure(Words{.cause = about_ + "there is no terminal to ask for the passphrase",
                        .found = std::string("/dev/tty: ") + std::strerror(reason),
                        .wanted = "a terminal, or a file that holds the passphrase",
                        .next = next});
  }
  termios silent = before_->all;
  // Keys that stop the program arrive as characters, so that it never stops while the terminal is silent.
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
  silent.c_cc[VEOL] = before_->all.c_cc[VINTR];  // these keys end the line, so that they are read at once
  silent.c_cc[VEOL2] = before_->all.c_cc[VQUIT];
  ::tcsetattr(descriptor_, TCSAFLUSH, &silent);
}

SilentTerminal::~SilentTerminal() {
  ::tcsetattr(descriptor_, TCSAFLUSH, &before_->all);
  ::close(descriptor_);
}

void SilentTerminal::say(std::string_view text) const {
  (void)!::write(descriptor_, text.data(), text.size());
}

FileBytes SilentTerminal::line(const std::string& question) const {
  say(question);
  // There is room for any line, so that no copy is left behind when it grows.
  std::vector<std::uint8_t> line;
  line.reserve(4096);
  std::uint8_t c = 0;
  ssize_t count = 0;
  while (((count = ::read(descriptor_, &c, 1)) == 1 || (count < 0 && errno == EINTR)) &&
         line.size() < line.capacity()) {
    if (count < 0) {
      continue;
    }
    if (c == '\n') {
      break;
    }
    if (c == before_->all.c_cc[VINTR] || c == before_->all.c_cc[VQUIT]) {
      wipe(line.data(), line.size());
      say("\n");
      ::tcsetattr(descriptor_, TCSAFLUSH, &before_->all);
      std::signal(SIGINT, SIG_DFL);
      std::raise(SIGINT);
    }
    line.push_back(c);
  }
  wipe(&c, 1);
  say("\n");
  return FileBytes(std::move(line));
}

FileBytes SilentTerminal::ask(const std::string& question) const {
  FileBytes passphrase = line(question);
  if (passphrase.bytes().empty()) {
    throw Failure(Words{.cause = about_ + "no passphrase was given: an empty one protects nothing",
                        .found = "an empty line",
                        .wanted = "a passphrase",
                        .next = "run the command again and type it; it is not shown"});
  }
  return passphrase;
}

FileBytes SilentTerminal::ask_twice(const std::string& question) const {
  FileBytes passphrase = ask(question);
  const FileBytes again = line("The same again: ");
  if (!ct::equal(passphrase.bytes(), again.bytes()).declassify()) {
    throw Failure(Words{.cause = about_ + "the two passphrases differ",
                        .found = "two different lines",
                        .wanted = "the same passphrase twice",
                        .next = "run the command again and type it with care; nothing was written"});
  }
  return passphrase;
}

}  // namespace ashlar::cli
