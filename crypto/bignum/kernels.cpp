// SPDX-License-Identifier: Apache-2.0
#include "bignum/kernels.hpp"

namespace ashlar::crypto {

std::span<const BignumKernel> bignum_kernels() {
  static constexpr BignumKernel kKernels[] = {
#ifdef ASHLAR_BIGNUM_X86
      {"adx", cpu::Features(cpu::Feature::bmi2, cpu::Feature::adx), bignum::multiply_x86_adx,
       bignum::square_x86_adx, bignum::reduce_x86_adx},
#endif
      {"portable", cpu::Features(), bignum::multiply_portable, bignum::square_portable,
       bignum::reduce_portable},
  };
  return kKernels;
}

}  // namespace ashlar::crypto
