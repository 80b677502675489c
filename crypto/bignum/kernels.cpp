// SPDX-License-Identifier: Apache-2.0
#include "bignum/kernels.hpp"

#include "bignum/bignum_x86_ifma.hpp"

namespace ashlar::crypto {

#ifdef ASHLAR_BIGNUM_X86
static constexpr BignumPowers kIfma = {bignum::power_public_ifma, bignum::prepare_pair_ifma,
                                       bignum::power_pair_ifma, bignum::power_secret_ifma};
#endif

std::span<const BignumKernel> bignum_kernels() {
  static constexpr BignumKernel kKernels[] = {
#ifdef ASHLAR_BIGNUM_X86
      {"ifma",
       cpu::Features(cpu::Feature::avx512f, cpu::Feature::avx512vl, cpu::Feature::avx512dq,
                     cpu::Feature::avx512_ifma, cpu::Feature::bmi2, cpu::Feature::adx),
       bignum::multiply_x86_adx, bignum::square_x86_adx, bignum::reduce_x86_adx, &kIfma},
      {"adx", cpu::Features(cpu::Feature::bmi2, cpu::Feature::adx), bignum::multiply_x86_adx,
       bignum::square_x86_adx, bignum::reduce_x86_adx},
      {"bmi2", cpu::Features(cpu::Feature::bmi2), bignum::multiply_x86_bmi2, bignum::square_x86_bmi2,
       bignum::reduce_x86_bmi2},
      {"mul", cpu::Features(), bignum::multiply_x86_mul, bignum::square_x86_mul, bignum::reduce_x86_mul},
#endif
      {"portable", cpu::Features(), bignum::multiply_portable, bignum::square_portable,
       bignum::reduce_portable},
  };
  return kKernels;
}

}  // namespace ashlar::crypto
