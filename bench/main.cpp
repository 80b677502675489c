// SPDX-License-Identifier: Apache-2.0
// The benchmarks: all kernels that this CPU can run, and the peers, in the same run.
#include "measure/clock.hpp"
#include "measure/contest.hpp"
#include "peers/peers.hpp"
#include "support/console.hpp"
#include "support/runner.hpp"
#include "support/tiers.hpp"

#include <cstdio>
#include <cstring>

using namespace ashlar;

namespace {

constexpr const char* kUsage =
    "usage: ashlar-bench [--quick] [--ours] [--filter=REGEX] [--threads=N] [--tier=NAME | --mask=NAMES] "
    "[Google Benchmark's options]\n"
    "  --quick          shorter turns, and fewer\n"
    "  --ours           without the peers\n"
    "  --filter=REGEX   the rows whose names (operation/implementation/size) hold it\n"
    "  --threads=N      the throughput of N threads together, instead of cycles\n"
    "  --tier=NAME      as on an older kind of machine, ours and the peers: sandy-bridge, haswell, ...\n"
    "  --mask=NAMES     without these CPU features, ours and the peers: avx2,sha-ni, ...\n"
    "  --latency        alone: how long a server takes at several loads, one by one and in batches\n";

// How the machine was masked, for the report.
std::string masked = "nothing";

std::string feature_names() {
  std::string names;
  for (unsigned i = 0; i < static_cast<unsigned>(cpu::Feature::count); ++i) {
    const auto feature = static_cast<cpu::Feature>(i);
    if (cpu::features().has(feature)) {
      names += (names.empty() ? "" : " ") + std::string(cpu::name(feature));
    }
  }
  return names.empty() ? "none" : names;
}

std::string peer_names() {
  std::string names;
  for (const auto& peer : measure::peers()) {
    names += (names.empty() ? "" : ", ") + peer.name();
  }
  return names.empty() ? "none" : names;
}

std::string number(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

// Ends the program if something is wrong.
void explain(const std::string& wrong) {
  if (!wrong.empty()) {
    std::fprintf(stderr, "ashlar-bench: %s\n", wrong.c_str());
    std::exit(2);
  }
}

// Takes our own options out of the arguments.
bool parse(std::vector<char*>& arguments, measure::Plan& plan) {
  std::vector<char*> rest;
  for (char* const argument : arguments) {
    const auto value = [&](const char* option) {
      const std::size_t size = std::strlen(option);
      return std::strncmp(argument, option, size) == 0 ? argument + size : nullptr;
    };
    if (std::strcmp(argument, "--quick") == 0) {
      plan.rounds = 15;
      plan.turn = 5e-4;
    } else if (std::strcmp(argument, "--ours") == 0) {
      measure::leave_out_peers();
    } else if (const char* filter = value("--filter=")) {
      plan.filter = filter;
    } else if (const char* threads = value("--threads=")) {
      plan.threads = static_cast<unsigned>(std::strtoul(threads, nullptr, 10));
    } else if (const char* tier = value("--tier=")) {
      explain(measure::use_tier(tier));
      masked = std::string("tier ") + tier;
    } else if (const char* mask = value("--mask=")) {
      explain(measure::use_mask(mask));
      masked = mask;
    } else if (std::strcmp(argument, "--help") == 0) {
      return false;
    } else {
      rest.push_back(argument);
    }
  }
  arguments = std::move(rest);
  if (plan.threads > 1) {
    // Turns long enough to hide the cost of starting and ending threads.
    plan.rounds = std::max(5, plan.rounds / 4);
    plan.turn *= 20;
  }
  return plan.threads >= 1 && plan.threads <= 1024;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  measure::Plan plan;
#ifndef ASHLAR_NO_SERVER
  if (argc == 2 && std::strcmp(argv[1], "--latency") == 0) {
    measure::print_latency();
    return 0;
  }
#endif
  if (!parse(arguments, plan)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) {
    return 2;
  }
  measure::ConsoleReporter console;
  console.add_context("cpu_features", feature_names());
  console.add_context("core_cycles_per_tick", number("%.3f", measure::core_cycles_per_tick()));
  console.add_context("core", std::string(cpu::name(cpu::core())));
  console.add_context("masked", masked);
  console.add_context("compiler", ASHLAR_BENCH_COMPILER);
  console.add_context("peers", peer_names());
  console.add_context("threads", std::to_string(plan.threads));
  console.add_context("rounds", std::to_string(plan.rounds));
  console.add_context("turn_ms", number("%g", 1e3 * plan.turn));
  measure::add_crypto();
  measure::add_x509();
#ifndef ASHLAR_NO_SERVER
  measure::add_tls();
#endif
  measure::register_groups(plan);
  benchmark::RunSpecifiedBenchmarks(&console);
  benchmark::Shutdown();
  for (const measure::Behind& row : measure::rows_behind()) {
    std::fprintf(stderr, "chosen, but slower than another of ours: %s: %s %.0f cycles, %s %.0f\n",
                 row.operation.c_str(), row.chosen.c_str(), row.chosen_cycles, row.fastest.c_str(),
                 row.fastest_cycles);
  }
  return console.failed() ? 1 : 0;
}
