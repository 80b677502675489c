// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/writer.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;

TEST_CASE("writer: scopes fill in their lengths, nested ones too", "[base]") {
  std::uint8_t out[64];
  Writer writer(out);
  writer.u8(1);
  {
    auto body = writer.u24_scope();
    writer.u16(0x0303);
    {
      auto list = writer.u16_scope();
      writer.text("abc");
    }
    auto empty = writer.u8_scope();
  }
  CHECK_BYTES(*writer.finish(), test::unhex("01 000008 0303 0003 616263 00"));
}

TEST_CASE("writer: what does not fit fails once and for all, without writing outside", "[base]") {
  std::uint8_t out[5] = {9, 9, 9, 9, 9};
  Writer writer({out, 4});
  writer.u24(7);
  writer.u16(1);
  writer.u8(2);
  CHECK(!writer.ok());
  CHECK(writer.finish().error() == ErrorCode::buffer_too_small);
  CHECK(out[4] == 9);
}

TEST_CASE("writer: a vector longer than its prefix can say is an error", "[base]") {
  std::uint8_t out[400] = {};
  Writer writer(out);
  {
    auto scope = writer.u8_scope();
    writer.bytes(test::noise(256));
  }
  CHECK(writer.finish().error() == ErrorCode::length_overflow);
  Writer number(out);
  number.u24(0x1000000);
  CHECK(number.finish().error() == ErrorCode::length_overflow);
}

TEST_CASE("writer: the first error stays, whatever goes wrong after it", "[base]") {
  std::uint8_t out[4] = {};
  Writer number(out);
  number.u24(0x1000000);
  number.bytes(test::noise(9));
  CHECK(number.finish().error() == ErrorCode::length_overflow);
  Writer small(out);
  small.bytes(test::noise(9));
  small.u24(0x1000000);
  CHECK(small.finish().error() == ErrorCode::buffer_too_small);
}

TEST_CASE("writer: what is inserted moves what stood behind", "[base]") {
  std::uint8_t out[6] = {};
  Writer writer(out);
  writer.text("abcd");
  const MutBytes gap = writer.insert(1, 2);
  REQUIRE(gap.size() == 2);
  gap[0] = 'X';
  gap[1] = 'Y';
  CHECK(text_of(*writer.finish()) == "aXYbcd");
  // Not a byte more than there is room for.
  CHECK(writer.insert(0, 1).empty());
  CHECK(writer.finish().error() == ErrorCode::buffer_too_small);
}
