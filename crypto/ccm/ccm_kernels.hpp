// SPDX-License-Identifier: Apache-2.0
// The rows of CCM, each in a file of its own.
#pragma once

#include <ashlar/crypto/ccm.hpp>

namespace ashlar::crypto::ccm {

#define ASHLAR_CCM_ROW(Name)                                                                  \
  struct Name {                                                                               \
    static void seal(const AesSchedule&, const CcmCall& call, std::uint8_t tag[16]);          \
    static void open(const AesSchedule&, const CcmCall& call, std::uint8_t expected_tag[16]); \
  }

ASHLAR_CCM_ROW(Portable);
ASHLAR_CCM_ROW(Aesni);

enum class Direction { seal, open };

}  // namespace ashlar::crypto::ccm
