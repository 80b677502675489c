// SPDX-License-Identifier: Apache-2.0
// CMAC in plain arithmetic, over the bitsliced AES.
#include "aes/cbc_mac.hpp"
#include "cmac/cmac_kernels.hpp"

namespace ashlar::crypto::cmac {

void Portable::finish(const AesSchedule& schedule, const std::uint8_t subkeys[32], const std::uint8_t* state,
                      const std::uint8_t* in, std::size_t size, std::uint8_t mac[16]) {
  std::uint8_t chain[16] = {};
  if (state != nullptr) {
    std::memcpy(chain, state, sizeof chain);
  }
  const std::size_t blocks = size == 0 ? 0 : (size - 1) / 16;
  aes::cbc_mac_portable(schedule, chain, in, blocks);
  // SP 800-38B §6.2 step 4: a complete last block takes K1; a part takes a one bit behind it, and K2.
  std::uint8_t last[16] = {};
  const std::size_t rest = size - 16 * blocks;
  copy_bytes(last, {in + 16 * blocks, rest});
  const std::uint8_t* subkey = subkeys;
  if (rest != sizeof last) {
    last[rest] = 0x80;
    subkey += 16;
  }
  for (std::size_t i = 0; i < sizeof last; ++i) {
    last[i] ^= subkey[i];
  }
  aes::cbc_mac_portable(schedule, chain, last, 1);
  std::memcpy(mac, chain, sizeof chain);
  wipe(chain, sizeof chain);
  wipe(last, sizeof last);
}

}  // namespace ashlar::crypto::cmac
