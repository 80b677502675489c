// SPDX-License-Identifier: Apache-2.0
// The x86-ifma row of Ed25519, over edwards_x86_ifma.hpp.
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)

#include "ed25519/edwards_x86_ifma.hpp"
#include "ed25519/kernels.hpp"

namespace ashlar::crypto::ed25519 {

using Group = EdwardsIfma;

void base_multiple_x86_ifma(std::uint8_t* out, const std::uint8_t* k) {
  Operations<Group>::base_multiple(out, k);
}
bool decode_x86_ifma(std::uint64_t point[8], const std::uint8_t* bytes) {
  return Operations<Group>::decode_negated(point, bytes);
}
void sum_x86_ifma(std::uint8_t* out, const std::uint8_t* s, const std::uint8_t* k,
                  const std::uint64_t point[8]) {
  Operations<Group>::sum(out, s, k, point);
}

}  // namespace ashlar::crypto::ed25519

#endif
