// SPDX-License-Identifier: Apache-2.0
// The HTTP/1.x (RFC 9112) that the tool needs: a reader of responses, a parser of requests, URLs.
//
// Boost.Beast reads and writes the messages. It waits for a whole head, accepts only CRLF as the end of a
// line, and does not limit chunk lines and trailers. So the tool does these checks itself:
// - the end of a head, and its limit; a line may end with only LF (RFC 9112 §2.2);
// - an answer that does not begin with "HTTP/1." is refused at its first bytes;
// - Transfer-Encoding counts before Content-Length in a response (§6.3); a request with both is
// refused;
// - a status line without a reason may lack the blank after the status;
// - a folded field line is refused in a request (§5.2);
// - the number of Host fields, Transfer-Encoding in requests, and the limit on chunk lines and trailers.
#pragma once

#include "failure/failure.hpp"

#include <ashlar/base/bytes.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ashlar::cli {

// https://HOST[:PORT][/PATH][?QUERY]; without a scheme it is https. Failures say what is wrong.
struct Url {
  std::string host;  // a name or an address, without brackets
  std::string port;
  std::string target = "/";  // path and query, as in the request line

  // port: where none is written.
  static Url parse(const std::string& text, std::string_view port = "443");
  // The value of the Host field.
  std::string authority() const;
};

struct Field {
  std::string name;
  std::string value;
};
// The value of a field by its name, ignoring case. Fields with one name are joined by commas.
std::optional<std::string> find_field(const std::vector<Field>& fields, std::string_view name);

struct ResponseHead {
  int minor = 1;  // HTTP/1.minor
  int status = 0;
  std::string reason;
  std::vector<Field> fields;
};

// How the end of a body is determined (RFC 9112 §6.3).
enum class Framing { unknown, none, length, chunked, until_close };

// Reads one response from bytes as they come. Interim responses (1xx) are skipped.
class ResponseReader {
 public:
  // head is called once, body for each piece.
  ResponseReader(std::function<void(const ResponseHead&)> head, std::function<void(Bytes)> body);
  ~ResponseReader();

  // Failure not_http if this is not HTTP. Data after the end of the response is ignored.
  void feed(Bytes data);
  // Whether the response has ended by its own framing.
  bool complete() const { return done_; }
  Framing framing() const { return framing_; }
  std::uint64_t body_size() const { return body_size_; }
  // The connection has ended. in_order: by close_notify. Failures: not_http before the head is complete,
  // cut_body inside a framed body, no_close_notify if only the end of the connection ends the body.
  void end(bool in_order);

 private:
  struct Parser;

  Bytes take_head(Bytes data);
  void take_body(Bytes data);

  std::function<void(const ResponseHead&)> head_;
  std::function<void(Bytes)> body_;
  std::unique_ptr<Parser> parser_;  // from the end of the head on
  std::string waiting_;             // an unfinished head, chunk line or trailer
  Framing framing_ = Framing::unknown;
  std::uint64_t length_ = 0, body_size_ = 0;
  bool done_ = false;
};

struct Request {
  std::string method;
  std::string target;
  bool keep_alive = false;
  // The size of the body that follows. This server skips it.
  std::uint64_t body_size = 0;
  // It came, or a part of it, as early data of TLS: it may be a replay (RFC 8470).
  bool early = false;
  // Conditions and the wanted part (RFC 9110 §13, §14), as in the fields; empty: none.
  std::string range, if_range, if_none_match, if_modified_since;
};

// A request that is answered with an error and the end of the connection.
struct RequestError {
  int status;
  std::string text;
};

inline constexpr std::size_t kMaxRequestHead = 16 * 1024;

// Size of the head at the start of `buffered`, with the blank line; nothing while it is incomplete.
std::optional<std::size_t> head_size(std::string_view buffered);
// Throws RequestError.
Request parse_request(std::string_view head);

// The part of a body that a Range field asks for (RFC 9110 §14.1.2).
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t size = 0;
};
enum class RangeKind { whole, part, unsatisfiable };
// For a body of `total` bytes. Anything except one range of bytes is ignored, and the whole body is sent.
RangeKind parse_range(std::string_view field, std::uint64_t total, ByteRange& out);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7), and back; nothing for another form.
std::string http_date(std::int64_t seconds);
std::optional<std::int64_t> parse_http_date(std::string_view text);

// The name to verify for a host as written: an IPv6 address loses its brackets and zone.
std::string reference_name(std::string_view host);

// The path of a request's target, decoded and without empty and "." segments: "" is the root, a trailing
// slash stays. Nothing for a target that leaves the root ("..") or has control characters.
std::optional<std::string> decode_target(std::string_view target);
std::string percent_encode(std::string_view segment);
std::string html_escape(std::string_view text);
// By the ending of the name.
std::string_view content_type(std::string_view name);

}  // namespace ashlar::cli
