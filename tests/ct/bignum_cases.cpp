// SPDX-License-Identifier: Apache-2.0
// Big numbers: every value is secret.
#include "bignum/prime.hpp"

#include "cases.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;

namespace {

// Random bytes that the checker regards as secret.
crypto::Random secret_random() {
  static crypto::DeterministicRandom generator(std::uint64_t{1});
  return {[](void*, MutBytes out) -> Result<void> {
            ASHLAR_CHECK(generator.random().fill(out));
            ct::classify(out);
            return {};
          },
          nullptr};
}

}  // namespace

CT_CASE("bignum: a random prime") {
  crypto::bignum::Limb prime[8];
  const auto ignore = [](void*, unsigned) {};
  expect(crypto::bignum::generate_prime(prime, 512, 65537, nullptr, secret_random(),
                                        cpu::best(crypto::bignum_kernels()), {ignore, nullptr})
             .ok());
}

CT_CASE("bignum: greatest common divisor, division and inverse") {
  crypto::bignum::Limb a[8], b[8], r[8], s[8];
  expect(crypto::bignum::from_bytes(a, 8, secret(64, 4)).declassify());
  expect(crypto::bignum::from_bytes(b, 8, secret(64, 5)).declassify());
  b[0] |= 1;
  crypto::bignum::gcd(r, a, b, 8);
  crypto::bignum::divide(r, s, a, 8, b, 8);
  const auto exists = crypto::bignum::invert(r, s, b, 8);
  (void)exists.declassify();
}
