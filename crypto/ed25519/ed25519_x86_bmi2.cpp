// SPDX-License-Identifier: Apache-2.0
// The x86-bmi2 row of Ed25519, over x25519/field_x86_bmi2.hpp.
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)

#include "ed25519/kernels.hpp"
#include "x25519/field_x86_bmi2.hpp"

namespace ashlar::crypto::ed25519 {

using Group = Edwards<x25519::FieldBmi2>;

void base_multiple_x86_bmi2(std::uint8_t* out, const std::uint8_t* k) {
  Operations<Group>::base_multiple(out, k);
}
bool decode_x86_bmi2(std::uint64_t point[8], const std::uint8_t* bytes) {
  return Operations<Group>::decode_negated(point, bytes);
}
void sum_x86_bmi2(std::uint8_t* out, const std::uint8_t* s, const std::uint8_t* k,
                  const std::uint64_t point[8]) {
  Operations<Group>::sum(out, s, k, point);
}

}  // namespace ashlar::crypto::ed25519

#endif
