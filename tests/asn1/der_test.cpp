// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/der.hpp>
#include <ashlar/asn1/der_writer.hpp>

#include <ctime>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::asn1;
using ashlar::test::Buffer;
using ashlar::test::unhex;

namespace {

// The error of reading the whole of a hex string as one element.
ErrorCode error_of(std::string_view hex) {
  const Buffer der = unhex(hex);
  DerReader reader(der);
  auto element = reader.any();
  if (!element) {
    return element.error().code;
  }
  auto rest = reader.expect_end();
  REQUIRE(!rest);
  return rest.error().code;
}

// The error of check_tree, or ErrorCode{} if there is none.
ErrorCode tree_error(Bytes der) {
  auto result = check_tree(der);
  return result ? ErrorCode{} : result.error().code;
}
ErrorCode tree_error(std::string_view hex) {
  return tree_error(unhex(hex));
}

Buffer nested_sequences(std::size_t count) {
  Buffer der;
  for (std::size_t i = 0; i < count; i++) {
    Buffer outer(der.size() + 8);
    DerWriter writer(outer);
    writer.element(Tag::sequence, der);
    outer.resize(writer.size());
    der = outer;
  }
  return der;
}

}  // namespace

TEST_CASE("A01 an indefinite length is refused at every depth", "[asn1]") {
  CHECK(error_of("30 80 00 00") == ErrorCode::der_indefinite_length);
  CHECK(error_of("24 80 04 01 61 00 00") == ErrorCode::der_indefinite_length);
  CHECK(tree_error("30 04 30 80 00 00") == ErrorCode::der_indefinite_length);
  CHECK(tree_error("a0 06 30 04 30 80 00 00") == ErrorCode::der_indefinite_length);
  CHECK(tree_error("30 02 00 00") == ErrorCode::der_bad_tag);
}

TEST_CASE("A02 non-minimal, overlong and overrunning lengths are refused", "[asn1]") {
  CHECK(error_of("04 81 01 61") == ErrorCode::der_length_not_minimal);
  CHECK(error_of("04 81 7f" + std::string(254, '6')) == ErrorCode::der_length_not_minimal);
  CHECK(error_of("04 82 00 80" + std::string(256, '6')) == ErrorCode::der_length_not_minimal);
  CHECK(error_of("04 83 00 01 00" + std::string(512, '6')) == ErrorCode::der_length_not_minimal);
  CHECK(error_of("04 85 01 00 00 00 00") == ErrorCode::der_length_too_long);
  CHECK(error_of("04 89 01 00 00 00 00 00 00 00 00") == ErrorCode::der_length_too_long);
  CHECK(error_of("04 ff") == ErrorCode::der_length_too_long);
  CHECK(error_of("04 84 ff ff ff ff") == ErrorCode::truncated);
  CHECK(error_of("04 84 ff ff ff") == ErrorCode::truncated);
  CHECK(error_of("04 81") == ErrorCode::truncated);
  CHECK(error_of("04") == ErrorCode::truncated);
  CHECK(error_of("") == ErrorCode::truncated);
  CHECK(error_of("04 02 61") == ErrorCode::truncated);
  // A child that reaches beyond its parent.
  CHECK(tree_error("30 03 04 02 61 62") == ErrorCode::truncated);
}

TEST_CASE("der: lengths around each size of their prefix are read", "[asn1]") {
  for (const std::size_t size : {0u, 1u, 127u, 128u, 255u, 256u, 65535u, 65536u}) {
    const Buffer content = test::noise(size);
    Buffer der(size + 8);
    DerWriter writer(der);
    writer.octet_string(content);
    auto written = writer.finish();
    REQUIRE(written);
    DerReader reader(*written);
    auto read = reader.octet_string();
    REQUIRE(read);
    CHECK(equal_public(*read, content));
    CHECK(reader.expect_end());
  }
}

TEST_CASE("der: a tag number above 30 and the tag 0 are refused", "[asn1]") {
  CHECK(error_of("1f 81 00 01 61") == ErrorCode::der_bad_tag);
  CHECK(error_of("bf 1f 00") == ErrorCode::der_bad_tag);
  CHECK(error_of("00 00") == ErrorCode::der_bad_tag);
}

TEST_CASE("A04 nesting is counted, and refused beyond 32", "[asn1]") {
  CHECK(tree_error(nested_sequences(32)) == ErrorCode{});
  CHECK(tree_error(nested_sequences(33)) == ErrorCode::der_too_deep);
  CHECK(tree_error(nested_sequences(20000)) == ErrorCode::der_too_deep);
  const Buffer deep = nested_sequences(40);
  DerReader reader(deep);
  unsigned depth = 0;
  while (true) {
    auto inner = reader.sequence();
    if (!inner) {
      CHECK(inner.error() == ErrorCode::der_too_deep);
      break;
    }
    reader = *inner;
    depth++;
  }
  CHECK(depth == 32);
}

TEST_CASE("A05 walking a tree takes time linear in its size", "[asn1]") {
  // The worst case: many elements, all of them nested as deep as it goes.
  const auto make = [](std::size_t size) {
    Buffer der;
    const Buffer unit = nested_sequences(32);
    while (der.size() + unit.size() <= size) {
      der.insert(der.end(), unit.begin(), unit.end());
    }
    return der;
  };
  // Processor time, which a busy machine disturbs least. Takes the best of several rounds.
  const auto time_of = [](const Buffer& der) {
    double best = 1e9;
    for (int round = 0; round < 7; round++) {
      const std::clock_t start = std::clock();
      REQUIRE(check_tree(der));
      best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
    return best;
  };
  const double part = time_of(make(64 * 1024)), whole = time_of(make(1024 * 1024));
  INFO("64 KiB " << part * 1e3 << " ms, 1 MiB " << whole * 1e3 << " ms");
  // Sixteen times the input: about sixteen times the time. Quadratic would be 256 times.
  CHECK(whole < 64 * part + 0.002);
  CHECK(whole < 1.0);
}

TEST_CASE("A06 INTEGER: empty, padded and negative ones are refused", "[asn1]") {
  const auto read = [](std::string_view hex) {
    const Buffer der = unhex(hex);
    DerReader reader(der);
    auto value = reader.unsigned_integer();
    const bool untouched = reader.offset() == 0;
    CHECK(untouched == !value);
    return value ? ErrorCode{} : value.error().code;
  };
  CHECK(read("02 01 00") == ErrorCode{});
  CHECK(read("02 01 7f") == ErrorCode{});
  CHECK(read("02 02 00 80") == ErrorCode{});
  CHECK(read("02 00") == ErrorCode::der_integer_empty);
  CHECK(read("02 02 00 7f") == ErrorCode::der_integer_not_minimal);
  CHECK(read("02 02 00 00") == ErrorCode::der_integer_not_minimal);
  CHECK(read("02 02 ff 80") == ErrorCode::der_integer_not_minimal);
  CHECK(read("02 01 80") == ErrorCode::der_integer_negative);
  CHECK(read("02 02 ff 7f") == ErrorCode::der_integer_negative);

  const Buffer number = unhex("02 05 01 00 00 00 00");
  CHECK(DerReader(number).small_integer().error() == ErrorCode::der_integer_too_large);
  const Buffer most = unhex("02 05 00 ff ff ff ff");
  CHECK(*DerReader(most).small_integer() == 0xffffffffu);
  const Buffer negative = unhex("02 02 ff 7f");
  CHECK_BYTES(*DerReader(negative).integer(), unhex("ff7f"));
}

TEST_CASE("A09 BOOLEAN and BIT STRING have one encoding each", "[asn1]") {
  const auto boolean = [](std::string_view hex) {
    const Buffer der = unhex(hex);
    auto value = DerReader(der).boolean();
    return value ? (*value ? 1 : 0) : -1;
  };
  CHECK(boolean("01 01 00") == 0);
  CHECK(boolean("01 01 ff") == 1);
  for (const char* bad : {"01 01 01", "01 01 fe", "01 00", "01 02 ff ff"}) {
    CHECK(boolean(bad) == -1);
  }
  const auto bits = [](std::string_view hex) {
    const Buffer der = unhex(hex);
    auto value = DerReader(der).bit_string();
    return value ? static_cast<int>(8 * value->bytes.size() - value->unused_bits) : -1;
  };
  CHECK(bits("03 01 00") == 0);
  CHECK(bits("03 02 07 80") == 1);
  CHECK(bits("03 02 00 01") == 8);
  for (const char* bad : {"03 00", "03 01 01", "03 02 08 00", "03 02 07 81", "03 02 01 01", "03 02 ff 00"}) {
    INFO(bad);
    CHECK(bits(bad) == -1);
  }
  const Buffer seven = unhex("03 02 01 fe");
  CHECK(DerReader(seven).octet_aligned_bit_string().error() == ErrorCode::der_bit_string_not_octets);
}

TEST_CASE("A10 an element of another type is not interpreted, and the error names its tag and place",
          "[asn1]") {
  const Buffer der = unhex("30 05 04 03 61 62 63");
  DerReader reader(der);
  auto sequence = reader.sequence();
  REQUIRE(sequence);
  const auto refused = [&](const Error& error) {
    CHECK(error == ErrorCode::der_unexpected_tag);
    CHECK(error.detail == tag_detail(0x04, 2));
  };
  refused(sequence->integer().error());
  refused(sequence->boolean().error());
  refused(sequence->oid().error());
  refused(sequence->null().error());
  refused(sequence->bit_string().error());
  refused(sequence->time().error());
  refused(sequence->sequence().error());
  CHECK(sequence->octet_string());
  CHECK(sequence->expect_end());
}

TEST_CASE("A11 trailing bytes and defaults written out are refused", "[asn1]") {
  CHECK(error_of("04 01 61 00") == ErrorCode::trailing_data);
  const Buffer written_default = unhex("01 01 00");
  CHECK(DerReader(written_default).boolean_default_false().error() == ErrorCode::der_default_encoded);
  const Buffer yes = unhex("01 01 ff");
  CHECK(*DerReader(yes).boolean_default_false());
  CHECK(!*DerReader(Bytes()).boolean_default_false());
}

TEST_CASE("der: constructed strings and primitive sequences are refused", "[asn1]") {
  CHECK(tree_error("24 03 04 01 61") == ErrorCode::der_wrong_form);
  CHECK(tree_error("10 00") == ErrorCode::der_wrong_form);
  CHECK(tree_error("11 00") == ErrorCode::der_wrong_form);
  CHECK(tree_error("2c 03 0c 01 61") == ErrorCode::der_wrong_form);
}

TEST_CASE("der: a tree's primitives are held to the rules of their types", "[asn1]") {
  CHECK(tree_error("30 02 02 00") == ErrorCode::der_integer_empty);
  CHECK(tree_error("30 03 01 01 01") == ErrorCode::der_bad_boolean);
  CHECK(tree_error("30 03 05 01 00") == ErrorCode::der_bad_null);
  CHECK(tree_error("30 02 06 00") == ErrorCode::der_bad_oid);
  CHECK(tree_error("30 03 0c 01 80") == ErrorCode::der_bad_string);
  CHECK(tree_error("30 03 0a 01 00") == ErrorCode{});
}

TEST_CASE("der: a failed read consumes nothing, and offsets count from the outermost input", "[asn1]") {
  const Buffer der = unhex("30 0a 30 05 02 01 05 02 00 04 01 61");
  DerReader reader(der);
  auto outer = reader.sequence();
  REQUIRE(outer);
  auto inner = outer->sequence();
  REQUIRE(inner);
  CHECK(inner->offset() == 4);
  CHECK(*inner->small_integer() == 5);
  CHECK(inner->integer().error().detail == 9);
  CHECK(inner->offset() == 7);
  CHECK(outer->offset() == 9);
}

TEST_CASE("A15 writing a tree anew from what the walker read gives the same bytes", "[asn1]") {
  const Buffer der = unhex(
      "30 29 02 01 05 a0 08 30 06 01 01 ff 04 01 61 31 07 30 05 06 03 55 04 03 30 00 17 0d"
      "32 36 31 31 32 31 30 33 30 30 30 30 5a 05 00");
  REQUIRE(check_tree(der));
  // Depth first: an element ends when one of the same or a smaller depth follows.
  struct Frame {
    Tag tag;
    Buffer content;
  };
  std::vector<Frame> open(1);
  const auto close = [&open] {
    Buffer element(open.back().content.size() + 8);
    DerWriter writer(element);
    writer.element(open.back().tag, open.back().content);
    element.resize(writer.size());
    open.pop_back();
    open.back().content.insert(open.back().content.end(), element.begin(), element.end());
  };
  TreeWalker walker(der);
  while (true) {
    auto node = walker.next();
    REQUIRE(node);
    if (!*node) {
      break;
    }
    while (open.size() > (*node)->depth + 1) {
      close();
    }
    const Element& element = (*node)->element;
    open.push_back({element.tag, is_constructed(element.tag) ? Buffer() : test::buffer_of(element.content)});
  }
  while (open.size() > 1) {
    close();
  }
  CHECK_BYTES(open[0].content, der);
}
