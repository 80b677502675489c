// SPDX-License-Identifier: Apache-2.0
// Slow and simple arithmetic of natural numbers, in digits of 32 bits, to compare the fast one with.
#pragma once

#include "bignum/limbs.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace ashlar::test {

class Natural {
 public:
  Natural(std::uint64_t value = 0)
      : digits_{static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)} {
    trim();
  }
  explicit Natural(const std::vector<std::uint64_t>& limbs) {
    for (const std::uint64_t limb : limbs) {
      digits_.push_back(static_cast<std::uint32_t>(limb));
      digits_.push_back(static_cast<std::uint32_t>(limb >> 32));
    }
    trim();
  }

  std::vector<std::uint64_t> limbs(std::size_t count) const {
    std::vector<std::uint64_t> out(count);
    for (std::size_t i = 0; i < digits_.size(); i++) {
      out.at(i / 2) |= std::uint64_t{digits_[i]} << (32 * (i % 2));
    }
    return out;
  }

  friend bool operator==(const Natural& a, const Natural& b) { return a.digits_ == b.digits_; }
  friend bool operator<(const Natural& a, const Natural& b) {
    if (a.digits_.size() != b.digits_.size()) {
      return a.digits_.size() < b.digits_.size();
    }
    return std::lexicographical_compare(a.digits_.rbegin(), a.digits_.rend(), b.digits_.rbegin(),
                                        b.digits_.rend());
  }

  friend Natural operator+(const Natural& a, const Natural& b) {
    Natural sum;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < std::max(a.digits_.size(), b.digits_.size()) + 1; i++) {
      carry += std::uint64_t{a.digit(i)} + b.digit(i);
      sum.digits_.push_back(static_cast<std::uint32_t>(carry));
      carry >>= 32;
    }
    sum.trim();
    return sum;
  }
  // For a >= b.
  friend Natural operator-(const Natural& a, const Natural& b) {
    Natural difference;
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < a.digits_.size(); i++) {
      borrow += std::int64_t{a.digit(i)} - std::int64_t{b.digit(i)};
      difference.digits_.push_back(static_cast<std::uint32_t>(borrow));
      borrow >>= 32;
    }
    difference.trim();
    return difference;
  }
  friend Natural operator*(const Natural& a, const Natural& b) {
    Natural product;
    product.digits_.assign(a.digits_.size() + b.digits_.size() + 1, 0);
    for (std::size_t i = 0; i < a.digits_.size(); i++) {
      std::uint64_t carry = 0;
      for (std::size_t j = 0; j <= b.digits_.size(); j++) {
        carry += product.digits_[i + j] + std::uint64_t{a.digits_[i]} * b.digit(j);
        product.digits_[i + j] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
      }
    }
    product.trim();
    return product;
  }
  struct Division;
  friend Division divide(const Natural& a, const Natural& b);
  friend Natural operator/(const Natural& a, const Natural& b);
  friend Natural operator%(const Natural& a, const Natural& b);

  std::size_t bits() const {
    std::size_t count = 32 * digits_.size();
    while (count > 0 && !bit(count - 1)) {
      count--;
    }
    return count;
  }
  bool bit(std::size_t i) const { return ((digit(i / 32) >> (i % 32)) & 1) != 0; }

  Natural shifted(std::size_t count) const {
    Natural out;
    out.digits_.assign(digits_.size() + count / 32 + 1, 0);
    for (std::size_t i = 0; i < bits(); i++) {
      out.digits_[(i + count) / 32] |= std::uint32_t{bit(i)} << ((i + count) % 32);
    }
    out.trim();
    return out;
  }

 private:
  std::uint32_t digit(std::size_t i) const { return i < digits_.size() ? digits_[i] : 0; }
  void trim() {
    while (!digits_.empty() && digits_.back() == 0) {
      digits_.pop_back();
    }
  }
  std::vector<std::uint32_t> digits_;
};

struct Natural::Division {
  Natural quotient, remainder;
};

// Bit by bit, on digits in place.
inline Natural::Division divide(const Natural& a, const Natural& b) {
  const std::size_t size = b.digits_.size() + 1;
  std::vector<std::uint32_t> rest(size);
  std::vector<std::uint64_t> quotient(a.bits() / 64 + 1);
  for (std::size_t i = a.bits(); i-- > 0;) {
    std::uint32_t in = a.bit(i);
    for (std::uint32_t& digit : rest) {
      const std::uint32_t out = digit >> 31;
      digit = digit << 1 | in;
      in = out;
    }
    std::size_t top = size - 1;
    while (top > 0 && rest[top] == b.digit(top)) {
      top--;
    }
    if (rest[top] >= b.digit(top)) {
      std::int64_t borrow = 0;
      for (std::size_t k = 0; k < size; k++) {
        borrow += std::int64_t{rest[k]} - std::int64_t{b.digit(k)};
        rest[k] = static_cast<std::uint32_t>(borrow);
        borrow >>= 32;
      }
      quotient[i / 64] |= std::uint64_t{1} << (i % 64);
    }
  }
  Natural::Division out;
  out.quotient = Natural(quotient);
  out.remainder.digits_ = rest;
  out.remainder.trim();
  return out;
}
inline Natural operator/(const Natural& a, const Natural& b) {
  return divide(a, b).quotient;
}
inline Natural operator%(const Natural& a, const Natural& b) {
  return divide(a, b).remainder;
}

inline Natural power_modulo(const Natural& base, const Natural& exponent, const Natural& modulus) {
  Natural result = Natural(1) % modulus;
  for (std::size_t i = exponent.bits(); i-- > 0;) {
    result = result * result % modulus;
    if (exponent.bit(i)) {
      result = result * base % modulus;
    }
  }
  return result;
}

using Limbs = std::vector<std::uint64_t>;

// Limbs that are hard for carry chains: runs of ones and of zeros among random limbs.
inline Limbs awkward(std::size_t count, std::mt19937_64& engine) {
  Limbs out(count);
  const auto kind = engine() % 5;
  for (auto& limb : out) {
    switch (kind) {
      case 0:
        limb = ~std::uint64_t{0};
        break;
      case 1:
        limb = engine() % 3 != 0 ? ~std::uint64_t{0} : engine();
        break;
      case 2:
        limb = engine() % 2 != 0 ? 0 : ~std::uint64_t{0};
        break;
      default:
        limb = engine();
    }
  }
  if (kind == 4 && engine() % 4 == 0) {
    out.assign(count, 0);
    out[0] = engine() % 3;
  }
  return out;
}

}  // namespace ashlar::test
