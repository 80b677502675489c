// SPDX-License-Identifier: Apache-2.0
#include "ed25519/base_table.hpp"

namespace ashlar::crypto::ed25519 {

alignas(64) const TableEntry kBaseTable[32][8] = {
#include "ed25519/base_table.inc"
};

}  // namespace ashlar::crypto::ed25519
