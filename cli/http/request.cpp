// SPDX-License-Identifier: Apache-2.0
// Requests, their targets, and code for both sides of HTTP.
#include "http/http.hpp"
#include "http/text.hpp"
#include "net/asio.hpp"
#include "output/terminal.hpp"

#include <ashlar/x509/verify.hpp>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace ashlar::cli {

namespace http = boost::beast::http;

namespace {

// The address for a message, which may end in a log: a password in it is left out.
std::string without_password(std::string_view text) {
  const std::size_t scheme = text.find("://");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::string_view authority = text.substr(begin, text.substr(begin).find_first_of("/?#"));
  const std::size_t at = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  if (at == std::string_view::npos || colon > at) {
    return escape(text);
  }
  return escape(text.substr(0, begin + colon + 1)) + "…" + escape(text.substr(begin + at));
}

[[noreturn]] void bad_url(const std::string& text, const std::string& why, const std::string& next) {
  throw Failure(Words{.cause = "the address is not understood: " + why,
                      .found = "\"" + without_password(text) + "\"",
                      .wanted = "https://HOST[:PORT]/PATH, or HOST[:PORT]",
                      .next = next},
                ExitCode::usage);
}

// The name of a field line; empty if it has none.
std::string_view field_name(std::string_view line) {
  const std::size_t colon = line.find(':');
  return line.substr(0, colon == std::string_view::npos ? 0 : colon);
}

// Characters that a request line may have stay; others are percent-encoded.
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

Url Url::parse(const std::string& text, std::string_view default_port) {
  Url url;
  url.port = default_port;
  std::string_view rest = text;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos) {
    if (!same_word(rest.substr(0, scheme), "https")) {
      bad_url(text, "only https is spoken here",
              "write https:// if the server speaks it; for plain HTTP use another program");
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
    bad_url(text, "user names in addresses are not supported", "leave out what stands before the @");
  }
  std::string_view port;
  bool has_port = false;
  if (!authority.empty() && authority[0] == '[') {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos || (close + 1 < authority.size() && authority[close + 1] != ':')) {
      bad_url(text, "an IPv6 address is written [::1] or [::1]:443",
              "put the address into brackets, and quotes around all: 'https://[::1]:443/'");
    }
    url.host = authority.substr(1, close - 1);
    // RFC 6874: the % before a zone is written %25.
    if (const std::size_t zone = url.host.find("%25"); zone != std::string::npos) {
      url.host.replace(zone, 3, "%");
    }
    has_port = close + 1 < authority.size();
    port = has_port ? authority.substr(close + 2) : "";
  } else {
    const std::size_t colon = authority.find(':');
    if (colon != std::string_view::npos && authority.find(':', colon + 1) != std::string_view::npos) {
      bad_url(text, "an IPv6 address is written [::1] or [::1]:443",
              "put the address into brackets, and quotes around all: 'https://[::1]:443/'");
    }
    url.host = authority.substr(0, colon);
    has_port = colon != std::string_view::npos;
    port = has_port ? authority.substr(colon + 1) : "";
  }
  if (has_port) {
    if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit) ||
        std::stoul(std::string(port)) > 65535) {
      bad_url(text, "the port is not a number from 0 to 65535",
              "write the port as a number behind the colon, or leave both out for " + url.port);
    }
    url.port = port;
  }
  if (url.host.empty()) {
    bad_url(text, "there is no host name", "write the name of the server first");
  }
  for (const char c : url.host) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      bad_url(text, "the host name is not ASCII",
              "write an international name in its ASCII form (xn--…): idn2 NAME prints it");
    }
    if (byte <= 0x20 || byte == 0x7f) {
      bad_url(text, "the host name holds a blank or a control character",
              "check what was pasted; a shell needs quotes around & and ?");
    }
  }
  // Judged before anybody is asked for its address.
  if (!x509::check_reference_name(reference_name(url.host))) {
    const std::string last = url.host.substr(url.host.find_last_of('.', url.host.size() - 2) + 1);
    if (!last.empty() && last[0] >= '0' && last[0] <= '9') {  // no name ends so (RFC 1123 §2.1)
      bad_url(text, "this is neither a host name nor an IP address",
              "write an IPv4 address as four decimal numbers without zeros in front: 127.0.0.1");
    }
    bad_url(text, "this is neither a host name nor an IP address",
            "check the name: labels of 1 to 63 letters, digits, - and _, with dots between them");
  }
  return url;
}

std::string Url::authority() const {
  // A zone has a meaning on this machine only.
  const std::string name = host.find(':') == std::string::npos ? host : "[" + reference_name(host) + "]";
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

std::optional<std::size_t> head_size(std::string_view buffered) {
  // Finds an empty line. Blank lines before the request are skipped (RFC 9112 §2.2).
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

Head canonical_head(std::string_view head, bool without_length) {
  std::vector<std::string_view> lines;
  Head out;
  while (!head.empty()) {
    const std::size_t end = head.find('\n');
    std::string_view line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (!line.empty()) {
      out.folded = out.folded || line[0] == ' ' || line[0] == '\t';
      out.transfer_encoding = out.transfer_encoding || same_word(field_name(line), "Transfer-Encoding");
      lines.push_back(line);
    }
  }
  bool left_out = false;
  for (const std::string_view line : lines) {
    // A line that continues a field is treated like the field.
    const bool continues = line[0] == ' ' || line[0] == '\t';
    left_out = continues
                   ? left_out
                   : without_length && out.transfer_encoding && same_word(field_name(line), "Content-Length");
    if (!left_out) {
      out.text += std::string(line) + "\r\n";
    }
  }
  out.text += "\r\n";
  return out;
}

namespace {

// Beast calls every version except 1.0 and 1.1 bad, well-formed or not.
bool has_other_version(std::string_view head) {
  const std::string_view line = head.substr(0, head.find('\r'));
  const std::size_t first = line.find(' ');
  const std::string_view version = line.substr(std::min(line.size(), line.find(' ', first + 1) + 1));
  return first != std::string_view::npos && version.size() == 8 && version.starts_with("HTTP/") &&
         is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
}

[[noreturn]] void refuse(const boost::system::error_code& error, std::string_view head) {
  if (error == http::error::bad_version && has_other_version(head)) {
    throw RequestError{505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
  }
  if (error == http::error::bad_content_length) {
    throw RequestError{400, "Content-Length is not a number"};
  }
  if (error == http::error::bad_field || error == http::error::bad_value) {
    throw RequestError{400, "a field line is not one"};
  }
  throw RequestError{400, "the request line is not METHOD TARGET HTTP/1.x"};
}

}  // namespace

Request parse_request(std::string_view text) {
  const Head head = canonical_head(text, false);
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(head.text.size() + 1));
  parser.skip(true);  // the caller skips the body
  boost::system::error_code error;
  if (head.folded) {
    throw RequestError{400, "a field line is folded (RFC 9112 §5.2)"};
  }
  if (head.transfer_encoding) {
    throw RequestError{501, "request bodies are not taken here"};
  }
  (void)parser.put(asio::buffer(head.text), error);
  if (error || !parser.is_header_done()) {
    refuse(error, head.text);
  }
  const auto& message = parser.get();
  const auto hosts = message.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && message.version() >= 11)) {
    throw RequestError{400, "there must be one Host field (RFC 9112 §3.2)"};
  }
  Request request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.keep_alive = message.keep_alive();
  request.body_size = parser.content_length().value_or(0);
  const auto value = [&message](http::field name) { return std::string(message[name]); };
  request.range = value(http::field::range);
  request.if_range = value(http::field::if_range);
  request.if_none_match = value(http::field::if_none_match);
  request.if_modified_since = value(http::field::if_modified_since);
  return request;
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
