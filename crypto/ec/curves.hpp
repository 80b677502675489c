// SPDX-License-Identifier: Apache-2.0
// The curves y^2 = x^3 - 3x + b of SP 800-186 §3.2.1, as data. Numbers are plain, limbs least significant
// first.
#pragma once

#include "ec/montgomery.hpp"

namespace ashlar::crypto::ec {

// SP 800-186 §3.2.1.3
struct P256 {
  // 2^256 - 2^224 + 2^192 + 2^96 - 1
  struct Prime {
    static constexpr Limbs<4> kValue = {
        {0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001}};
  };
  struct Order {
    static constexpr Limbs<4> kValue = {
        {0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000}};
  };
  static constexpr Limbs<4> kB = {
      {0x3bce3c3e27d2604b, 0x651d06b0cc53b0f6, 0xb3ebbd55769886bc, 0x5ac635d8aa3a93e7}};
  static constexpr Limbs<4> kGeneratorX = {
      {0xf4a13945d898c296, 0x77037d812deb33a0, 0xf8bce6e563a440f2, 0x6b17d1f2e12c4247}};
  static constexpr Limbs<4> kGeneratorY = {
      {0xcbb6406837bf51f5, 0x2bce33576b315ece, 0x8ee7eb4a7c0f9e16, 0x4fe342e2fe1a7f9b}};
};

// SP 800-186 §3.2.1.4
struct P384 {
  // 2^384 - 2^128 - 2^96 + 2^32 - 1
  struct Prime {
    static constexpr Limbs<6> kValue = {{0x00000000ffffffff, 0xffffffff00000000, 0xfffffffffffffffe,
                                         0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff}};
  };
  struct Order {
    static constexpr Limbs<6> kValue = {{0xecec196accc52973, 0x581a0db248b0a77a, 0xc7634d81f4372ddf,
                                         0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff}};
  };
  static constexpr Limbs<6> kB = {{0x2a85c8edd3ec2aef, 0xc656398d8a2ed19d, 0x0314088f5013875a,
                                   0x181d9c6efe814112, 0x988e056be3f82d19, 0xb3312fa7e23ee7e4}};
  static constexpr Limbs<6> kGeneratorX = {{0x3a545e3872760ab7, 0x5502f25dbf55296c, 0x59f741e082542a38,
                                            0x6e1d3b628ba79b98, 0x8eb1c71ef320ad74, 0xaa87ca22be8b0537}};
  static constexpr Limbs<6> kGeneratorY = {{0x7a431d7c90ea0e5f, 0x0a60b1ce1d7e819d, 0xe9da3113b5f0b8c0,
                                            0xf8f41dbd289a147c, 0x5d9e98bf9292dc29, 0x3617de4a96262c6f}};
};

template <class Curve>
inline constexpr std::size_t kCurveLimbs = sizeof(Curve::kB.v) / sizeof(std::uint64_t);

// Whether 1 <= k < n. Constant time.
template <class Curve>
ct::Mask in_scalar_range(const Limbs<kCurveLimbs<Curve>>& k) {
  return less(k, Curve::Order::kValue) & ~is_zero(k);
}

}  // namespace ashlar::crypto::ec
