// SPDX-License-Identifier: Apache-2.0
// The fields of X25519 against slow arithmetic, at the bounds of their operations' inputs.
#include "catch.hpp"
#include "crypto/ec/slow.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/skip.hpp"
#include "x25519/field_51.hpp"
#include "x25519/field_x86_bmi2.hpp"
#include "x25519/ladder.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::slow::Number;

namespace x25519_field_test {
namespace {

const Number& prime() {
  static const Number p = Number::power_of_two(255) - Number(19);
  return p;
}
// For the field of 51-bit limbs.
Number value(const x25519::Field51::Element& e) {
  Number out;
  for (std::size_t i = 5; i-- > 0;) {
    out = test::slow::multiply(out, Number::power_of_two(51), prime());
    out = test::slow::add(out, test::slow::reduce(Number::from_limbs(&e.v[i], 1), prime()), prime());
  }
  return out;
}

// tight: elements at the bounds of "tight"; value(e): the number of an element, modulo p.
template <class Field, class Value>
void check(const std::vector<typename Field::Element>& tight, Value value) {
  using Element = typename Field::Element;
  const Number& p = prime();
  const auto product = [&](const Number& a, const Number& b) { return test::slow::multiply(a, b, p); };
  const auto stored = [](const Element& e) {
    std::uint8_t bytes[32];
    Field::store(bytes, e);
    std::reverse(bytes, bytes + 32);
    return Number::from_bytes(bytes);
  };
  Element out;
  for (const Element& a : tight) {
    const Number na = value(a);
    CHECK(stored(a) == na);
    x25519::invert<Field>(out, a);
    CHECK(product(stored(out), na) == Number(na.is_zero() ? 0 : 1));
    for (const Element& b : tight) {
      const Number nb = value(b);
      Element sum, difference;
      Field::add(sum, a, b);
      Field::subtract(difference, a, b);
      const Number ns = test::slow::add(na, nb, p), nd = test::slow::subtract(na, nb, p);
      bool right = value(sum) == ns && value(difference) == nd;
      Field::sum_and_difference(sum, difference, a, b);
      right = right && value(sum) == ns && value(difference) == nd;
      out = a;
      Field::choose(out, ct::Mask::no(), b);
      right = right && value(out) == na;
      Field::choose(out, ct::Mask::yes(), b);
      right = right && value(out) == nb;
      Field::multiply(out, a, b);
      right = right && stored(out) == product(na, nb);
      // Results of add and subtract are used unreduced.
      Field::multiply(out, sum, difference);
      right = right && stored(out) == product(ns, nd);
      Field::square(out, sum);
      right = right && stored(out) == product(ns, ns);
      Field::square(out, difference);
      right = right && stored(out) == product(nd, nd);
      Field::multiply_small_add(out, difference, b);
      const Number small = test::slow::add(product(nd, Number(121665)), nb, p);
      right = right && stored(out) == small;
      // The results of these are tight again, and so their sums can be used.
      Field::add(out, out, out);
      right = right && value(out) == test::slow::add(small, small, p);
      // A sum plus one more, and a difference minus one more, are again used as factors.
      Field::add_loose(out, sum, b);
      right = right && value(out) == test::slow::add(ns, nb, p);
      Field::subtract(out, out, a);
      right = right && value(out) == test::slow::add(nb, nb, p);
      Field::multiply(out, out, difference);
      right = right && stored(out) == product(test::slow::add(nb, nb, p), nd);
      Field::subtract_two(out, a, b, b);
      right = right && value(out) == test::slow::subtract(nd, nb, p);
      Field::square(out, out);
      right =
          right && stored(out) == product(test::slow::subtract(nd, nb, p), test::slow::subtract(nd, nb, p));
      REQUIRE(right);
    }
  }
}

}  // namespace

TEST_CASE("x25519: the field of 51-bit limbs agrees with slow arithmetic", "[x25519]") {
  using Element = x25519::Field51::Element;
  constexpr std::uint64_t kLargest = (std::uint64_t{1} << 51) + (1 << 14) - 1;
  std::vector<Element> tight = {{{0, 0, 0, 0, 0}},
                                {{1, 0, 0, 0, 0}},
                                {{kLargest, kLargest, kLargest, kLargest, kLargest}},
                                {{kLargest, 0, 0, 0, kLargest}},
                                {{0, 0, 0, 0, kLargest}}};
  const std::uint64_t ones = (std::uint64_t{1} << 51) - 1;
  for (std::uint64_t low = ones - 20; low < ones + 21; low++) {
    tight.push_back({{low, ones, ones, ones, ones}});  // around p and 2^255
  }
  for (std::uint64_t seed = 0; seed < 10; seed++) {
    const auto bytes = test::noise(32, seed);
    Element e;
    x25519::Field51::load(e, bytes.data());
    tight.push_back(e);
  }
  check<x25519::Field51>(tight, [](const Element& e) { return value(e); });
}

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
// The two fields of four words differ only in their products.
template <class Field>
static void check_words() {
  using Element = typename Field::Element;
  constexpr std::uint64_t kOnes = ~std::uint64_t{0}, kTop = std::uint64_t{1} << 63;
  std::vector<Element> tight = {{{0, 0, 0, 0}},
                                {{1, 0, 0, 0}},
                                {{(1 << 24) - 1, 0, 0, kTop}},
                                {{kOnes, 0, 0, 0}},
                                {{0, 0, 0, kTop - 1}}};
  for (std::uint64_t below = 0; below < 40; below++) {
    tight.push_back({{kOnes - below, kOnes, kOnes, kTop - 1}});  // around p, below 2^255
    tight.push_back({{below, 0, 0, kTop}});                      // 2^255 and above
  }
  for (std::uint64_t seed = 0; seed < 10; seed++) {
    const auto bytes = test::noise(32, seed);
    Element e;
    Field::load(e, bytes.data());
    tight.push_back(e);
  }
  check<Field>(tight,
               [](const Element& e) { return test::slow::reduce(Number::from_limbs(e.v, 4), prime()); });
}

TEST_CASE("x25519: the field of the x86-adx row agrees with slow arithmetic", "[x25519]") {
  if (!cpu::unmasked_features().contains(cpu::Features(cpu::Feature::bmi2, cpu::Feature::adx))) {
    SKIP_CASE("this CPU has no BMI2 and ADX");
  }
  check_words<x25519::FieldAdx>();
}

TEST_CASE("x25519: the field of the x86-bmi2 row agrees with slow arithmetic", "[x25519]") {
  if (!cpu::unmasked_features().has(cpu::Feature::bmi2)) {
    SKIP_CASE("this CPU has no BMI2");
  }
  check_words<x25519::FieldBmi2>();
}
#endif

}  // namespace x25519_field_test
