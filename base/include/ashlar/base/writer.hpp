// SPDX-License-Identifier: Apache-2.0
// All building goes through this Writer, into the caller's memory. After the first write that does not fit,
// every later one does nothing, and finish() returns the error. Numbers are big-endian.
//
//   Writer writer(buffer);
//   writer.u8(1);
//   {
//     auto body = writer.u24_scope();   // its length is filled in when the scope ends
//     writer.bytes(random);
//   }
//   ASHLAR_TRY(Bytes message, writer.finish());
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

namespace ashlar {

class Writer {  // Writes into the caller's memory; the first failure stays, and finish() returns it
 public:
  // A length prefix whose vector is being written. The scope that was made last ends first.
  class Scope {
   public:
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { writer_.close_scope(start_, width_); }

   private:
    friend class Writer;
    Scope(Writer& writer, std::size_t width) : writer_(writer), width_(width) {
      writer.number(0, width);
      start_ = writer.used_;
    }
    Writer& writer_;
    std::size_t start_;
    std::size_t width_;
  };

  explicit Writer(MutBytes out) : out_(out) {}

  void u8(std::uint8_t value) { number(value, 1); }    // a byte
  void u16(std::uint16_t value) { number(value, 2); }  // 2 bytes, big-endian
  void u24(std::uint32_t value) { number(value, 3); }  // 3 bytes, big-endian
  void u32(std::uint32_t value) { number(value, 4); }  // 4 bytes, big-endian
  void u64(std::uint64_t value) { number(value, 8); }  // 8 bytes, big-endian
  void bytes(Bytes value) {                            // these bytes as they are
    if (reserve(value.size())) {
      copy_bytes(out_.subspan(used_), value);
      used_ += value.size();
    }
  }
  void text(std::string_view value) { bytes(bytes_of(value)); }  // the bytes of a text
  // Room of `count` bytes for the caller to fill; empty if there is none.
  MutBytes room(std::size_t count) {
    if (!reserve(count)) {
      return {};
    }
    const MutBytes place = out_.subspan(used_, count);
    used_ += count;
    return place;
  }

  // Opens a gap of `count` bytes at position `at` (at most size()) and returns it for the caller to fill.
  // What stood there and after it moves up. Empty if there is no room. This is for prefixes whose own size is
  // known last.
  MutBytes insert(std::size_t at, std::size_t count) {
    if (at > used_) {
      __builtin_trap();
    }
    if (!reserve(count)) {
      return {};
    }
    copy_bytes(out_.subspan(at + count), out_.subspan(at, used_ - at));
    used_ += count;
    return out_.subspan(at, count);
  }

  [[nodiscard]] Scope u8_scope() { return {*this, 1}; }   // behind a length of 1 byte
  [[nodiscard]] Scope u16_scope() { return {*this, 2}; }  // behind a length of 2 bytes
  [[nodiscard]] Scope u24_scope() { return {*this, 3}; }  // behind a length of 3 bytes

  // Makes finish() return this error, unless it has one already. For values that cannot be written.
  void fail(ErrorCode code) {
    if (ok_) {
      ok_ = false;
      error_ = code;
    }
  }

  // Bytes written so far.
  std::size_t size() const { return used_; }
  bool ok() const { return ok_; }
  // What was written, or buffer_too_small / length_overflow.
  Result<Bytes> finish() const {
    if (!ok_) {
      return Error{error_, Place::none, static_cast<std::uint32_t>(out_.size())};
    }
    return Bytes(out_.first(used_));
  }

 private:
  bool reserve(std::size_t count) {
    if (count > out_.size() - used_) {
      fail(ErrorCode::buffer_too_small);
    }
    return ok_;
  }
  void number(std::uint64_t value, std::size_t width) {
    if (width < 8 && (value >> (8 * width)) != 0) {
      fail(ErrorCode::length_overflow);
    }
    if (reserve(width)) {
      put(used_, value, width);
      used_ += width;
    }
  }
  void put(std::size_t at, std::uint64_t value, std::size_t width) {
    for (std::size_t i = width; i-- > 0; value >>= 8) {
      out_[at + i] = static_cast<std::uint8_t>(value);
    }
  }
  void close_scope(std::size_t start, std::size_t width) {
    if (!ok_) {
      return;
    }
    const std::uint64_t length = used_ - start;
    if ((length >> (8 * width)) != 0) {
      fail(ErrorCode::length_overflow);
      return;
    }
    put(start - width, length, width);
  }

  MutBytes out_;
  std::size_t used_ = 0;
  ErrorCode error_ = ErrorCode::buffer_too_small;
  bool ok_ = true;
};

}  // namespace ashlar
