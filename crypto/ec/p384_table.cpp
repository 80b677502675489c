// SPDX-License-Identifier: Apache-2.0
#include "ec/p384_table.hpp"

namespace ashlar::crypto::ec {

alignas(64) const std::uint64_t kP384BaseTable[kP384CombRows][16][12] = {
#include "ec/p384_table.inc"
};

}  // namespace ashlar::crypto::ec
