// SPDX-License-Identifier: Apache-2.0
// The messages after the hellos, and alerts.
#include "message/tls13.hpp"
#include "tls/message/build.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

TEST_CASE("Certificate: parse and build are inverse, for none to as many certificates as are taken",
          "[tls]") {
  for (std::size_t count = 0; count <= kMaxCertificates; ++count) {
    Dice dice(count);
    CertificateMessage message;
    for (std::size_t i = 0; i < count; ++i) {
      REQUIRE(message.certificates.push(dice.bytes(1 + dice.upto(300))).ok());
    }
    const Buffer body = built(message);
    const auto parsed = CertificateMessage::parse(body);
    REQUIRE(parsed.ok());
    REQUIRE(parsed->certificates.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      CHECK_BYTES(parsed->certificates[i], message.certificates[i]);
    }
    CHECK_BYTES(built(*parsed), body);
    if (count < 3) {
      check_exact(body, [](Bytes cut) { return CertificateMessage::parse(cut); });
    }
  }
}

TEST_CASE("H16 Certificate: one certificate too many and an empty one are refused", "[tls]") {
  Buffer list;
  for (std::size_t i = 0; i <= kMaxCertificates; ++i) {
    list = list + unhex("000001 30");
  }
  const auto many = CertificateMessage::parse(prefixed(3, list));
  REQUIRE(!many.ok());
  CHECK(many.error() == ErrorCode::too_many_certificates);
  // The limit is the verifier's, and the error says it.
  CHECK(kMaxCertificates == 1 + x509::kMaxCandidates);
  CHECK(std::string(error_row(many.error().code)->text).find(std::to_string(kMaxCertificates - 1)) !=
        std::string::npos);
  CHECK(alert_of(many.error().code) == Alert::bad_certificate);
  const auto empty = CertificateMessage::parse(unhex("000007 000001 30 000000"));
  REQUIRE(!empty.ok());
  CHECK(empty.error() == ErrorCode::bad_vector_length);
  CHECK(empty.error().place == Place::certificate_list);
}

TEST_CASE("ServerKeyExchange: parse and build are inverse, and params are what is signed", "[tls]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Dice dice(seed);
    ServerKeyExchange message;
    message.group = GroupId{static_cast<std::uint16_t>(dice.upto(65535))};
    message.key_share = dice.bytes(1 + dice.upto(254));
    message.scheme = SchemeId{static_cast<std::uint16_t>(dice.upto(65535))};
    message.signature = dice.bytes(dice.upto(512));
    const Buffer body = built(message);
    const auto parsed = ServerKeyExchange::parse(body);
    REQUIRE(parsed.ok());
    CHECK(parsed->group == message.group);
    CHECK_BYTES(parsed->key_share, message.key_share);
    CHECK(parsed->scheme == message.scheme);
    CHECK_BYTES(parsed->signature, message.signature);
    CHECK_BYTES(parsed->params, written([&](Writer& writer) { message.build_params(writer); }));
    CHECK(parsed->params.data() == body.data());
    CHECK_BYTES(built(*parsed), body);
    if (seed < 5) {
      check_exact(body, [](Bytes cut) { return ServerKeyExchange::parse(cut); });
    }
  }
}

TEST_CASE("ServerKeyExchange: explicit curves and empty points are refused", "[tls]") {
  const auto explicit_curve = ServerKeyExchange::parse(unhex("01 0017 0104 0403 0000"));
  REQUIRE(!explicit_curve.ok());
  CHECK(explicit_curve.error() == ErrorCode::unsupported_curve_type);
  const auto no_point = ServerKeyExchange::parse(unhex("03 0017 00 0403 0000"));
  REQUIRE(!no_point.ok());
  CHECK(no_point.error() == ErrorCode::bad_vector_length);
  CHECK(no_point.error().place == Place::server_key_exchange_params);
}

TEST_CASE("CertificateRequest: parse and build are inverse", "[tls]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Dice dice(seed);
    CertificateRequest message;
    message.certificate_types = dice.bytes(1 + dice.upto(4));
    message.signature_algorithms = dice.bytes(2 + 2 * dice.upto(10));
    Buffer names;
    for (std::size_t i = dice.upto(4); i > 0; --i) {
      names = names + prefixed(2, noise(1 + dice.upto(80), seed));
    }
    message.certificate_authorities = dice.keep(names);
    const Buffer body = built(message);
    const auto parsed = CertificateRequest::parse(body);
    REQUIRE(parsed.ok());
    CHECK_BYTES(parsed->certificate_types, message.certificate_types);
    CHECK_BYTES(parsed->signature_algorithms, message.signature_algorithms);
    CHECK_BYTES(parsed->certificate_authorities, names);
    CHECK_BYTES(built(*parsed), body);
    if (seed < 10) {
      check_exact(body, [](Bytes cut) { return CertificateRequest::parse(cut); });
    }
  }
}

TEST_CASE("H15 CertificateRequest: empty lists, halves of numbers and empty names are refused", "[tls]") {
  CHECK(CertificateRequest::parse(unhex("01 01 0002 0401 0000")).ok());
  for (const char* body :
       {"00 0002 0401 0000", "01 01 0000 0000", "01 01 0003 040105 0000", "01 01 0002 0401 0002 0000",
        "01 01 0002 0401 0003 0002 30", "01 01 0002 0401 0001 00"}) {
    INFO(body);
    const auto parsed = CertificateRequest::parse(unhex(body));
    REQUIRE(!parsed.ok());
    CHECK(alert_of(parsed.error().code) == Alert::decode_error);
    CHECK(parsed.error().place != Place::none);
  }
}

TEST_CASE("ServerHelloDone and HelloRequest are empty", "[tls]") {
  CHECK(ServerHelloDone::parse({}).ok());
  CHECK(HelloRequest::parse({}).ok());
  CHECK(built(ServerHelloDone{}).empty());
  CHECK(built(HelloRequest{}).empty());
  const Buffer byte = {0};
  CHECK(ServerHelloDone::parse(byte).error() == ErrorCode::trailing_data);
  CHECK(HelloRequest::parse(byte).error() == ErrorCode::trailing_data);
}

TEST_CASE("ClientKeyExchange: the prefix has one byte with ECDHE and two with RSA", "[tls]") {
  const Buffer share = noise(65);
  ClientKeyExchange message;
  message.exchange_keys = share;
  for (const std::size_t length_size : {std::size_t{1}, std::size_t{2}}) {
    const Buffer body = written([&](Writer& writer) { message.build(length_size, writer); });
    CHECK_BYTES(body, prefixed(length_size, share));
    const auto parsed = ClientKeyExchange::parse(length_size, body);
    REQUIRE(parsed.ok());
    CHECK_BYTES(parsed->exchange_keys, share);
    check_exact(body, [=](Bytes cut) { return ClientKeyExchange::parse(length_size, cut); });
  }
  CHECK(ClientKeyExchange::parse(1, unhex("00")).error() == ErrorCode::bad_vector_length);
  CHECK(ClientKeyExchange::parse(2, unhex("0000")).error() == ErrorCode::bad_vector_length);
}

TEST_CASE("CertificateVerify: parse and build are inverse", "[tls]") {
  const Buffer signature = noise(256);
  CertificateVerify message;
  message.scheme = SchemeId{0x0804};
  message.signature = signature;
  const Buffer body = built(message);
  CHECK_BYTES(body, unhex("0804 0100") + signature);
  const auto parsed = CertificateVerify::parse(body);
  REQUIRE(parsed.ok());
  CHECK(parsed->scheme == message.scheme);
  CHECK_BYTES(parsed->signature, signature);
  check_exact(body, [](Bytes cut) { return CertificateVerify::parse(cut); });
}

TEST_CASE("Finished: exactly twelve bytes", "[tls]") {
  const Buffer verify_data = noise(12);
  Finished message;
  message.verify_data = verify_data;
  CHECK_BYTES(built(message), verify_data);
  check_exact(verify_data, [](Bytes cut) { return Finished::parse(cut); });
}

TEST_CASE("alerts: two bytes, warning or fatal, any description", "[tls]") {
  for (unsigned description = 0; description < 256; ++description) {
    const Buffer body = {2, static_cast<std::uint8_t>(description)};
    const auto parsed = AlertMessage::parse(body);
    REQUIRE(parsed.ok());
    CHECK(parsed->level == AlertLevel::fatal);
    CHECK(static_cast<unsigned>(parsed->alert) == description);
    CHECK_BYTES(built(*parsed), body);
  }
  check_exact(unhex("0100"), [](Bytes cut) { return AlertMessage::parse(cut); });
  for (const char* bad : {"0000", "0300", "ff28"}) {
    const auto parsed = AlertMessage::parse(unhex(bad));
    REQUIRE(!parsed.ok());
    CHECK(parsed.error() == ErrorCode::bad_alert_level);
  }
}

TEST_CASE("EndOfEarlyData: it is empty", "[tls]") {
  CHECK(tls13::EndOfEarlyData::parse({}).ok());
  const auto longer = tls13::EndOfEarlyData::parse(unhex("00"));
  REQUIRE(!longer.ok());
  CHECK(longer.error() == ErrorCode::trailing_data);
  CHECK(longer.error().place == Place::end_of_early_data);
}
