// SPDX-License-Identifier: Apache-2.0
#include "ec/tables.hpp"

namespace ashlar::crypto::ec {

alignas(64) const std::uint64_t BaseTable<P521>::kEntries[kRows][16][18] = {
#include "ec/p521_table.inc"
};

alignas(64) const std::uint64_t OddMultiples<P521>::kEntries[kOddMultiples][18] = {
#include "ec/p521_odd.inc"
};

}  // namespace ashlar::crypto::ec
