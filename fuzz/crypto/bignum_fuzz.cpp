// SPDX-License-Identifier: Apache-2.0
// Multi-precision arithmetic: every kernel as slow schoolbook arithmetic; division, gcd and inverse likewise
//
// The first byte is the number of limbs in eighths, then the limbs of two numbers and of an odd modulus.
#include "bignum/limbs.hpp"

#include <ashlar/crypto/bignum.hpp>

#include "crypto/bignum/reference.hpp"
#include "crypto/every_row.hpp"
#include "support/check.hpp"
#include "support/choices.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Natural;
using Limbs = std::vector<std::uint64_t>;

namespace {

// Eight limbs a byte: runs of ones and zeros, on which carries trip, come from few bytes.
Limbs limbs_of(fuzz::Choices& in, std::size_t count) {
  Limbs out(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t how = in.byte();
    out[i] = how < 64    ? 0
             : how < 128 ? ~std::uint64_t{0}
             : how < 160 ? std::uint64_t{1} << (how & 63)
                         : in.number(8);
  }
  return out;
}

Natural two_to_the(std::size_t bits) {
  return Natural(1).shifted(bits);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 700) {
    return -1;
  }
  fuzz::Choices in(data, size);
  const std::size_t limbs = 8 * (1 + in.below(3));
  const Limbs a = limbs_of(in, limbs), b = limbs_of(in, limbs);
  Limbs n = limbs_of(in, limbs);
  n[0] |= 1;
  n[limbs - 1] |= std::uint64_t{1} << 63;
  const Natural A(a), B(b), N(n);
  const Natural product = A * B, square = A * A;
  std::uint64_t inverse = 1;  // of n modulo 2^64, each step doubles the bits that are right
  for (int i = 0; i < 6; ++i) {
    inverse *= 2 - n[0] * inverse;
  }
  const std::uint64_t factor = 0 - inverse;
  fuzz::on_every_row(bignum_kernels(), [&](const BignumKernel& row) {
    Limbs out(2 * limbs), value(2 * limbs), reduced(limbs);
    row.multiply(out.data(), a.data(), b.data(), limbs);
    FUZZ_CHECK(Natural(out) == product);
    value = out;
    row.square(out.data(), a.data(), limbs);
    FUZZ_CHECK(Natural(out) == square);
    // reduced * 2^(64 limbs) is the product modulo n.
    row.reduce(reduced.data(), value.data(), n.data(), factor, limbs);
    FUZZ_CHECK(Natural(reduced) * two_to_the(64 * limbs) % N == product % N);
  });
  const Natural one(1);
  if (!(B == Natural(0))) {
    Limbs quotient(limbs), remainder(limbs);
    bignum::divide(quotient.data(), remainder.data(), a.data(), limbs, b.data(), limbs);
    FUZZ_CHECK(Natural(quotient) * B + Natural(remainder) == A && Natural(remainder) < B);
  }
  Limbs below = (A % N).limbs(limbs), result(limbs);
  const bool exists = bignum::invert(result.data(), below.data(), n.data(), limbs).declassify();
  Limbs common(limbs);
  bignum::gcd(common.data(), below.data(), n.data(), limbs);
  FUZZ_CHECK(exists == (Natural(common) == one));
  FUZZ_CHECK(Natural(n) % Natural(common) == Natural(0) && Natural(below) % Natural(common) == Natural(0));
  if (exists) {
    FUZZ_CHECK(Natural(result) * Natural(below) % N == one % N && Natural(result) < N);
  }
  fuzz::accepted(exists ? "limbs, an inverse" : "limbs, no inverse", limbs);
  return 0;
}
