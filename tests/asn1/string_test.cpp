// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/string.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::asn1;
using ashlar::test::Buffer;
using ashlar::test::unhex;

TEST_CASE("A13 strings: each type holds its own characters only", "[asn1]") {
  const auto valid = [](Tag tag, std::string_view text) { return is_valid_string(tag, bytes_of(text)); };
  CHECK(valid(Tag::printable_string, "Az09 '()+,-./:=?"));
  for (const char* bad : {"a@b", "a*b", "a&b", "a_b", "a\nb", "\xc3\xa9"}) {
    CHECK(!valid(Tag::printable_string, bad));
  }
  CHECK(valid(Tag::numeric_string, "01 23"));
  CHECK(!valid(Tag::numeric_string, "1a"));
  CHECK(valid(Tag::ia5_string, "a@b*_\t"));
  CHECK(!valid(Tag::ia5_string, "\x80"));
  CHECK(valid(Tag::visible_string, "a~b"));
  CHECK(!valid(Tag::visible_string, "a\x7f"));
  CHECK(valid(Tag::utf8_string, "z\xc3\xbcrich"));
  CHECK(valid(Tag::teletex_string, "z\xfcrich"));
  CHECK(is_valid_string(Tag::bmp_string, unhex("005a00fc")));
  CHECK(!is_valid_string(Tag::bmp_string, unhex("005a00")));
  CHECK(!is_valid_string(Tag::bmp_string, unhex("d83dde00")));
  CHECK(is_valid_string(Tag::universal_string, unhex("0001f600")));
  CHECK(!is_valid_string(Tag::universal_string, unhex("00110000")));
  CHECK(!is_valid_string(Tag::octet_string, unhex("61")));
}

TEST_CASE("A13 strings: a zero character is refused in every type", "[asn1]") {
  for (const Tag tag : {Tag::utf8_string, Tag::numeric_string, Tag::printable_string, Tag::teletex_string,
                        Tag::ia5_string, Tag::visible_string}) {
    CHECK(!is_valid_string(tag, Buffer{'1', 0, '1'}));
    CHECK(is_valid_string(tag, {}));
  }
  CHECK(!is_valid_string(Tag::bmp_string, unhex("00610000")));
  CHECK(!is_valid_string(Tag::universal_string, unhex("0000006100000000")));
}

TEST_CASE("strings: UTF-8 in its shortest form, without surrogates", "[asn1]") {
  for (const char* good :
       {"7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf"}) {
    INFO(good);
    CHECK(is_valid_utf8(unhex(good)));
  }
  for (const char* bad : {"80", "c080", "c1bf", "c2", "c2c0", "e08080", "e09fbf", "eda080", "edbfbf", "e282",
                          "f0808080", "f08fbfbf", "f4908080", "f5808080", "ff", "fe", "f0908080c2"}) {
    INFO(bad);
    CHECK(!is_valid_utf8(unhex(bad)));
  }
}

TEST_CASE("A13 strings: how wrong a character is", "[asn1]") {
  const auto fault = [](Tag tag, std::string_view text) { return fault_of(tag, bytes_of(text)); };
  for (const Tag tag : {Tag::printable_string, Tag::numeric_string}) {
    CHECK(fault(tag, "1 2") == StringFault::none);
    for (const char* text : {"a&b", "a*b", "a_b", "a@b", "~", "\"", "\\"}) {
      CHECK(fault(tag, text) == StringFault::foreign);
    }
  }
  for (const Tag tag : {Tag::printable_string, Tag::numeric_string, Tag::visible_string}) {
    for (const char* text : {"\x7f", "\n", "\xc3\xa9", "\xe9"}) {
      CHECK(fault(tag, text) == StringFault::encoding);
    }
  }
  CHECK(fault(Tag::ia5_string, "a\n\x7f") == StringFault::none);
  CHECK(fault(Tag::ia5_string, "\xc3\xa9") == StringFault::encoding);
  CHECK(fault(Tag::utf8_string, "\xc3\xa9") == StringFault::none);
  CHECK(fault(Tag::utf8_string, "\xe9") == StringFault::encoding);
  for (const Tag tag : {Tag::printable_string, Tag::ia5_string, Tag::utf8_string, Tag::teletex_string}) {
    CHECK(fault(tag, std::string_view("a\0b", 3)) == StringFault::unreadable);
  }
  CHECK(fault_of(Tag::bmp_string, unhex("005a00")) == StringFault::unreadable);
  CHECK(fault_of(Tag::bmp_string, unhex("d83dde00")) == StringFault::unreadable);
  CHECK(fault_of(Tag::octet_string, unhex("61")) == StringFault::unreadable);
}

TEST_CASE("A13 strings: a tree may be walked with its strings as they are", "[asn1]") {
  const auto walk = [](std::string_view hex, StringFault& worst) {
    const auto good = check_tree(unhex(hex), 0, &worst);
    return good ? ErrorCode{} : good.error().code;
  };
  StringFault worst = StringFault::none;
  CHECK(walk("30031301"
             "41",
             worst) == ErrorCode{});
  CHECK(worst == StringFault::none);
  CHECK(walk("300913012a1301e9130141", worst) == ErrorCode{});
  CHECK(worst == StringFault::encoding);
  // The worst stays.
  CHECK(walk("300313012a", worst) == ErrorCode{});
  CHECK(worst == StringFault::encoding);
  CHECK(walk("3003130100", worst) == ErrorCode::der_bad_string);
  CHECK(check_tree(unhex("300313012a")).error() == ErrorCode::der_bad_string);
}
