// SPDX-License-Identifier: Apache-2.0
#include "ec/operations.hpp"
#include "ec/p521_field_x86_bmi2.hpp"

namespace ashlar::crypto {

namespace {

constexpr auto kKernels = ec::rows<P521Kernel, ec::P521, ec::P521FieldAdx, ec::P521FieldBmi2>();
constexpr auto kVerifiers =
    ec::rows<ec::Verifier<P521Curve>, ec::P521, ec::P521FieldAdx, ec::P521FieldBmi2>();

}  // namespace

std::span<const P521Kernel> p521_kernels() {
  return kKernels;
}
template <>
std::span<const P521Kernel> ec::kernels<P521Curve>() {
  return kKernels;
}
template <>
std::span<const ec::Verifier<P521Curve>> ec::verifiers<P521Curve>() {
  return kVerifiers;
}

}  // namespace ashlar::crypto
