// SPDX-License-Identifier: Apache-2.0
#include "http/http.hpp"

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::cli;

namespace {

struct Reading {
  std::string body;
  ResponseHead head;
  ExitCode outcome = ExitCode::ok;
  std::string reason;
  bool complete = false;
};

// Reads a response given in pieces of `step` bytes, then the end of the connection.
Reading read_response(const std::string& text, std::size_t step, bool in_order = true) {
  Reading reading;
  ResponseReader reader([&](const ResponseHead& head) { reading.head = head; },
                        [&](Bytes piece) { reading.body += text_of(piece); });
  try {
    for (std::size_t at = 0; at < text.size(); at += step) {
      reader.feed(bytes_of(std::string_view(text).substr(at, step)));
    }
    reading.complete = reader.complete();
    reader.end(in_order);
  } catch (const Failure& failure) {
    reading.outcome = failure.code();
    reading.reason = failure.what();
  }
  return reading;
}

std::string refused_url(const std::string& text) {
  try {
    (void)Url::parse(text);
  } catch (const Failure& failure) {
    CHECK(failure.code() == ExitCode::usage);
    return failure.what();
  }
  return "";
}

int refused_request(const std::string& head) {
  try {
    (void)parse_request(head);
  } catch (const RequestError& error) {
    return error.status;
  }
  return 0;
}

}  // namespace

TEST_CASE("http: a body of Content-Length is complete at its last byte, in any pieces", "[cli]") {
  const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-Other: a\r\n\r\nhello world";
  const std::size_t step = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1000});
  const Reading reading = read_response(text, step, false);
  CHECK(reading.outcome == ExitCode::ok);
  CHECK(reading.complete);
  CHECK(reading.body == "hello world");
  CHECK(reading.head.status == 200);
  CHECK(reading.head.reason == "OK");
  CHECK(find_field(reading.head.fields, "content-length") == "11");
}

TEST_CASE("http: a chunked body is put together, extensions and trailers passed over", "[cli]") {
  const std::string text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n6;name=\"value\"\r\n world\r\n0\r\nTrailer: x\r\n\r\n";
  const std::size_t step = GENERATE(std::size_t{1}, std::size_t{3}, std::size_t{1000});
  const Reading reading = read_response(text, step, false);
  CHECK(reading.outcome == ExitCode::ok);
  CHECK(reading.complete);
  CHECK(reading.body == "hello world");
}

TEST_CASE("http: a body without length ends with close_notify, and only with it", "[cli]") {
  const std::string text = "HTTP/1.0 200 ok\r\nContent-type: text/html\r\n\r\nsome text";
  CHECK(read_response(text, 4, true).outcome == ExitCode::ok);
  CHECK(read_response(text, 4, true).body == "some text");
  const Reading cut = read_response(text, 4, false);
  CHECK(cut.outcome == ExitCode::no_close_notify);
  CHECK(cut.reason.find("close_notify") != std::string::npos);
}

TEST_CASE("http: a cut body is told, and how much of it is missing", "[cli]") {
  const Reading length = read_response("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello", 3);
  CHECK(length.outcome == ExitCode::cut_body);
  CHECK(length.reason.find("5 of 11 bytes: 6 are missing") != std::string::npos);
  const Reading chunk = read_response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 3);
  CHECK(chunk.outcome == ExitCode::cut_body);
  // All chunks but no last one, and a last one without the blank line after it.
  CHECK(read_response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 3).outcome ==
        ExitCode::cut_body);
  CHECK(read_response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", 3).outcome ==
        ExitCode::cut_body);
}

TEST_CASE("http: interim responses are passed over", "[cli]") {
  const Reading reading = read_response(
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 1);
  CHECK(reading.outcome == ExitCode::ok);
  CHECK(reading.head.status == 200);
  CHECK(reading.body == "hi");
}

TEST_CASE("http: 204 and 304 have no body whatever their fields say", "[cli]") {
  CHECK(read_response("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 1).complete);
  CHECK(read_response("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", 1).complete);
}

TEST_CASE("http: what is no HTTP/1.x response is refused", "[cli]") {
  const std::string text =
      GENERATE(std::string("SSH-2.0-OpenSSH\r\n"), std::string("HTTP/2 200\r\n\r\n"),
               std::string("HTTP/1.1 2x0 OK\r\n\r\n"), std::string("HTTP/1.1 200OK\r\n\r\n"),
               std::string("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
               std::string("HTTP/1.1 200 OK\r\nName : value\r\n\r\n"),
               std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
               std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
               std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"),
               std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
               std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n"),
               std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n"),
               std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n"),
               std::string("HTTP/1.1 200 OK\r\nConte"), std::string(""));
  INFO(text);
  CHECK(read_response(text, 1).outcome == ExitCode::not_http);
  CHECK(read_response(text, 1000).outcome == ExitCode::not_http);
}

TEST_CASE("http: what a hostile server says reaches the terminal escaped", "[cli]") {
  const Reading reading = read_response("\x1b]0;owned\x07\r\n", 1000);
  CHECK(reading.outcome == ExitCode::not_http);
  CHECK(reading.reason.find('\x1b') == std::string::npos);
}

TEST_CASE("http: endless heads are refused, not stored", "[cli]") {
  CHECK(read_response("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'a'), 1000).outcome ==
        ExitCode::not_http);
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 30'000; ++i) {
    many += "X-Field: value\r\n";
  }
  CHECK(read_response(many, 1000).outcome == ExitCode::not_http);
}

TEST_CASE("http: chunked wins over Content-Length", "[cli]") {
  const Reading reading = read_response(
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 2);
  CHECK(reading.body == "hello");
  CHECK(reading.complete);
}

TEST_CASE("http: a status line without a reason may end after the status; lines may end with LF alone",
          "[cli]") {
  const Reading bare = read_response("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", 1);
  CHECK(bare.outcome == ExitCode::ok);
  CHECK(bare.head.status == 200);
  CHECK(bare.body == "hi");
  CHECK(read_response("HTTP/1.0 200 OK\nContent-Length: 2\n\nhi", 3).body == "hi");
  CHECK(read_response("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n", 1).complete);
}

TEST_CASE("http: a length is left out beside any Transfer-Encoding, folded lines included", "[cli]") {
  for (const char* const fields : {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                                   "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                                   "content-length:\r\n 3\r\nTRANSFER-ENCODING: chunked\r\n",
                                   "Transfer-Encoding: gzip\r\nContent-Length: x\r\n"
                                   "Transfer-Encoding: chunked\r\n"}) {
    INFO(fields);
    const Reading reading =
        read_response("HTTP/1.1 200 OK\r\n" + std::string(fields) + "\r\n5\r\nhello\r\n0\r\n\r\n", 4);
    CHECK(reading.body == "hello");
    CHECK(reading.complete);
  }
}

TEST_CASE("http: chunk lines and trailers without end are refused, not stored", "[cli]") {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(read_response(head + "5;x=" + std::string(100'000, 'a'), 1000).outcome == ExitCode::not_http);
  std::string many = head + "0\r\n";
  for (int i = 0; i < 10'000; ++i) {
    many += "X-Field: value\r\n";
  }
  CHECK(read_response(many, 1000).outcome == ExitCode::not_http);
}

TEST_CASE("http: control characters and bare carriage returns in heads are refused", "[cli]") {
  for (const std::string& field : {std::string("X: a\0b", 6), std::string("X: a\rb"), std::string("X: a\x01"),
                                   std::string("X\rY: a"), std::string(": a"), std::string("\x80: a")}) {
    INFO(field);
    CHECK(read_response("HTTP/1.1 200 OK\r\n" + field + "\r\nContent-Length: 0\r\n\r\n", 1000).outcome ==
          ExitCode::not_http);
    CHECK(refused_request("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n") == 400);
  }
}

TEST_CASE("requests: what two servers could read in two ways is refused", "[cli]") {
  const auto refused = [](const std::string& fields) {
    return refused_request("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  };
  CHECK(refused("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") == 501);
  CHECK(refused("Transfer-Encoding: identity\r\nContent-Length: 5\r\n") == 501);
  CHECK(refused("Transfer-Encoding : chunked\r\n") == 400);
  CHECK(refused("Content-Length: 5\r\nContent-Length: 6\r\n") == 400);
  CHECK(refused("Content-Length: +5\r\n") == 400);
  CHECK(refused("Content-Length: 0x5\r\n") == 400);
  CHECK(refused("Content-Length: 99999999999999999999\r\n") == 400);
  CHECK(refused("X: a\r\n Content-Length: 5\r\n") == 400);
  CHECK(refused("\tTransfer-Encoding: chunked\r\n") == 400);
  CHECK(refused("Content-Length: 5\r\n") == 0);
  CHECK(refused_request("GET / HTTP/1.1 \r\nHost: a\r\n\r\n") == 400);
  CHECK(refused_request("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refused_request("GET / http/1.1\r\nHost: a\r\n\r\n") == 400);
}

TEST_CASE("url: host, port and target are told apart", "[cli]") {
  const Url plain = Url::parse("https://example.com");
  CHECK(plain.host == "example.com");
  CHECK(plain.port == "443");
  CHECK(plain.target == "/");
  CHECK(plain.authority() == "example.com");
  const Url full = Url::parse("https://example.com:8443/a%20b?c=d#fragment");
  CHECK(full.port == "8443");
  CHECK(full.target == "/a%20b?c=d");
  CHECK(full.authority() == "example.com:8443");
  const Url query = Url::parse("example.com?x=1");
  CHECK(query.host == "example.com");
  CHECK(query.target == "/?x=1");
  const Url address = Url::parse("https://[::1]:4433/");
  CHECK(address.host == "::1");
  CHECK(address.port == "4433");
  CHECK(address.authority() == "[::1]:4433");
  CHECK(Url::parse("https://example.com/a b\r\nX: y").target == "/a%20b%0D%0AX:%20y");
  CHECK(Url::parse("HTTPS://example.com/").host == "example.com");
}

TEST_CASE("url: what cannot be fetched is refused with the reason", "[cli]") {
  CHECK(refused_url("http://example.com/").find("https") != std::string::npos);
  CHECK(refused_url("https://user:secret@example.com/") != "");
  CHECK(refused_url("https://") != "");
  CHECK(refused_url("https://example.com:99999/") != "");
  CHECK(refused_url("https://example.com:/") != "");
  CHECK(refused_url("https://[::1/") != "");
  CHECK(refused_url("https://ex\nample.com/") != "");
  CHECK(refused_url("https://ex\xc3\xa4mple.com/").find("xn--") != std::string::npos);
}

TEST_CASE("requests: the head's end is found, blank lines before it passed over", "[cli]") {
  CHECK(!head_size("GET / HTTP/1.1\r\nHost: a\r\n"));
  CHECK(head_size("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest") == std::size_t{27});
  CHECK(head_size("\r\n\r\nGET / HTTP/1.0\r\n\r\n") == std::size_t{22});
  CHECK(head_size("GET / HTTP/1.0\n\n") == std::size_t{16});
  CHECK(!head_size("\r\n\r\n\r\n"));
}

TEST_CASE("requests: keep-alive is HTTP/1.1's default and HTTP/1.0's option", "[cli]") {
  CHECK(parse_request("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
  CHECK(!parse_request("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").keep_alive);
  CHECK(!parse_request("GET / HTTP/1.0\r\n\r\n").keep_alive);
  CHECK(parse_request("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
}

TEST_CASE("requests: malformed ones are refused with their status", "[cli]") {
  CHECK(refused_request("GET /\r\n\r\n") == 400);
  CHECK(refused_request("GET  HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refused_request("GET / x HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refused_request("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(refused_request("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") == 400);
  CHECK(refused_request("GET / HTTP/1.1\r\nHost : a\r\n\r\n") == 400);
  CHECK(refused_request("GET / HTTP/2.0\r\nHost: a\r\n\r\n") == 505);
  CHECK(refused_request("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") == 501);
  CHECK(refused_request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\n") == 400);
  CHECK(refused_request("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == 0);
}

TEST_CASE("targets: paths are decoded once and never lead out of the root", "[cli]") {
  CHECK(decode_target("/") == "");
  CHECK(decode_target("/a/b.txt?x=1") == "a/b.txt");
  CHECK(decode_target("//a/./b/") == "a/b/");
  CHECK(decode_target("/a%20b") == "a b");
  CHECK(decode_target("/%252e%252e/x") == "%2e%2e/x");
  CHECK(decode_target("https://host/a") == "a");
  for (const char* const bad : {"/..", "/../etc/passwd", "/a/../../b", "/%2e%2e/x", "/a/%2E%2e", "/..%2fetc",
                                "/a%00b", "/a%0ab", "/%zz", "/%2", "a", "*", ""}) {
    INFO(bad);
    CHECK(!decode_target(bad));
  }
}

TEST_CASE("text: names are escaped for HTML and for URLs", "[cli]") {
  CHECK(html_escape("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  CHECK(percent_encode("a b/\xc3\xa4?#%") == "a%20b%2F%C3%A4%3F%23%25");
  CHECK(content_type("index.HTML") == "text/html; charset=utf-8");
  CHECK(content_type("unknown") == "application/octet-stream");
}
