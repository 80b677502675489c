// SPDX-License-Identifier: Apache-2.0
#include "ed25519/kernels.hpp"

namespace ashlar::crypto {

namespace {

using cpu::Feature;

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
constexpr cpu::Features kIfma(Feature::avx2, Feature::avx512f, Feature::avx512vl, Feature::avx512dq,
                              Feature::avx512_ifma, Feature::bmi2, Feature::adx);
constexpr cpu::Features kAdx(Feature::bmi2, Feature::adx);
constexpr cpu::Features kBmi2(Feature::bmi2);
#endif

constexpr Ed25519Kernel kKernels[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    {"x86-ifma", kIfma, ed25519::base_multiple_x86_ifma, ed25519::decode_x86_ifma, ed25519::sum_x86_ifma},
    {"x86-adx", kAdx, ed25519::base_multiple_x86_adx, ed25519::decode_x86_adx, ed25519::sum_x86_adx},
    {"x86-bmi2", kBmi2, ed25519::base_multiple_x86_bmi2, ed25519::decode_x86_bmi2, ed25519::sum_x86_bmi2},
#endif
    {"portable", cpu::Features(), ed25519::base_multiple_portable, ed25519::decode_portable,
     ed25519::sum_portable},
};

// The same rows, in the same order.
constexpr ed25519::Verifier kVerifiers[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    {"x86-ifma", kIfma, ed25519::decode_x86_ifma, ed25519::sum_x86_ifma},
    {"x86-adx", kAdx, ed25519::decode_x86_adx, ed25519::sum_x86_adx},
    {"x86-bmi2", kBmi2, ed25519::decode_x86_bmi2, ed25519::sum_x86_bmi2},
#endif
    {"portable", cpu::Features(), ed25519::decode_portable, ed25519::sum_portable},
};
static_assert(std::size(kVerifiers) == std::size(kKernels));

}  // namespace

std::span<const Ed25519Kernel> ed25519_kernels() {
  return kKernels;
}
std::span<const ed25519::Verifier> ed25519::verifiers() {
  return kVerifiers;
}

}  // namespace ashlar::crypto
