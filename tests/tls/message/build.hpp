// SPDX-License-Identifier: Apache-2.0
// Handshake messages in tests: built into buffers, parsed again, and cut short at every place.
#pragma once

#include "catch.hpp"
#include "message/message.hpp"
#include "support/bytes.hpp"

#include <deque>
#include <string>

namespace ashlar::test {

// The body of a message, or anything else that `write` writes.
template <class Write>
Buffer written(Write write) {
  Buffer out(200 * 1024);
  Writer writer(out);
  write(writer);
  const auto bytes = writer.finish();
  REQUIRE(bytes.ok());
  out.resize(bytes->size());
  return out;
}
template <class Message>
Buffer built(const Message& message) {
  return written([&](Writer& writer) { message.build(writer); });
}

// Byte by byte: g++ 12 warns wrongly about inserting ranges.
inline Buffer operator+(const Buffer& a, const Buffer& b) {
  Buffer out;
  for (const Buffer* part : {&a, &b}) {
    for (const std::uint8_t byte : *part) {
      out.push_back(byte);
    }
  }
  return out;
}
// Bytes with a length before them.
inline Buffer prefixed(std::size_t width, const Buffer& content) {
  Buffer out;
  for (std::size_t i = width; i-- > 0;) {
    out.push_back(static_cast<std::uint8_t>(content.size() >> (8 * i)));
  }
  return out + content;
}
inline Buffer u16(unsigned value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}
// One extension.
inline Buffer extension(unsigned type, const Buffer& body) {
  return u16(type) + prefixed(2, body);
}

// So many empty extensions, of types from `first` on.
inline Buffer empty_extensions(unsigned first, std::size_t count) {
  Buffer out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t type = first + i;
    for (const std::size_t byte : {type >> 8, type, std::size_t{0}, std::size_t{0}}) {
      out.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  return out;
}

// No proper prefix of a body is a message, and the body with one byte more is not one either. `except` is the
// one length at which a prefix is a message too (a hello without its extensions).
template <class Parse>
void check_exact(const Buffer& body, Parse parse, std::size_t except = ~std::size_t{0}) {
  for (std::size_t size = 0; size < body.size(); ++size) {
    const Buffer cut(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size));  // for ASan
    INFO("first " << size << " of " << body.size() << " bytes");
    CHECK(parse(cut).ok() == (size == except));
  }
  CHECK(parse(body).ok());
  CHECK(!parse(body + Buffer{0}).ok());
}

// Pseudorandom choices for property tests.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t upto(std::size_t limit) { return static_cast<std::size_t>(engine_() % (limit + 1)); }
  bool coin() { return upto(1) == 1; }
  // Valid as long as the dice, because messages are views.
  Bytes bytes(std::size_t size) {
    kept_.push_back(noise(size, engine_()));
    return kept_.back();
  }
  Bytes keep(Buffer bytes) {
    kept_.push_back(std::move(bytes));
    return kept_.back();
  }

 private:
  std::mt19937_64 engine_;
  std::deque<Buffer> kept_;
};

}  // namespace ashlar::test
