// SPDX-License-Identifier: Apache-2.0
// Writes JSON piece by piece: as much as --json needs.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace ashlar::cli {

class Json {
 public:
  Json& begin_object() { return open('{'); }
  Json& end_object() { return close('}'); }
  Json& begin_array() { return open('['); }
  Json& end_array() { return close(']'); }
  Json& key(std::string_view name) {
    separate();
    quote(name);
    text_ += ": ";
    after_key_ = true;
    return *this;
  }
  Json& value(std::string_view text) {
    separate();
    quote(text);
    return *this;
  }
  Json& value(const char* text) { return value(std::string_view(text)); }
  Json& value(const std::string& text) { return value(std::string_view(text)); }
  Json& value(bool yes) { return raw(yes ? "true" : "false"); }
  Json& value(std::int64_t number) { return raw(std::to_string(number)); }
  Json& value(std::uint64_t number) { return raw(std::to_string(number)); }
  Json& value(double number) {  // finite; up to ten digits, without trailing zeros
    char text[40];
    std::snprintf(text, sizeof text, "%.10g", number);
    return raw(text);
  }
  Json& null() { return raw("null"); }
  template <class T>
  Json& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  const std::string& text() const { return text_; }

 private:
  Json& raw(const std::string& text) {
    separate();
    text_ += text;
    return *this;
  }
  Json& open(char bracket) {
    separate();
    text_ += bracket;
    depth_ += 2;
    first_ = true;
    return *this;
  }
  Json& close(char bracket) {
    depth_ -= 2;
    if (!first_) {
      text_ += "\n" + std::string(depth_, ' ');
    }
    text_ += bracket;
    first_ = false;
    return *this;
  }
  void separate() {
    if (after_key_) {
      after_key_ = false;
      return;
    }
    if (depth_ > 0) {
      text_ += first_ ? "\n" : ",\n";
      text_ += std::string(depth_, ' ');
    }
    first_ = false;
  }
  // The text is UTF-8 that was escaped before (escape()), or our own.
  void quote(std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    text_ += '"';
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        text_ += '\\';
        text_ += c;
      } else if (byte < 0x20) {
        text_ += "\\u00";
        text_ += kDigits[byte >> 4];
        text_ += kDigits[byte & 15];
      } else {
        text_ += c;
      }
    }
    text_ += '"';
  }

  std::string text_;
  std::size_t depth_ = 0;
  bool first_ = true;
  bool after_key_ = false;
};

}  // namespace ashlar::cli
