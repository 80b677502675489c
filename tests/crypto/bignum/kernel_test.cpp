// SPDX-License-Identifier: Apache-2.0
#include "bignum/montgomery.hpp"

#include "catch.hpp"
#include "crypto/bignum/powers.hpp"
#include "crypto/rows.hpp"
#include "support/guarded.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Limbs;
using test::Natural;

namespace {

// The words of `at` as limbs, for buffers between guard pages.
std::uint64_t* limbs_at(MutBytes bytes) {
  return reinterpret_cast<std::uint64_t*>(bytes.data());
}

}  // namespace

TEST_CASE("bignum: every kernel multiplies and squares as schoolbook does") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    std::mt19937_64 engine(7);
    for (std::size_t limbs = 8; limbs <= 128; limbs += 8) {
      INFO("limbs " << limbs);
      for (int round = 0; round < (limbs <= 32 ? 40 : 4); round++) {
        const Limbs a = test::awkward(limbs, engine);
        const Limbs b = test::awkward(limbs, engine);
        Limbs product(2 * limbs);
        kernel.multiply(product.data(), a.data(), b.data(), limbs);
        REQUIRE(product == (Natural(a) * Natural(b)).limbs(2 * limbs));
        kernel.square(product.data(), a.data(), limbs);
        REQUIRE(product == (Natural(a) * Natural(a)).limbs(2 * limbs));
      }
    }
  });
}

TEST_CASE("bignum: every kernel reduces to the same residue, below R, for any double-length value") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    std::mt19937_64 engine(11);
    for (std::size_t limbs : {8u, 16u, 24u, 32u, 48u, 64u, 128u}) {
      INFO("limbs " << limbs);
      for (int round = 0; round < (limbs <= 32 ? 200 : 20); round++) {
        Limbs modulus = test::awkward(limbs, engine);
        modulus[0] |= 1;
        const Limbs value = test::awkward(2 * limbs, engine);
        const std::uint64_t factor = ashlar_limb_negated_inverse(modulus[0]);
        REQUIRE(factor * modulus[0] == ~std::uint64_t{0});
        Limbs scratch = value;
        Limbs result(limbs);
        kernel.reduce(result.data(), scratch.data(), modulus.data(), factor, limbs);
        // result * R - value is a multiple of the modulus: for some digits, result * R + digits * modulus
        // equals value modulo R * modulus. The result is compared with the portable row, and that with the
        // definition.
        Limbs expected(limbs);
        scratch = value;
        bignum_kernels().back().reduce(expected.data(), scratch.data(), modulus.data(), factor, limbs);
        REQUIRE(result == expected);
        if (round < 3 && limbs <= 24) {
          const Natural n(modulus);
          REQUIRE(Natural(result).shifted(64 * limbs) % n == Natural(value) % n);
        }
      }
    }
  });
}

TEST_CASE("bignum: reduction of a number below R gives at most the modulus") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    std::mt19937_64 engine(13);
    for (int round = 0; round < 200; round++) {
      Limbs modulus = test::awkward(16, engine);
      modulus[0] |= 1;
      Limbs value = round == 0 ? Limbs(16, ~std::uint64_t{0}) : test::awkward(16, engine);
      value.resize(32);
      Limbs result(16);
      kernel.reduce(result.data(), value.data(), modulus.data(), ashlar_limb_negated_inverse(modulus[0]), 16);
      REQUIRE_FALSE(Natural(modulus) < Natural(result));
    }
  });
}

TEST_CASE("S10 bignum: no kernel reads or writes outside its operands") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    for (std::size_t limbs : {8u, 16u, 24u, 32u, 64u}) {
      test::Guarded a(8 * limbs), b(8 * limbs), product(16 * limbs), modulus(8 * limbs);
      const Limbs x(limbs, 0x0123456789abcdef);
      for (const bool end : {false, true}) {
        const auto place = [&](test::Guarded& room, std::size_t size) {
          return limbs_at(end ? room.at_end(size) : room.at_start(size));
        };
        std::uint64_t* const pa = place(a, 8 * limbs);
        std::uint64_t* const pb = place(b, 8 * limbs);
        std::uint64_t* const pm = place(modulus, 8 * limbs);
        std::uint64_t* const pp = place(product, 16 * limbs);
        std::copy(x.begin(), x.end(), pa);
        std::copy(x.begin(), x.end(), pb);
        std::copy(x.begin(), x.end(), pm);
        kernel.multiply(pp, pa, pb, limbs);
        const Limbs multiplied(pp, pp + 2 * limbs);
        kernel.square(pp, pa, limbs);
        CHECK(multiplied == Limbs(pp, pp + 2 * limbs));
        kernel.reduce(pb, pp, pm, ashlar_limb_negated_inverse(pm[0]), limbs);
        // x * x / R modulo x is 0.
        const Natural rest = Natural(Limbs(pb, pb + limbs)) % Natural(x);
        CHECK(rest == Natural(0));
      }
    }
  });
}

TEST_CASE("bignum: a long chain of Montgomery products agrees with schoolbook on every kernel") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    std::mt19937_64 engine(17);
    for (const std::size_t bits : {512u, 1000u, 1024u}) {
      const std::size_t limbs = bignum::limbs_for(bits);
      Limbs modulus = test::awkward(limbs, engine);
      for (std::size_t bit = bits; bit < 64 * limbs; bit++) {
        modulus[bit / 64] &= ~(std::uint64_t{1} << (bit % 64));
      }
      modulus[(bits - 1) / 64] |= std::uint64_t{1} << ((bits - 1) % 64);
      modulus[0] |= 1;
      const bignum::Montgomery n{&kernel, modulus.data(), ashlar_limb_negated_inverse(modulus[0]), limbs};
      bignum::Montgomery::Product work;
      Limbs square(limbs);
      bignum::montgomery_square(square.data(), n, bits);
      const Natural m(modulus);
      REQUIRE(Natural(square) == Natural(1).shifted(128 * limbs) % m);

      Limbs x = test::awkward(limbs, engine);
      Limbs y = test::awkward(limbs, engine);
      Natural a = Natural(x) % m;
      Natural b = Natural(y) % m;
      n.multiply(x.data(), x.data(), square.data(), work);
      n.multiply(y.data(), y.data(), square.data(), work);
      for (int step = 0; step < 150; step++) {
        n.multiply(x.data(), x.data(), y.data(), work);
        n.square(y.data(), y.data(), work);
        a = a * b % m;
        b = b * b % m;
      }
      n.from_montgomery(x.data(), x.data(), work);
      n.from_montgomery(y.data(), y.data(), work);
      CHECK(x == a.limbs(limbs));
      CHECK(y == b.limbs(limbs));
    }
  });
}

TEST_CASE("bignum: products with 0, 1, n - 1 and all ones come out right on every kernel") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    std::mt19937_64 engine(19);
    for (const std::size_t limbs : {8u, 16u, 32u}) {
      Limbs modulus = test::awkward(limbs, engine);
      modulus[0] |= 1;
      modulus[limbs - 1] |= std::uint64_t{1} << 63;
      const Natural m(modulus);
      const bignum::Montgomery n{&kernel, modulus.data(), ashlar_limb_negated_inverse(modulus[0]), limbs};
      bignum::Montgomery::Product work;
      Limbs square(limbs);
      bignum::montgomery_square(square.data(), n, 64 * limbs);
      const std::vector<Limbs> edges = {Natural(0).limbs(limbs), Natural(1).limbs(limbs),
                                        (m - 1).limbs(limbs), modulus, Limbs(limbs, ~std::uint64_t{0})};
      for (const Limbs& a : edges) {
        for (const Limbs& b : edges) {
          Limbs x(limbs);
          n.multiply(x.data(), a.data(), b.data(), work);
          n.multiply(x.data(), x.data(), square.data(), work);
          n.reduce_fully(x.data());
          CHECK(Natural(x) == Natural(a) * Natural(b) % m);
        }
      }
    }
  });
}

TEST_CASE("bignum: powers with public exponents agree with portable products on every row that has its own") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    if (kernel.powers != nullptr) {
      test::check_public_powers(*kernel.powers, {2048, 2049, 2050, 2560, 3071, 3072, 4095, 4096});
      const Limbs n(128, ~std::uint64_t{0});
      Limbs result(128);
      CHECK_FALSE(kernel.powers->power_public(result.data(), result.data(), 3, n.data(), 128, 8192));
    }
  });
}

TEST_CASE("bignum: powers side by side agree with portable products on every row that has them") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    if (kernel.powers != nullptr) {
      test::check_pairs(*kernel.powers, {1024, 1023, 1025, 1536, 2048}, 333);
    }
  });
}

TEST_CASE("bignum: powers with secret exponents agree with portable products on every row that has its own") {
  test::on_every_row("bignum", bignum_kernels(), [](const BignumKernel& kernel) {
    if (kernel.powers != nullptr) {
      test::check_secret_powers(*kernel.powers, {2048, 2049, 3072, 4096}, 232);
      test::check_secret_powers(*kernel.powers, {2048}, 63);
      const Limbs n(128, ~std::uint64_t{0});
      Limbs result(128);
      CHECK_FALSE(
          kernel.powers->power_secret(result.data(), result.data(), n.data(), 64, n.data(), 128, 8192));
    }
  });
}

TEST_CASE("bignum: powers of eight numbers agree with portable products on every row that has them") {
  test::on_every_row("bignum side by side", bignum_many_kernels(), [](const BignumManyKernel& kernel) {
    if (kernel.power == nullptr) {
      return;
    }
    std::mt19937_64 engine(37);
    constexpr std::size_t kLimbs = 16, kScale = 64 * kLimbs;
    REQUIRE(kernel.lanes <= kMaxBignumLanes);
    for (const std::size_t exponent_bits : {1u, 63u, 300u, 1024u}) {
      // Moduli of other sizes and kinds in each lane; bases at the edges, and above the modulus.
      std::vector<Limbs> n, base, exponent, result(kMaxBignumLanes, Limbs(kLimbs));
      std::size_t bits[kMaxBignumLanes];
      const std::uint64_t* moduli[kMaxBignumLanes];
      const std::uint64_t* bases[kMaxBignumLanes];
      const std::uint64_t* exponents[kMaxBignumLanes];
      std::uint64_t* results[kMaxBignumLanes];
      for (std::size_t i = 0; i < kMaxBignumLanes; i++) {
        bits[i] = i < 5 ? 1024 : 1024 - 77 * i;
        n.push_back(test::odd_modulus(kLimbs, bits[i], static_cast<int>(i % 3), engine));
        base.push_back(i < 6 ? test::numbers_below(n[i], bits[i], engine)[i]
                             : Limbs(kLimbs, ~std::uint64_t{0}));
        exponent.push_back(Limbs(kLimbs));
        for (std::size_t bit = 0; bit < exponent_bits; bit++) {
          exponent[i][bit / 64] |= (i == 0 ? 1 : i == 1 ? 0 : engine() & 1) << (bit % 64);
        }
      }
      for (std::size_t i = 0; i < kMaxBignumLanes; i++) {
        moduli[i] = n[i].data(), bases[i] = base[i].data(), exponents[i] = exponent[i].data();
        results[i] = result[i].data();
      }
      REQUIRE(kernel.power(results, bases, exponents, moduli, bits, kLimbs, kScale, exponent_bits));
      for (std::size_t i = 0; i < kMaxBignumLanes; i++) {
        INFO("lane " << i << ", exponents of " << exponent_bits << " bits");
        REQUIRE(result[i] == test::power_slowly(base[i], kScale, exponent[i], exponent_bits, n[i], bits[i]));
      }
      CHECK_FALSE(kernel.power(results, bases, exponents, moduli, bits, 2 * kLimbs, kScale, exponent_bits));
    }
  });
}
