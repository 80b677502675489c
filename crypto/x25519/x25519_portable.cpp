// SPDX-License-Identifier: Apache-2.0
// The portable row of X25519.
#include "x25519/field_51.hpp"
#include "x25519/kernels.hpp"
#include "x25519/ladder.hpp"

namespace ashlar::crypto::x25519 {

void multiply_portable(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point) {
  ladder<Field51>(out, scalar, point);
}

}  // namespace ashlar::crypto::x25519
