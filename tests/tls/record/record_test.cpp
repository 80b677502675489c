// SPDX-License-Identifier: Apache-2.0
#include "record/record.hpp"

#include "catch.hpp"
#include "support/bytes.hpp"
#include "tls/record/sealing.hpp"

#include <ashlar/base/endian.hpp>

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

namespace {

Result<RecordHeader> header(const char* bytes, bool version_fixed, bool encrypted) {
  const Buffer buffer = unhex(bytes);
  return parse_record_header(Bytes(buffer).first<5>(), version_fixed, encrypted,
                             max_fragment_size(encrypted ? &kAes128GcmRecords : nullptr));
}
Error refusal(Bytes bytes) {
  const auto parsed = parse_record_header(bytes.first<5>(), false, false, max_fragment_size(nullptr));
  REQUIRE(!parsed.ok());
  return parsed.error();
}

}  // namespace

TEST_CASE("record: the header's type, version and length", "[tls]") {
  const auto parsed = header("16 0303 0102", true, false);
  REQUIRE(parsed.ok());
  CHECK(parsed->type == ContentType::handshake);
  CHECK(parsed->version == ProtocolVersion::tls12);
  CHECK(parsed->length == 0x102);
}

TEST_CASE("record: any SSL 3.0 or TLS version before it is agreed, TLS 1.2 alone after", "[tls]") {
  CHECK(header("16 0300 0001", false, false).ok());
  CHECK(header("16 0301 0001", false, false).ok());
  CHECK(header("16 0304 0001", false, false).ok());
  CHECK(header("16 0200 0001", false, false).error() == ErrorCode::bad_record_version);
  CHECK(header("16 0303 0001", true, false).ok());
  for (const char* other : {"16 0301 0001", "16 0302 0001", "16 0304 0001", "16 0403 0001"}) {
    const auto parsed = header(other, true, true);
    REQUIRE(!parsed.ok());
    CHECK(parsed.error() == ErrorCode::bad_record_version);
    CHECK(parsed.error().place == Place::record);
  }
}

TEST_CASE("record: an alert in the clear may have another version of TLS than the one that is agreed",
          "[tls]") {
  for (const char* alert : {"15 0300 0002", "15 0301 0002", "15 0303 0002", "15 0304 0002"}) {
    CHECK(header(alert, true, false).ok());
  }
  CHECK(header("15 0203 0002", true, false).error() == ErrorCode::bad_record_version);
  CHECK(header("15 0301 0002", true, true).error() == ErrorCode::bad_record_version);
}

TEST_CASE("T02 record: 2^14 bytes in the clear and 2048 more under protection, judged from the header",
          "[tls]") {
  CHECK(header("17 0303 4000", true, false).ok());
  CHECK(header("17 0303 4800", true, true).ok());
  const auto clear = header("17 0303 4001", true, false);
  REQUIRE(!clear.ok());
  CHECK(clear.error() == ErrorCode::record_overflow);
  CHECK(clear.error().detail == 0x4001);
  CHECK(header("17 0303 4801", true, true).error() == ErrorCode::record_overflow);
  CHECK(header("17 0303 ffff", true, true).error() == ErrorCode::record_overflow);
}

TEST_CASE("T04 record: only application data may be empty", "[tls]") {
  for (const char* bytes : {"14 0303 0000", "15 0303 0000", "16 0303 0000"}) {
    CHECK(header(bytes, true, false).error() == ErrorCode::empty_record);
    CHECK(header(bytes, true, true).ok());  // the length of the content is not known yet
  }
  CHECK(header("17 0303 0000", true, false).ok());
}

TEST_CASE("T11 record: content types that TLS 1.2 does not have are refused, heartbeat among them", "[tls]") {
  for (unsigned type = 0; type < 256; ++type) {
    const Buffer bytes = {static_cast<std::uint8_t>(type), 3, 3, 0, 1};
    const auto parsed =
        parse_record_header(Bytes(bytes).first<5>(), true, true, max_fragment_size(&kAes128GcmRecords));
    CHECK(parsed.ok() == (type >= 20 && type <= 23));
    if (!parsed) {
      CHECK(parsed.error() == ErrorCode::unexpected_record);
      CHECK(parsed.error().detail == type);
    }
  }
}

TEST_CASE("record: plain HTTP and SSL 2.0 are called by name, of others the error holds how they begin",
          "[tls]") {
  for (const std::string_view text : {"HTTP/1.1 400", "GET / HTTP/1.1", "POST /", "HEAD /", "OPTIONS *"}) {
    CHECK(refusal(bytes_of(text)) == ErrorCode::plain_http);
  }
  CHECK(refusal(unhex("802e010002")) == ErrorCode::ssl2_hello);
  CHECK(refusal(unhex("804c010303")) == ErrorCode::ssl2_hello);
  for (const std::string_view text : {"SSH-2.0-OpenSSH", "220 mail", "* OK ", "\0\0\0\0\0\0"}) {
    const Error error = refusal({reinterpret_cast<const std::uint8_t*>(text.data()), 5});
    CHECK((error == ErrorCode::not_tls));
    CHECK(error.detail == load_be32(reinterpret_cast<const std::uint8_t*>(text.data())));
  }
}

TEST_CASE("record: too short an input says how many bytes are needed", "[tls]") {
  Protection plain(kSystemMemory);
  Buffer input = unhex("16 0301 0004 01020304");
  for (std::size_t size = 0; size < input.size(); ++size) {
    const auto opened = open_record(MutBytes(input).first(size), plain, false);
    REQUIRE(opened.ok());
    const auto* need = std::get_if<NeedBytes>(&*opened);
    REQUIRE(need != nullptr);
    CHECK(need->total == (size < 5 ? 5u : 9u));
    CHECK(plain.sequence_number() == 0);
  }
  const auto opened = open_record(input, plain, false);
  REQUIRE(opened.ok());
  const auto* record = std::get_if<Record>(&*opened);
  REQUIRE(record != nullptr);
  CHECK(record->type == ContentType::handshake);
  CHECK(record->version == ProtocolVersion::tls10);
  CHECK(record->wire_size == 9);
  CHECK(record->sequence_number == 0);
  CHECK(record->fragment.plaintext.data() == input.data() + 5);
  CHECK_BYTES(record->fragment.plaintext, unhex("01020304"));
  CHECK(plain.sequence_number() == 1);
}

TEST_CASE("record: a bad header is refused before its body has come", "[tls]") {
  Protection plain(kSystemMemory);
  Buffer input = unhex("16 0301 4001");
  const auto opened = open_record(input, plain, false);
  REQUIRE(!opened.ok());
  CHECK(opened.error() == ErrorCode::record_overflow);
}
