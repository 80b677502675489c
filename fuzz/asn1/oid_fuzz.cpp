// SPDX-License-Identifier: Apache-2.0
// Object identifiers: valid and written out as a plain reading with long division has them
#include <ashlar/asn1/oid.hpp>

#include <string>
#include <vector>

#include "support/check.hpp"
#include "support/plain.hpp"

using namespace ashlar;

namespace {

// A number as decimal digits, least significant first: digits * 128 + group.
void push_group(std::vector<int>& digits, int group) {
  int carry = group;
  for (int& digit : digits) {
    carry += digit * 128;
    digit = carry % 10;
    carry /= 10;
  }
  for (; carry != 0; carry /= 10) {
    digits.push_back(carry % 10);
  }
}
std::string text_of_digits(const std::vector<int>& digits) {
  std::string text;
  for (std::size_t i = digits.size(); i-- > 0;) {
    text += static_cast<char>('0' + digits[i]);
  }
  return text.empty() ? "0" : text;
}

std::string plain_text(Bytes content) {
  std::string text;
  std::vector<int> digits;
  for (const std::uint8_t byte : content) {
    push_group(digits, byte & 0x7f);
    if ((byte & 0x80) != 0) {
      continue;
    }
    if (text.empty()) {
      const std::string both = text_of_digits(digits);
      const int top = both.size() > 2 || std::stoi(both) >= 80 ? 2 : std::stoi(both) / 40;
      text = std::to_string(top);
      int borrow = 40 * top;
      for (int& digit : digits) {
        digit -= borrow % 10;
        borrow = borrow / 10 + (digit < 0 ? 1 : 0);
        digit += digit < 0 ? 10 : 0;
      }
      while (!digits.empty() && digits.back() == 0) {
        digits.pop_back();
      }
    }
    text += "." + text_of_digits(digits);
    digits.clear();
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 80) {
    return -1;
  }
  const Bytes content(data, size);
  const bool valid = fuzz::plain::primitive_is_strict(0x06, content) && size <= asn1::kMaxOidSize;
  FUZZ_CHECK(asn1::is_valid_oid(content) == valid);
  char room[400];
  const std::string text(asn1::format_oid(content, room));
  FUZZ_CHECK(text == (valid ? plain_text(content) : "invalid OID"));
  // Text that does not fit is cut.
  char small[9];
  FUZZ_CHECK(asn1::format_oid(content, small) == std::string_view(text).substr(0, sizeof small));
  fuzz::accepted(valid ? "valid" : "invalid");
  return 0;
}
