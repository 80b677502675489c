// SPDX-License-Identifier: Apache-2.0
#include "bignum/bignum_x86_ifma.hpp"

#include "catch.hpp"
#include "crypto/bignum/powers.hpp"

using namespace ashlar;
using namespace ashlar::crypto;

namespace {

constexpr BignumPowers kIfma = {bignum::power_public_ifma, bignum::prepare_pair_ifma, bignum::power_pair_ifma,
                                bignum::power_secret_ifma};

}  // namespace

TEST_CASE("bignum: powers with public exponents by the IFMA kernel, emulated, agree with the portable ones",
          "[emulated]") {
  test::check_public_powers(kIfma, {2048, 2049, 3072, 4096});
}

TEST_CASE("bignum: powers side by side by the IFMA kernel, emulated, agree with the portable ones",
          "[emulated]") {
  test::check_pairs(kIfma, {1024, 1536, 2048, 1025}, 24);
}

TEST_CASE("bignum: powers with secret exponents by the IFMA kernel, emulated, agree with the portable ones",
          "[emulated]") {
  test::check_secret_powers(kIfma, {2048, 3072, 4096}, 23);
}
