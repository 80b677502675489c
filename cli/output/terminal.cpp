// SPDX-License-Identifier: Apache-2.0
#include "output/terminal.hpp"

#include <ashlar/x509/certificate.hpp>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include <unistd.h>

namespace ashlar::cli {

std::string escape(Bytes text) {
  std::vector<char> room(8 * text.size() + 16);
  return std::string(x509::escape_text(text, room));
}
std::string escape(std::string_view text) {
  return escape(bytes_of(text));
}

std::string hex(Bytes bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const std::uint8_t b : bytes) {
    out += kDigits[b >> 4];
    out += kDigits[b & 15];
  }
  return out;
}

std::string hex_colons(Bytes bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const std::uint8_t b : bytes) {
    if (!out.empty()) {
      out += ':';
    }
    out += kDigits[b >> 4];
    out += kDigits[b & 15];
  }
  return out;
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10'000) {
    return counted(bytes, "byte");
  }
  static constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 1000 && unit < 3) {
    value /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", value, kUnits[unit]);
  return text;
}

bool has_colour(int descriptor) {
  const char* const terminal = std::getenv("TERM");
  const char* const unwanted = std::getenv("NO_COLOR");
  return ::isatty(descriptor) == 1 && (unwanted == nullptr || *unwanted == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

std::string styled(std::string_view text, Style style, bool colour) {
  static constexpr const char* kCodes[] = {"",         "\x1b[1m",  "\x1b[2m", "\x1b[32m",
                                           "\x1b[33m", "\x1b[31m", "\x1b[36m"};
  if (!colour || style == Style::plain) {
    return std::string(text);
  }
  return kCodes[static_cast<std::size_t>(style)] + std::string(text) + "\x1b[0m";
}

Progress::Progress() : on_terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (shown_) {
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
  }
}

void Progress::show(const std::string& text) {
  if (on_terminal_) {
    std::fprintf(stderr, "\r%s\x1b[K", text.c_str());
    std::fflush(stderr);
    shown_ = true;
  }
}

void ByteProgress::advance(std::uint64_t bytes) {
  done_ += bytes;
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < std::chrono::milliseconds(200)) {
    return;
  }
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  std::string text = escape(name_) + ": " + size_text(done_);
  if (total_ && *total_ >= done_) {
    text += " of " + size_text(*total_) + " (" + std::to_string(100 * (done_ / 1024) / (*total_ / 1024 + 1)) +
            " %)";
  }
  line_.show(text + ", " + size_text(static_cast<std::uint64_t>(static_cast<double>(done_) / seconds)) +
             "/s");
}

}  // namespace ashlar::cli
