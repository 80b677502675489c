// SPDX-License-Identifier: Apache-2.0
// Polynomials of the lattice schemes that are wiped when they die.
#pragma once

#include "cpu/dead_stack.hpp"

namespace ashlar::crypto::sha3 {

template <class Coefficient, std::size_t Count>
struct Polynomials {
  static constexpr std::size_t kCoefficients = 256;

  Polynomials() = default;
  Polynomials(const Polynomials&) = delete;
  Polynomials& operator=(const Polynomials&) = delete;
  ~Polynomials() { wipe_by_call(at, sizeof at); }
  Coefficient* operator[](std::size_t i) { return at + kCoefficients * i; }
  alignas(64) Coefficient at[Count * kCoefficients];
};

}  // namespace ashlar::crypto::sha3
