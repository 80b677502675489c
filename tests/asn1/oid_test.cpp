// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/oid.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::asn1;
using ashlar::test::Buffer;
using ashlar::test::unhex;

namespace {

std::string dotted(std::string_view hex) {
  char text[200];
  return std::string(format_oid(unhex(hex), text));
}

}  // namespace

TEST_CASE("oid: dotted text becomes content bytes at compile time", "[asn1]") {
  constexpr Oid kRsa = oid("1.2.840.113549.1.1.1");
  CHECK_BYTES(kRsa.bytes(), unhex("2a864886f70d010101"));
  CHECK_BYTES(oid("2.5.4.3").bytes(), unhex("550403"));
  CHECK_BYTES(oid("0.9.2342.19200300.100.1.25").bytes(), unhex("0992268993f22c640119"));
  CHECK_BYTES(oid("2.999.4294967295").bytes(), unhex("88378fffffff7f"));
  CHECK_BYTES(oid("2.16.840.1.101.3.4.2.1").bytes(), unhex("608648016503040201"));
}

TEST_CASE("A07 oid: arcs are minimal, complete, and 64 bytes in all", "[asn1]") {
  CHECK(is_valid_oid(unhex("2a864886f70d")));
  CHECK(!is_valid_oid({}));
  CHECK(!is_valid_oid(unhex("80")));
  CHECK(!is_valid_oid(unhex("8001")));
  CHECK(!is_valid_oid(unhex("2a8001")));
  CHECK(!is_valid_oid(unhex("2a86")));
  CHECK(is_valid_oid(unhex("2a868000")));
  CHECK(is_valid_oid(Buffer(64, 0x01)));
  CHECK(!is_valid_oid(Buffer(65, 0x01)));
}

TEST_CASE("A07 oid: the dotted form, with arcs of any size", "[asn1]") {
  CHECK(dotted("2a864886f70d010101") == "1.2.840.113549.1.1.1");
  CHECK(dotted("00") == "0.0");
  CHECK(dotted("27") == "0.39");
  CHECK(dotted("28") == "1.0");
  CHECK(dotted("4f") == "1.39");
  CHECK(dotted("50") == "2.0");
  CHECK(dotted("883703") == "2.999.3");
  CHECK(dotted("88378fffffff7f") == "2.999.4294967295");
  // 2^64 and 10^9, where limbs of nine digits change.
  CHECK(dotted("2a82808080808080808000") == "1.2.18446744073709551616");
  CHECK(dotted("2a83dceb9400") == "1.2.1000000000");
  // 2^441 - 1: 63 groups of seven ones, the longest possible arc after the first.
  Buffer long_arc(64, 0xff);
  long_arc[0] = 0x2a;
  long_arc[63] = 0x7f;
  char text[200];
  CHECK(format_oid(long_arc, text) ==
        "1.2.5678427533559428832416592249125035424637823130369672345949142181098744438385"
        "921275985867583701277855943457200048954515105739075223551");
  CHECK(dotted("2a86") == "invalid OID");
}

TEST_CASE("oid: the dotted form is cut to its buffer", "[asn1]") {
  char text[5];
  CHECK(format_oid(oid("1.2.840.113549"), text) == "1.2.8");
}

TEST_CASE("A08 oid: comparison is by length and bytes", "[asn1]") {
  constexpr Oid kShort = oid("2.5.29.37"), kLong = oid("2.5.29.37.0");
  CHECK(kShort.is(kShort));
  CHECK(!kShort.is(kLong));
  CHECK(!kLong.is(kShort));
  CHECK(!kShort.is({}));
}
