// SPDX-License-Identifier: Apache-2.0
// What the checker must catch.
#include "cases.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;

namespace {

volatile std::uint64_t sink;
volatile std::uint8_t table[256];

}  // namespace

CT_LEAK("S01 C04 a table index") {
  const auto key = secret(16, 1);
  sink = table[key[3]];
}

CT_LEAK("C04 a branch") {
  const auto key = secret(16, 1);
  if ((key[5] & 1) != 0) {
    __asm__ volatile("nop");  // no compiler turns this into a select
  }
}

CT_LEAK("S13 C04 an early-exit compare") {
  const auto mac = secret(32, 1);
  const auto theirs = test::noise(32, 2);
  std::size_t i = 0;
  while (i < 32 && mac[i] == theirs[i]) {
    ++i;
  }
  sink = i;
}

CT_LEAK("C04 a division") {
  const auto key = secret(16, 1);
  sink = 1000003u / (std::uint32_t{key[0]} | 1);
}

// Like the compression of a lattice scheme that uses division.
CT_LEAK("E08 C04 a remainder by q") {
  const auto coefficient = secret(2, 1);
  const unsigned x = coefficient[0] | (coefficient[1] & 7u) << 8;
  volatile unsigned q = 3329;
  sink = ((x << 4) + 1664) / q & 15;
}

CT_LEAK("E08 C04 a message's bit that chooses a branch") {
  const auto message = secret(32, 1);
  if ((message[0] & 1) != 0) {
    __asm__ volatile("nop");
  }
}

CT_LEAK("C04 a secret mask that was turned into a branch") {
  const auto key = secret(16, 1);
  const auto mask = ct::equal(Bytes(key).first(8), Bytes(key).last(8));
  if (mask.bit() != 0) {
    __asm__ volatile("nop");
  }
}

// The checker must accept this.
CT_CASE("C02 ct: comparisons, selects and copies") {
  const auto a = secret(33, 1);
  const auto b = secret(33, 2);
  const ct::Mask same = ct::equal(a, b) | ct::is_zero(a[0]) | ct::less(a[1], b[1]);
  auto out = secret(33, 3);
  ct::copy_if(same, out, a);
  sink = ct::select(same, a[4], b[4]);
  expect(!ct::equal(a, b).declassify());
  open(out);
}
