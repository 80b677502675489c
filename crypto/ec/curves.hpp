// SPDX-License-Identifier: Apache-2.0
// The curves y^2 = x^3 - 3x + b of SP 800-186 §3.2.1, as data. Numbers are plain, limbs least significant
// first.
#pragma once

#include "ec/montgomery.hpp"

#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/p521.hpp>

namespace ashlar::crypto::ec {

// SP 800-186 §3.2.1.3
struct P256 : P256Curve {
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
struct P384 : P384Curve {
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

// SP 800-186 §3.2.1.5
struct P521 : P521Curve {
  // 2^521 - 1
  struct Prime {
    static constexpr Limbs<9> kValue = {{0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff,
                                         0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff,
                                         0xffffffffffffffff, 0xffffffffffffffff, 0x00000000000001ff}};
  };
  struct Order {
    static constexpr Limbs<9> kValue = {{0xbb6fb71e91386409, 0x3bb5c9b8899c47ae, 0x7fcc0148f709a5d0,
                                         0x51868783bf2f966b, 0xfffffffffffffffa, 0xffffffffffffffff,
                                         0xffffffffffffffff, 0xffffffffffffffff, 0x00000000000001ff}};
  };
  static constexpr Limbs<9> kB = {{0xef451fd46b503f00, 0x3573df883d2c34f1, 0x1652c0bd3bb1bf07,
                                   0x56193951ec7e937b, 0xb8b489918ef109e1, 0xa2da725b99b315f3,
                                   0x929a21a0b68540ee, 0x953eb9618e1c9a1f, 0x0000000000000051}};
  static constexpr Limbs<9> kGeneratorX = {{0xf97e7e31c2e5bd66, 0x3348b3c1856a429b, 0xfe1dc127a2ffa8de,
                                            0xa14b5e77efe75928, 0xf828af606b4d3dba, 0x9c648139053fb521,
                                            0x9e3ecb662395b442, 0x858e06b70404e9cd, 0x00000000000000c6}};
  static constexpr Limbs<9> kGeneratorY = {{0x88be94769fd16650, 0x353c7086a272c240, 0xc550b9013fad0761,
                                            0x97ee72995ef42640, 0x17afbd17273e662c, 0x98f54449579b4468,
                                            0x5c8a5fb42c7d1bd9, 0x39296a789a3bc004, 0x0000000000000118}};
};

// The data of a curve that the public headers know by its size.
template <class Curve>
struct DataOf;
template <>
struct DataOf<P256Curve> {
  using Type = P256;
};
template <>
struct DataOf<P384Curve> {
  using Type = P384;
};
template <>
struct DataOf<P521Curve> {
  using Type = P521;
};

// Whether 1 <= k < n. Constant time.
template <class Curve>
ct::Mask in_scalar_range(const Limbs<Curve::kLimbs>& k) {
  return less(k, Curve::Order::kValue) & ~is_zero(k);
}

}  // namespace ashlar::crypto::ec
