// SPDX-License-Identifier: Apache-2.0
// Passphrases from files and from the terminal.
#pragma once

#include "files/files.hpp"

#include <memory>
#include <string>

namespace ashlar::cli {

// The first line of a file, without its end; an empty one is a Failure.
FileBytes read_passphrase(const std::string& path);

// The terminal of this process, which does not show what is typed. It shows it again when this dies, also
// when the person stops the program at the question (Ctrl-C).
class SilentTerminal {
 public:
  // A Failure without a terminal. about: what the passphrase is for, with ": " behind it, or empty. next:
  // what to do instead.
  explicit SilentTerminal(const std::string& about, const std::string& next);
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal();

  // The answer; an empty one is a Failure.
  FileBytes ask(const std::string& question) const;
  // Asks twice; a Failure if the answers differ.
  FileBytes ask_twice(const std::string& question) const;
  void say(std::string_view text) const;

 private:
  FileBytes line(const std::string& question) const;

  struct Settings;
  std::string about_;
  int descriptor_;
  std::unique_ptr<Settings> before_;
};

}  // namespace ashlar::cli
