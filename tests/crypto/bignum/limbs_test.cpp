// SPDX-License-Identifier: Apache-2.0
#include "bignum/limbs.hpp"
#include "bignum/montgomery.hpp"

#include "catch.hpp"
#include "crypto/bignum/reference.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Limbs;
using test::Natural;

TEST_CASE("bignum: numbers go from bytes and back, whatever zeros lead them") {
  const test::Buffer bytes = test::unhex("0000000102030405060708090a0b0c0d0e0f1011");
  Limbs number(8);
  REQUIRE(bignum::from_bytes(number.data(), 8, bytes).declassify());
  CHECK(number[0] == 0x0a0b0c0d0e0f1011);
  CHECK(number[1] == 0x0203040506070809);
  CHECK(number[2] == 1);
  test::Buffer out(bytes.size());
  bignum::to_bytes(out, number.data(), 8);
  CHECK_BYTES(out, bytes);

  test::Buffer wide(8 * 8 + 3);
  wide.back() = 5;
  CHECK(bignum::from_bytes(number.data(), 8, wide).declassify());
  CHECK(number == Natural(5).limbs(8));
  wide[2] = 1;
  CHECK_FALSE(bignum::from_bytes(number.data(), 8, wide).declassify());
}

TEST_CASE("bignum: the core adds, subtracts, compares and selects with carries through every limb") {
  const Limbs ones(4, ~std::uint64_t{0});
  const Limbs one = {1, 0, 0, 0};
  const Limbs zero(4);
  Limbs r(4);
  CHECK(ashlar_limbs_add(r.data(), ones.data(), one.data(), 4) == 1);
  CHECK(r == zero);
  CHECK(ashlar_limbs_sub(r.data(), zero.data(), one.data(), 4) == 1);
  CHECK(r == ones);
  CHECK(ashlar_limbs_less(zero.data(), one.data(), 4) == ~std::uint64_t{0});
  CHECK(ashlar_limbs_less(one.data(), one.data(), 4) == 0);
  CHECK(ashlar_limbs_less(ones.data(), one.data(), 4) == 0);
  CHECK(ashlar_limbs_equal(ones.data(), ones.data(), 4) == ~std::uint64_t{0});
  CHECK(ashlar_limbs_equal(ones.data(), one.data(), 4) == 0);
  CHECK(ashlar_limbs_equal_limb(one.data(), 4, 1) == ~std::uint64_t{0});
  CHECK(ashlar_limbs_equal_limb(ones.data(), 4, ~std::uint64_t{0}) == 0);
  r = ones;
  CHECK(ashlar_limbs_add_limb(r.data(), 4, 1) == 1);
  CHECK(r == zero);
  r = ones;
  CHECK(ashlar_limbs_double(r.data(), 4, 1) == 1);
  CHECK(r == ones);
  ashlar_limbs_halve_masked(~std::uint64_t{0}, r.data(), 4, 0);
  CHECK(r[3] == ~std::uint64_t{0} >> 1);
  r = zero;
  CHECK(ashlar_limbs_mul_add(r.data(), ones.data(), 4, ~std::uint64_t{0}) == ~std::uint64_t{0} - 1);
  CHECK(r == Limbs{1, ~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}});
  ashlar_limbs_select(0, r.data(), ones.data(), one.data(), 4);
  CHECK(r == one);
  ashlar_limbs_select(~std::uint64_t{0}, r.data(), ones.data(), one.data(), 4);
  CHECK(r == ones);
  // 2^256 - 1 with a carry above it, minus a modulus of 2^256 - 1.
  r = one;
  ashlar_limbs_reduce_once(r.data(), 1, ones.data(), 4);
  CHECK(r == Limbs{2, 0, 0, 0});
}

TEST_CASE("bignum: division agrees with schoolbook") {
  std::mt19937_64 engine(23);
  for (int round = 0; round < 30; round++) {
    const auto limbs = static_cast<std::size_t>(1 + engine() % 12);
    const auto divisor_limbs = static_cast<std::size_t>(1 + engine() % 8);
    const Limbs value = test::awkward(limbs, engine);
    Limbs divisor = test::awkward(divisor_limbs, engine);
    divisor[0] |= round % 2 != 0 ? 1u : 0u;
    if (Natural(divisor) == Natural(0)) {
      divisor[0] = 1;
    }
    Limbs quotient(limbs), remainder(divisor_limbs);
    bignum::divide(quotient.data(), remainder.data(), value.data(), limbs, divisor.data(), divisor_limbs);
    CHECK(Natural(quotient) == Natural(value) / Natural(divisor));
    CHECK(Natural(remainder) == Natural(value) % Natural(divisor));
  }
}

TEST_CASE("bignum: the greatest common divisor, of even numbers and with zero too") {
  const auto gcd = [](const Natural& a, const Natural& b) {
    Limbs r(8);
    bignum::gcd(r.data(), a.limbs(8).data(), b.limbs(8).data(), 8);
    return Natural(r);
  };
  CHECK(gcd(0, 6) == Natural(6));
  CHECK(gcd(6, 0) == Natural(6));
  CHECK(gcd(12, 18) == Natural(6));
  CHECK(gcd(1, 1) == Natural(1));
  CHECK(gcd(Natural(1).shifted(511), Natural(1).shifted(300)) == Natural(1).shifted(300));
  std::mt19937_64 engine(29);
  for (int round = 0; round < 20; round++) {
    const Natural common(Limbs{engine(), engine()});
    Natural a = common * Natural(Limbs{engine(), engine(), engine()});
    Natural b = common * Natural(Limbs{engine(), engine()}).shifted(static_cast<std::size_t>(round));
    const Natural found = gcd(a, b);
    while (!(b == Natural(0))) {
      const Natural rest = a % b;
      a = b;
      b = rest;
    }
    CHECK(found == a);
  }
}

TEST_CASE("bignum: an inverse times its number is one, and numbers without an inverse are noticed") {
  std::mt19937_64 engine(31);
  for (const std::size_t limbs : {8u, 16u, 24u, 32u, 64u}) {
    for (int round = 0; round < (limbs <= 16 ? 60 : 8); round++) {
      Limbs modulus = test::awkward(limbs, engine);
      modulus[0] |= 1;
      if (round % 4 == 0) {
        modulus[limbs - 1] = 0;  // shorter than its limbs
        modulus[limbs - 2] |= 1;
      }
      const Natural m(modulus);
      if (m < Natural(2)) {
        continue;
      }
      Limbs value = test::awkward(limbs, engine);
      if (round == 1) {
        value = (m - 1).limbs(limbs);
      }
      if (round == 2) {
        value = Natural(1).limbs(limbs);
      }
      Natural v = Natural(value) % m;
      value = v.limbs(limbs);
      Limbs inverse(limbs), common(limbs);
      const bool exists = bignum::invert(inverse.data(), value.data(), modulus.data(), limbs).declassify();
      bignum::gcd(common.data(), value.data(), modulus.data(), limbs);
      REQUIRE(exists == (Natural(common) == Natural(1)));
      if (exists) {
        CHECK(Natural(inverse) < m);
        CHECK(Natural(inverse) * v % m == Natural(1));
      }
    }
  }
  const Limbs modulus = Natural(15).limbs(8);
  Limbs inverse(8);
  CHECK_FALSE(bignum::invert(inverse.data(), Natural(0).limbs(8).data(), modulus.data(), 8).declassify());
  CHECK_FALSE(bignum::invert(inverse.data(), Natural(5).limbs(8).data(), modulus.data(), 8).declassify());
  CHECK(bignum::invert(inverse.data(), Natural(2).limbs(8).data(), modulus.data(), 8).declassify());
  CHECK(Natural(inverse) == Natural(8));
}

TEST_CASE("bignum: sizes in bits") {
  for (const std::size_t bits : {0u, 1u, 2u, 63u, 64u, 65u, 511u, 512u}) {
    const Limbs number = bits == 0 ? Limbs(8) : Natural(1).shifted(bits - 1).limbs(8);
    CHECK(bignum::public_bits(number.data(), 8) == bits);
    CHECK(bignum::secret_bits(number.data(), 8) == bits);
  }
}

TEST_CASE("bignum: powers agree with schoolbook on every kernel, for edge exponents too") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    std::mt19937_64 engine(37);
    const std::size_t limbs = 8;
    for (int round = 0; round < 6; round++) {
      Limbs modulus = test::awkward(limbs, engine);
      modulus[0] |= 1;
      modulus[limbs - 1] |= std::uint64_t{1} << 63;
      const Natural m(modulus);
      const bignum::Montgomery n{&kernel, modulus.data(), ashlar_limb_negated_inverse(modulus[0]), limbs};
      bignum::Montgomery::Product work;
      Limbs square(limbs), one(limbs), base(limbs), r(limbs);
      bignum::montgomery_square(square.data(), n, 512);
      n.from_montgomery(one.data(), square.data(), work);
      const Limbs plain = test::awkward(limbs, engine);
      n.multiply(base.data(), plain.data(), square.data(), work);
      static bignum::PowerTable table;
      for (const std::size_t bits : {1u, 4u, 5u, 6u, 64u, 65u, 69u, 130u}) {
        Limbs exponent = test::awkward(limbs, engine);
        bignum::power(r.data(), base.data(), exponent.data(), bits, one.data(), n, table, work);
        n.from_montgomery(r.data(), r.data(), work);
        const Natural used = Natural(exponent) % Natural(1).shifted(bits);
        INFO("bits " << bits);
        CHECK(Natural(r) == test::power_modulo(Natural(plain), used, m));
      }
      for (const std::uint64_t exponent : {3u, 5u, 17u, 65537u, 0xfffffffdu}) {
        bignum::power_public_but_one(r.data(), base.data(), exponent, n, work);
        n.multiply(r.data(), r.data(), plain.data(), work);
        n.reduce_fully(r.data());
        CHECK(Natural(r) == test::power_modulo(Natural(plain), Natural(exponent), m));
      }
    }
  });
}

TEST_CASE("bignum: a number shifted left modulo another is the remainder of a division") {
  std::mt19937_64 engine(31);
  for (const std::size_t bits : {3u, 60u, 61u, 65u, 512u, 1000u, 1024u, 2048u, 2049u, 2111u, 2108u, 8192u}) {
    const std::size_t limbs = bignum::limbs_for(bits);
    for (int kind = 0; kind < 3; kind++) {
      Limbs n(limbs);
      for (std::size_t i = 0; i < bits; i++) {
        n[i / 64] |= (kind == 0 ? engine() & 1 : kind == 1 ? 1u : 0u) << (i % 64);
      }
      n[(bits - 1) / 64] |= std::uint64_t{1} << ((bits - 1) % 64);
      n[0] |= 1;
      const Natural m(n);
      for (const Natural& value :
           {Natural(0), Natural(1), m - 1, m - 2, Natural(test::awkward(limbs, engine)) % m}) {
        for (const std::size_t shift : {std::size_t{0}, std::size_t{1}, std::size_t{55}, std::size_t{56},
                                        std::size_t{57}, std::size_t{300}, 64 * limbs}) {
          INFO(bits << " bits, modulus " << kind << ", shifted by " << shift);
          Limbs r = value.limbs(limbs);
          bignum::shift_modulo(r.data(), r.data(), shift, n.data(), limbs, bits);
          REQUIRE(r == (value.shifted(shift) % m).limbs(limbs));
        }
      }
    }
  }
}
