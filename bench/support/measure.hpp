// SPDX-License-Identifier: Apache-2.0
// One measurement: a body in Google Benchmark's loop, between two timed chains of dependent additions.
//
// The time-stamp counter runs at a fixed rate, the core does not: it speeds up, slows down when hot, and
// gives way to neighbours. A chain of dependent additions takes one core cycle each on every machine, so
// timing one gives the core cycles per tick of that moment. "cycles" and "c/B" in the report are core cycles;
// "core/tick" is the ratio they were computed with. A ratio that differs from row to row says that the
// machine was not quiet.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

#include <benchmark/benchmark.h>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

namespace ashlar::bench {

// Ticks of a clock with a fixed rate: the time-stamp counter, or nanoseconds where there is none.
inline std::uint64_t ticks() {
#if defined(__x86_64__)
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  // lfence: what stands before has finished, what comes after has not begun.
  __asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high)::"memory");
  return std::uint64_t{high} << 32 | low;
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

// Core cycles per tick, now: the fastest of a few chains, since interrupts only ever add ticks.
inline double core_cycles_per_tick() {
  static constexpr std::uint64_t kAdditions = 32 * 256;
  std::uint64_t best = ~std::uint64_t{0};
  for (int attempt = 0; attempt < 5; ++attempt) {
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
    best = std::min(best, ticks() - start);
  }
  return static_cast<double>(kAdditions) / static_cast<double>(std::max<std::uint64_t>(best, 1));
}

// Seconds on a clock of the system.
inline double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Runs body() in the benchmark's loop. bytes: what one call works on, 0 where that means nothing.
template <class Body>
void measure(benchmark::State& state, std::size_t bytes, Body body) {
  const double before = core_cycles_per_tick();
  const double wall_start = seconds(CLOCK_MONOTONIC);
  const double cpu_start = seconds(CLOCK_THREAD_CPUTIME_ID);
  const std::uint64_t start = ticks();
  for (auto _ : state) {
    body();
  }
  const std::uint64_t end = ticks();
  const double cpu = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu_start;
  const double ours = std::min(1.0, cpu / std::max(seconds(CLOCK_MONOTONIC) - wall_start, 1e-9));
  const double ratio = (before + core_cycles_per_tick()) / 2;
  const double cycles =
      static_cast<double>(end - start) * ours * ratio / static_cast<double>(state.iterations());
  state.counters["cycles"] = cycles;
  state.counters["core/tick"] = ratio;
  if (bytes != 0) {
    state.counters["c/B"] = cycles / static_cast<double>(bytes);
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * static_cast<std::int64_t>(state.iterations()));
  }
}

// Registers a benchmark named group/row or group/row/size, such as "sha-256/sha-ni/1350".
template <class Run>
void add(const std::string& name, Run run) {
  benchmark::RegisterBenchmark(name.c_str(), run);
}

// A block, a key, a datagram's worth and a record.
inline constexpr std::size_t kSizes[] = {16, 256, 1350, 16384};

// What cannot fail in a benchmark.
template <class T>
auto must(Result<T> result) {
  if (!result) {
    std::abort();
  }
  return std::move(*result);
}

// Bytes that are all defined and not all alike.
inline std::vector<std::uint8_t> filler(std::size_t size) {
  std::vector<std::uint8_t> out(size);
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<std::uint8_t>(i * 167 + 13);
  }
  return out;
}

// The groups, in the order of the report.
void add_gcm();
void add_sha2();
void add_rsa();
void add_ecc();
void add_chacha();
void add_x509();
void add_tls();

}  // namespace ashlar::bench
