// SPDX-License-Identifier: Apache-2.0
// The x86-adx row of X25519: the ladder over field_x86_adx.hpp, which explains the arithmetic.
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)

#include "x25519/base.hpp"
#include "x25519/field_x86_adx.hpp"
#include "x25519/kernels.hpp"
#include "x25519/ladder.hpp"

namespace ashlar::crypto::x25519 {

void multiply_x86_adx(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point) {
  ladder<FieldAdx>(out, scalar, point);
}

void base_x86_adx(std::uint8_t* out, const std::uint8_t* scalar) {
  base_multiple<ed25519::Edwards<FieldAdx>>(out, scalar);
}

}  // namespace ashlar::crypto::x25519

#endif
