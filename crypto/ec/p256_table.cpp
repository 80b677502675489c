// SPDX-License-Identifier: Apache-2.0
#include "ec/p256_operations.hpp"

namespace ashlar::crypto::ec {

alignas(64) const std::uint64_t kP256BaseTable[52][16][8] = {
#include "ec/p256_table.inc"
};

}  // namespace ashlar::crypto::ec
