// SPDX-License-Identifier: Apache-2.0
// Multiples of X25519's base point, computed on edwards25519 with its table of multiples. The two
// curves are the same under u = (1 + y) / (1 - y) (RFC 7748 §4.1), and u = 9 is the base point of
// edwards25519.
#pragma once

#include "ed25519/multiply.hpp"
#include "x25519/ladder.hpp"

namespace ashlar::crypto::x25519 {

// out = the u coordinate of scalar times the base point; the scalar is clamped. Constant time.
template <class Group>
void base_multiple(std::uint8_t* out, const std::uint8_t* scalar) {
  using Field = typename Group::Field;
  struct {
    std::uint8_t clamped[32];
    typename Group::Point point;
    typename Field::Element x, y, z, sum, difference;
  } s;
  clamp(s.clamped, scalar);
  ed25519::base_multiple<Group>(s.point, s.clamped);
  Group::coordinates(s.point, s.x, s.y, s.z);
  Field::add(s.sum, s.z, s.y);
  Field::subtract(s.difference, s.z, s.y);
  Field::multiply(s.difference, s.difference, Field::one());  // tight, as invert needs it
  invert<Field>(s.difference, s.difference);
  Field::multiply(s.sum, s.sum, s.difference);
  Field::store(out, s.sum);
  wipe(&s, sizeof s);
}

}  // namespace ashlar::crypto::x25519
