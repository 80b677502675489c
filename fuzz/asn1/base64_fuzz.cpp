// SPDX-License-Identifier: Apache-2.0
// Base64: a body decodes as a plain reading with a table has it, and to nothing else
#include <ashlar/asn1/pem.hpp>

#include <algorithm>

#include "support/check.hpp"
#include "support/plain.hpp"

using namespace ashlar;

namespace {

// RFC 4648 §4 with padding, ignoring white space; false if the text is not base64.
bool plain_decode(std::string_view body, std::vector<std::uint8_t>& out) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (const char c : body) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      text += c;
    }
  }
  if (text.size() % 4 != 0) {
    return false;
  }
  std::size_t padding = 0;
  while (padding < text.size() && text[text.size() - 1 - padding] == '=') {
    ++padding;
  }
  if (padding > 2) {
    return false;
  }
  std::uint32_t bits = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size() - padding; ++i) {
    const std::size_t value = kAlphabet.find(text[i]);
    if (value == std::string_view::npos) {
      return false;
    }
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<std::uint8_t>(bits >> count));
    }
  }
  return (bits & ((1u << count) - 1)) == 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 2000) {
    return -1;
  }
  const std::string_view body = text_of(Bytes(data, size));
  std::vector<std::uint8_t> expected;
  const bool good = plain_decode(body, expected);
  std::vector<std::uint8_t> room(asn1::pem_decoded_capacity(size));
  const auto decoded = asn1::PemText{"X", body, 7}.decode(room);
  if (decoded) {
    FUZZ_CHECK(good && equal_public(*decoded, expected));
    // The exact room is enough; one byte less is not.
    std::vector<std::uint8_t> exact(expected.size());
    FUZZ_CHECK((asn1::PemText{"X", body, 7}.decode(exact).ok()));
    if (!exact.empty()) {
      exact.pop_back();
      const auto small = asn1::PemText{"X", body, 7}.decode(exact);
      FUZZ_CHECK(!small && small.error() == ErrorCode::buffer_too_small);
    }
    fuzz::accepted("bytes", expected.size());
    return 0;
  }
  fuzz::refused(decoded.error());
  // Lines may be too long, and a colon counts as a header. Otherwise the text must have been wrong.
  const bool other =
      decoded.error() == ErrorCode::pem_has_headers || decoded.error() == ErrorCode::pem_line_too_long;
  FUZZ_CHECK(other || !good);
  FUZZ_CHECK(decoded.error().detail >= 7 && decoded.error().detail <= 7 + size);
  FUZZ_CHECK(decoded.error() != ErrorCode::pem_has_headers || body.find(':') != std::string_view::npos);
  // Nothing of what was decoded stays behind.
  FUZZ_CHECK(std::all_of(room.begin(), room.end(), [](std::uint8_t byte) { return byte == 0; }));
  return 0;
}
