// SPDX-License-Identifier: Apache-2.0
// The field of 2^448 - 2^224 - 1 in Montgomery's form, for X448 and Ed448.
#pragma once

#include "ec/montgomery.hpp"

namespace ashlar::crypto::x448 {

struct Prime {
  static constexpr ec::Limbs<7> kValue = {{~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0},
                                           0xfffffffeffffffff, ~std::uint64_t{0}, ~std::uint64_t{0},
                                           ~std::uint64_t{0}}};
};

using Field = ec::PortableField<Prime>;
using Tools = ec::FieldTools<Field>;
using Element = Field::Element;

inline constexpr std::size_t kLimbs = Field::kLimbs;
inline constexpr std::size_t kBytes = 8 * kLimbs;

// The number in 56 little-endian bytes.
inline Element load_number(const std::uint8_t* bytes) {
  Element out;
  for (std::size_t i = 0; i < kLimbs; i++) {
    out.v[i] = load_le64(bytes + 8 * i);
  }
  return out;
}
inline void store_number(std::uint8_t* bytes, const Element& a) {
  for (std::size_t i = 0; i < kLimbs; i++) {
    store_le64(bytes + 8 * i, a.v[i]);
  }
}

}  // namespace ashlar::crypto::x448
