// SPDX-License-Identifier: Apache-2.0
// Numbers modulo the order of edwards25519's base point. Constant time.
#pragma once

#include "ec/montgomery.hpp"

namespace ashlar::crypto::ed25519 {

// L = 2^252 + 27742317777372353535851937790883648493 (RFC 8032 §5.1)
struct Order {
  static constexpr ec::Limbs<4> kValue = {
      {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0x0000000000000000, 0x1000000000000000}};
};
using Scalars = ec::PortableField<Order>;
using Scalar = ec::Limbs<4>;

inline Scalar load_scalar(const std::uint8_t* bytes) {
  return {{load_le64(bytes), load_le64(bytes + 8), load_le64(bytes + 16), load_le64(bytes + 24)}};
}
inline void store_scalar(std::uint8_t* bytes, const Scalar& a) {
  for (int i = 0; i < 4; i++) {
    store_le64(bytes + 8 * i, a.v[i]);
  }
}

// The 64 bytes of a hash modulo L, in Montgomery form (times R = 2^256).
inline void reduce_wide(Scalar& out, const std::uint8_t* bytes) {
  struct {
    Scalar low, high;
  } s = {load_scalar(bytes), load_scalar(bytes + 32)};
  // One factor may be any number below R. Low half times R^2, high half times R^3, both over R.
  Scalars::multiply(out, s.low, Scalars::kSquare);
  Scalars::multiply(s.high, s.high, Scalars::kCube);
  Scalars::add(out, out, s.high);
  wipe(&s, sizeof s);
}

}  // namespace ashlar::crypto::ed25519
