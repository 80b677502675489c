// SPDX-License-Identifier: Apache-2.0
// HTTP/1.x (RFC 9112) as the tool needs it: a reader of responses, a parser of requests, URLs.
#pragma once

#include "failure/failure.hpp"

#include <ashlar/base/bytes.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ashlar::cli {

// https://HOST[:PORT][/PATH][?QUERY]; without a scheme https is meant. Failures say what is wrong.
struct Url {
  std::string host;  // a name or an address, without brackets
  std::string port = "443";
  std::string target = "/";  // path and query, as the request line has it

  static Url parse(const std::string& text);
  // What the Host field says.
  std::string authority() const;
};

struct Field {
  std::string name;
  std::string value;
};
// The field's value by its name, whose case does not count; fields of one name are joined by commas.
std::optional<std::string> find_field(const std::vector<Field>& fields, std::string_view name);
// Whether a comma-separated field holds this token, in any case.
bool has_token(const std::string& value, std::string_view token);

struct ResponseHead {
  int minor = 1;  // HTTP/1.minor
  int status = 0;
  std::string reason;
  std::vector<Field> fields;
};

// How the end of a body is known (RFC 9112 §6.3).
enum class Framing { unknown, none, length, chunked, until_close };

// Reads one response from bytes as they come. Interim responses (1xx) are passed over.
class ResponseReader {
 public:
  // head is called once, body for each piece.
  ResponseReader(std::function<void(const ResponseHead&)> head, std::function<void(Bytes)> body)
      : head_(std::move(head)), body_(std::move(body)) {}

  // Failure not_http if this is no HTTP. What follows the end of the response is not looked at.
  void feed(Bytes data);
  // The response has ended by its own framing.
  bool complete() const { return state_ == State::done; }
  Framing framing() const { return framing_; }
  std::uint64_t body_size() const { return body_size_; }
  // The connection has ended. in_order: by close_notify. Failures: not_http before the head is whole,
  // cut_body inside a framed body, no_close_notify where only the end of the connection ends the body.
  void end(bool in_order);

 private:
  enum class State { head, length, chunk_size, chunk_data, chunk_end, trailer, until_close, done };

  // The next line without its end, once it is there.
  std::optional<std::string> line(Bytes& data);
  void take_head_line(const std::string& text);
  void head_done();
  void take_chunk_size(const std::string& text);
  void take_body(Bytes& data, State after);

  std::function<void(const ResponseHead&)> head_;
  std::function<void(Bytes)> body_;
  State state_ = State::head;
  Framing framing_ = Framing::unknown;
  ResponseHead response_;
  bool status_line_seen_ = false;
  std::string partial_;
  std::size_t head_size_ = 0;
  std::uint64_t left_ = 0;
  std::uint64_t body_size_ = 0;
};

struct Request {
  std::string method;
  std::string target;
  int minor = 1;
  std::vector<Field> fields;
  bool keep_alive = false;
  // The body that follows, which this server reads over.
  std::uint64_t body_size = 0;
};

// A request that is answered with an error and the end of the connection.
struct RequestError {
  int status;
  std::string text;
};

inline constexpr std::size_t kMaxRequestHead = 16 * 1024;

// Size of the head at the start of `buffered`, blank line included; nothing while it is not whole.
std::optional<std::size_t> request_head_size(std::string_view buffered);
// Throws RequestError.
Request parse_request(std::string_view head);

std::string_view reason_phrase(int status);

// The path of a request's target, decoded and without empty and "." segments: "" is the root, a trailing
// slash stays. Nothing for a target that leaves the root ("..") or holds control characters.
std::optional<std::string> decode_target(std::string_view target);
std::string percent_encode(std::string_view segment);
std::string html_escape(std::string_view text);
// By the name's ending.
std::string_view content_type(std::string_view name);

}  // namespace ashlar::cli
