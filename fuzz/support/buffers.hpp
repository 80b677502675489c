// SPDX-License-Identifier: Apache-2.0
// Bytes that a target makes itself.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <initializer_list>
#include <vector>

namespace ashlar::fuzz {

using Buffer = std::vector<std::uint8_t>;

inline Buffer joined(std::initializer_list<Bytes> parts) {
  Buffer out;
  for (const Bytes part : parts) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

}  // namespace ashlar::fuzz
