// SPDX-License-Identifier: Apache-2.0
#include "ec/operations.hpp"
#include "ec/p256_field_x86_bmi2.hpp"

namespace ashlar::crypto {

namespace {

constexpr auto kKernels = ec::rows<P256Kernel, ec::P256, ec::P256FieldAdx, ec::P256FieldBmi2>();
constexpr auto kVerifiers =
    ec::rows<ec::Verifier<P256Curve>, ec::P256, ec::P256FieldAdx, ec::P256FieldBmi2>();

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
