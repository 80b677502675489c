// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "names.hpp"
#include "support/certificates.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

namespace {

std::string escaped(std::string_view text) {
  char out[200];
  return std::string(escape_text(bytes_of(text), out));
}

std::string shown(const Buffer& name) {
  char out[400];
  return std::string(format_name(name, out));
}

}  // namespace

TEST_CASE("format: text from outside cannot command a terminal", "[x509]") {
  CHECK(escaped("Example \xc3\xa4\xe4\xb8\xad") == "Example \xc3\xa4\xe4\xb8\xad");
  CHECK(escaped("a\x1b[31mb\n\t\x7f") == "a\\x1b[31mb\\x0a\\x09\\x7f");
  CHECK(escaped("a\\x41") == "a\\x5cx41");
  CHECK(escaped("\xff\xc3") == "\\xff\\xc3");
  CHECK(escaped("\xc2\x9b") == "\\x9b");                // CSI in one character
  CHECK(escaped("\xe2\x80\xaegpj") == "\\u{202e}gpj");  // right-to-left override
  CHECK(escaped("\xe2\x81\xa6\xe2\x80\x8b") == "\\u{2066}\\u{200b}");
  CHECK(escaped("\xf3\xa0\x80\x81") == "\\u{0e0001}");
  char small[5];
  CHECK(escape_text(bytes_of("ab\ncd"), small) == "ab");
}

TEST_CASE("format: names as people write them", "[x509]") {
  CHECK(shown(name_of("example.com")) == "CN=example.com");
  CHECK(shown(name_of("")) == "");
  CHECK(shown(name_of("a\nb")) == "CN=a\\x0ab");
  CHECK(shown(name_of("z\xfcrich", asn1::Tag::teletex_string)) == "CN=z\xc3\xbcrich");
  CHECK(shown(name_of(std::string_view("\0Z\0\xfc", 4), asn1::Tag::bmp_string)) == "CN=Z\xc3\xbc");
  const Buffer multi = der([](asn1::DerWriter& w) {
    const auto name = w.sequence();
    {
      const auto rdn = w.set();
      for (const char* value : {"a", "b"}) {
        const auto attribute = w.sequence();
        w.oid(oids::kCommonName);
        w.element(asn1::Tag::utf8_string, bytes_of(value));
      }
    }
    const auto rdn = w.set();
    const auto attribute = w.sequence();
    w.oid(asn1::oid("1.2.3.4"));
    w.octet_string(unhex("00ff"));
  });
  CHECK(shown(multi) == "CN=a + CN=b, 1.2.3.4=#00ff");
}

TEST_CASE("X09 names: a name is within another by whole RDNs", "[x509]") {
  const auto name = [](std::initializer_list<std::initializer_list<const char*>> rdns) {
    return der([&](asn1::DerWriter& w) {
      const auto outer = w.sequence();
      for (const auto& values : rdns) {
        const auto rdn = w.set();
        for (const char* value : values) {
          const auto attribute = w.sequence();
          w.oid(oids::kCommonName);
          w.element(asn1::Tag::utf8_string, bytes_of(value));
        }
      }
    });
  };
  CHECK(name_is_within(name({{"a"}}), name({{"a"}, {"b"}})));
  CHECK(name_is_within(name({}), name({{"a"}})));
  CHECK(!name_is_within(name({{"a"}, {"b"}}), name({{"a"}})));
  CHECK(!name_is_within(name({{"a"}}), name({{"a", "b"}})));
  CHECK(!name_is_within(name({{"a", "b"}}), name({{"a"}, {"b"}})));
  CHECK(!name_is_within(name({{"b"}}), name({{"a"}, {"b"}})));
  CHECK(name_is_within(name({{"  A   b "}}), name({{"a B"}})));
  CHECK(!name_is_within(name({{"ab"}}), name({{"a b"}})));
  // The attributes of an RDN have no order.
  CHECK(name_is_within(name({{"a", "b"}}), name({{"B", "a"}, {"c"}})));
  CHECK(!name_is_within(name({{"a", "b"}}), name({{"a", "c"}})));
  CHECK(!name_is_within(name({{"a", "a"}}), name({{"a", "b"}})));
  CHECK(!name_is_within(name({{"a", "b"}}), name({{"a", "a"}})));
  CHECK(!name_is_within(name({{"a", "b"}}), name({{"a", "b", "c"}})));
  CHECK(!name_is_within(name({{"a", "b", "c"}}), name({{"a", "b"}})));
  CHECK(!name_is_within(name({{"a"}, {"b"}}), name({{"b"}, {"a"}})));
  // This does not take quadratic time either.
  const char* const letters = "abcdefghijklmnopq";
  const auto many = [&](bool reversed) {
    return der([&](asn1::DerWriter& w) {
      const auto outer = w.sequence();
      const auto rdn = w.set();
      for (std::size_t i = 0; i < 17; ++i) {
        const auto attribute = w.sequence();
        w.oid(oids::kCommonName);
        w.element(asn1::Tag::utf8_string, bytes_of({letters + (reversed ? 16 - i : i), 1}));
      }
    });
  };
  CHECK(name_is_within(many(false), many(false)));
  CHECK(!name_is_within(many(false), many(true)));
}
