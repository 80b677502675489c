// SPDX-License-Identifier: Apache-2.0
// Time in core cycles, without hardware counters.
//
// The time-stamp counter runs at a fixed rate, the core does not: it speeds up, slows down when hot or under
// wide vectors, and gives way to neighbours. A chain of dependent additions takes one core cycle each on
// every machine, so timing one gives the core cycles per tick of that moment; ticks times that ratio are core
// cycles.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace ashlar::measure {

// Ticks of a clock with a fixed rate: the time-stamp counter, or nanoseconds where there is none.
inline std::uint64_t ticks() {
#if defined(__x86_64__)
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  // lfence: what stands before it has finished, and what comes after it has not begun.
  __asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high)::"memory");
  return std::uint64_t{high} << 32 | low;
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

// The cost in ticks of reading the clock twice: the least of many tries.
inline std::uint64_t clock_overhead() {
  std::uint64_t least = ~std::uint64_t{0};
  for (int attempt = 0; attempt < 64; ++attempt) {
    const std::uint64_t start = ticks();
    least = std::min(least, ticks() - start);
  }
  return least;
}

// Core cycles per tick, now. The fastest of a few chains of a microsecond or two counts, since interrupts can
// only add ticks.
inline double core_cycles_per_tick() {
  static constexpr std::uint64_t kAdditions = 32 * 128;
  static const std::uint64_t overhead = clock_overhead();
  std::uint64_t least = ~std::uint64_t{0};
  for (int attempt = 0; attempt < 3; ++attempt) {
    std::uint64_t sum = static_cast<std::uint64_t>(attempt);
    // Not a constant: some cores add small constants while renaming, several per cycle.
    std::uint64_t step = 3;
    __asm__ volatile("" : "+r"(step));
    const std::uint64_t start = ticks();
    for (std::uint64_t i = 0; i < kAdditions / 32; ++i) {
#define ASHLAR_ADD4                 \
  sum += step;                      \
  __asm__ volatile("" : "+r"(sum)); \
  sum += step;                      \
  __asm__ volatile("" : "+r"(sum)); \
  sum += step;                      \
  __asm__ volatile("" : "+r"(sum)); \
  sum += step;                      \
  __asm__ volatile("" : "+r"(sum))
      ASHLAR_ADD4;
      ASHLAR_ADD4;
      ASHLAR_ADD4;
      ASHLAR_ADD4;
      ASHLAR_ADD4;
      ASHLAR_ADD4;
      ASHLAR_ADD4;
      ASHLAR_ADD4;
#undef ASHLAR_ADD4
    }
    least = std::min(least, ticks() - start);
  }
  return static_cast<double>(kAdditions) /
         static_cast<double>(std::max<std::uint64_t>(least, overhead + 1) - overhead);
}

}  // namespace ashlar::measure
