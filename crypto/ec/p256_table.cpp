// SPDX-License-Identifier: Apache-2.0
#include "ec/tables.hpp"

namespace ashlar::crypto::ec {

alignas(64) const std::uint64_t BaseTable<P256>::kEntries[kRows][32][8] = {
#include "ec/p256_table.inc"
};

alignas(64) const std::uint64_t OddMultiples<P256>::kEntries[kOddMultiples][8] = {
#include "ec/p256_odd.inc"
};

}  // namespace ashlar::crypto::ec
