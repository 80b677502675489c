// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/oid.hpp>

namespace ashlar::asn1 {
namespace {

// A number of up to 64 groups of 7 bits, in limbs of nine decimal digits, least significant first.
class DecimalNumber {
 public:
  void push_group(std::uint8_t group) {
    std::uint64_t carry = group;
    for (std::size_t i = 0; i < used_; i++) {
      const std::uint64_t value = limbs_[i] * std::uint64_t{128} + carry;
      limbs_[i] = static_cast<std::uint32_t>(value % kBase);
      carry = value / kBase;
    }
    if (carry != 0) {
      limbs_[used_++] = static_cast<std::uint32_t>(carry);
    }
  }
  bool below(std::uint32_t bound) const { return used_ == 0 || (used_ == 1 && limbs_[0] < bound); }
  std::uint32_t small() const { return used_ == 0 ? 0 : limbs_[0]; }
  // `value` must not exceed this number.
  void subtract(std::uint32_t value) {
    std::uint32_t borrow = value;
    for (std::size_t i = 0; i < used_ && borrow != 0; i++) {
      const bool under = limbs_[i] < borrow;
      limbs_[i] = limbs_[i] + (under ? kBase : 0) - borrow;
      borrow = under ? 1 : 0;
    }
    while (used_ > 0 && limbs_[used_ - 1] == 0) {
      used_--;
    }
  }
  // Writes the digits to the end of `digits` and returns them.
  std::string_view text(std::span<char> digits) const {
    std::size_t at = digits.size();
    for (std::size_t i = 0; i < used_; i++) {
      std::uint32_t limb = limbs_[i];
      for (int digit = 0; digit < 9 && (i + 1 < used_ || limb != 0); digit++) {
        digits[--at] = static_cast<char>('0' + limb % 10);
        limb /= 10;
      }
    }
    if (used_ == 0) {
      digits[--at] = '0';
    }
    return {digits.data() + at, digits.size() - at};
  }

 private:
  static constexpr std::uint32_t kBase = 1000000000;
  std::uint32_t limbs_[16] = {};  // 7 * 64 bits are below 10^135
  std::size_t used_ = 0;
};

}  // namespace

bool is_valid_oid(Bytes content) {
  if (content.empty() || content.size() > kMaxOidSize || (content.back() & 0x80) != 0) {
    return false;
  }
  bool at_start = true;
  for (const std::uint8_t byte : content) {
    if (at_start && byte == 0x80) {
      return false;
    }
    at_start = (byte & 0x80) == 0;
  }
  return true;
}

std::string_view format_oid(Bytes content, std::span<char> out) {
  std::size_t used = 0;
  const auto put = [&](std::string_view text) {
    for (const char c : text) {
      if (used < out.size()) {
        out[used++] = c;
      }
    }
  };
  if (!is_valid_oid(content)) {
    put("invalid OID");
    return {out.data(), used};
  }
  DecimalNumber arc;
  bool first = true;
  for (const std::uint8_t byte : content) {
    arc.push_group(byte & 0x7f);
    if ((byte & 0x80) != 0) {
      continue;
    }
    if (first) {
      const std::uint32_t top = arc.below(40) ? 0 : arc.below(80) ? 1 : 2;
      arc.subtract(40 * top);
      put(top == 0 ? "0" : top == 1 ? "1" : "2");
      first = false;
    }
    char digits[144];
    put(".");
    put(arc.text(digits));
    arc = DecimalNumber();
  }
  return {out.data(), used};
}

}  // namespace ashlar::asn1
