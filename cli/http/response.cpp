// SPDX-License-Identifier: Apache-2.0
// Reads one response, for every way to end a body.
#include "http/http.hpp"
#include "http/text.hpp"
#include "net/asio.hpp"
#include "output/terminal.hpp"

#include <boost/beast/http/parser.hpp>

namespace ashlar::cli {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t kMaxHead = 256 * 1024;
constexpr std::size_t kMaxLine = 64 * 1024;  // also the limit for chunk lines and trailers

[[noreturn]] void not_http(const std::string& why) {
  throw Failure(Words{.cause = "the answer is not HTTP/1.x [RFC 9112 §2]",
                      .usual = "The port is another protocol's, or the server has a fault.",
                      .found = "an answer of which " + why,
                      .wanted = "a status line, fields and a body",
                      .next = "check the port; ashlar client HOST:PORT shows the answer as it comes"},
                ExitCode::not_http);
}

[[noreturn]] void body_cut(const std::string& found, const std::string& wanted) {
  throw Failure(Words{.cause = "the body was cut",
                      .usual = "The server stopped on the way, or something in between cut the connection.",
                      .found = found,
                      .wanted = wanted,
                      .next = "fetch it again; take what came for a part"},
                ExitCode::cut_body);
}

// A body type for Beast that passes each piece on.
struct PassedOn {
  using value_type = std::function<void(Bytes)>;
  class reader {
   public:
    template <bool kRequest, class Fields>
    reader(http::header<kRequest, Fields>&, value_type& use) : use_(use) {}
    void init(const boost::optional<std::uint64_t>&, boost::system::error_code& error) { error = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::system::error_code& error) {
      error = {};
      std::size_t total = 0;
      for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at) {
        const asio::const_buffer piece(*at);
        use_(Bytes(static_cast<const std::uint8_t*>(piece.data()), piece.size()));
        total += piece.size();
      }
      return total;
    }
    void finish(boost::system::error_code& error) { error = {}; }

   private:
    value_type& use_;
  };
};

// "HTTP/1.x SP 3DIGIT": Beast needs a blank after it. Servers that give no reason leave it out.
void mend_status_line(std::string& head) {
  constexpr std::size_t kWithoutReason = 12;
  if (head.find("\r\n") == kWithoutReason) {
    head.insert(kWithoutReason, " ");
  }
}

std::string first_line(const std::string& head) {
  return escape(std::string_view(head).substr(0, head.find_first_of("\r\n")));
}

}  // namespace

struct ResponseReader::Parser : http::response_parser<PassedOn> {};

ResponseReader::ResponseReader(std::function<void(const ResponseHead&)> head, std::function<void(Bytes)> body)
    : head_(std::move(head)), body_(std::move(body)) {}
ResponseReader::~ResponseReader() = default;

// Reads a head when it is complete. Returns the data after it.
Bytes ResponseReader::take_head(Bytes data) {
  const std::size_t before = waiting_.size();
  waiting_ += text_of(data);
  // Data that does not begin like HTTP is refused at once.
  constexpr std::string_view kBegin = "HTTP/1.";
  const std::size_t common = std::min(waiting_.size(), kBegin.size());
  if (std::string_view(waiting_).substr(0, common) != kBegin.substr(0, common)) {
    not_http("the first line is \"" + first_line(waiting_.substr(0, 80)) + "\"");
  }
  const auto size = head_size(waiting_);
  if (size.value_or(waiting_.size()) > kMaxHead) {
    not_http("the head is longer than " + std::to_string(kMaxHead) + " bytes");
  }
  if (!size) {
    if (waiting_.size() - std::min(waiting_.size(), waiting_.rfind('\n') + 1) > kMaxLine) {
      not_http("a line is longer than " + std::to_string(kMaxLine) + " bytes");
    }
    return {};
  }
  Head head = canonical_head(std::string_view(waiting_).substr(0, *size), true);
  waiting_.clear();
  mend_status_line(head.text);
  auto parser = std::make_unique<Parser>();
  parser->header_limit(static_cast<std::uint32_t>(head.text.size() + 1));
  parser->body_limit(std::numeric_limits<std::uint64_t>::max());
  boost::system::error_code error;
  (void)parser->put(asio::buffer(head.text), error);
  if (error == http::error::bad_content_length) {
    not_http("the Content-Length is not one number");
  }
  if (error || !parser->is_header_done()) {
    not_http("the head after \"" + first_line(head.text) + "\" has a fault: " + error.message());
  }
  const auto& message = parser->get();
  const int status = static_cast<int>(message.result_int());
  if (status < 100 || status > 199 || status == 101) {
    ResponseHead told{.minor = static_cast<int>(message.version() % 10),
                      .status = status,
                      .reason = std::string(message.reason()),
                      .fields = {}};
    for (const auto& field : message) {
      told.fields.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    length_ = parser->content_length().value_or(0);
    done_ = parser->is_done();
    framing_ = parser->chunked()                                ? Framing::chunked
               : parser->need_eof()                             ? Framing::until_close
               : done_ && !parser->content_length().has_value() ? Framing::none
                                                                : Framing::length;
    parser->get().body() = [this](Bytes piece) {
      body_size_ += piece.size();
      body_(piece);
    };
    parser_ = std::move(parser);
    head_(told);
  }
  return data.subspan(*size - before);
}

void ResponseReader::take_body(Bytes data) {
  // Chunk lines and trailers must be in one piece, so an incomplete one waits for more data.
  std::string joined;
  if (!waiting_.empty()) {
    joined = std::exchange(waiting_, {}) + std::string(text_of(data));
    data = bytes_of(joined);
  }
  while (!data.empty() && !done_) {
    boost::system::error_code error;
    const std::size_t taken = parser_->put(asio::buffer(data.data(), data.size()), error);
    data = data.subspan(taken);
    if (error == http::error::need_more) {
      waiting_ = text_of(data);
      if (waiting_.size() > kMaxLine) {
        not_http("a chunk's line or the trailer is longer than " + std::to_string(kMaxLine) + " bytes");
      }
      return;
    }
    if (error) {
      not_http("the body after " + counted(body_size_, "byte") + " has a fault: " + error.message());
    }
    done_ = parser_->is_done();
  }
}

void ResponseReader::feed(Bytes data) {
  while (!data.empty() && !done_) {
    if (parser_ == nullptr) {
      data = take_head(data);
    } else {
      take_body(data);
      return;
    }
  }
}

void ResponseReader::end(bool in_order) {
  if (done_) {
    return;
  }
  if (parser_ == nullptr) {
    if (waiting_.empty()) {
      throw Failure(Words{.cause = "the server closed the connection without an answer",
                          .usual = "It did not like the request, or it stopped just then.",
                          .found = "an end of the connection behind the request",
                          .wanted = "an answer of HTTP/1.x",
                          .next = "try again; the server's log may say more"},
                    ExitCode::not_http);
    }
    not_http("the head is cut");
  }
  if (framing_ == Framing::length) {
    body_cut(std::to_string(body_size_) + " of " + std::to_string(length_) +
                 " bytes: " + std::to_string(length_ - body_size_) + " are missing",
             "as many bytes as Content-Length says");
  }
  if (framing_ == Framing::chunked) {
    body_cut("an end of the connection after " + counted(body_size_, "byte") + ", before the last chunk",
             "chunks up to the last one, which is empty");
  }
  if (!in_order) {
    throw Failure(
        Words{.cause = "the connection stopped without close_notify: the body may be cut "
                       "[RFC 5246 §7.2.1]",
              .usual = "The server does not say its end, or somebody in between cut the connection.",
              .found = "an end after " + counted(body_size_, "byte") + " of a body without a length",
              .wanted = "close_notify, which alone says that such a body is whole",
              .next = "fetch it again and compare; have the server send Content-Length"},
        ExitCode::no_close_notify);
  }
  done_ = true;
}

}  // namespace ashlar::cli
