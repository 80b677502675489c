// SPDX-License-Identifier: Apache-2.0
#include "ec/operations.hpp"
#include "ec/p521_field_x86_adx.hpp"

namespace ashlar::crypto {

namespace {

using Portable = ec::Operations<ec::P521, ec::PortableField<ec::P521::Prime>>;

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
using Adx = ec::Operations<ec::P521, ec::P521FieldAdx>;
constexpr cpu::Features kAdx(cpu::Feature::bmi2, cpu::Feature::adx);
#endif

constexpr P521Kernel kKernels[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    Adx::kernel("x86-adx", kAdx),
#endif
    Portable::kernel("portable", cpu::Features()),
};

// The same rows, in the same order.
constexpr ec::Verifier<P521Curve> kVerifiers[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    Adx::verifier("x86-adx", kAdx),
#endif
    Portable::verifier("portable", cpu::Features()),
};
static_assert(std::size(kVerifiers) == std::size(kKernels));

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
