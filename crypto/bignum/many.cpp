// SPDX-License-Identifier: Apache-2.0
#include "bignum/many.hpp"

namespace ashlar::crypto {

std::span<const BignumManyKernel> bignum_many_kernels() {
  static constexpr BignumManyKernel kKernels[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    {"ifma",
     cpu::Features(cpu::Feature::avx512f, cpu::Feature::avx512vl, cpu::Feature::avx512dq,
                   cpu::Feature::avx512_ifma, cpu::Feature::bmi2),
     8, 6, bignum::power_eight_ifma, bignum::power_public_eight_ifma, 4},
#endif
    {"portable", cpu::Features(), 1, 1, nullptr, nullptr, 1},
  };
  return kKernels;
}

}  // namespace ashlar::crypto
