// SPDX-License-Identifier: Apache-2.0
#include "mldsa/encoding.hpp"

#include <cstring>

namespace ashlar::crypto::mldsa {

void pack_hint(std::uint8_t* out, const std::int32_t* hint, const MlDsaSet& set) {
  std::memset(out, 0, set.omega + set.k);
  std::uint8_t count = 0;
  for (unsigned r = 0; r < set.k; ++r) {
    for (std::size_t i = 0; i < kN; ++i) {
      if (hint[kN * r + i] != 0 && count < set.omega) {
        out[count++] = static_cast<std::uint8_t>(i);
      }
    }
    out[set.omega + r] = count;
  }
}

bool unpack_hint(std::uint8_t* hint, const std::uint8_t* in, const MlDsaSet& set) {
  std::memset(hint, 0, kN / 8 * set.k);
  unsigned at = 0;
  for (unsigned r = 0; r < set.k; ++r) {
    const unsigned end = in[set.omega + r];
    if (end < at || end > set.omega) {
      return false;
    }
    for (const unsigned first = at; at < end; ++at) {
      // Places must ascend, so that a hint has only one encoding.
      if (at > first && in[at - 1] >= in[at]) {
        return false;
      }
      hint[kN / 8 * r + in[at] / 8] |= static_cast<std::uint8_t>(1u << (in[at] % 8));
    }
  }
  for (; at < set.omega; ++at) {
    if (in[at] != 0) {
      return false;
    }
  }
  return true;
}

}  // namespace ashlar::crypto::mldsa
