// SPDX-License-Identifier: Apache-2.0
// The 128-bit numbers of machines without 128-bit integers, on every machine.
#define ASHLAR_NO_INT128
#include "bignum/wide.h"

#include "catch.hpp"
#include "crypto/bignum/reference.hpp"

using namespace ashlar;
using test::Natural;

namespace {

const Natural kRange = Natural(1).shifted(128);

Natural number(ashlar_u128 a) {
  return Natural({ashlar_u128_low(a), ashlar_u128_high(a)});
}

// Numbers near powers of two and their negatives, where errors in carries and signs would show, and random
// ones.
std::vector<std::uint64_t> operands() {
  std::vector<std::uint64_t> out;
  for (const unsigned bit : {0u, 1u, 31u, 32u, 33u, 61u, 62u, 63u}) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    out.insert(out.end(), {power - 1, power, power + 1, 0 - power, ~power});
  }
  std::mt19937_64 engine(23);
  for (int i = 0; i < 8; i++) {
    out.push_back(engine());
  }
  return out;
}

Natural magnitude(std::int64_t value) {
  return Natural(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
}

}  // namespace

TEST_CASE("bignum: 128-bit numbers without the compiler's add, subtract, multiply and shift exactly") {
  for (const std::uint64_t a : operands()) {
    CHECK(number(ashlar_u128_of(a)) == Natural(a));
    for (const std::uint64_t b : operands()) {
      INFO(a << " and " << b);
      const ashlar_u128 product = ashlar_u128_mul(a, b);
      REQUIRE(number(product) == Natural(a) * Natural(b));

      // The product as signed numbers.
      const auto sa = static_cast<std::int64_t>(a), sb = static_cast<std::int64_t>(b);
      const Natural size = magnitude(sa) * magnitude(sb);
      const bool negative = (sa < 0) != (sb < 0) && !(size == Natural(0));
      const ashlar_u128 signed_product = ashlar_u128_mul_signed(sa, sb);
      REQUIRE(number(signed_product) == (negative ? kRange - size : size));

      // Sums and differences of numbers that use both words.
      const ashlar_u128 other = {b, a ^ (b << 1)};
      const Natural x = number(product), y = number(other);
      REQUIRE(number(ashlar_u128_add(product, other)) == (x + y) % kRange);
      REQUIRE(number(ashlar_u128_sub(product, other)) == (x + kRange - y) % kRange);
      REQUIRE(number(ashlar_u128_sub(other, product)) == (y + kRange - x) % kRange);

      for (const unsigned bits : {1u, 31u, 32u, 51u, 62u, 63u}) {
        const Natural divisor = Natural(1).shifted(bits);
        REQUIRE(number(ashlar_u128_shift(other, bits)) == y / divisor);
        // Rounded down: for a negative number the quotient is -((size + divisor - 1) / divisor).
        const Natural up = (size + divisor - Natural(1)) / divisor;
        REQUIRE(number(ashlar_u128_shift_signed(signed_product, bits)) ==
                (negative ? kRange - up : size / divisor));
      }
    }
  }
}
