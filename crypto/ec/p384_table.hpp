// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ashlar::crypto::ec {

// The comb for k * G on P-384: 10 rows, 8 digits of five bits apart, cover the 77 digits of a scalar.
inline constexpr unsigned kP384CombRows = 10;
inline constexpr unsigned kP384CombApart = 8;

// (j + 1) * 32^(8 i) * G, in 16 entries for each row: 15360 bytes. A row for each digit, as P-256 has it,
// would take 118 kB and save 35 doublings beside 77 additions.
extern const std::uint64_t kP384BaseTable[kP384CombRows][16][12];

}  // namespace ashlar::crypto::ec
