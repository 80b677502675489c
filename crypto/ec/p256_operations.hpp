// SPDX-License-Identifier: Apache-2.0
// A row of p256_kernels() over any implementation of the field.
#pragma once

#include "ec/curves.hpp"
#include "ec/scalar_multiply.hpp"

#include <ashlar/crypto/p256.hpp>

namespace ashlar::crypto::ec {

// (j + 1) * 32^i * G, in 16 entries for each of 52 windows: 53248 bytes.
extern const std::uint64_t kP256BaseTable[52][16][8];

// A row of p256_kernels() without what private keys need.
struct P256Verifier {
  std::string_view name;
  cpu::Features required;
  bool (*verify)(const std::uint64_t u[4], const std::uint64_t v[4], const std::uint64_t point[8],
                 const std::uint64_t r[4]);
};
std::span<const P256Verifier> p256_verifiers();

template <class Field>
struct P256Operations {
  using Multiply = ScalarMultiply<P256, Field>;
  using AffinePoint = typename Multiply::AffinePoint;
  using Point = typename Multiply::Point;
  using Scalar = Limbs<4>;

  static void fixed_base(std::uint64_t out[8], const std::uint64_t k[4]) {
    Scalar scalar = load(k);
    Point point;
    Multiply::fixed_base(point, scalar, kP256BaseTable);
    finish(out, point);
    wipe(&scalar, sizeof scalar);
  }

  static void variable_base(std::uint64_t out[8], const std::uint64_t k[4], const std::uint64_t p[8]) {
    Scalar scalar = load(k);
    Point point;
    Multiply::variable_base(point, scalar, {load(p), load(p + 4)});
    finish(out, point);
    wipe(&scalar, sizeof scalar);
  }

  static bool verify(const std::uint64_t u[4], const std::uint64_t v[4], const std::uint64_t p[8],
                     const std::uint64_t r[4]) {
    Point point;
    const AffinePoint q = {load(p), load(p + 4)};
    Multiply::sum_public(point, {{load(v), q}});
    Multiply::add_fixed_base_public(point, load(u), kP256BaseTable);
    return Multiply::x_is_public(point, load(r));
  }

 private:
  static Scalar load(const std::uint64_t* limbs) { return {{limbs[0], limbs[1], limbs[2], limbs[3]}}; }
  static void finish(std::uint64_t out[8], Point& point) {
    AffinePoint affine = Multiply::to_affine(point);
    std::memcpy(out, affine.x.v, sizeof affine.x.v);
    std::memcpy(out + 4, affine.y.v, sizeof affine.y.v);
    wipe(&affine, sizeof affine);
    wipe(&point, sizeof point);
  }
};

}  // namespace ashlar::crypto::ec
