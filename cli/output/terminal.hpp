// SPDX-License-Identifier: Apache-2.0
// Output for people: text from outside is escaped, colour is used only on a terminal, progress erases itself.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ashlar::cli {

// Text from files and peers made safe for a terminal (x509::escape_text), as a string of any length.
std::string escape(Bytes text);
std::string escape(std::string_view text);

// "0a1b2c".
std::string hex(Bytes bytes);
// "0A:1B:2C", as fingerprints are compared.
std::string hex_colons(Bytes bytes);

// "1 byte", "2 bytes".
std::string counted(std::uint64_t count, std::string_view noun);
// "1.5 MB"; up to 9999 in bytes.
std::string size_text(std::uint64_t bytes);

enum class Style { plain, bold, dim, green, yellow, red, cyan };

// Whether output to this descriptor goes to a terminal that shows colour (NO_COLOR and TERM=dumb are obeyed).
bool has_colour(int descriptor);
// `text` in a style if `colour`, else as it is.
std::string styled(std::string_view text, Style style, bool colour);

// A line on standard error that is rewritten during the work and erased at the end. Silent unless standard
// error is a terminal.
class Progress {
 public:
  Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();
  void show(const std::string& text);

 private:
  bool on_terminal_;
  bool shown_ = false;
};

// Progress through a file: how much of how much, and how fast; a few times a second.
class ByteProgress {
 public:
  // total: the number of all bytes, if it is known.
  ByteProgress(std::string name, std::optional<std::uint64_t> total)
      : name_(std::move(name)), total_(total), start_(std::chrono::steady_clock::now()), shown_(start_) {}
  void advance(std::uint64_t bytes);

 private:
  Progress line_;
  std::string name_;
  std::optional<std::uint64_t> total_;
  std::uint64_t done_ = 0;
  std::chrono::steady_clock::time_point start_, shown_;
};

}  // namespace ashlar::cli
