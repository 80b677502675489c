// SPDX-License-Identifier: Apache-2.0
#include "tls/message/build.hpp"

#include <set>

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

namespace {

Buffer message(unsigned type, std::size_t size) {
  return Buffer{static_cast<std::uint8_t>(type)} + prefixed(3, Buffer(size, 0xaa));
}

}  // namespace

TEST_CASE("handshake: a message is cut off the front, with its header for the transcript", "[tls]") {
  const Buffer input = message(11, 300) + message(14, 0);
  const auto first = next_handshake_message(input);
  REQUIRE(first.ok());
  REQUIRE(first->has_value());
  CHECK((*first)->type == HandshakeType::certificate);
  CHECK((*first)->body.size() == 300);
  CHECK((*first)->whole.size() == 304);
  CHECK((*first)->whole.data() == input.data());
  const auto second = next_handshake_message(Bytes(input).subspan(304));
  REQUIRE(second.ok());
  REQUIRE(second->has_value());
  CHECK((*second)->type == HandshakeType::server_hello_done);
  CHECK((*second)->body.empty());
}

TEST_CASE("handshake: an incomplete message is no message yet, at every length", "[tls]") {
  const Buffer input = message(1, 40);
  for (std::size_t size = 0; size < input.size(); ++size) {
    const auto next = next_handshake_message(Bytes(input).first(size));
    REQUIRE(next.ok());
    CHECK(!next->has_value());
  }
}

TEST_CASE("T10 the length of a message is judged from its header alone", "[tls]") {
  struct Row {
    HandshakeType type;
    std::size_t limit;
  };
  const Row row =
      GENERATE(Row{HandshakeType::client_hello, 65 * 1024}, Row{HandshakeType::certificate, 128 * 1024},
               Row{HandshakeType::server_hello, 65536}, Row{HandshakeType::client_key_exchange, 66560},
               Row{HandshakeType::server_key_exchange, 66560}, Row{HandshakeType::finished, 65536});
  Buffer header = {static_cast<std::uint8_t>(row.type)};
  const auto with_length = [&](std::size_t length) {
    return header + Buffer{static_cast<std::uint8_t>(length >> 16), static_cast<std::uint8_t>(length >> 8),
                           static_cast<std::uint8_t>(length)};
  };
  CHECK(next_handshake_message(with_length(row.limit)).ok());
  const auto too_long = next_handshake_message(with_length(row.limit + 1));
  REQUIRE(!too_long.ok());
  CHECK(too_long.error() == ErrorCode::message_too_large);
  CHECK(too_long.error().detail == row.limit + 1);
  CHECK(!next_handshake_message(with_length(0xffffff)).ok());
}

TEST_CASE("handshake: a type that no version has is refused from its header", "[tls]") {
  for (unsigned type = 0; type < 256; ++type) {
    const bool known = type <= 2 || type == 4 || type == 5 || type == 8 || (type >= 11 && type <= 16) ||
                       type == 20 || type == 22 || type == 24 || type == 25;
    const auto next = next_handshake_message(Buffer{static_cast<std::uint8_t>(type), 0, 0, 1});
    INFO(type);
    CHECK(next.ok() == known);
    if (!next) {
      CHECK(next.error() == ErrorCode::unexpected_message);
      CHECK(next.error().detail == type);
    }
  }
}

TEST_CASE("handshake: handshake_scope writes the header around a body", "[tls]") {
  const Buffer out = written([](Writer& writer) {
    auto scope = handshake_scope(writer, HandshakeType::finished);
    writer.text("123456789012");
  });
  CHECK_BYTES(out, unhex("1400000c") + buffer_of("123456789012"));
}

TEST_CASE("message types: each has one row, and its number finds that row and its name", "[tls]") {
  std::set<HandshakeType> seen;
  std::set<std::string_view> names;
  for (const MessageType& row : kMessageTypes) {
    INFO(row.name);
    CHECK(seen.insert(row.type).second);
    CHECK(names.insert(row.name).second);
    CHECK(message_type(row.type) == &row);
    CHECK(name(row.type) == row.name);
    CHECK(row.max_size <= 128 * 1024);
    CHECK(row.versions != Versions::none);
  }
  CHECK(message_type(HandshakeType{99}) == nullptr);
  // Types of other versions and extensions have names for messages, and no rows.
  CHECK(name(HandshakeType{21}) == "CertificateURL");
  CHECK(message_type(HandshakeType{21}) == nullptr);
}

TEST_CASE("message types: a certificate belongs to its sender's phase (RFC 5246 §7.3)", "[tls]") {
  const MessageType& row = *message_type(HandshakeType::certificate);
  CHECK(row.from_client == Phase::client_key_exchange);
  CHECK(row.from_server == Phase::server_authentication);
  CHECK(message_type(HandshakeType::client_hello)->from_client == Phase::hello);
  CHECK(message_type(HandshakeType::server_hello)->from_server == Phase::hello);
  CHECK(message_type(HandshakeType::server_hello_done)->from_server == Phase::server_authentication);
  CHECK(message_type(HandshakeType::certificate_verify)->from_client == Phase::client_key_exchange);
  CHECK(message_type(HandshakeType::finished)->from_server == Phase::finish);
}
