// SPDX-License-Identifier: Apache-2.0
// HTTP of the tool: responses are the same whole and in pieces, requests and targets by plain readings
//
// The first byte: 0 a response, 1 a request's head, 2 the target of one, 3 a Range field, 4 a date, 5 a URL.
// Of a response the second byte is the size of the pieces.
#include "http/http.hpp"

#include "support/check.hpp"
#include "support/choices.hpp"

using namespace ashlar;
using namespace ashlar::cli;

namespace {

struct Told {
  std::size_t heads = 0;
  int status = 0;
  std::string body;
  bool complete = false, failed = false;
  bool operator==(const Told&) const = default;
};

Told read_response(Bytes wire, std::size_t step) {
  Told told;
  ResponseReader reader(
      [&](const ResponseHead& head) {
        ++told.heads;
        told.status = head.status;
        FUZZ_CHECK(head.status >= 0 && head.status <= 999 && (head.minor == 0 || head.minor == 1));
        FUZZ_CHECK(told.body.empty());
      },
      [&](Bytes piece) {
        FUZZ_CHECK(told.heads == 1);
        told.body += text_of(piece);
      });
  try {
    while (!wire.empty() && !reader.complete()) {
      const std::size_t count = step < wire.size() ? step : wire.size();
      reader.feed(wire.first(count));
      wire = wire.subspan(count);
    }
    told.complete = reader.complete();
    FUZZ_CHECK(reader.body_size() == told.body.size());
    reader.end(true);
    // An end in order is enough only where the body has no length of its own.
    FUZZ_CHECK(told.complete || reader.framing() == Framing::until_close);
  } catch (const Failure&) {
    told.failed = true;
  }
  FUZZ_CHECK(told.heads <= 1 && (!told.complete || told.heads == 1));
  return told;
}

void check_response(fuzz::Choices& in) {
  const std::size_t step = 1u + in.byte();
  const Bytes wire = in.rest();
  const Told whole = read_response(wire, wire.size() + 1), pieces = read_response(wire, step),
             bytewise = read_response(wire, 1);
  FUZZ_CHECK(whole.failed == pieces.failed && whole.failed == bytewise.failed);
  FUZZ_CHECK(whole.heads == bytewise.heads && whole.status == bytewise.status);
  FUZZ_CHECK(whole.failed || (whole == pieces && whole == bytewise));
  fuzz::accepted(whole.failed     ? "failed"
                 : whole.complete ? "complete, bytes"
                                  : "until the end, bytes",
                 whole.body.size());
}

void check_request(Bytes head) {
  const std::string_view text = text_of(head);
  const auto size = head_size(text);
  if (size) {
    // It ends in a blank line, and no shorter part of it is a head.
    FUZZ_CHECK(*size <= text.size() && *size > 0 && text[*size - 1] == '\n');
    FUZZ_CHECK(!head_size(text.substr(0, *size - 1)));
  }
  try {
    const Request request = parse_request(text.substr(0, size.value_or(text.size())));
    FUZZ_CHECK(!request.method.empty() && !request.target.empty());
    for (const char c : request.method + request.target) {
      FUZZ_CHECK(static_cast<unsigned char>(c) > 0x20 && c != 0x7f);
    }
    fuzz::accepted("a request, body", request.body_size);
  } catch (const RequestError& error) {
    FUZZ_CHECK(error.status >= 400 && error.status <= 505 && !error.text.empty());
    fuzz::accepted("refused with", static_cast<std::size_t>(error.status));
  }
}

void check_target(Bytes target) {
  const auto path = decode_target(text_of(target));
  if (!path) {
    fuzz::accepted("no path");
    return;
  }
  // Nothing leaves the root, and nothing ends a name early.
  std::string segment;
  FUZZ_CHECK(path->empty() || (*path)[0] != '/');
  for (const char c : *path + "/") {
    FUZZ_CHECK(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    if (c == '/') {
      FUZZ_CHECK(segment != ".." && segment != ".");
      segment.clear();
    } else {
      segment += c;
    }
  }
  FUZZ_CHECK(path->find("//") == std::string::npos);
  fuzz::accepted("a path of", path->size());
}

void check_range(fuzz::Choices& in) {
  const std::uint64_t total = in.number(2);
  ByteRange range;
  const RangeKind kind = parse_range(text_of(in.rest()), total, range);
  if (kind == RangeKind::part) {
    FUZZ_CHECK(range.size > 0 && range.first < total && range.size <= total - range.first);
    fuzz::accepted("bytes", static_cast<std::size_t>(range.size));
  } else {
    fuzz::accepted(kind == RangeKind::whole ? "the whole" : "unsatisfiable");
  }
}

void check_date(Bytes text) {
  const auto seconds = parse_http_date(text_of(text));
  if (seconds) {
    // The day of the week is not looked at.
    FUZZ_CHECK(text.size() == 29 && http_date(*seconds).substr(5) == text_of(text).substr(5));
    fuzz::accepted("a date");
  } else {
    fuzz::accepted("no date");
  }
}

void check_url(Bytes text) {
  try {
    const Url url = Url::parse(std::string(text_of(text)));
    FUZZ_CHECK(!url.host.empty() && !url.target.empty() && url.target[0] == '/');
    FUZZ_CHECK(std::stoul(url.port) <= 65535);
    for (const char c : url.target + url.host) {
      FUZZ_CHECK(static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f);
    }
    // What it says of itself is the same address.
    const Url again = Url::parse("https://" + url.authority() + url.target);
    FUZZ_CHECK(again.port == url.port && again.target == url.target);
    FUZZ_CHECK(reference_name(again.host) == reference_name(url.host));
    fuzz::accepted("a URL");
  } catch (const Failure&) {
    fuzz::accepted("no URL");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 4096) {
    return -1;
  }
  fuzz::Choices in(data, size);
  switch (in.below(6)) {
    case 0:
      check_response(in);
      break;
    case 1:
      check_request(in.rest());
      break;
    case 2:
      check_target(in.rest());
      break;
    case 3:
      check_range(in);
      break;
    case 4:
      check_date(in.rest());
      break;
    default:
      check_url(in.rest());
      break;
  }
  return 0;
}
