// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/pem.hpp>

#include <chrono>

#include "base64.hpp"
#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::asn1;
using ashlar::test::Buffer;

namespace {

struct Outcome {
  ErrorCode error{};
  std::uint32_t offset = 0;
  std::string label;
  Buffer der;
};

Outcome read(std::string_view text, std::size_t capacity = 4096) {
  Buffer out(capacity);
  PemReader reader(text);
  auto block = reader.next(out);
  if (!block) {
    return {block.error().code, block.error().detail, "", {}};
  }
  return {{}, 0, std::string(block->label), test::buffer_of(block->der)};
}

std::string block(std::string_view body, std::string_view label = "TEST") {
  return "-----BEGIN " + std::string(label) + "-----\n" + std::string(body) + "\n-----END " +
         std::string(label) + "-----\n";
}

}  // namespace

TEST_CASE("A14 base64: all 64 characters and no other have a value", "[asn1]") {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int c = 0; c < 256; c++) {
    ct::Mask valid = ct::Mask::yes();
    const std::uint64_t value = decode_sextet(static_cast<char>(c), valid);
    const std::size_t at = kAlphabet.find(static_cast<char>(c));
    REQUIRE(valid.declassify() == (at != std::string_view::npos));
    if (at != std::string_view::npos) {
      REQUIRE(value == at);
      REQUIRE(encode_sextet(at) == static_cast<char>(c));
    }
  }
}

TEST_CASE("pem: what is written is read back, at every length", "[asn1]") {
  for (std::size_t size = 0; size < 200; size++) {
    const Buffer der = test::noise(size, size + 1);
    std::string text(pem_encoded_size("TEST KEY", size), '?');
    auto written = write_pem("TEST KEY", der, text);
    REQUIRE(written);
    REQUIRE(written->size() == text.size());
    const Outcome outcome = read(text);
    REQUIRE(outcome.error == ErrorCode{});
    REQUIRE(outcome.label == "TEST KEY");
    REQUIRE(outcome.der == der);
    std::string small(text.size() - 1, '?');
    REQUIRE(write_pem("TEST KEY", der, small).error() == ErrorCode::buffer_too_small);
  }
}

TEST_CASE("pem: blocks are found among other text, with any line ends", "[asn1]") {
  const std::string text = "subject=CN\nnot -----BEGIN A-----\n" + block("YWJj", "ONE") + "junk\r\n" +
                           "-----BEGIN TWO-----\r\nYW\r\nJj\r\n-----END TWO-----";
  Buffer out(64);
  PemReader reader(text);
  auto one = reader.next(out);
  REQUIRE(one);
  CHECK(one->label == "ONE");
  CHECK(text_of(one->der) == "abc");
  auto two = reader.next(out);
  REQUIRE(two);
  CHECK(two->label == "TWO");
  CHECK(text_of(two->der) == "abc");
  CHECK(reader.next(out)->label.empty());
  CHECK(reader.next(out)->label.empty());
}

TEST_CASE("A14 pem: labels must match exactly, and every BEGIN has an END", "[asn1]") {
  CHECK(read("-----BEGIN A-----\nYWJj\n-----END B-----\n").error == ErrorCode::pem_label_mismatch);
  CHECK(read("-----BEGIN A-----\nYWJj\n-----END A -----\n").error == ErrorCode::pem_bad_boundary);
  CHECK(read("-----BEGIN A-----\nYWJj\n").error == ErrorCode::pem_no_end);
  CHECK(read("-----BEGIN A-----\nYWJj\n-----BEGIN A-----\nYWJj\n-----END A-----\n").error ==
        ErrorCode::pem_no_end);
  CHECK(read("-----BEGIN A----\nYWJj\n-----END A----\n").error == ErrorCode::pem_bad_boundary);
  CHECK(read("-----BEGIN -----\nYWJj\n-----END -----\n").error == ErrorCode::pem_bad_boundary);
  CHECK(read("-----BEGIN A\x01-----\nYWJj\n-----END A\x01-----\n").error == ErrorCode::pem_bad_boundary);
  CHECK(read(block("YWJj", std::string(65, 'A'))).error == ErrorCode::pem_bad_boundary);
}

TEST_CASE("A14 pem: base64 has one spelling", "[asn1]") {
  CHECK(text_of(read(block("YQ==")).der) == "a");
  CHECK(text_of(read(block("YWI=")).der) == "ab");
  CHECK(read(block("")).der.empty());
  for (const char* bad : {"YQ=", "YQ", "YWI", "YWI==", "YWJj=", "Y", "====", "YR==", "YWJ=", "Y*Jj",
                          "YQ==YWJj", "YQ==YWJA", "Y=Q=", "YW=I", "YW=j", "YWJ\xc3", "-YWJj"}) {
    INFO(bad);
    CHECK(read(block(bad)).error == ErrorCode::pem_bad_base64);
  }
  // The error tells the place: after the 21 characters of the BEGIN line and one more.
  CHECK(read(block("Y*Jj")).offset == 22);
}

TEST_CASE("A14 pem: the output is bounded, and wiped when the block is bad", "[asn1]") {
  CHECK(read(block("YWJj"), 3).error == ErrorCode{});
  CHECK(read(block("YWJj"), 2).error == ErrorCode::buffer_too_small);
  CHECK(read(block("YWI="), 1).error == ErrorCode::buffer_too_small);
  Buffer out(16, 0xee);
  PemReader reader("-----BEGIN A-----\nYWJjYWJj\nYWJ!\n-----END A-----\n");
  CHECK(!reader.next(out));
  CHECK(out == Buffer(16, 0));
}

TEST_CASE("A14 pem: lines are bounded", "[asn1]") {
  CHECK(read(block(std::string(1024, 'A'))).error == ErrorCode{});
  CHECK(read(block(std::string(1028, 'A'))).error == ErrorCode::pem_line_too_long);
}

TEST_CASE("pem: headers of old encrypted keys are named", "[asn1]") {
  const Outcome outcome =
      read(block("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nYWJj", "RSA PRIVATE KEY"));
  CHECK(outcome.error == ErrorCode::pem_has_headers);
}

TEST_CASE("A14 A05 pem: hostile texts end, in linear time", "[asn1]") {
  const auto count_calls = [](const std::string& text) {
    Buffer out(64);
    PemReader reader(text);
    std::size_t calls = 1;
    for (auto block = reader.next(out); !block || !block->label.empty(); block = reader.next(out)) {
      calls++;
    }
    return calls;
  };
  std::string begins, dashes(1 << 20, '-'), ends;
  while (begins.size() < (1 << 20)) {
    begins += "-----BEGIN A-----\n";
    ends += "-----END A-----\n-----\n";
  }
  const auto start = std::chrono::steady_clock::now();
  CHECK(count_calls(begins) > 1000);
  CHECK(count_calls(dashes) == 1);
  CHECK(count_calls(ends) == 1);
  CHECK(count_calls("-----BEGIN A-----\n" + dashes) == 2);
  CHECK(count_calls("-----BEGIN " + std::string(1 << 20, ' ')) == 2);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

TEST_CASE("pem: CR alone ends a line, and a byte order mark before a block is passed over (RFC 7468 §3)",
          "[asn1]") {
  const std::string unix_text = "-----BEGIN A-----\nAAEC\nAwQF\n-----END A-----\n";
  const std::string second = "-----BEGIN B-----\nBg==\n-----END B-----\n";
  for (const char* const line_end : {"\n", "\r", "\r\n"}) {
    for (const char* const mark : {"", "\xef\xbb\xbf"}) {
      std::string text;
      for (const char c : mark + unix_text + "text\n" + mark + second) {
        text += c == '\n' ? std::string(line_end) : std::string(1, c);
      }
      INFO(text);
      Buffer out(16);
      PemReader reader(text);
      const auto first = reader.next(out);
      REQUIRE(first);
      CHECK(first->label == "A");
      CHECK(test::hex(first->der) == "000102030405");
      const auto next = reader.next(out);
      REQUIRE(next);
      CHECK(next->label == "B");
      CHECK(test::hex(next->der) == "06");
      CHECK(reader.next(out)->label.empty());
    }
  }
  // A mark elsewhere, or a part of a mark, does not begin a line.
  for (const char* const before : {"\xbb\xbf", "x\xef\xbb\xbf", "x"}) {
    Buffer out(16);
    const std::string text = before + unix_text;
    PemReader reader(text);
    CHECK(reader.next(out)->label.empty());
  }
}

TEST_CASE("pem: no label that could not be read back is written", "[asn1]") {
  char out[200];
  for (const char* bad : {"", "A\nB", "-A", "A-", "A  B"}) {
    CHECK(write_pem(bad, {}, out).error() == ErrorCode::invalid_argument);
  }
  CHECK(write_pem("X509 CRL", {}, out));
}
