// SPDX-License-Identifier: Apache-2.0
#include "support/runner.hpp"

#include "measure/contest.hpp"
#include "measure/statistics.hpp"
#include "peers/peers.hpp"

#include <benchmark/benchmark.h>
#include <regex>

namespace ashlar::measure {

namespace {

Plan plan;
std::vector<Behind> slower;

struct Reporter {
  Contest& contest;
  std::size_t unreported;
  bool measured = false;

  void report(benchmark::State& state, std::size_t index) {
    if (!measured) {
      measured = true;
      measure(contest.rows, plan);
      if (plan.threads == 1) {
        if (const auto found = behind(contest)) {
          slower.push_back(*found);
        }
      }
    }
    Row& row = contest.rows[index];
    state.SetLabel(row.peer ? "peer" : "ours");
    if (row.failed) {
      state.SkipWithError("refused, or not ready");
    }
    for (auto _ : state) {
      state.SetIterationTime(quantile(row.seconds, 0.5));
    }
    if (!row.failed) {
      const double seconds = quantile(row.seconds, 0.5);
      state.counters["size"] = static_cast<double>(contest.size * contest.messages);
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
      contest.rows.clear();
    }
  }
};

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
  const auto reporter = std::make_shared<Reporter>(Reporter{contest, contest.rows.size()});
  for (std::size_t i = 0; i < contest.rows.size(); ++i) {
    const auto report = [reporter, i](benchmark::State& state) { reporter->report(state, i); };
    benchmark::RegisterBenchmark(name(contest.rows[i]).c_str(), report)->Iterations(1)->UseManualTime();
  }
}

}  // namespace

void register_groups(const Plan& wanted) {
  plan = wanted;
  for (const auto& contest : contests()) {
    register_contest(*contest);
  }
}

const std::vector<Behind>& rows_behind() {
  return slower;
}

}  // namespace ashlar::measure
