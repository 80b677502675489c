// SPDX-License-Identifier: Apache-2.0
#include "ec/operations.hpp"
#include "ec/p256_field_x86_adx.hpp"
#include "ec/p256_field_x86_bmi2.hpp"
#include "ec/p256_x86_ifma.hpp"

namespace ashlar::crypto {

namespace {

// With IFMA for multiples of the base point alone: there the additions are independent.
template <class Row>
constexpr auto rows() {
  return ec::rows<Row, ec::P256, ec::P256FieldAdx, ec::P256FieldBmi2>(
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
      ec::Operations<ec::P256, ec::P256FieldAdx>::row<Row>(
          "x86-ifma",
          cpu::Features(cpu::Feature::avx2, cpu::Feature::avx512f, cpu::Feature::avx512vl,
                        cpu::Feature::avx512dq, cpu::Feature::avx512_ifma, cpu::Feature::bmi2,
                        cpu::Feature::adx),
          ec::p256_fixed_base_ifma)
#endif
  );
}

constexpr auto kKernels = rows<P256Kernel>();
constexpr auto kVerifiers = rows<ec::Verifier<P256Curve>>();

}  // namespace

std::span<const P256Kernel> p256_kernels() {
  return kKernels;
}
template <>
std::span<const P256Kernel> ec::kernels<P256Curve>() {
  return kKernels;
}
template <>
std::span<const ec::Verifier<P256Curve>> ec::verifiers<P256Curve>() {
  return kVerifiers;
}

}  // namespace ashlar::crypto
