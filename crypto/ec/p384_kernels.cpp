// SPDX-License-Identifier: Apache-2.0
#include "ec/operations.hpp"
#include "ec/p384_field_x86_adx.hpp"

namespace ashlar::crypto {

namespace {

using Portable = ec::Operations<ec::P384, ec::PortableField<ec::P384::Prime>>;

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
using Adx = ec::Operations<ec::P384, ec::P384FieldAdx>;
constexpr cpu::Features kAdx(cpu::Feature::bmi2, cpu::Feature::adx);
#endif

constexpr P384Kernel kKernels[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    Adx::kernel("x86-adx", kAdx),
#endif
    Portable::kernel("portable", cpu::Features()),
};

// The same rows, in the same order.
constexpr ec::Verifier<P384Curve> kVerifiers[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    Adx::verifier("x86-adx", kAdx),
#endif
    Portable::verifier("portable", cpu::Features()),
};
static_assert(std::size(kVerifiers) == std::size(kKernels));

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
