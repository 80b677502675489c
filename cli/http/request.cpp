// SPDX-License-Identifier: Apache-2.0
// Requests, their targets, and what both sides of HTTP share.
#include "http/http.hpp"
#include "http/text.hpp"

namespace ashlar::cli {
namespace {

[[noreturn]] void bad_url(const std::string& text, const std::string& why) {
  throw Failure("\"" + text + "\": " + why, ExitCode::usage);
}

// What a request line can carry stays; the rest is percent-encoded.
std::string encode_target(std::string_view target) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '"' && c != '<' && c != '>') {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

}  // namespace

Url Url::parse(const std::string& text) {
  Url url;
  std::string_view rest = text;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos) {
    if (!same_word(rest.substr(0, scheme), "https")) {
      bad_url(text, "only https is spoken here");
    }
    rest.remove_prefix(scheme + 3);
  }
  rest = rest.substr(0, rest.find('#'));
  const std::size_t end = rest.find_first_of("/?");
  std::string_view authority = rest.substr(0, end);
  if (end != std::string_view::npos) {
    url.target = (rest[end] == '?' ? "/" : "") + encode_target(rest.substr(end));
  }
  if (authority.find('@') != std::string_view::npos) {
    bad_url(text, "user names in URLs are not supported");
  }
  std::string_view port;
  bool has_port = false;
  if (!authority.empty() && authority[0] == '[') {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos || (close + 1 < authority.size() && authority[close + 1] != ':')) {
      bad_url(text, "an IPv6 address is written [::1] or [::1]:443");
    }
    url.host = authority.substr(1, close - 1);
    has_port = close + 1 < authority.size();
    port = has_port ? authority.substr(close + 2) : "";
  } else {
    const std::size_t colon = authority.find(':');
    url.host = authority.substr(0, colon);
    has_port = colon != std::string_view::npos;
    port = has_port ? authority.substr(colon + 1) : "";
  }
  if (has_port) {
    if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit) ||
        std::stoul(std::string(port)) > 65535) {
      bad_url(text, "the port is not a number from 0 to 65535");
    }
    url.port = port;
  }
  if (url.host.empty()) {
    bad_url(text, "there is no host name");
  }
  for (const char c : url.host) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      bad_url(text, "write an international name in its ASCII form (xn--…)");
    }
    if (byte <= 0x20 || byte == 0x7f) {
      bad_url(text, "the host name holds a blank or a control character");
    }
  }
  return url;
}

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == "443" ? name : name + ":" + port;
}

std::optional<std::string> find_field(const std::vector<Field>& fields, std::string_view name) {
  std::optional<std::string> found;
  for (const Field& field : fields) {
    if (same_word(field.name, name)) {
      found = found ? *found + ", " + field.value : field.value;
    }
  }
  return found;
}

bool has_token(const std::string& value, std::string_view token) {
  std::string_view rest = value;
  while (true) {
    const std::size_t comma = rest.find(',');
    if (same_word(trimmed(rest.substr(0, comma)), token)) {
      return true;
    }
    if (comma == std::string_view::npos) {
      return false;
    }
    rest.remove_prefix(comma + 1);
  }
}

std::optional<std::size_t> request_head_size(std::string_view buffered) {
  // A line that is empty but for its end. Blank lines before the request are passed over (RFC 9112 §2.2).
  std::size_t start = 0;
  bool any = false;
  while (true) {
    const std::size_t end = buffered.find('\n', start);
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    const bool blank = end == start || (end == start + 1 && buffered[start] == '\r');
    if (blank && any) {
      return end + 1;
    }
    any = any || !blank;
    start = end + 1;
  }
}

Request parse_request(std::string_view head) {
  Request request;
  bool first = true;
  while (!head.empty()) {
    const std::size_t end = head.find('\n');
    std::string_view line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
    if (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    if (line.empty()) {
      continue;
    }
    if (!first) {
      const auto field = parse_field(line);
      if (!field) {
        throw RequestError{400, "a field line is not one"};
      }
      request.fields.push_back(*field);
      continue;
    }
    first = false;
    const std::size_t blank = line.find(' ');
    const std::size_t second = line.rfind(' ');
    if (blank == std::string_view::npos || second == blank || !is_token(line.substr(0, blank))) {
      throw RequestError{400, "the request line is not METHOD TARGET HTTP/1.x"};
    }
    request.method = line.substr(0, blank);
    request.target = line.substr(blank + 1, second - blank - 1);
    const std::string_view version = line.substr(second + 1);
    if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !is_digit(version[5]) ||
        version[6] != '.' || !is_digit(version[7])) {
      throw RequestError{400, "the request line is not METHOD TARGET HTTP/1.x"};
    }
    if (version[5] != '1') {
      throw RequestError{505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
    }
    request.minor = version[7] == '0' ? 0 : 1;
  }
  if (request.target.empty() || request.target.find(' ') != std::string::npos) {
    throw RequestError{400, "the request target is empty or holds a blank"};
  }
  std::size_t hosts = 0;
  for (const Field& field : request.fields) {
    hosts += same_word(field.name, "Host") ? 1U : 0U;
  }
  if (hosts > 1 || (hosts == 0 && request.minor >= 1)) {
    throw RequestError{400, "there must be one Host field (RFC 9112 §3.2)"};
  }
  if (find_field(request.fields, "Transfer-Encoding")) {
    throw RequestError{501, "request bodies are not taken here"};
  }
  if (const auto length = find_field(request.fields, "Content-Length")) {
    const auto size = parse_content_length(*length);
    if (!size) {
      throw RequestError{400, "Content-Length is not a number"};
    }
    request.body_size = *size;
  }
  const std::string connection = find_field(request.fields, "Connection").value_or("");
  request.keep_alive =
      request.minor >= 1 ? !has_token(connection, "close") : has_token(connection, "keep-alive");
  return request;
}

std::string_view reason_phrase(int status) {
  struct Row {
    int status;
    std::string_view text;
  };
  static constexpr Row kRows[] = {
      {200, "OK"},
      {301, "Moved Permanently"},
      {400, "Bad Request"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {413, "Content Too Large"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {505, "HTTP Version Not Supported"},
  };
  for (const Row& row : kRows) {
    if (row.status == status) {
      return row.text;
    }
  }
  return "Unknown";
}

std::optional<std::string> decode_target(std::string_view target) {
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && target[0] != '/') {
    const std::size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  target = target.substr(0, target.find('?'));
  if (target.empty() || target[0] != '/') {
    return std::nullopt;
  }
  std::string decoded;
  for (std::size_t i = 0; i < target.size(); ++i) {
    char c = target[i];
    if (c == '%') {
      if (i + 2 >= target.size() || hex_digit(target[i + 1]) < 0 || hex_digit(target[i + 2]) < 0) {
        return std::nullopt;
      }
      c = static_cast<char>(hex_digit(target[i + 1]) * 16 + hex_digit(target[i + 2]));
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      return std::nullopt;
    }
    decoded += c;
  }
  std::string out;
  std::string_view rest = decoded;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    if (segment == "..") {
      return std::nullopt;
    }
    if (!segment.empty() && segment != ".") {
      out += (out.empty() ? "" : "/") + std::string(segment);
    }
  }
  if (!out.empty() && decoded.back() == '/') {
    out += '/';
  }
  return out;
}

std::string percent_encode(std::string_view segment) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : segment) {
    if (is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'z') ||
        std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

std::string html_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string_view content_type(std::string_view name) {
  struct Row {
    std::string_view ending;
    std::string_view type;
  };
  static constexpr Row kRows[] = {
      {".html", "text/html; charset=utf-8"},
      {".htm", "text/html; charset=utf-8"},
      {".txt", "text/plain; charset=utf-8"},
      {".md", "text/plain; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".json", "application/json"},
      {".xml", "application/xml"},
      {".pdf", "application/pdf"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".jpeg", "image/jpeg"},
      {".gif", "image/gif"},
      {".svg", "image/svg+xml"},
      {".webp", "image/webp"},
      {".ico", "image/vnd.microsoft.icon"},
      {".wasm", "application/wasm"},
      {".woff2", "font/woff2"},
      {".mp4", "video/mp4"},
  };
  for (const Row& row : kRows) {
    if (name.size() > row.ending.size() &&
        same_word(name.substr(name.size() - row.ending.size()), row.ending)) {
      return row.type;
    }
  }
  return "application/octet-stream";
}

}  // namespace ashlar::cli
