// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/ct.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;

TEST_CASE("ct: comparisons agree with the language's on edges and noise", "[base]") {
  std::vector<std::uint64_t> values = {0, 1, 2, 0x7fffffffffffffff, 0x8000000000000000, ~0ull, ~0ull - 1};
  std::mt19937_64 engine(5);
  for (int i = 0; i < 50; ++i) {
    values.push_back(engine() >> (engine() % 64));
  }
  for (const auto a : values) {
    CHECK(ct::is_zero(a).declassify() == (a == 0));
    for (const auto b : values) {
      CHECK(ct::equal(a, b).declassify() == (a == b));
      CHECK(ct::less(a, b).declassify() == (a < b));
      CHECK(ct::select(ct::less(a, b), a, b) == std::min(a, b));
    }
  }
}

TEST_CASE("ct: S13 a comparison of secrets gives a mask, which is no truth value until someone says so",
          "[base]") {
  static_assert(std::is_same_v<decltype(ct::equal(Bytes(), Bytes())), ct::Mask>);
  static_assert(!std::is_convertible_v<ct::Mask, bool> && !std::is_constructible_v<bool, ct::Mask>);
  // The same number of bytes is read, wherever two strings differ: see tests/ct for the proof.
  const auto a = test::noise(32, 1);
  for (std::size_t at = 0; at < a.size(); ++at) {
    auto b = a;
    b[at] ^= 0x80;
    CHECK(ct::equal(a, b).bits() == 0);
  }
  CHECK(ct::equal(a, a).bits() == ~std::uint64_t{0});
}

TEST_CASE("ct: byte strings are equal only if every bit is", "[base]") {
  const auto a = test::noise(33);
  CHECK(ct::equal(a, a).declassify());
  CHECK(ct::equal(Bytes(), Bytes()).declassify());
  CHECK(!ct::equal(a, Bytes(a).first(32)).declassify());
  for (std::size_t bit = 0; bit < a.size() * 8; ++bit) {
    auto b = a;
    b[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    CHECK(!ct::equal(a, b).declassify());
  }
}

TEST_CASE("ct: copy_if copies all or nothing", "[base]") {
  auto to = test::noise(20, 1);
  const auto before = to;
  const auto from = test::noise(20, 2);
  ct::copy_if(ct::Mask::no(), to, from);
  CHECK_BYTES(to, before);
  ct::copy_if(ct::Mask::yes(), to, from);
  CHECK_BYTES(to, from);
}

#ifdef __OPTIMIZE__
namespace {

std::uint64_t textbook_mask(std::uint64_t bit) {
  return 0 - bit;
}

// Whether the optimiser, with all calls inlined, knows the value.
#define ASHLAR_TEST_KNOWN(name, value)             \
  __attribute__((noinline, flatten)) bool name() { \
    const std::uint64_t known = value;             \
    return __builtin_constant_p(known) != 0;       \
  }
ASHLAR_TEST_KNOWN(knows_textbook_mask, textbook_mask(1))
ASHLAR_TEST_KNOWN(knows_barrier, ct::barrier(1))
ASHLAR_TEST_KNOWN(knows_from_bit, ct::Mask::from_bit(1).bits())
ASHLAR_TEST_KNOWN(knows_yes, ct::Mask::yes().bits())
ASHLAR_TEST_KNOWN(knows_no, ct::Mask::no().bit())
ASHLAR_TEST_KNOWN(knows_is_zero, ct::is_zero(0).bits())
ASHLAR_TEST_KNOWN(knows_equal, ct::equal(7, 7).bits())
ASHLAR_TEST_KNOWN(knows_less, ct::less(1, 2).bits())
ASHLAR_TEST_KNOWN(knows_select, ct::select(ct::Mask::yes(), 1, 2))
ASHLAR_TEST_KNOWN(knows_combined, (ct::is_zero(0) & ~ct::is_zero(1)).bits())
#undef ASHLAR_TEST_KNOWN

}  // namespace

TEST_CASE("ct: C02 the optimiser knows the value of no mask, though it knows what the mask is made of",
          "[base]") {
  // The optimiser sees through code without a barrier.
  CHECK(knows_textbook_mask());
  CHECK_FALSE(knows_barrier());
  CHECK_FALSE(knows_from_bit());
  CHECK_FALSE(knows_yes());
  CHECK_FALSE(knows_no());
  CHECK_FALSE(knows_is_zero());
  CHECK_FALSE(knows_equal());
  CHECK_FALSE(knows_less());
  CHECK_FALSE(knows_select());
  CHECK_FALSE(knows_combined());
}
#endif
