// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/reader.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using test::unhex;

TEST_CASE("reader: numbers are big-endian and consume their width", "[base]") {
  const auto data = unhex("01 0203 040506 0708090a 0b0c0d0e0f101112");
  Reader reader(data);
  CHECK(*reader.u8() == 0x01);
  CHECK(*reader.u16() == 0x0203);
  CHECK(*reader.u24() == 0x040506);
  CHECK(*reader.u32() == 0x0708090a);
  CHECK(*reader.u64() == 0x0b0c0d0e0f101112);
  CHECK(reader.expect_end());
}

TEST_CASE("reader: a read past the end consumes nothing and says where", "[base]") {
  const auto data = unhex("010203");
  Reader reader(data);
  REQUIRE(reader.u8());
  const auto failed = reader.u24();
  REQUIRE(!failed);
  CHECK(failed.error() == ErrorCode::truncated);
  CHECK(failed.error().detail == 1);
  CHECK(reader.remaining() == 2);
  CHECK(*reader.u16() == 0x0203);
}

TEST_CASE("reader: a prefix longer than what is left is refused and nothing is consumed", "[base]") {
  for (const char* text : {"05 01020304", "ff", "ffffff"}) {
    const auto data = unhex(text);
    Reader reader(data);
    CHECK(!reader.u8_prefixed());
    CHECK(reader.remaining() == data.size());
  }
  const auto huge = unhex("ffffff00");
  CHECK(!Reader(huge).u24_prefixed());
}

TEST_CASE("reader: inner readers report offsets of the outermost input", "[base]") {
  const auto data = unhex("aa 0004 03 010203 bb");
  Reader reader(data);
  REQUIRE(reader.u8());
  auto outer = reader.u16_prefixed();
  REQUIRE(outer);
  CHECK(outer->offset() == 3);
  auto inner = outer->u8_prefixed();
  REQUIRE(inner);
  CHECK(inner->offset() == 4);
  CHECK(inner->expect_end().error().detail == 4);
  REQUIRE(inner->take(3));
  CHECK(inner->u8().error().detail == 7);
  CHECK(outer->expect_end());
  CHECK(reader.offset() == 7);
  CHECK(*reader.u8() == 0xbb);
}

TEST_CASE("reader: trailing bytes are an error at their offset", "[base]") {
  const auto data = unhex("0102");
  Reader reader(data);
  REQUIRE(reader.u8());
  CHECK(reader.expect_end().error() == ErrorCode::trailing_data);
  CHECK(reader.expect_end().error().detail == 1);
}

TEST_CASE("reader: empty input gives nothing but its end", "[base]") {
  Reader reader({});
  CHECK(reader.empty());
  CHECK(reader.expect_end());
  CHECK(!reader.u8());
  CHECK(reader.take(0));
  CHECK(!reader.u8_prefixed());
}
