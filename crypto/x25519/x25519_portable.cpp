// SPDX-License-Identifier: Apache-2.0
// The portable row of X25519.
#include "x25519/base.hpp"
#include "x25519/field_51.hpp"
#include "x25519/kernels.hpp"
#include "x25519/ladder.hpp"

namespace ashlar::crypto::x25519 {

void multiply_portable(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point) {
  ladder<Field51>(out, scalar, point);
}

void base_portable(std::uint8_t* out, const std::uint8_t* scalar) {
  base_multiple<ed25519::Edwards<Field51>>(out, scalar);
}

}  // namespace ashlar::crypto::x25519
