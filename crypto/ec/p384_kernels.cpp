// SPDX-License-Identifier: Apache-2.0
#include "ec/operations.hpp"
#include "ec/p384_field_x86_bmi2.hpp"

namespace ashlar::crypto {

namespace {

constexpr auto kKernels = ec::rows<P384Kernel, ec::P384, ec::P384FieldAdx, ec::P384FieldBmi2>();
constexpr auto kVerifiers =
    ec::rows<ec::Verifier<P384Curve>, ec::P384, ec::P384FieldAdx, ec::P384FieldBmi2>();

}  // namespace

std::span<const P384Kernel> p384_kernels() {
  return kKernels;
}
template <>
std::span<const P384Kernel> ec::kernels<P384Curve>() {
  return kKernels;
}
template <>
std::span<const ec::Verifier<P384Curve>> ec::verifiers<P384Curve>() {
  return kVerifiers;
}

}  // namespace ashlar::crypto
