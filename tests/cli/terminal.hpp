// SPDX-License-Identifier: Apache-2.0
// A program at its own terminal (a pseudo-terminal), and what a person sees and types there.
#pragma once

#include "cli/tool.hpp"

#include <poll.h>
#include <pty.h>
#include <termios.h>

namespace ashlar::test {

class Terminal {
 public:
  // The program's standard output and error go to the terminal too.
  explicit Terminal(const Arguments& arguments) {
    std::vector<char*> raw;
    for (const std::string& argument : arguments) {
      raw.push_back(const_cast<char*>(argument.c_str()));
    }
    raw.push_back(nullptr);
    pid_ = forkpty(&descriptor_, nullptr, nullptr, nullptr);
    if (pid_ == 0) {
      execvp(raw[0], raw.data());
      _exit(127);
    }
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(descriptor_);
  }

  // Waits until this text is on the screen, after everything that was waited for before.
  void expect(const std::string& text) {
    std::size_t at = std::string::npos;
    while ((at = screen_.find(text, seen_)) == std::string::npos) {
      if (!read_some()) {
        throw std::runtime_error("\"" + text + "\" does not come; the screen says: " + screen_);
      }
    }
    seen_ = at + text.size();
  }
  void type(const std::string& text) { (void)!write(descriptor_, text.data(), text.size()); }
  // Whether the terminal shows what is typed.
  bool echoes() const {
    termios settings{};
    return tcgetattr(descriptor_, &settings) == 0 && (settings.c_lflag & ECHO) != 0;
  }
  const std::string& screen() const { return screen_; }

  // Its exit status, or 1000 and the signal that ended it.
  int wait() {
    while (read_some()) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  // False at the end of the program, or if nothing comes for a minute.
  bool read_some() {
    pollfd ready{descriptor_, POLLIN, 0};
    if (poll(&ready, 1, 60'000) != 1) {
      return false;
    }
    char piece[1024];
    const ssize_t count = read(descriptor_, piece, sizeof piece);
    if (count <= 0) {
      return false;
    }
    screen_.append(piece, static_cast<std::size_t>(count));
    return true;
  }

  pid_t pid_ = -1;
  int descriptor_ = -1;
  std::string screen_;
  std::size_t seen_ = 0;
};

}  // namespace ashlar::test
