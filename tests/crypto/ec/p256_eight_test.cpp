// SPDX-License-Identifier: Apache-2.0
// P-256's field in eight lanes against slow arithmetic, on operands of the range it promises to take.
#include "ec/p256_eight_x86_ifma.hpp"

#include "catch.hpp"
#include "crypto/ec/slow.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::slow::Number;

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

namespace p256_eight_test {
namespace {

namespace eight = ec::p256_eight;
using Digits = std::array<std::uint64_t, eight::kDigits>;
using Lanes = std::array<Digits, 8>;

eight::Element pack(const Lanes& lanes) {
  eight::Element out;
  std::uint64_t words[eight::kDigits][8];
  for (std::size_t lane = 0; lane < 8; lane++) {
    for (std::size_t i = 0; i < eight::kDigits; i++) {
      words[i][lane] = lanes[lane][i];
    }
  }
  std::memcpy(&out, words, sizeof words);
  return out;
}

Digits digits(const eight::Element& a, std::size_t lane) {
  std::uint64_t words[eight::kDigits][8];
  std::memcpy(words, &a, sizeof words);
  Digits out;
  for (std::size_t i = 0; i < eight::kDigits; i++) {
    out[i] = words[i][lane];
  }
  return out;
}

Number number(const Digits& digits) {
  Number out;
  for (std::size_t i = digits.size(); i-- > 0;) {
    for (unsigned bit = 0; bit < eight::kDigitBits; bit++) {
      out = out + out;
    }
    out = out + Number::from_limbs(&digits[i], 1);
  }
  return out;
}

Digits digits_of(const Number& a) {
  Digits out = {};
  for (std::size_t bit = 0; bit < eight::kDigits * eight::kDigitBits; bit++) {
    out[bit / eight::kDigitBits] |= std::uint64_t{a.bit(bit)} << (bit % eight::kDigitBits);
  }
  return out;
}

[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) void lessen(eight::Element& a) {
  eight::carry_and_lessen(a);
}

}  // namespace

TEST_CASE("P-256 in eight lanes: products, squares and reductions are exact at the edges of their ranges",
          "[ec]") {
  if (!cpu::unmasked_features().contains(cpu::Features(cpu::Feature::avx512f, cpu::Feature::avx512_ifma,
                                                       cpu::Feature::avx512vl, cpu::Feature::avx512dq))) {
    SUCCEED("this CPU has no AVX-512 IFMA");
    return;
  }
  const Number p = Number::from_limbs(ec::P256::Prime::kValue.v, 4), p2 = p + p, p4 = p2 + p2;
  const Number r = test::slow::reduce(Number::power_of_two(260), p);
  std::vector<Number> operands = {Number(0),     Number(1),      p - Number(1),  p,
                                  p + Number(1), p2 - Number(1), p4 - Number(1), r};
  for (unsigned bit = 44; bit < 258; bit += 8) {
    operands.push_back(Number::power_of_two(bit));
    operands.push_back(Number::power_of_two(bit) - Number(1));
  }
  for (std::uint64_t seed = 0; operands.size() % 8 != 0 || seed < 16; seed++) {
    operands.push_back(test::slow::reduce(Number::from_bytes(test::noise(33, seed)), p4));
  }
  // out R = a b modulo p, and out is below 2 p.
  const auto is_product = [&](const Digits& out, const Number& a, const Number& b) {
    const Number value = number(out);
    return value < p2 && test::slow::multiply(test::slow::reduce(value, p), r, p) ==
                             test::slow::multiply(test::slow::reduce(a, p), test::slow::reduce(b, p), p);
  };
  for (std::size_t first = 0; first < operands.size(); first += 8) {
    Lanes a, twelve_more;
    for (std::size_t lane = 0; lane < 8; lane++) {
      a[lane] = digits_of(operands[first + lane]);
      twelve_more[lane] = digits_of(operands[first + lane] + p4 + p4 + p4);
    }
    eight::Element ea = pack(a), out;
    eight::square(out, ea);
    for (std::size_t lane = 0; lane < 8; lane++) {
      REQUIRE(is_product(digits(out, lane), operands[first + lane], operands[first + lane]));
    }
    for (std::size_t with = 0; with < operands.size(); with++) {
      Lanes b;
      for (std::size_t lane = 0; lane < 8; lane++) {
        b[lane] = digits_of(operands[(with + lane) % operands.size()]);
      }
      eight::multiply(out, ea, pack(b));
      for (std::size_t lane = 0; lane < 8; lane++) {
        REQUIRE(
            is_product(digits(out, lane), operands[first + lane], operands[(with + lane) % operands.size()]));
      }
    }
    for (const Lanes& start : {a, twelve_more}) {
      ea = pack(start);
      lessen(ea);
      for (std::size_t lane = 0; lane < 8; lane++) {
        const Number less = number(digits(ea, lane));
        REQUIRE(less < p + Number::power_of_two(249));
        REQUIRE(test::slow::reduce(less, p) == test::slow::reduce(operands[first + lane], p));
      }
    }
  }
}

#endif

}  // namespace p256_eight_test
