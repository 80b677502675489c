// SPDX-License-Identifier: Apache-2.0
#include <ashlar/x509/verify.hpp>

#include "catch.hpp"
#include "dns_name.hpp"
#include "support/certificates.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

namespace {

// 1 if the certificate is for the name, 0 if not, -1 if the text is not a name.
int matches(const std::vector<NameSpec>& names, std::string_view wanted) {
  CertificateSpec spec;
  spec.subject = name_of("cn.example.com");
  if (!names.empty()) {
    spec.extensions = {alt_names(names)};
  }
  const Buffer der_bytes = make(spec);
  const auto matched = match_name(*Certificate::parse(der_bytes), wanted);
  return matched ? 1 : matched.error() == ErrorCode::name_mismatch ? 0 : -1;
}

}  // namespace

TEST_CASE("X06 match: DNS names, letter case and a final dot aside", "[x509]") {
  CHECK(matches({dns("example.com")}, "example.com") == 1);
  CHECK(matches({dns("Example.COM")}, "eXample.com") == 1);
  CHECK(matches({dns("example.com")}, "example.com.") == 1);
  CHECK(matches({dns("example.com.")}, "example.com") == 0);
  CHECK(matches({dns("example.com")}, "example.com..") == -1);
  CHECK(matches({dns("example.com")}, "www.example.com") == 0);
  CHECK(matches({dns("a.test"), dns("example.com")}, "example.com") == 1);
  CHECK(matches({dns("localhost")}, "localhost") == 1);
  CHECK(matches({dns("xn--bcher-kva.example")}, "xn--bcher-kva.example") == 1);
  CHECK(matches({dns("example.com")},
                "b\xc3\xbc"
                "cher.example") == -1);
}

TEST_CASE("X18 match: the types of names are kept apart, whatever bytes they hold", "[x509]") {
  // The four bytes of an address as a dNSName, and its text in every form that is not for addresses.
  CHECK(matches({dns("abcd")}, "97.98.99.100") == 0);
  CHECK(matches({dns("97.98.99.100")}, "97.98.99.100") == 0);
  CHECK(matches({email("97.98.99.100"), uri("97.98.99.100")}, "97.98.99.100") == 0);
  CHECK(matches({ip("61626364")}, "97.98.99.100") == 1);
  // And the other way round: an address is not a name.
  CHECK(matches({ip("61626364")}, "abcd") == 0);
  CHECK(matches({email("example.com")}, "example.com") == 0);
  CHECK(matches({uri("example.com")}, "example.com") == 0);
  // A name in UTF-8 matches nothing, and does not hide the others.
  CHECK(matches({dns("z\xc3\xbcrich.example"), dns("example.com")}, "example.com") == 1);
  CHECK(matches({dns("z\xc3\xbcrich.example")}, "xn--zrich-kva.example") == 0);
}

TEST_CASE("match: underscores are characters of names", "[x509]") {
  CHECK(matches({dns("my_host.example")}, "my_host.example") == 1);
  CHECK(matches({dns("my_host.example")}, "MY_HOST.example.") == 1);
  CHECK(matches({dns("my_host.example")}, "my-host.example") == 0);
  CHECK(matches({dns("*.example.com")}, "foo_bar.example.com") == 1);
  CHECK(matches({dns("*.a_b.example")}, "_.a_b.example") == 1);
  CHECK(matches({dns("_sip._tcp.example.com")}, "_sip._tcp.example.com") == 1);
}

TEST_CASE("X07 match: the common name counts for nothing", "[x509]") {
  CHECK(matches({}, "cn.example.com") == 0);
  CHECK(matches({dns("other.example.com")}, "cn.example.com") == 0);
  CHECK(matches({ip("c0000201")}, "cn.example.com") == 0);
}

TEST_CASE("X08 match: a wildcard is the whole first label and stands for one", "[x509]") {
  CHECK(matches({dns("*.example.com")}, "www.example.com") == 1);
  CHECK(matches({dns("*.EXAMPLE.com")}, "www.example.com.") == 1);
  CHECK(matches({dns("*.example.com")}, "example.com") == 0);
  CHECK(matches({dns("*.example.com")}, "a.b.example.com") == 0);
  for (const char* bad : {"*", "*.com", "*.", "w*.example.com", "*w.example.com", "www.*.com", "*.*.com",
                          "**.example.com", "*.example.com.", "*example.com"}) {
    INFO(bad);
    CHECK(matches({dns(bad)}, "www.example.com") == 0);
    CHECK(matches({dns(bad)}, "example.com") == 0);
    CHECK(matches({dns(bad)}, "www.com") == 0);
  }
  CHECK(matches({dns("*.0.2.1")}, "192.0.2.1") == 0);
  CHECK(matches({dns("*.example.com")}, "*.example.com") == -1);
}

TEST_CASE("X18 match: IP addresses against iPAddress only", "[x509]") {
  CHECK(matches({ip("c0000201")}, "192.0.2.1") == 1);
  CHECK(matches({ip("c0000201")}, "192.0.2.2") == 0);
  CHECK(matches({dns("192.0.2.1")}, "192.0.2.1") == 0);
  CHECK(matches({uri("https://192.0.2.1/"), email("a@192.0.2.1")}, "192.0.2.1") == 0);
  CHECK(matches({ip("20010db8000000000000000000000001")}, "2001:db8::1") == 1);
  CHECK(matches({ip("20010db8000000000000000000000001")}, "2001:0DB8:0:0::0:1") == 1);
  CHECK(matches({ip("00000000000000000000ffffc0000201")}, "::ffff:192.0.2.1") == 1);
  CHECK(matches({ip("00000000000000000000ffffc0000201")}, "192.0.2.1") == 0);
  CHECK(matches({uri("example.com"), email("example.com")}, "example.com") == 0);
}

TEST_CASE("dns_name: what is a host name", "[x509]") {
  for (const char* good : {"a", "a-b.c", "1.example", "EXAMPLE.com", "a.b.c.d.e", "xn--p1ai", "3com.com",
                           "a_b.c", "_a.b", "a_.b_", "_"}) {
    CHECK(is_dns_name(good));
  }
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "-a", "a-", "a b", "a\n", "*.a", "1.2.3.4", "a.1",
                          "a/b", "a@b", "\xc3\xbc"}) {
    INFO(bad);
    CHECK(!is_dns_name(bad));
  }
  CHECK(!is_dns_name(std::string_view("a\0b", 3)));
  CHECK(is_dns_name(std::string(63, 'a')));
  CHECK(!is_dns_name(std::string(64, 'a')));
  std::string longest;
  for (int i = 0; i < 126; i++) {
    longest += "a.";
  }
  CHECK(is_dns_name(longest + "b"));
  CHECK(!is_dns_name(longest + "bb"));
}

TEST_CASE("dns_name: texts of IP addresses", "[x509]") {
  const auto ip = [](std::string_view text) { return hex(parse_ip_address(text).bytes()); };
  CHECK(ip("192.0.2.1") == "c0000201");
  CHECK(ip("0.0.0.0") == "00000000");
  CHECK(ip("255.255.255.255") == "ffffffff");
  CHECK(ip("::") == std::string(32, '0'));
  CHECK(ip("::1") == std::string(31, '0') + "1");
  CHECK(ip("1::") == "0001" + std::string(28, '0'));
  CHECK(ip("1:2:3:4:5:6:7:8") == "00010002000300040005000600070008");
  CHECK(ip("1:2:3:4:5:6:7::") == "00010002000300040005000600070000");
  CHECK(ip("::2:3:4:5:6:7:8") == "00000002000300040005000600070008");
  CHECK(ip("1:2:3:4:5:6:1.2.3.4") == "00010002000300040005000601020304");
  CHECK(ip("::ffff:1.2.3.4") == "00000000000000000000ffff01020304");
  CHECK(ip("fe80::ABCD") == "fe80000000000000000000000000abcd");
  for (const char* bad : {"",
                          "1.2.3",
                          "1.2.3.4.5",
                          "256.1.1.1",
                          "01.2.3.4",
                          "1.2.3.4 ",
                          " 1.2.3.4",
                          "1..2.3",
                          "0x1.2.3.4",
                          "1.2.3.",
                          ":",
                          ":::",
                          "1:2:3:4:5:6:7",
                          "1:2:3:4:5:6:7:8:9",
                          "1::2::3",
                          "1:2:3:4:5:6:7:8::",
                          "::1:2:3:4:5:6:7:8",
                          "12345::",
                          "g::",
                          "fe80::1%eth0",
                          "::1.2.3",
                          "::1.2.3.4:5",
                          "1.2.3.4::",
                          "1:2:3:4:5:6:7:1.2.3.4",
                          "1:",
                          ":1",
                          "[::1]"}) {
    INFO(bad);
    CHECK(ip(bad).empty());
  }
}
