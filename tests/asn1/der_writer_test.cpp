// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/asn1/oid.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::asn1;
using ashlar::test::Buffer;
using ashlar::test::hex;
using ashlar::test::unhex;

namespace {

template <class Write>
std::string written(Write&& write) {
  Buffer buffer(400);
  DerWriter writer(buffer);
  write(writer);
  auto der = writer.finish();
  REQUIRE(der);
  return hex(*der);
}

}  // namespace

TEST_CASE("der_writer: each type in its one form", "[asn1]") {
  CHECK(written([](DerWriter& w) { w.boolean(true); }) == "0101ff");
  CHECK(written([](DerWriter& w) { w.boolean(false); }) == "010100");
  CHECK(written([](DerWriter& w) { w.null(); }) == "0500");
  CHECK(written([](DerWriter& w) { w.small_integer(0); }) == "020100");
  CHECK(written([](DerWriter& w) { w.small_integer(127); }) == "02017f");
  CHECK(written([](DerWriter& w) { w.small_integer(128); }) == "02020080");
  CHECK(written([](DerWriter& w) { w.small_integer(65537); }) == "0203010001");
  CHECK(written([](DerWriter& w) { w.small_integer(0xffffffff); }) == "020500ffffffff");
  CHECK(written([](DerWriter& w) { w.unsigned_integer(unhex("0000000080")); }) == "02020080");
  CHECK(written([](DerWriter& w) { w.unsigned_integer({}); }) == "020100");
  CHECK(written([](DerWriter& w) { w.octet_string(unhex("6162")); }) == "04026162");
  CHECK(written([](DerWriter& w) { w.bit_string(unhex("6162")); }) == "0303006162");
  CHECK(written([](DerWriter& w) { w.oid(oid("2.5.29.17")); }) == "0603551d11");
}

TEST_CASE("der_writer: named bits lose their trailing zeros", "[asn1]") {
  CHECK(written([](DerWriter& w) { w.named_bits(1 << 0); }) == "03020780");
  CHECK(written([](DerWriter& w) { w.named_bits((1 << 5) | (1 << 6)); }) == "03020106");
  CHECK(written([](DerWriter& w) { w.named_bits(1 << 8); }) == "0303070080");
  CHECK(written([](DerWriter& w) { w.named_bits(0); }) == "030100");
}

TEST_CASE("A12 der_writer: times switch from UTCTime to GeneralizedTime in 2050", "[asn1]") {
  CHECK(written([](DerWriter& w) { w.time(Time{kFirstGeneralizedTime.seconds - 1}); }) ==
        "170d" + hex(bytes_of("491231235959Z")));
  CHECK(written([](DerWriter& w) { w.time(kFirstGeneralizedTime); }) ==
        "180f" + hex(bytes_of("20500101000000Z")));
  CHECK(written([](DerWriter& w) { w.time(kFirstTime); }) == "170d" + hex(bytes_of("500101000000Z")));
  CHECK(written([](DerWriter& w) { w.time(kLastTime); }) == "180f" + hex(bytes_of("99991231235959Z")));
  Buffer buffer(40);
  DerWriter writer(buffer);
  writer.time(Time{kLastTime.seconds + 1});
  CHECK(writer.finish().error() == ErrorCode::invalid_argument);
}

TEST_CASE("der_writer: scopes get minimal lengths, at every size of the prefix", "[asn1]") {
  for (const std::size_t size :
       {0u, 1u, 120u, 125u, 126u, 127u, 128u, 250u, 252u, 253u, 255u, 256u, 65530u, 65536u, 70000u}) {
    const Buffer content = test::noise(size);
    Buffer flat(size + 8), scoped(size + 32);
    DerWriter expected(flat);
    expected.octet_string(content);
    DerWriter writer(scoped);
    {
      const auto outer = writer.sequence();
      const auto inner = writer.octet_string_scope();
      writer.raw(content);
    }
    auto der = writer.finish();
    REQUIRE(der);
    DerReader reader(*der);
    auto sequence = reader.sequence();
    REQUIRE(sequence);
    CHECK(equal_public(sequence->peek(), *expected.finish()));
  }
}

TEST_CASE("der_writer: a buffer of any smaller size gives an error", "[asn1]") {
  const auto write = [](DerWriter& w) {
    const auto outer = w.sequence();
    const auto inner = w.sequence();
    w.octet_string(test::noise(150));
    w.small_integer(7);
  };
  Buffer enough(400);
  DerWriter all(enough);
  write(all);
  const std::size_t size = all.size();
  for (std::size_t room = 0; room < size; room++) {
    Buffer buffer(room);
    DerWriter writer(buffer);
    write(writer);
    CHECK(writer.finish().error() == ErrorCode::buffer_too_small);
  }
  Buffer exact(size);
  DerWriter writer(exact);
  write(writer);
  CHECK(writer.finish());
}
