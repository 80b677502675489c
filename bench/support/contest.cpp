// SPDX-License-Identifier: Apache-2.0
// Google Benchmark holds the list of rows, their names and the output; the measuring is here. When the first
// row of a group is due, the whole group is measured and each row then reports its own figures.
#include "support/contest.hpp"

#include "peers/peers.hpp"
#include "support/clock.hpp"
#include "support/statistics.hpp"

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <atomic>
#include <cmath>
#include <ctime>
#include <memory>
#include <regex>
#include <thread>

namespace ashlar::bench {

namespace {

constexpr int kMostAttempts = 5;

Plan plan;

// Seconds on a clock of the system.
double now(clockid_t clock = CLOCK_MONOTONIC) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// How often this thread was made to give up its core.
long preemptions() {
  rusage usage{};
#ifdef RUSAGE_THREAD
  getrusage(RUSAGE_THREAD, &usage);
#endif
  return usage.ru_nivcsw;
}

struct Row {
  std::string name;  // of the implementation or the peer
  bool peer;
  Prepare prepare;
  std::size_t repeat = 1;          // how often its work runs for one operation
  std::vector<OwnedWork> works{};  // one per thread
  bool failed = false;
  std::size_t times = 1;  // operations of one turn
  // Of each turn: per operation, and the clock: core cycles per tick, and by which part that changed
  // meanwhile.
  std::vector<double> cycles{}, seconds{}, core_per_tick{}, drift{};

  bool run(const OwnedWork& work, std::size_t operations) const { return work.run(operations * repeat); }
};

// One turn of one thread, bracketed. Who was interrupted, or saw the clock change, tries again a few times.
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
      // A turn too long to pass without losing the core: only what was ours of it counts.
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
void calibrate(Row& row) {
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

struct Contest {
  std::string operation;
  std::size_t size;
  std::size_t messages;
  std::vector<Row> rows{};
  std::size_t unreported = 0;
  bool measured = false;

  void measure() {
    measured = true;
    for (Row& row : rows) {
      calibrate(row);
    }
    for (int round = 0; round < plan.rounds; ++round) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        // Another one begins each round: who comes after a neighbour that heats the core is not always the
        // same.
        Row& row = rows[(i + static_cast<std::size_t>(round)) % rows.size()];
        if (!row.failed) {
          plan.threads == 1 ? take_turn(row) : take_turn_together(row);
        }
      }
    }
  }

  void report(benchmark::State& state, std::size_t index) {
    if (!measured) {
      measure();
    }
    Row& row = rows[index];
    state.SetLabel(row.peer ? "peer" : "ours");
    if (row.failed) {
      state.SkipWithError("refused, or not ready");
    }
    for (auto _ : state) {
      state.SetIterationTime(quantile(row.seconds, 0.5));
    }
    if (!row.failed) {
      const double seconds = quantile(row.seconds, 0.5);
      state.counters["size"] = static_cast<double>(size * messages);
      state.counters["per second"] = 1 / seconds;
      if (plan.threads == 1) {
        state.counters["cycles"] = quantile(row.cycles, 0.5);
        state.counters["spread"] = spread(row.cycles);
        state.counters["core/tick"] = quantile(row.core_per_tick, 0.5);
        state.counters["drift"] = quantile(row.drift, 0.9);
      } else {
        state.counters["spread"] = spread(row.seconds);
      }
    }
    if (--unreported == 0) {
      rows.clear();
    }
  }
};

namespace {

std::vector<std::unique_ptr<Contest>>& contests() {
  static std::vector<std::unique_ptr<Contest>> all;
  return all;
}

void register_contest(Contest& contest) {
  for (const LoadedPeer& peer : peers()) {
    contest.rows.push_back({.name = peer.name(),
                            .peer = true,
                            .prepare = [&] { return peer.prepare(contest.operation, contest.size); },
                            .repeat = contest.messages});
  }
  const std::string tail = contest.size == 0 ? "" : "/" + std::to_string(contest.size);
  const std::regex filter(plan.filter);
  const std::string many = contest.messages == 1 ? "" : " of " + std::to_string(contest.messages);
  const auto name = [&](const Row& row) { return contest.operation + many + "/" + row.name + tail; };
  std::erase_if(contest.rows, [&](const Row& row) {
    return !std::regex_search(name(row), filter) || (row.peer && !OwnedWork(row.prepare()).is_set());
  });
  contest.unreported = contest.rows.size();
  for (std::size_t i = 0; i < contest.rows.size(); ++i) {
    const auto report = [&contest, i](benchmark::State& state) { contest.report(state, i); };
    benchmark::RegisterBenchmark(name(contest.rows[i]).c_str(), report)->Iterations(1)->UseManualTime();
  }
}

}  // namespace

Group::Group(std::string operation, std::size_t size, std::size_t messages) {
  contests().push_back(std::make_unique<Contest>(
      Contest{.operation = std::move(operation), .size = size, .messages = messages}));
  contest_ = contests().back().get();
}

void Group::add(std::string_view implementation, Prepare prepare) {
  contest_->rows.push_back(
      {.name = std::string(implementation), .peer = false, .prepare = std::move(prepare)});
}

void register_groups(const Plan& wanted) {
  plan = wanted;
  for (const auto& contest : contests()) {
    register_contest(*contest);
  }
}

}  // namespace ashlar::bench
