// SPDX-License-Identifier: Apache-2.0
// The x86-bmi2 row of X25519: the ladder over field_x86_bmi2.hpp, which explains the arithmetic.
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)

#include "x25519/base.hpp"
#include "x25519/field_x86_bmi2.hpp"
#include "x25519/kernels.hpp"
#include "x25519/ladder.hpp"

namespace ashlar::crypto::x25519 {

void multiply_x86_bmi2(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point) {
  ladder<FieldBmi2>(out, scalar, point);
}

void base_x86_bmi2(std::uint8_t* out, const std::uint8_t* scalar) {
  base_multiple<ed25519::Edwards<FieldBmi2>>(out, scalar);
}

}  // namespace ashlar::crypto::x25519

#endif
