// SPDX-License-Identifier: Apache-2.0
// The portable row of Ed25519.
#include "ed25519/kernels.hpp"
#include "x25519/field_51.hpp"

namespace ashlar::crypto::ed25519 {

using Group = Edwards<x25519::Field51>;

void base_multiple_portable(std::uint8_t* out, const std::uint8_t* k) {
  Operations<Group>::base_multiple(out, k);
}
bool decode_portable(std::uint64_t point[8], const std::uint8_t* bytes) {
  return Operations<Group>::decode_negated(point, bytes);
}
void sum_portable(std::uint8_t* out, const std::uint8_t* s, const std::uint8_t* k,
                  const std::uint64_t point[8]) {
  Operations<Group>::sum(out, s, k, point);
}

}  // namespace ashlar::crypto::ed25519
