// SPDX-License-Identifier: Apache-2.0
#include "ec/tables.hpp"

namespace ashlar::crypto::ec {

alignas(64) const std::uint64_t BaseTable<P384>::kEntries[kRows][16][12] = {
#include "ec/p384_table.inc"
};

alignas(64) const std::uint64_t OddMultiples<P384>::kEntries[kOddMultiples][12] = {
#include "ec/p384_odd.inc"
};

}  // namespace ashlar::crypto::ec
