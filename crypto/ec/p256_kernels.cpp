// SPDX-License-Identifier: Apache-2.0
#include "ec/operations.hpp"
#include "ec/p256_field_x86_adx.hpp"

namespace ashlar::crypto {

namespace {

using Portable = ec::Operations<ec::P256, ec::PortableField<ec::P256::Prime>>;

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
using Adx = ec::Operations<ec::P256, ec::P256FieldAdx>;
constexpr cpu::Features kAdx(cpu::Feature::bmi2, cpu::Feature::adx);
#endif

constexpr P256Kernel kKernels[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    Adx::kernel("x86-adx", kAdx),
#endif
    Portable::kernel("portable", cpu::Features()),
};

// The same rows, in the same order.
constexpr ec::Verifier<P256Curve> kVerifiers[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    Adx::verifier("x86-adx", kAdx),
#endif
    Portable::verifier("portable", cpu::Features()),
};
static_assert(std::size(kVerifiers) == std::size(kKernels));

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
