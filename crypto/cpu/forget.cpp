// SPDX-License-Identifier: Apache-2.0
#include "cpu/forget.hpp"

#include "cpu/mask.hpp"
#include "cpu/x86.hpp"

namespace ashlar::crypto {

#if ASHLAR_X86_KERNELS

static ASHLAR_TARGET("avx512f") void forget_avx512() {
  clear_vectors_avx512();
}

static ASHLAR_TARGET("avx") void forget_avx() {
  clear_vectors_avx();
}

void forget_vectors() {
  const cpu::Features have = cpu::unmasked_features();
  if (have.has(cpu::Feature::avx512f)) {
    forget_avx512();
  } else if (have.has(cpu::Feature::avx)) {
    forget_avx();
  } else {
    clear_vectors_sse();
  }
}

#else

void forget_vectors() {}

#endif

}  // namespace ashlar::crypto
