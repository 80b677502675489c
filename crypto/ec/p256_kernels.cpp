// SPDX-License-Identifier: Apache-2.0
#include "ec/p256_field_x86_adx.hpp"
#include "ec/p256_operations.hpp"

namespace ashlar::crypto {

namespace {

using Portable = ec::P256Operations<ec::PortableField<ec::P256::Prime>>;

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
using Adx = ec::P256Operations<ec::P256FieldAdx>;
#endif

constexpr P256Kernel kKernels[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    {"x86-adx", cpu::Features(cpu::Feature::bmi2, cpu::Feature::adx), Adx::fixed_base, Adx::variable_base,
     Adx::verify},
#endif
    {"portable", cpu::Features(), Portable::fixed_base, Portable::variable_base, Portable::verify},
};

// The same rows, in the same order.
constexpr ec::P256Verifier kVerifiers[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    {"x86-adx", cpu::Features(cpu::Feature::bmi2, cpu::Feature::adx), Adx::verify},
#endif
    {"portable", cpu::Features(), Portable::verify},
};
static_assert(std::size(kVerifiers) == std::size(kKernels));

}  // namespace

std::span<const P256Kernel> p256_kernels() {
  return kKernels;
}
std::span<const ec::P256Verifier> ec::p256_verifiers() {
  return kVerifiers;
}

}  // namespace ashlar::crypto
