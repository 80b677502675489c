// SPDX-License-Identifier: Apache-2.0
// Key generation (FIPS 186-5 §A.1.3: random probable primes).
#include "bignum/prime.hpp"
#include "rsa/private_key.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::crypto {

using bignum::Limb;

namespace {

constexpr std::uint64_t kExponent = 65537;

// A number up to 2^32 modulo 65537, by 2^16 = -1.
std::uint64_t modulo_exponent(std::uint64_t value) {
  const std::uint64_t sum = (value & 0xffff) + kExponent - ((value >> 16) & 0xffff) + (value >> 32);
  return sum - ct::select(ct::less(sum, kExponent), 0, kExponent);
}

// -1 / value modulo the prime 65537: value^(65537 - 2), negated. 65535 is sixteen ones.
std::uint64_t negated_inverse(std::uint64_t value) {
  std::uint64_t result = 1;
  for (int i = 0; i < 16; i++) {
    result = modulo_exponent(modulo_exponent(result * result) * value);
  }
  return modulo_exponent(kExponent - result);
}

struct Report {
  const RsaPrivateKey::Progress* progress;
  unsigned prime;
};

void report(void* context, unsigned candidates) {
  const Report& to = *static_cast<const Report*>(context);
  if (to.progress != nullptr) {
    to.progress->candidate(to.progress->context, to.prime, candidates);
  }
}

}  // namespace

Result<RsaPrivateKey> RsaPrivateKey::generate(std::size_t bits, Random random, const Progress* progress,
                                              const BignumKernel* kernel) {
  if (bits != 2048 && bits != 3072 && bits != 4096 && bits != 8192) {
    return ErrorCode::invalid_argument;
  }
  if (kernel != nullptr && !cpu::features().contains(kernel->required)) {
    return ErrorCode::kernel_unavailable;
  }
  const WipeBelow<45056> wipe_below;
  return make(bits, random, progress, kernel != nullptr ? *kernel : cpu::best(bignum_kernels()));
}

[[gnu::noinline]] Result<RsaPrivateKey> RsaPrivateKey::make(std::size_t bits, Random random,
                                                            const Progress* progress,
                                                            const BignumKernel& row) {
  RsaPrivateKey key;
  const std::size_t half = key.half_limbs_ = bignum::limbs_for(bits / 2);
  Report to{progress, 1};
  ASHLAR_CHECK(
      bignum::generate_prime(key.p_.modulus, bits / 2, kExponent, nullptr, random, row, {report, &to}));
  to.prime = 2;
  ASHLAR_CHECK(bignum::generate_prime(key.q_.modulus, bits / 2, kExponent, key.p_.modulus, random, row,
                                      {report, &to}));

  // The larger prime first, as is usual.
  bignum::SecretLimbs<kHalfLimbs> p, q;
  const Limb swap = ashlar_limbs_less(key.p_.modulus, key.q_.modulus, half);
  ashlar_limbs_select(swap, p, key.q_.modulus, key.p_.modulus, half);
  ashlar_limbs_select(swap, q, key.p_.modulus, key.q_.modulus, half);
  bignum::copy(key.p_.modulus, p, half);
  bignum::copy(key.q_.modulus, q, half);

  row.multiply(key.public_.modulus_, p, q, half);
  // The modulus is the public key.
  ct::declassify(key.public_.modulus_, sizeof key.public_.modulus_);
  key.public_.exponent_ = kExponent;
  ASHLAR_CHECK(key.public_.set_up(&row));

  // lcm(p - 1, q - 1) = (p - 1) * (q - 1) / gcd(p - 1, q - 1).
  bignum::SecretLimbs<2 * kHalfLimbs + 8> product;
  bignum::SecretLimbs<kHalfLimbs> divisor;
  p[0] ^= 1;
  q[0] ^= 1;
  row.multiply(product, p, q, half);
  bignum::gcd(divisor, p, q, half);
  bignum::divide(product, nullptr, product, 2 * half, divisor, half);
  // d = (1 + lcm * (-1 / lcm mod e)) / e, an exact division.
  Limb rest = 0;
  bignum::divide(nullptr, &rest, product, 2 * half, &kExponent, 1);
  bignum::SecretLimbs<2 * kHalfLimbs + 1> multiple;
  bignum::set(multiple, 1, 2 * half);
  multiple[2 * half] = ashlar_limbs_mul_add(multiple, product, 2 * half, negated_inverse(rest));
  bignum::divide(multiple, nullptr, multiple, 2 * half + 1, &kExponent, 1);
  bignum::copy(key.private_exponent_, multiple, 2 * half);
  // §A.1.1: d > 2^(bits / 2).
  Limb top = 0;
  for (std::size_t i = half; i < 2 * half; i++) {
    top |= key.private_exponent_[i];
  }

  bignum::divide(nullptr, key.p_.exponent, key.private_exponent_, 2 * half, p, half);
  bignum::divide(nullptr, key.q_.exponent, key.private_exponent_, 2 * half, q, half);
  const ct::Mask inverts = bignum::invert(key.coefficient_, key.q_.modulus, key.p_.modulus, half);
  // A bad key is thrown away.
  if (!(inverts & ~ct::is_zero(top)).declassify() || !key.consistent()) {
    return ErrorCode::key_generation_failed;
  }
  return key;
}

}  // namespace ashlar::crypto
