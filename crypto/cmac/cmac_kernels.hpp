// SPDX-License-Identifier: Apache-2.0
// The rows of CMAC, each in a file of its own.
#pragma once

#include <ashlar/crypto/cmac.hpp>

namespace ashlar::crypto::cmac {

// The last step; the others are the CBC-MAC of the row (aes/cbc_mac.hpp).
#define ASHLAR_CMAC_ROW(Name)                                                                         \
  struct Name {                                                                                       \
    static void finish(const AesSchedule&, const std::uint8_t subkeys[32], const std::uint8_t* state, \
                       const std::uint8_t* in, std::size_t size, std::uint8_t mac[16]);               \
  }

ASHLAR_CMAC_ROW(Portable);
ASHLAR_CMAC_ROW(Aesni);

}  // namespace ashlar::crypto::cmac
