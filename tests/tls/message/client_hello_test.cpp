// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/describe.hpp>

#include "tls/message/build.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

namespace {

const Buffer kHead = unhex("0303") + noise(32);

// A ClientHello with one suite and these extensions.
Buffer hello_with(const Buffer& extensions) {
  return kHead + unhex("00 0002 c02f 01 00") + prefixed(2, extensions);
}
Error client_refusal(const Buffer& body) {
  const auto parsed = ClientHello::parse(body);
  REQUIRE(!parsed.ok());
  return parsed.error();
}
std::string sentence(Error error) {
  char line[kDescribeSize];
  return std::string(describe(error, line));
}
Buffer server_name(std::string_view host) {
  return extension(0, prefixed(2, Buffer{0} + prefixed(2, buffer_of(host))));
}

}  // namespace

TEST_CASE("ClientHello: every field and extension comes out as written", "[tls]") {
  const Buffer body =
      kHead + prefixed(1, noise(32, 2)) + prefixed(2, unhex("c02f c02b 5600")) + prefixed(1, unhex("01 00")) +
      prefixed(2, server_name("www.example.com") + extension(10, prefixed(2, unhex("001d 0017"))) +
                      extension(11, unhex("01 00")) + extension(13, prefixed(2, unhex("0403 0804"))) +
                      extension(16, prefixed(2, unhex("08") + buffer_of("http/1.1") + unhex("02") +
                                                    buffer_of("h2"))) +
                      extension(22, {}) + extension(23, {}) + extension(0xff01, unhex("00")));
  const auto parsed = ClientHello::parse(body);
  REQUIRE(parsed.ok());
  const ClientHello& hello = *parsed;
  CHECK(hello.version == ProtocolVersion::tls12);
  CHECK_BYTES(hello.random, noise(32));
  CHECK_BYTES(hello.session_id, noise(32, 2));
  CHECK(hello.offers(SuiteId{0xc02f}));
  CHECK(hello.offers(SuiteId{0xc02b}));
  CHECK(!hello.offers(SuiteId{0x009c}));
  CHECK(hello.offers_fallback_scsv);
  CHECK_BYTES(hello.compression_methods, unhex("0100"));
  CHECK(hello.has_extensions);
  CHECK(hello.server_name == "www.example.com");
  CHECK(hello.offers(GroupId::x25519));
  CHECK(hello.offers(GroupId::secp256r1));
  CHECK(!hello.offers(GroupId::secp384r1));
  CHECK(hello.offers(SchemeId{0x0804}));
  CHECK(!hello.offers(SchemeId{0x0401}));
  CHECK(hello.has_ec_point_formats);
  CHECK(hello.offers_uncompressed_points);
  CHECK_BYTES(hello.alpn, unhex("08") + buffer_of("http/1.1") + unhex("02") + buffer_of("h2"));
  CHECK(hello.encrypt_then_mac);
  CHECK(hello.extended_master_secret);
  CHECK(hello.has_renegotiation_info);
  CHECK_BYTES(built(hello), body);
}

TEST_CASE("ClientHello: one without extensions is a ClientHello", "[tls]") {
  const Buffer body = kHead + unhex("00 0002 c02f 01 00");
  const auto parsed = ClientHello::parse(body);
  REQUIRE(parsed.ok());
  CHECK(!parsed->has_extensions);
  CHECK(!parsed->has_renegotiation_info);
  CHECK(parsed->server_name.empty());
  CHECK_BYTES(built(*parsed), body);
  const auto empty_block = ClientHello::parse(hello_with({}));
  REQUIRE(empty_block.ok());
  CHECK(empty_block->has_extensions);
}

TEST_CASE("ClientHello: an SCSV counts as renegotiation_info and is not written twice", "[tls]") {
  const Buffer body = kHead + unhex("00 0004 c02f 00ff 01 00") + prefixed(2, extension(23, {}));
  const auto parsed = ClientHello::parse(body);
  REQUIRE(parsed.ok());
  CHECK(parsed->has_renegotiation_info);
  CHECK_BYTES(built(*parsed), body);
}

TEST_CASE("H15 ClientHello: parse and build are inverse on random messages", "[tls]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    ClientHello hello;
    hello.version = ProtocolVersion{static_cast<std::uint16_t>(0x0300 + dice.upto(4))};
    hello.random = dice.bytes(32);
    hello.session_id = dice.bytes(dice.upto(32));
    hello.cipher_suites = dice.bytes(2 + 2 * dice.upto(40));
    hello.compression_methods = dice.keep(dice.coin() ? Buffer{0} : Buffer{1, 0});
    hello.has_extensions = dice.upto(9) != 0;
    if (hello.has_extensions) {
      hello.server_name = dice.coin() ? "a.example" : "";
      hello.supported_groups = dice.bytes(2 * dice.upto(8));
      hello.signature_algorithms = dice.bytes(2 * dice.upto(20));
      hello.has_ec_point_formats = hello.offers_uncompressed_points = dice.coin();
      hello.alpn = dice.coin() ? dice.keep(prefixed(1, noise(1 + dice.upto(20)))) : Bytes();
      hello.encrypt_then_mac = dice.coin();
      hello.extended_master_secret = dice.coin();
      hello.has_renegotiation_info = dice.coin();
    }
    const Buffer body = built(hello);
    const auto parsed = ClientHello::parse(body);
    INFO("seed " << seed << " " << hex(body));
    REQUIRE(parsed.ok());
    CHECK_BYTES(built(*parsed), body);
    CHECK(parsed->version == hello.version);
    CHECK_BYTES(parsed->random, hello.random);
    CHECK_BYTES(parsed->session_id, hello.session_id);
    CHECK_BYTES(parsed->cipher_suites, hello.cipher_suites);
    CHECK(parsed->server_name == hello.server_name);
    CHECK_BYTES(parsed->supported_groups, hello.supported_groups);
    CHECK_BYTES(parsed->signature_algorithms, hello.signature_algorithms);
    CHECK_BYTES(parsed->alpn, hello.alpn);
    CHECK(parsed->encrypt_then_mac == hello.encrypt_then_mac);
    CHECK(parsed->extended_master_secret == hello.extended_master_secret);
    CHECK(parsed->has_ec_point_formats == hello.has_ec_point_formats);
    if (seed % 30 == 0) {
      const std::size_t without_extensions = 2 + 32 + 1 + hello.session_id.size() + 2 +
                                             hello.cipher_suites.size() + 1 +
                                             hello.compression_methods.size();
      check_exact(
          body, [](Bytes cut) { return ClientHello::parse(cut); },
          hello.has_extensions ? without_extensions : ~std::size_t{0});
    }
  }
}

TEST_CASE("H15 ClientHello: an extension that comes twice is refused, known or not", "[tls]") {
  const unsigned type = GENERATE(0u, 10u, 11u, 13u, 16u, 22u, 23u, 0xff01u, 0x0a0au, 43u, 42u);
  const auto body_of = [](unsigned t) -> Buffer {
    switch (t) {
      case 0:
        return prefixed(2, Buffer{0} + prefixed(2, buffer_of("a")));
      case 10:
      case 13:
        return prefixed(2, unhex("0403"));
      case 11:
        return unhex("0100");
      case 16:
        return prefixed(2, unhex("0168"));
      case 0xff01:
        return {0};
      case 43:
        return unhex("020304");
      default:
        return {};
    }
  };
  const Buffer once = extension(type, body_of(type));
  CHECK(ClientHello::parse(hello_with(once)).ok());
  const Error error = client_refusal(hello_with(once + extension(7, {}) + once));
  CHECK(error == ErrorCode::duplicate_extension);
  CHECK(error.detail == type);
  CHECK(error.place == Place::client_hello_extensions);
}

TEST_CASE("H15 ClientHello: as many unknown extensions are read as its block can hold", "[tls]") {
  const Buffer hello = hello_with(empty_extensions(1000, 16382) + extension(23, {}));
  CHECK(hello.size() < kMaxClientHelloSize);
  const auto parsed = ClientHello::parse(hello);
  REQUIRE(parsed.ok());
  CHECK(parsed->extended_master_secret);
}

TEST_CASE("H15 ClientHello: among any number of extensions one that comes twice is refused", "[tls]") {
  const unsigned count = GENERATE(2u, 31u, 32u, 33u, 34u, 100u, 5000u);
  const unsigned at = GENERATE_COPY(0u, (count - 1) / 2, count - 2);
  const Buffer extensions = empty_extensions(1000, count - 1);
  INFO(count << " extensions, twice the one at " << at);
  CHECK(ClientHello::parse(hello_with(extensions)).ok());
  const Error error = client_refusal(hello_with(extensions + extension(1000 + at, {})));
  CHECK(error == ErrorCode::duplicate_extension);
  CHECK(error.detail == 1000 + at);
  CHECK(error.place == Place::client_hello_extensions);
  // One that is cut, behind so many, is told as such.
  CHECK_FALSE(client_refusal(hello_with(extensions + unhex("0001 0005 00"))) ==
              ErrorCode::duplicate_extension);
}

TEST_CASE("H15 ClientHello: GREASE in suites, groups, schemes, extensions and ALPN is passed over", "[tls]") {
  const Buffer body =
      kHead + unhex("00 0006 1a1a c02f dada 01 00") +
      prefixed(2, extension(0x2a2a, {}) + extension(10, prefixed(2, unhex("3a3a 001d"))) +
                      extension(13, prefixed(2, unhex("4a4a 0403"))) +
                      extension(16, prefixed(2, unhex("02 5a5a"))) + extension(0x6a6a, unhex("00")));
  const auto parsed = ClientHello::parse(body);
  REQUIRE(parsed.ok());
  CHECK(parsed->offers(SuiteId{0xc02f}));
  CHECK(parsed->offers(GroupId::x25519));
  CHECK(parsed->offers(SchemeId{0x0403}));
}

TEST_CASE("ClientHello: compression methods without null are refused", "[tls]") {
  const Error error = client_refusal(kHead + unhex("00 0002 c02f 01 01"));
  CHECK(error == ErrorCode::null_compression_missing);
  CHECK(alert_of(error.code) == Alert::illegal_parameter);
  CHECK(client_refusal(kHead + unhex("00 0002 c02f 00")) == ErrorCode::bad_vector_length);
}

TEST_CASE("H15 ClientHello: lengths that vectors may not have are refused, with their place", "[tls]") {
  CHECK(client_refusal(kHead + unhex("00 0000 01 00")) == ErrorCode::bad_vector_length);
  CHECK(client_refusal(kHead + unhex("00 0003 c02fc0 01 00")) == ErrorCode::bad_vector_length);
  CHECK(client_refusal(kHead + prefixed(1, noise(33)) + unhex("0002 c02f 01 00")).place ==
        Place::client_hello_session_id);
  CHECK(
      sentence(client_refusal(kHead + unhex("00 0003 c02fc0 01 00"))) ==
      "ClientHello.cipher_suites: a vector has a length outside its bounds or not a multiple of its elements "
      "(length 3) [RFC 5246 §4.3]");
  struct Row {
    unsigned type;
    const char* body;
    Place place;
  };
  const Row row = GENERATE(
      Row{10, "0000", Place::client_hello_supported_groups},
      Row{10, "0003 001d00", Place::client_hello_supported_groups},
      Row{10, "0002 001d 00", Place::client_hello_supported_groups},
      Row{10, "", Place::client_hello_supported_groups}, Row{11, "00", Place::client_hello_ec_point_formats},
      Row{11, "01 00 00", Place::client_hello_ec_point_formats},
      Row{13, "0000", Place::client_hello_signature_algorithms},
      Row{13, "0001 04", Place::client_hello_signature_algorithms}, Row{16, "0000", Place::client_hello_alpn},
      Row{16, "0001 00", Place::client_hello_alpn}, Row{16, "0003 02 6832 00", Place::client_hello_alpn},
      Row{16, "0003 03 6832", Place::client_hello_alpn}, Row{16, "0004 02 6832 00", Place::client_hello_alpn},
      Row{22, "00", Place::client_hello_encrypt_then_mac},
      Row{23, "00", Place::client_hello_extended_master_secret},
      Row{0xff01, "", Place::client_hello_renegotiation_info},
      Row{0xff01, "00 00", Place::client_hello_renegotiation_info},
      Row{0, "", Place::client_hello_server_name}, Row{0, "0000", Place::client_hello_server_name},
      Row{0, "0004 00 0001 61 00", Place::client_hello_server_name});
  INFO(row.type << " " << row.body);
  const Error error = client_refusal(hello_with(extension(row.type, unhex(row.body))));
  CHECK(error.place == row.place);
  CHECK(alert_of(error.code) == Alert::decode_error);
}

TEST_CASE("H07 ClientHello: renegotiation_info that is not empty is refused", "[tls]") {
  CHECK(client_refusal(hello_with(extension(0xff01, unhex("0c") + noise(12)))) ==
        ErrorCode::renegotiation_info_bad);
}

TEST_CASE("ClientHello: point formats without the uncompressed one are told apart", "[tls]") {
  const auto parsed = ClientHello::parse(hello_with(extension(11, unhex("02 01 02"))));
  REQUIRE(parsed.ok());
  CHECK(parsed->has_ec_point_formats);
  CHECK(!parsed->offers_uncompressed_points);
}
