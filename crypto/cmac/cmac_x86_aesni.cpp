// SPDX-License-Identifier: Apache-2.0
// CMAC with the AES instructions: one chain (aes/cbc_mac.hpp). The last block, with its padding and subkey,
// is known before the chain gets there and goes in like the others. Bound: the latency of the rounds, for
// AES-128 10 x 3 cycles per block on Intel's cores since Ice Lake, 10 x 4 on others. Vector registers wider
// than a block gain nothing here, so there are no more rows.
#include "aes/cbc_mac.hpp"
#include "cmac/cmac_kernels.hpp"
#include "cpu/x86_parts.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::cmac {

using aes::load;
using aes::store;

ASHLAR_TARGET(ASHLAR_AESNI_TARGET)
void Aesni::finish(const AesSchedule& schedule, const std::uint8_t subkeys[32], const std::uint8_t* state,
                   const std::uint8_t* in, std::size_t size, std::uint8_t mac[16]) {
  // A one bit behind the first `rest` bytes.
  alignas(16) static constexpr std::uint8_t kPadding[32] = {0, 0, 0, 0, 0, 0, 0, 0,   0,
                                                            0, 0, 0, 0, 0, 0, 0, 0x80};
  const std::uint8_t* const keys = schedule.round_keys;
  const std::size_t blocks = size == 0 ? 0 : (size - 1) / 16;
  const std::size_t rest = size - 16 * blocks;
  __m128i last = x86::load_part(in + 16 * blocks, rest);
  if (rest == 16) {
    last = _mm_xor_si128(last, load(subkeys));
  } else {
    last = _mm_xor_si128(last, _mm_xor_si128(load(kPadding + 16 - rest), load(subkeys + 16)));
  }
  const __m128i chain = aes::begun(keys, state != nullptr ? load(state) : _mm_setzero_si128());
  __m128i b[1] = {aes::chained(keys, schedule.rounds, chain, in, blocks, last)};
  aes::inner_rounds(aes::reread(keys), schedule.rounds, b);
  store(mac, _mm_aesenclast_si128(b[0], aes::round_key(keys, schedule.rounds)));
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::cmac

#endif
