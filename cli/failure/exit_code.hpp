// SPDX-License-Identifier: Apache-2.0
// The meaning of the tool's exit status: one row each, printed by --help.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ashlar::cli {

enum class ExitCode : int {
  ok = 0,
  failed = 1,
  usage = 2,
  unreachable = 3,
  tls = 4,
  cut_body = 5,
  no_close_notify = 6,
  redirect = 7,
  http_error = 8,
  not_http = 9,
  not_resumed = 10,
  no_starttls = 11,
};

struct ExitCodeRow {
  ExitCode code;
  std::string_view name;
  std::string_view meaning;
};

inline constexpr ExitCodeRow kExitCodes[] = {
    {ExitCode::ok, "ok", "done"},
    {ExitCode::failed, "failed",
     "a file, a key, a check or something else went wrong; the message says what"},
    {ExitCode::usage, "usage", "the command line is not understood"},
    {ExitCode::unreachable, "unreachable", "the name has no address, or no address of it answered in time"},
    {ExitCode::tls, "tls", "TLS failed: a certificate refused, an alert, a forged record"},
    {ExitCode::cut_body, "cut-body", "the body is shorter than its Content-Length, or its chunks do not end"},
    {ExitCode::no_close_notify, "no-close-notify",
     "the connection stopped without close_notify where only that marks the end of the body"},
    {ExitCode::redirect, "redirect", "the server answered with a redirect (3xx), which is not followed"},
    {ExitCode::http_error, "http-error", "the server answered with a status of 400 or more"},
    {ExitCode::not_http, "not-http", "the answer is not HTTP/1.x as RFC 9112 has it"},
    {ExitCode::not_resumed, "not-resumed",
     "--resume was asked for, and the server did not resume the session"},
    {ExitCode::no_starttls, "no-starttls",
     "the server does not go over to TLS by --starttls, or said something else before"},
};

// The table as text for a help page.
inline std::string exit_code_help() {
  std::string text = "Exit status:\n";
  for (const ExitCodeRow& row : kExitCodes) {
    const std::string number = std::to_string(static_cast<int>(row.code));
    text += "  " + std::string(3 - number.size(), ' ') + number + "  " + std::string(row.name) +
            std::string(17 - row.name.size(), ' ') + std::string(row.meaning) + "\n";
  }
  return text;
}

}  // namespace ashlar::cli
