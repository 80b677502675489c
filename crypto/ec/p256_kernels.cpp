// SPDX-License-Identifier: Apache-2.0
#include "ec/operations.hpp"
#include "ec/p256_field_x86_adx.hpp"

namespace ashlar::crypto {

namespace {

constexpr auto kKernels = ec::rows<P256Kernel, ec::P256, ec::P256FieldAdx>();
constexpr auto kVerifiers = ec::rows<ec::Verifier<P256Curve>, ec::P256, ec::P256FieldAdx>();

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
