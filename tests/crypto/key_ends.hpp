// SPDX-License-Identifier: Apache-2.0
// The last test cases of every primitive with rows: rows that the CPU cannot run are refused, and a key
// leaves nothing behind.
#pragma once

#include "crypto/rows.hpp"
#include "support/bytes.hpp"

#include <algorithm>
#include <new>

namespace ashlar::test {

// S02 with all features masked, a row makes a key exactly if it needs no feature, and a key made without a
// row works as before. make: from a row, or null, to the Result of a key. use: uses a key.
template <class Row, class Make, class Use>
void refuse_masked_rows(std::span<const Row> table, Make make, Use use) {
  const auto expected = use(*make(nullptr));
  cpu::set_mask(cpu::Features());
  for (const Row& row : table) {
    const auto made = make(&row);
    CHECK(made.ok() == (row.required.bits == 0));
    if (!made) {
      CHECK(made.error() == ErrorCode::kernel_unavailable);
    }
  }
  const auto masked = use(*make(nullptr));
  cpu::clear_mask();
  CHECK(masked == expected);
}

inline bool stands_in(Bytes memory, Bytes trace) {
  return std::search(memory.begin(), memory.end(), trace.begin(), trace.end()) != memory.end();
}

// S12 a key leaves nothing in its old place when it moves or dies, and works in the new place. make: gives a
// key. holds: whether the memory of a key holds secrets. use: uses a key.
template <class Make, class Holds, class Use>
void leave_nothing_behind(Make make, Holds holds, Use use) {
  using Key = decltype(make());
  alignas(Key) std::uint8_t rooms[2][sizeof(Key)] = {};
  auto* const first = new (rooms[0]) Key(make());
  CHECK(holds(Bytes(rooms[0])));
  const auto expected = use(*first);
  auto* const second = new (rooms[1]) Key(std::move(*first));
  CHECK(!holds(Bytes(rooms[0])));
  CHECK(holds(Bytes(rooms[1])));
  CHECK(use(*second) == expected);
  // By assignment, from and to moved objects.
  *first = make();
  CHECK(holds(Bytes(rooms[0])));
  *second = std::move(*first);
  CHECK(!holds(Bytes(rooms[0])));
  CHECK(use(*second) == expected);
  first->~Key();
  second->~Key();
  CHECK(!holds(Bytes(rooms[1])));
}

}  // namespace ashlar::test
