// SPDX-License-Identifier: Apache-2.0
// Polynomials and hints as bytes (FIPS 204 §7.1 and §7.2). Constant time except for hints, which are public.
#pragma once

#include "mldsa/arithmetic.hpp"
#include "sha3/bits.hpp"

namespace ashlar::crypto::mldsa {

// BitPack (Algorithm 17) of `top` - c in `bits` bits each.
inline void pack(std::uint8_t* out, const std::int32_t* p, std::int32_t top, unsigned bits) {
  sha3::BitWriter writer(out, bits);
  for (std::size_t i = 0; i < kN; ++i) {
    writer.put(static_cast<std::uint32_t>(top - p[i]));
  }
}
// BitUnpack (Algorithm 19).
inline void unpack(std::int32_t* p, const std::uint8_t* in, std::int32_t top, unsigned bits) {
  sha3::BitReader reader(in, bits);
  for (std::size_t i = 0; i < kN; ++i) {
    p[i] = top - static_cast<std::int32_t>(reader.next());
  }
}
// SimpleBitPack (Algorithm 16) in `bits` bits each.
inline void pack_simple(std::uint8_t* out, const std::int32_t* p, unsigned bits) {
  sha3::BitWriter writer(out, bits);
  for (std::size_t i = 0; i < kN; ++i) {
    writer.put(static_cast<std::uint32_t>(p[i]));
  }
}

// HintBitPack (Algorithm 20) of k polynomials of 0 and 1, at most omega ones.
void pack_hint(std::uint8_t* out, const std::int32_t* hint, const MlDsaSet& set);
// HintBitUnpack (Algorithm 21), one bit each: 32 k bytes. Returns whether the hint is valid.
bool unpack_hint(std::uint8_t* hint, const std::uint8_t* in, const MlDsaSet& set);

}  // namespace ashlar::crypto::mldsa
