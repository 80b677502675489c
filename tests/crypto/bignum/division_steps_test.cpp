// SPDX-License-Identifier: Apache-2.0
// Division steps in packed words: one at a time on whole numbers they come out the same.
#include "bignum/division_steps.h"

#include "catch.hpp"

#include <random>

namespace {

// What sixty steps on the low bits of f and g give: numbers where carries and signs of the packed fields
// would show, and random ones. f is odd.
struct Start {
  std::uint64_t f, g;
  std::int64_t zeta;
};

std::vector<Start> starts() {
  std::vector<Start> out;
  const std::uint64_t kOnes = ASHLAR_DIGIT_MASK;
  for (const std::uint64_t g :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{1} << 19, std::uint64_t{1} << 20,
        std::uint64_t{1} << 59, kOnes, kOnes - 1, kOnes >> 1}) {
    for (const std::uint64_t f : {std::uint64_t{1}, std::uint64_t{3}, kOnes, kOnes - 2, (kOnes >> 40)}) {
      for (const std::int64_t zeta : {-1, 0, 1, -2, 30, -30, 600, -600}) {
        out.push_back({f, g, zeta});
      }
    }
  }
  std::mt19937_64 engine(41);
  for (int i = 0; i < 20000; i++) {
    out.push_back({(engine() & kOnes) | 1, engine() & kOnes, static_cast<std::int64_t>(engine() % 129) - 64});
  }
  return out;
}

}  // namespace

#if defined(__SIZEOF_INT128__)
TEST_CASE("bignum: division steps in one word are as steps on whole numbers") {
  __extension__ typedef __int128 Wide;
  for (const Start& start : starts()) {
    INFO(start.f << " " << start.g << " " << start.zeta);
    ashlar_division_matrix t;
    const std::int64_t zeta = ashlar_division_steps(&t, start.zeta, start.f, start.g);
    Wide f = start.f, g = start.g;
    std::int64_t plain = start.zeta;
    for (int i = 0; i < ASHLAR_DIGIT_BITS; i++) {
      if ((g & 1) != 0 && plain < 0) {
        const Wide before = f;
        f = g;
        g = (g - before) / 2;
        plain = -plain - 2;
      } else {
        g = (g & 1) != 0 ? (g + f) / 2 : g / 2;
        plain--;
      }
    }
    REQUIRE(zeta == plain);
    const Wide scale = Wide{1} << ASHLAR_DIGIT_BITS;
    REQUIRE(Wide{t.u} * start.f + Wide{t.v} * start.g == f * scale);
    REQUIRE(Wide{t.q} * start.f + Wide{t.r} * start.g == g * scale);
  }
}
#endif

TEST_CASE("bignum: this machine's division steps are the portable ones") {
  for (const Start& start : starts()) {
    std::uint64_t f[2], g[2];
    f[0] = f[1] = (start.f & ASHLAR_PACKED_MASK) - (std::uint64_t{1} << 41);
    g[0] = g[1] = (start.g & ASHLAR_PACKED_MASK) - (std::uint64_t{1} << 62);
    REQUIRE(ashlar_division_twenty(&f[0], &g[0], start.zeta) ==
            ashlar_division_twenty_portable(&f[1], &g[1], start.zeta));
    REQUIRE(f[0] == f[1]);
    REQUIRE(g[0] == g[1]);
  }
}
