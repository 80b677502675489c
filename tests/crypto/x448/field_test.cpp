// SPDX-License-Identifier: Apache-2.0
// The field of X448 and Ed448 against slow arithmetic, with limbs at the edges of the range it promises.
#include "x448/field.hpp"

#include "catch.hpp"
#include "crypto/ec/slow.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::slow::Number;
using x448::Element;
using x448::Field;

namespace x448_field_test {
namespace {

const Number kPrime = Number::from_limbs(x448::Prime::kValue.v, 7);
constexpr std::uint64_t kMostInLimb = (std::uint64_t{1} << 56) + 255;

Number value(const Element& a) {
  Number out;
  for (std::size_t i = 8; i-- > 0;) {
    for (unsigned bit = 0; bit < Field::kLimbBits; bit++) {
      out = out + out;
    }
    out = out + Number::from_limbs(&a.v[i], 1);
  }
  return test::slow::reduce(out, kPrime);
}
bool is_tight(const Element& a) {
  for (const std::uint64_t limb : a.v) {
    if (limb > kMostInLimb) {
      return false;
    }
  }
  return true;
}

std::vector<Element> operands() {
  std::vector<Element> out = {{}, Field::kOne};
  Element ones, most;
  for (std::size_t i = 0; i < 8; i++) {
    ones.v[i] = Field::kMask;
    most.v[i] = kMostInLimb;
  }
  out.push_back(ones);
  out.push_back(most);
  // p - 1, p and p + 1.
  for (const std::uint64_t low : {Field::kMask - 1, Field::kMask, Field::kMask + 1}) {
    Element p = ones;
    p.v[0] = low;
    p.v[4] -= 1;
    out.push_back(p);
  }
  for (std::size_t i = 0; i < 8; i++) {
    Element one = {}, other = most;
    one.v[i] = kMostInLimb;
    other.v[i] = 0;
    out.push_back(one);
    out.push_back(other);
  }
  for (std::uint64_t seed = 0; seed < 20; seed++) {
    Element random;
    for (std::size_t i = 0; i < 8; i++) {
      random.v[i] = load_le64(test::noise(8, 8 * seed + i).data()) & Field::kMask;
    }
    out.push_back(random);
  }
  return out;
}

}  // namespace

TEST_CASE("x448: sums, differences, products and squares are exact at the edges of their ranges", "[x448]") {
  using namespace test::slow;
  const std::vector<Element> all = operands();
  for (const Element& a : all) {
    const Number va = value(a);
    Element out;
    Field::square(out, a);
    REQUIRE(is_tight(out));
    REQUIRE(value(out) == multiply(va, va, kPrime));
    Field::multiply_small(out, a, 39081);
    REQUIRE(is_tight(out));
    REQUIRE(value(out) == multiply(va, Number(39081), kPrime));
    REQUIRE(Number::from_limbs(Field::reduced(a).v, 7) == va);
    REQUIRE(value(Field::load(Field::reduced(a))) == va);
    if (!va.is_zero()) {
      Field::invert(out, a);
      REQUIRE(multiply(value(out), va, kPrime) == Number(1));
    }
    for (const Element& b : all) {
      const Number vb = value(b);
      Field::multiply(out, a, b);
      REQUIRE(is_tight(out));
      REQUIRE(value(out) == multiply(va, vb, kPrime));
      Field::add(out, a, b);
      REQUIRE(is_tight(out));
      REQUIRE(value(out) == add(va, vb, kPrime));
      Field::subtract(out, a, b);
      REQUIRE(is_tight(out));
      REQUIRE(value(out) == subtract(va, vb, kPrime));
    }
  }
}

}  // namespace x448_field_test
