// SPDX-License-Identifier: Apache-2.0
// The rows of XTS, each in a file of its own.
#pragma once

#include <ashlar/crypto/xts.hpp>

namespace ashlar::crypto::xts {

// What a row is made of; each row's file defines these functions.
#define ASHLAR_XTS_ROW(Name)                                                                            \
  struct Name {                                                                                         \
    static void encrypt(const XtsSchedules&, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out, \
                        std::size_t size);                                                              \
    static void decrypt(const XtsSchedules&, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out, \
                        std::size_t size);                                                              \
  }

ASHLAR_XTS_ROW(Portable);
ASHLAR_XTS_ROW(Aesni);
ASHLAR_XTS_ROW(Vaes);
ASHLAR_XTS_ROW(Avx512);

}  // namespace ashlar::crypto::xts
