// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ashlar::crypto::ed25519 {

// Three numbers modulo 2^255 - 19, in four words each, that stand for a point (x, y): (y + x) / 2,
// (y - x) / 2 and d x y. The halves save doublings: they scale the result of an addition.
using TableEntry = std::uint64_t[12];

// Multiples of the base point: entry [i][j] is (j + 1) * 256^i * B. 24576 bytes, for X25519's keys and all of
// Ed25519; rows exist for every second digit of four bits. A row for every digit would double the size and
// save four doublings.
extern const TableEntry kBaseTable[32][8];

}  // namespace ashlar::crypto::ed25519
