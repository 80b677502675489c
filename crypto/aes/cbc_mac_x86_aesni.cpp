// SPDX-License-Identifier: Apache-2.0
#include "aes/cbc_mac.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::aes {

ASHLAR_TARGET(ASHLAR_AESNI_TARGET)
void cbc_mac_aesni(const AesSchedule& schedule, std::uint8_t state[16], const std::uint8_t* in,
                   std::size_t blocks) {
  const std::uint8_t* const keys = schedule.round_keys;
  const __m128i chain = begun(keys, load(state));
  store(state, chained(keys, schedule.rounds, chain, in, blocks, round_key(keys, 0)));
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::aes

#endif
