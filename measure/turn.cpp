// SPDX-License-Identifier: Apache-2.0
#include "measure/turn.hpp"

#include "measure/clock.hpp"

#include <sys/resource.h>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <ctime>
#include <thread>

namespace ashlar::measure {

namespace {

constexpr int kMostAttempts = 5;

// Seconds on a clock of the system.
double now(clockid_t clock = CLOCK_MONOTONIC) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// How often this thread had to give up its core.
long preemptions() {
  rusage usage{};
#ifdef RUSAGE_THREAD
  getrusage(RUSAGE_THREAD, &usage);
#endif
  return usage.ru_nivcsw;
}

// One turn of one thread, with the clock checked before and after. After an interruption or a change of the
// clock it tries again, a few times.
void take_turn(Row& row) {
  const OwnedWork& work = row.works[0];
  for (int attempt = 1; !row.failed; ++attempt) {
    row.failed = !row.run(work, 1 + row.times / 8);  // warms caches, predictors and wide registers
    const long preempted = preemptions();
    const double first = core_cycles_per_tick();
    const double start_cpu = now(CLOCK_THREAD_CPUTIME_ID);
    const double start_seconds = now();
    const std::uint64_t start = ticks();
    row.failed = !row.run(work, row.times) || row.failed;
    const std::uint64_t end = ticks();
    double seconds = now() - start_seconds;
    const double cpu = now(CLOCK_THREAD_CPUTIME_ID) - start_cpu;
    const double last = core_cycles_per_tick();
    const double ratio = (first + last) / 2;
    const double drift = std::fabs(first - last) / ratio;
    const bool whole = preemptions() == preempted;
    if ((whole && drift < kMostDrift) || attempt == kMostAttempts) {
      const double times = static_cast<double>(row.times);
      // A turn too long to pass without losing the core: only the time on the core counts.
      const double part = whole ? 1 : std::min(1.0, cpu / seconds);
      seconds *= part;
      row.cycles.push_back(static_cast<double>(end - start) * part * ratio / times);
      row.seconds.push_back(seconds / times);
      row.core_per_tick.push_back(ratio);
      row.drift.push_back(drift);
      return;
    }
  }
}

// One turn of several threads at once: from the moment all are released until the last is done.
void take_turn_together(Row& row) {
  std::atomic<unsigned> ready{0};
  std::atomic<bool> go{false}, failed{false};
  std::vector<std::thread> threads;
  for (const OwnedWork& work : row.works) {
    threads.emplace_back([&] {
      bool good = row.run(work, 1);
      ready.fetch_add(1);
      while (!go.load()) {
        std::this_thread::yield();
      }
      good = row.run(work, row.times) && good;
      if (!good) {
        failed = true;
      }
    });
  }
  while (ready.load() != threads.size()) {
    std::this_thread::yield();
  }
  const double start = now();
  go = true;
  for (std::thread& thread : threads) {
    thread.join();
  }
  row.seconds.push_back((now() - start) / static_cast<double>(row.times * threads.size()));
  row.failed = row.failed || failed;
}

// Makes a row ready and finds out how many operations fill a turn.
void calibrate(Row& row, const Plan& plan) {
  for (unsigned i = 0; i < plan.threads; ++i) {
    const Work work = row.prepare();
    if (work.run == nullptr) {
      row.failed = true;
      return;
    }
    row.works.emplace_back(work);
  }
  for (std::size_t times = 1; !row.failed; times *= 2) {
    const double start = now();
    row.failed = !row.run(row.works[0], times);
    const double took = now() - start;
    if (took > plan.turn / 8) {
      const double wanted = static_cast<double>(times) * plan.turn / took;
      row.times = std::max<std::size_t>(1, static_cast<std::size_t>(wanted));
      return;
    }
  }
}

}  // namespace

void measure(std::vector<Row>& rows, const Plan& plan) {
  for (Row& row : rows) {
    calibrate(row, plan);
  }
  for (int round = 0; round < plan.rounds; ++round) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      // Each round begins with another row, so that it is not always the same row that follows one that heats
      // the core.
      Row& row = rows[(i + static_cast<std::size_t>(round)) % rows.size()];
      if (!row.failed) {
        plan.threads == 1 ? take_turn(row) : take_turn_together(row);
      }
    }
  }
}

}  // namespace ashlar::measure
