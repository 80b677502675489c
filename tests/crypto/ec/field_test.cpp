// SPDX-License-Identifier: Apache-2.0
// Every implementation of a field of ec/ against slow arithmetic.
#include "catch.hpp"
#include "crypto/ec/fields.hpp"
#include "crypto/ec/slow.hpp"
#include "support/bytes.hpp"

#include <random>

using namespace ashlar;
using namespace ashlar::crypto;
using test::slow::Number;

namespace {

template <class Field>
void check_field() {
  using Element = typename Field::Element;
  using Tools = ec::FieldTools<Field>;
  constexpr std::size_t kLimbs = Field::kLimbs;
  const Number m = Number::from_limbs(Field::kModulus.v, kLimbs);
  const Number r = test::slow::reduce(Number::power_of_two(64 * kLimbs), m);
  const Number r_inverse = test::slow::invert(r, m);
  const auto number = [](const Element& e) { return Number::from_limbs(e.v, kLimbs); };

  CHECK(number(Field::kOne) == r);
  CHECK(number(Field::kSquare) == test::slow::multiply(r, r, m));
  CHECK(Field::kNegativeInverse * Field::kModulus.v[0] == ~std::uint64_t{0});

  // Edge cases near 0, m, powers of two and limbs of ones, and random numbers.
  std::vector<Number> operands = {Number(0),  Number(1),     Number(2),
                                  Number(19), m - Number(1), m - Number(2),
                                  r,          m - r,         test::slow::multiply(r, r, m)};
  for (unsigned bit = 32; bit < 64 * kLimbs && Number::power_of_two(bit) < m; bit += 32) {
    operands.push_back(Number::power_of_two(bit));
    operands.push_back(Number::power_of_two(bit) - Number(1));
    operands.push_back(m - Number::power_of_two(bit));
  }
  for (std::uint64_t seed = 0; seed < 12; seed++) {
    operands.push_back(test::slow::reduce(Number::from_bytes(test::noise(8 * kLimbs, seed)), m));
  }
  for (const Number& a : operands) {
    const Element ea = a.to_limbs<Element>();
    Element out;
    Field::square(out, ea);
    CHECK(number(out) == test::slow::multiply(test::slow::multiply(a, a, m), r_inverse, m));
    Tools::enter(out, ea);
    CHECK(number(out) == test::slow::multiply(a, r, m));
    Tools::leave(out, out);
    CHECK(number(out) == a);
    Field::half(out, ea);
    const bool halved = test::slow::add(number(out), number(out), m) == a && number(out) < m;
    CHECK(halved);
    out = ea;
    Field::half(out, out);
    CHECK((test::slow::add(number(out), number(out), m) == a));
    for (const Number& b : operands) {
      const Element eb = b.to_limbs<Element>();
      Field::multiply(out, ea, eb);
      // a b / R = out exactly if out R = a b. This saves the slow side a multiplication.
      bool right =
          test::slow::multiply(number(out), r, m) == test::slow::multiply(a, b, m) && number(out) < m;
      Field::add(out, ea, eb);
      right = right && number(out) == test::slow::add(a, b, m);
      Field::subtract(out, ea, eb);
      right = right && number(out) == test::slow::subtract(a, b, m);
      // In place, and both operands the same.
      out = ea;
      Field::add(out, out, out);
      right = right && number(out) == test::slow::add(a, a, m);
      INFO(test::hex(a.to_bytes(8 * kLimbs)) << " and " << test::hex(b.to_bytes(8 * kLimbs)));
      CHECK(right);
    }
  }

  // A long chain in which every result feeds the next operations.
  Element x = operands.back().to_limbs<Element>(), y = operands[10].to_limbs<Element>();
  Number nx = operands.back(), ny = operands[10];
  for (int i = 0; i < 200; i++) {
    Field::multiply(x, x, y);
    nx = test::slow::multiply(test::slow::multiply(nx, ny, m), r_inverse, m);
    Field::square(y, y);
    ny = test::slow::multiply(test::slow::multiply(ny, ny, m), r_inverse, m);
    Field::add(y, x, y);
    ny = test::slow::add(nx, ny, m);
    Field::subtract(x, y, x);
    nx = test::slow::subtract(ny, nx, m);
  }
  CHECK(number(x) == nx);
  CHECK(number(y) == ny);

  // Inverses. The inverse of 0 is 0.
  for (std::size_t i = 0; i < operands.size(); i++) {
    Element e, inverse, product;
    e = operands[i].to_limbs<Element>();
    Tools::invert(inverse, e);
    Field::multiply(product, e, inverse);
    CHECK(number(product) == (operands[i].is_zero() ? Number(0) : r));
  }
}

}  // namespace

TEST_CASE("ec: every field agrees with slow arithmetic on edges and chains", "[ec]") {
  test::for_each_field([]<class Field>(const char* name) {
    INFO(name);
    check_field<Field>();
  });
}
