// SPDX-License-Identifier: Apache-2.0
// Responses: the reader of one, whatever way its body ends.
#include "http/http.hpp"
#include "http/text.hpp"
#include "output/terminal.hpp"

namespace ashlar::cli {
namespace {

constexpr std::size_t kMaxLine = 64 * 1024;
constexpr std::size_t kMaxHead = 256 * 1024;

[[noreturn]] void not_http(const std::string& why) {
  throw Failure("the answer is not HTTP/1.x: " + why, ExitCode::not_http);
}

}  // namespace

std::optional<std::string> ResponseReader::line(Bytes& data) {
  while (!data.empty()) {
    const char c = static_cast<char>(data[0]);
    data = data.subspan(1);
    if (c == '\n') {
      if (!partial_.empty() && partial_.back() == '\r') {
        partial_.pop_back();
      }
      std::string whole;
      whole.swap(partial_);
      return whole;
    }
    partial_ += c;
    // Whoever does not even begin like HTTP is told at once.
    if (!status_line_seen_ && state_ == State::head) {
      constexpr std::string_view kBegin = "HTTP/1.";
      const std::size_t common = std::min(partial_.size(), kBegin.size());
      if (std::string_view(partial_).substr(0, common) != kBegin.substr(0, common)) {
        not_http("it begins with \"" + escape(std::string_view(partial_)) + "\"");
      }
    }
    if (partial_.size() > kMaxLine) {
      not_http("a line is longer than " + std::to_string(kMaxLine) + " bytes");
    }
  }
  return std::nullopt;
}

void ResponseReader::take_head_line(const std::string& text) {
  head_size_ += text.size() + 1;
  if (head_size_ > kMaxHead) {
    not_http("the head is longer than " + std::to_string(kMaxHead) + " bytes");
  }
  if (!status_line_seen_) {
    // HTTP/1.x SP 3DIGIT [SP reason]
    if (text.size() < 12 || text.compare(0, 7, "HTTP/1.") != 0 || !is_digit(text[7]) || text[8] != ' ' ||
        !is_digit(text[9]) || !is_digit(text[10]) || !is_digit(text[11]) ||
        (text.size() > 12 && text[12] != ' ')) {
      not_http("its status line is \"" + escape(std::string_view(text)) + "\"");
    }
    response_.minor = text[7] - '0';
    response_.status = (text[9] - '0') * 100 + (text[10] - '0') * 10 + (text[11] - '0');
    response_.reason = text.size() > 13 ? text.substr(13) : "";
    status_line_seen_ = true;
    return;
  }
  if (text.empty()) {
    head_done();
    return;
  }
  if ((text[0] == ' ' || text[0] == '\t') && !response_.fields.empty()) {
    response_.fields.back().value += " " + trimmed(text);  // obsolete line folding (RFC 9112 §5.2)
    return;
  }
  const auto field = parse_field(text);
  if (!field) {
    not_http("a field line is \"" + escape(std::string_view(text)) + "\"");
  }
  response_.fields.push_back(*field);
}

void ResponseReader::head_done() {
  const int status = response_.status;
  if (status >= 100 && status < 200 && status != 101) {
    response_ = {};
    status_line_seen_ = false;
    return;
  }
  const auto encoding = find_field(response_.fields, "Transfer-Encoding");
  const auto length = find_field(response_.fields, "Content-Length");
  if (status == 101 || status == 204 || status == 304) {
    framing_ = Framing::none;
    state_ = State::done;
  } else if (encoding) {
    const std::string last = trimmed(encoding->substr(encoding->rfind(',') + 1));
    const bool chunked = has_token(last, "chunked");
    framing_ = chunked ? Framing::chunked : Framing::until_close;
    state_ = chunked ? State::chunk_size : State::until_close;
  } else if (length) {
    const auto size = parse_content_length(*length);
    if (!size) {
      not_http("its Content-Length is \"" + escape(std::string_view(*length)) + "\"");
    }
    framing_ = Framing::length;
    left_ = *size;
    state_ = left_ == 0 ? State::done : State::length;
  } else {
    framing_ = Framing::until_close;
    state_ = State::until_close;
  }
  head_(response_);
}

void ResponseReader::take_chunk_size(const std::string& text) {
  const std::string digits = trimmed(text.substr(0, text.find(';')));
  std::uint64_t size = 0;
  if (digits.empty() || digits.size() > 15) {
    not_http("a chunk's size is \"" + escape(std::string_view(text)) + "\"");
  }
  for (const char c : digits) {
    const int digit = hex_digit(c);
    if (digit < 0) {
      not_http("a chunk's size is \"" + escape(std::string_view(text)) + "\"");
    }
    size = size * 16 + static_cast<std::uint64_t>(digit);
  }
  left_ = size;
  state_ = size == 0 ? State::trailer : State::chunk_data;
}

void ResponseReader::take_body(Bytes& data, State after) {
  const Bytes piece = data.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, data.size())));
  data = data.subspan(piece.size());
  left_ -= piece.size();
  body_size_ += piece.size();
  if (left_ == 0) {
    state_ = after;
  }
  body_(piece);
}

void ResponseReader::feed(Bytes data) {
  while (!data.empty() && state_ != State::done) {
    switch (state_) {
      case State::length:
        take_body(data, State::done);
        break;
      case State::chunk_data:
        take_body(data, State::chunk_end);
        break;
      case State::until_close:
        left_ = data.size();
        take_body(data, State::until_close);
        break;
      case State::head:
      case State::chunk_size:
      case State::chunk_end:
      case State::trailer: {
        const auto text = line(data);
        if (!text) {
          return;
        }
        if (state_ == State::head) {
          take_head_line(*text);
        } else if (state_ == State::chunk_size) {
          take_chunk_size(*text);
        } else if (state_ == State::chunk_end) {
          if (!text->empty()) {
            not_http("a chunk is longer than its size");
          }
          state_ = State::chunk_size;
        } else if (text->empty()) {
          state_ = State::done;
        }
        break;
      }
      case State::done:
        break;
    }
  }
}

void ResponseReader::end(bool in_order) {
  switch (state_) {
    case State::done:
      return;
    case State::head:
      if (!status_line_seen_ && partial_.empty()) {
        throw Failure("the server closed the connection without an answer", ExitCode::not_http);
      }
      not_http("it ends inside its head");
    case State::length:
      throw Failure("the body was cut: " + std::to_string(left_) + " of " +
                        std::to_string(left_ + body_size_) + " bytes (Content-Length) are missing",
                    ExitCode::cut_body);
    case State::chunk_size:
    case State::chunk_data:
    case State::chunk_end:
    case State::trailer:
      throw Failure("the body was cut: the connection ended before the last chunk, after " +
                        counted(body_size_, "byte"),
                    ExitCode::cut_body);
    case State::until_close:
      if (!in_order) {
        throw Failure("the connection stopped without close_notify after " + counted(body_size_, "byte") +
                          ": only that would have said that the body is whole [RFC 5246 §7.2.1]",
                      ExitCode::no_close_notify);
      }
      state_ = State::done;
  }
}

}  // namespace ashlar::cli
