// SPDX-License-Identifier: Apache-2.0
// All parsing of untrusted bytes goes through this Reader. Numbers are big-endian. A read that fails consumes
// nothing. Its error carries the offset from the start of the outermost input.
#pragma once

#include <ashlar/base/needs_cxx20.hpp>

#include <ashlar/base/reader_core.h>
#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

namespace ashlar {

class Reader {  // Consumes bytes from the front; every bounds check of untrusted input is here
 public:
  // base_offset: the offset of `data` in the input that errors speak of.
  explicit Reader(Bytes data, std::uint32_t base_offset = 0)
      : cursor_{data.data(), data.size()},
        end_offset_(base_offset + static_cast<std::uint32_t>(data.size())) {}

  std::size_t remaining() const { return cursor_.left; }
  bool empty() const { return cursor_.left == 0; }
  // Bytes from the start of the outermost input to the next byte.
  std::uint32_t offset() const { return end_offset_ - static_cast<std::uint32_t>(cursor_.left); }
  // All that is left, without consuming it.
  Bytes peek() const { return {cursor_.at, cursor_.left}; }

  Result<Bytes> take(std::size_t count) {  // the next bytes, as a view: truncated if there are fewer
    const std::uint8_t* bytes = nullptr;
    if (!ashlar_cursor_take(&cursor_, count, &bytes)) {
      return fail(ErrorCode::truncated);
    }
    return Bytes(bytes, count);
  }
  template <std::size_t N>
  Result<BytesOf<N>> take() {  // the same, their number in the type
    ASHLAR_TRY(const Bytes bytes, take(N));
    return BytesOf<N>(bytes.data(), N);
  }
  Bytes take_rest() {  // all that is left
    const Bytes rest = peek();
    cursor_.at += cursor_.left;
    cursor_.left = 0;
    return rest;
  }

  Result<std::uint8_t> u8() { return number<std::uint8_t>(1); }     // a byte
  Result<std::uint16_t> u16() { return number<std::uint16_t>(2); }  // 2 bytes, big-endian
  Result<std::uint32_t> u24() { return number<std::uint32_t>(3); }  // 3 bytes, big-endian
  Result<std::uint32_t> u32() { return number<std::uint32_t>(4); }  // 4 bytes, big-endian
  Result<std::uint64_t> u64() { return number<std::uint64_t>(8); }  // 8 bytes, big-endian

  // A vector with a length prefix of 1, 2 or 3 bytes, as a Reader over its content.
  Result<Reader> u8_prefixed() { return prefixed(1); }
  Result<Reader> u16_prefixed() { return prefixed(2); }
  Result<Reader> u24_prefixed() { return prefixed(3); }

  // Fails with trailing_data unless everything was consumed. Every parser calls it last.
  Result<void> expect_end() const {
    if (!empty()) {
      return fail(ErrorCode::trailing_data);
    }
    return {};
  }

  // An error at the next byte.
  Error fail(ErrorCode code) const { return {code, Place::none, offset()}; }

 private:
  template <class T>
  Result<T> number(std::size_t width) {
    std::uint64_t value = 0;
    if (!ashlar_cursor_number(&cursor_, width, &value)) {
      return fail(ErrorCode::truncated);
    }
    return static_cast<T>(value);
  }
  Result<Reader> prefixed(std::size_t width) {
    ashlar_cursor inner{};
    if (!ashlar_cursor_prefixed(&cursor_, width, &inner)) {
      return fail(ErrorCode::truncated);
    }
    return Reader(Bytes(inner.at, inner.left), offset() - static_cast<std::uint32_t>(inner.left));
  }

  ashlar_cursor cursor_;
  std::uint32_t end_offset_;
};

}  // namespace ashlar
