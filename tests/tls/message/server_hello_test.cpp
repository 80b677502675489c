// SPDX-License-Identifier: Apache-2.0
#include "tls/message/build.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

namespace {

const Buffer kServerHead = unhex("0303") + noise(32) + unhex("00 c02f");

Buffer server_hello_with(const Buffer& extensions) {
  return kServerHead + unhex("00") + prefixed(2, extensions);
}
Error server_refusal(const Buffer& body) {
  const auto parsed = ServerHello::parse(body);
  REQUIRE(!parsed.ok());
  return parsed.error();
}

}  // namespace

TEST_CASE("ServerHello: every field and extension comes out as written", "[tls]") {
  const Buffer body =
      unhex("0303") + noise(32) + prefixed(1, noise(20)) + unhex("c030 00") +
      prefixed(2, extension(0, {}) + extension(11, unhex("0100")) + extension(16, unhex("0003 02 6832")) +
                      extension(22, {}) + extension(23, {}) + extension(0xff01, unhex("00")));
  const auto parsed = ServerHello::parse(body);
  REQUIRE(parsed.ok());
  CHECK(parsed->version == ProtocolVersion::tls12);
  CHECK_BYTES(parsed->random, noise(32));
  CHECK_BYTES(parsed->session_id, noise(20));
  CHECK(parsed->suite == SuiteId{0xc030});
  CHECK(parsed->acknowledges_server_name);
  CHECK(parsed->has_ec_point_formats);
  CHECK(parsed->alpn == "h2");
  CHECK(parsed->encrypt_then_mac);
  CHECK(parsed->extended_master_secret);
  CHECK(parsed->has_renegotiation_info);
  CHECK_BYTES(built(*parsed), body);
}

TEST_CASE("ServerHello: parse and build are inverse on random messages", "[tls]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Dice dice(seed);
    ServerHello hello;
    hello.version = ProtocolVersion::tls12;
    hello.random = dice.bytes(32);
    hello.session_id = dice.bytes(dice.upto(32));
    hello.suite = SuiteId{static_cast<std::uint16_t>(dice.upto(65535))};
    hello.acknowledges_server_name = dice.coin();
    hello.has_ec_point_formats = dice.coin();
    hello.alpn = dice.coin() ? text_of(dice.bytes(1 + dice.upto(254))) : std::string_view();
    hello.encrypt_then_mac = dice.coin();
    hello.extended_master_secret = dice.coin();
    hello.has_renegotiation_info = dice.coin();
    const Buffer body = built(hello);
    const auto parsed = ServerHello::parse(body);
    INFO(hex(body));
    REQUIRE(parsed.ok());
    CHECK_BYTES(built(*parsed), body);
    CHECK(parsed->suite == hello.suite);
    CHECK(parsed->alpn == hello.alpn);
    CHECK(parsed->acknowledges_server_name == hello.acknowledges_server_name);
    CHECK(parsed->has_renegotiation_info == hello.has_renegotiation_info);
    if (seed % 20 == 0) {
      const std::size_t without_extensions = 2 + 32 + 1 + hello.session_id.size() + 3;
      check_exact(
          body, [](Bytes cut) { return ServerHello::parse(cut); },
          body.size() > without_extensions ? without_extensions : ~std::size_t{0});
    }
  }
}

TEST_CASE("H04 ServerHello: extensions that no client of ours offers are refused", "[tls]") {
  for (const unsigned type : {15u, 17u, 21u, 26u, 0x0a0au, 0xffffu}) {
    const Error error = server_refusal(server_hello_with(extension(type, {})));
    CHECK(error == ErrorCode::unsolicited_extension);
    CHECK(error.detail == type);
    CHECK(alert_of(error.code) == Alert::unsupported_extension);
  }
}

TEST_CASE("H15 ServerHello: duplicates and lengths that may not be are refused", "[tls]") {
  CHECK(server_refusal(server_hello_with(extension(23, {}) + extension(23, {}))) ==
        ErrorCode::duplicate_extension);
  CHECK(server_refusal(server_hello_with(extension(23, {0}))) == ErrorCode::trailing_data);
  CHECK(server_refusal(server_hello_with(extension(22, {0}))) == ErrorCode::trailing_data);
  CHECK(server_refusal(server_hello_with(extension(0, {0}))) == ErrorCode::trailing_data);
  CHECK(server_refusal(server_hello_with(extension(16, unhex("0000")))) == ErrorCode::truncated);
  CHECK(server_refusal(server_hello_with(extension(16, unhex("0001 00")))) == ErrorCode::bad_vector_length);
  CHECK(server_refusal(server_hello_with(extension(16, unhex("0004 0161 0162")))) ==
        ErrorCode::trailing_data);
  CHECK(server_refusal(server_hello_with(extension(11, unhex("00")))) == ErrorCode::bad_vector_length);
  CHECK(server_refusal(unhex("0303") + noise(32) + prefixed(1, noise(33)) + unhex("c02f 00")).place ==
        Place::server_hello_session_id);
}

TEST_CASE("H07 ServerHello: renegotiation_info that is not empty is refused", "[tls]") {
  CHECK(server_refusal(server_hello_with(extension(0xff01, unhex("01 00")))) ==
        ErrorCode::renegotiation_info_bad);
}

TEST_CASE("ServerHello: compression and point formats without the uncompressed one are refused", "[tls]") {
  const Error error = server_refusal(kServerHead + unhex("01"));
  CHECK(error == ErrorCode::compression_chosen);
  CHECK(alert_of(error.code) == Alert::illegal_parameter);
  CHECK(server_refusal(server_hello_with(extension(11, unhex("01 01")))) ==
        ErrorCode::unsupported_point_format);
}
