// SPDX-License-Identifier: Apache-2.0
// A row of a curve's kernels over any implementation of its field.
#pragma once

#include "ec/curves.hpp"
#include "ec/scalar_multiply.hpp"

#include <array>
#include <type_traits>

namespace ashlar::crypto::ec {

// A row of the kernels without what private keys need.
template <class Curve>
struct Verifier {
  std::string_view name;
  cpu::Features required;
  bool (*verify)(const std::uint64_t* u, const std::uint64_t* v, const std::uint64_t* point,
                 const std::uint64_t* r);
};

// The tables of a curve: with the rows of p256_kernels() and so on, and the same rows in the same order
// without what private keys need.
template <class Curve>
std::span<const EcKernel<Curve>> kernels();
template <class Curve>
std::span<const Verifier<Curve>> verifiers();
template <>
std::span<const P256Kernel> kernels<P256Curve>();
template <>
std::span<const P384Kernel> kernels<P384Curve>();
template <>
std::span<const P521Kernel> kernels<P521Curve>();
template <>
std::span<const Verifier<P256Curve>> verifiers<P256Curve>();
template <>
std::span<const Verifier<P384Curve>> verifiers<P384Curve>();
template <>
std::span<const Verifier<P521Curve>> verifiers<P521Curve>();

template <class Data, class Field>
struct Operations {
  using Multiply = ScalarMultiply<Data, Field>;
  using AffinePoint = typename Multiply::AffinePoint;
  using Point = typename Multiply::Point;
  using Scalar = Limbs<Data::kLimbs>;

  static void fixed_base(std::uint64_t* out, const std::uint64_t* k) {
    Scalar scalar = load(k);
    Point point;
    Multiply::template comb<BaseTable<Data>>(point, scalar);
    finish(out, point);
    wipe(&scalar, sizeof scalar);
  }

  static void variable_base(std::uint64_t* out, const std::uint64_t* k, const std::uint64_t* p) {
    Scalar scalar = load(k);
    Point point;
    Multiply::variable_base(point, scalar, {load(p), load(p + Data::kLimbs)});
    finish(out, point);
    wipe(&scalar, sizeof scalar);
  }

  static bool verify(const std::uint64_t* u, const std::uint64_t* v, const std::uint64_t* p,
                     const std::uint64_t* r) {
    Point point;
    Multiply::sum_public(point, load(u), load(v), {load(p), load(p + Data::kLimbs)},
                         OddMultiples<Data>::kEntries);
    return Multiply::x_is_public(point, load(r));
  }

  // As an EcKernel or as a Verifier. fixed: another function for multiples of the base point.
  template <class Row>
  static constexpr Row row(std::string_view name, cpu::Features required,
                           void (*fixed)(std::uint64_t*, const std::uint64_t*) = fixed_base) {
    if constexpr (std::is_same_v<Row, Verifier<CurveOfSize<Data::kBits>>>) {
      return {name, required, verify};
    } else {
      return {name, required, fixed, variable_base, verify};
    }
  }

 private:
  static Scalar load(const std::uint64_t* limbs) {
    Scalar out;
    std::memcpy(out.v, limbs, sizeof out.v);
    return out;
  }
  static void finish(std::uint64_t* out, Point& point) {
    AffinePoint affine = Multiply::to_affine(point);
    std::memcpy(out, affine.x.v, sizeof affine.x.v);
    std::memcpy(out + Data::kLimbs, affine.y.v, sizeof affine.y.v);
    wipe(&affine, sizeof affine);
    wipe(&point, sizeof point);
  }
};

// Fields with MULX, ADCX and ADOX, and with MULX alone; defined in builds with x86-64 kernels.
struct P256FieldAdx;
struct P384FieldAdx;
struct P521FieldAdx;
struct P256FieldBmi2;
struct P384FieldBmi2;
struct P521FieldBmi2;

// The rows of a curve, best first, as EcKernels or as Verifiers. `best` stands before them.
template <class Row, class Data, class FieldAdx, class FieldBmi2, class... Best>
constexpr auto rows(Best... best) {
  return std::array {
    best...,
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
        Operations<Data, FieldAdx>::template row<Row>("x86-adx",
                                                      cpu::Features(cpu::Feature::bmi2, cpu::Feature::adx)),
        Operations<Data, FieldBmi2>::template row<Row>("x86-bmi2", cpu::Features(cpu::Feature::bmi2)),
#endif
        Operations<Data, PortableField<typename Data::Prime>>::template row<Row>("portable", cpu::Features()),
  };
}

}  // namespace ashlar::crypto::ec
