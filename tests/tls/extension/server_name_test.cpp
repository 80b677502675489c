// SPDX-License-Identifier: Apache-2.0
#include "extension/server_name.hpp"
#include "tls/message/build.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

namespace {

Buffer entry(unsigned type, std::string_view name) {
  return Buffer{static_cast<std::uint8_t>(type)} + prefixed(2, buffer_of(name));
}
Result<std::string_view> host_of(const Buffer& entries) {
  static Buffer body;  // the result points into it
  body = prefixed(2, entries);
  return read_server_names(Reader(body));
}

}  // namespace

TEST_CASE("server_name: a server name is one DNS host name in ASCII", "[tls]") {
  const std::string good[] = {"a",
                              "localhost",
                              "www.example.com",
                              "xn--bcher-kva.example",
                              "my_service.internal",
                              "UPPER.example",
                              "127.0.0.1",
                              "0-0",
                              std::string(63, 'a') + ".b"};
  for (const std::string& host : good) {
    INFO(host);
    const auto name = host_of(entry(0, host));
    REQUIRE(name.ok());
    CHECK(*name == host);
  }
  const std::string bad[] = {".",
                             "a.",
                             ".a",
                             "a..b",
                             "a b",
                             "[::1]",
                             "b\xc3\xbc"
                             "cher",
                             "a/b",
                             "a\n",
                             std::string("a\0b", 3),
                             std::string("a\0", 2),
                             std::string(64, 'a'),
                             "*.example",
                             std::string(60, 'e') + "." + std::string(60, 'a') + "." + std::string(60, 'b') +
                                 "." + std::string(60, 'c') + "." + std::string(60, 'd')};
  for (const std::string& host : bad) {
    INFO(hex(bytes_of(host)));
    CHECK(host_of(entry(0, host)).error() == ErrorCode::bad_server_name);
  }
  CHECK(host_of(entry(0, "a") + entry(0, "a")).error() == ErrorCode::bad_server_name);
  // An empty one is no HostName at all (RFC 6066 §3).
  CHECK(alert_of(host_of(entry(0, "")).error()) == Alert::decode_error);
}

TEST_CASE("server_name: names of other types are passed over, but no type comes twice", "[tls]") {
  for (const Buffer& entries : {entry(0, "a") + entry(1, "b"), entry(7, "") + entry(0, "a"),
                                entry(255, "c") + entry(0, "a") + entry(32, "\xff") + entry(1, "::")}) {
    const auto name = host_of(entries);
    REQUIRE(name.ok());
    CHECK(*name == "a");
  }
  // A list without a host_name names no host.
  const auto other = host_of(entry(1, "a"));
  REQUIRE(other.ok());
  CHECK(other->empty());
  for (const unsigned type : {0u, 1u, 31u, 32u, 255u}) {
    const Buffer between = entry(2, "x");
    const auto twice = host_of(entry(type, "a") + between + entry(type, "b"));
    REQUIRE(!twice.ok());
    CHECK(twice.error() == ErrorCode::bad_server_name);
  }
  CHECK(host_of({}).error() == ErrorCode::truncated);
  CHECK(host_of(entry(0, "a") + unhex("01 0002 61")).error() == ErrorCode::truncated);
}

TEST_CASE("server_name: the text of an IP address is a name like others", "[tls]") {
  for (const char* const text : {"192.0.2.1", "::1", "::", "2001:db8::A", "::ffff:192.0.2.1"}) {
    INFO(text);
    const auto name = host_of(entry(0, text));
    REQUIRE(name.ok());
    CHECK(*name == text);
  }
  for (const char* const text : {"[::1]", "fe80::1%eth0", "::g", ": :"}) {
    INFO(text);
    CHECK(host_of(entry(0, text)).error() == ErrorCode::bad_server_name);
  }
  CHECK(host_of(entry(0, std::string(46, ':'))).error() == ErrorCode::bad_server_name);
}

TEST_CASE("server_name: what a client sends is a DNS name, never an IP address", "[tls]") {
  CHECK(host_name_of("www.example.com") == "www.example.com");
  CHECK(host_name_of("www.example.com.") == "www.example.com");
  CHECK(host_name_of("localhost") == "localhost");
  CHECK(host_name_of("127.0.0.1").empty());
  CHECK(host_name_of("::1").empty());
  CHECK(host_name_of("fe80::1").empty());
}
