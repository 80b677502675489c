// SPDX-License-Identifier: Apache-2.0
#include "failure/failure.hpp"

#include "failure/advice.hpp"

#include <ashlar/base/describe.hpp>
#include <ashlar/tls/registry.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace ashlar::cli {
namespace {

// Advice for the most frequent errors of system calls.
struct SystemAdvice {
  int number;
  const char* found;
  const char* next;
};
constexpr SystemAdvice kSystemAdvice[] = {
    {ENOENT, "nothing of that name", "check the path: it is looked up from the current folder (pwd)"},
    {ENOTDIR, "a file where a folder should be", "check the path: a part of it before the last is a file"},
    {EISDIR, "a folder", "give a file in it"},
    {EACCES, "something that this user may not open", "check who may read and write it: ls -ld PATH"},
    {EPERM, "something that this user may not do", "check who may do this: ls -ld PATH, id"},
    {EROFS, "a file system that is read-only", "write to another folder: this one is read-only"},
    {ENOSPC, "a device that is full", "make room on that device: df shows how full it is"},
    {EMFILE, "as many open files as this process may have", "raise the limit of open files: ulimit -n"},
    {ENAMETOOLONG, "a name that is too long", "give a shorter name"},
    {EBADF, "a stream that is closed", "start it with standard input, output and errors open: no >&- or <&-"},
    {EPIPE, "nobody who reads", "look at the program that reads this output: it has ended"},
    {ELOOP, "links in a circle", "check the links on the path: they lead in a circle"},
};

std::string describe_text(const Error& error) {
  char line[kDescribeSize];
  std::string text(describe(error, line));
  if (error == ErrorCode::peer_alert) {
    text += ": " + std::string(tls::name(static_cast<Alert>(error.detail)));
  }
  return text;
}

// What an error's number says was found; empty if it has none.
std::string found_text(const Error& error) {
  const ErrorRow* const row = error_row(error.code);
  const std::string number = std::to_string(error.detail);
  switch (row != nullptr ? row->detail : Detail::none) {
    case Detail::offset:
      return "the fault at byte " + number;
    case Detail::length:
      return number + (error.detail == 1 ? " byte" : " bytes");
    case Detail::number:
    case Detail::alert:
      return number;
    case Detail::index:
      return "certificate " + number + " of the chain, counted from 0";
    case Detail::message:
      return "the handshake message " + number;
    case Detail::extension:
      return "the extension " + number;
    case Detail::version:
    case Detail::suite:
    case Detail::group:
    case Detail::scheme: {
      char hex[16];
      std::snprintf(hex, sizeof hex, "0x%04x", static_cast<unsigned>(error.detail & 0xffff));
      return hex;
    }
    case Detail::sizes:
      return std::to_string(error.detail >> 16) + " bits";
    case Detail::tag:
      return "the tag " + std::to_string(error.detail >> 24) + " at byte " +
             std::to_string(error.detail & 0xffffff);
    default:
      return {};
  }
}

// The reference to `explain` for more.
std::string explain_text(const Error& error) {
  if (error == ErrorCode::peer_alert) {
    return "ashlar explain " + std::to_string(error.detail);
  }
  const ErrorRow* const row = error_row(error.code);
  return row != nullptr ? "ashlar explain " + std::string(row->name) : "ashlar explain";
}

}  // namespace

std::string lines_of(const Words& words) {
  std::string text = words.cause;
  const auto add = [&text](const char* label, const std::string& part) {
    if (!part.empty()) {
      text += std::string("\n  ") + label + part;
    }
  };
  add("Usually: ", words.usual);
  add("Found:   ", words.found);
  add("Wanted:  ", words.wanted);
  add("Next:    ", words.next);
  return text;
}

Words words_of(const std::string& about, const Error& error) {
  if (error == ErrorCode::system_call_failed) {
    return system_words(about, static_cast<int>(error.detail));
  }
  Words words;
  words.cause = about + ": " + describe_text(error);
  if (const Advice* const advice = advice_for(error.code)) {
    words.usual = advice->cause;
    words.found = found_text(error);
    words.wanted = advice->wanted;
    words.next = std::string(advice->next) + " (more: " + explain_text(error) + ")";
  }
  return words;
}

Words system_words(const std::string& about, int number, const std::string& wanted) {
  Words words;
  words.cause = about + ": " + std::strerror(number);
  for (const SystemAdvice& row : kSystemAdvice) {
    if (row.number == number) {
      words.found = row.found;
      words.next = row.next;
    }
  }
  if (words.next.empty()) {
    words.found = "error " + std::to_string(number) + " of the system";
    words.next = "look at that reason: a path, a right, a network that is down";
  }
  words.wanted = wanted.empty() ? "a call that the system grants" : wanted;
  return words;
}

std::string sentence(const Error& error) {
  if (error == ErrorCode::system_call_failed) {
    return std::strerror(static_cast<int>(error.detail));
  }
  return describe_text(error) + " (more: " + explain_text(error) + ")";
}

std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,@%+-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
    return word;
  }
  std::string out = "'";
  for (const char c : word) {
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

}  // namespace ashlar::cli
