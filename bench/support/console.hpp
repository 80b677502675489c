// SPDX-License-Identifier: Apache-2.0
// The table on the terminal: a line per row as soon as it is measured.
#pragma once

#include "support/contest.hpp"

#include <benchmark/benchmark.h>
#include <cstdio>

namespace ashlar::bench {

class ConsoleReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override {
    PrintBasicContext(&GetErrorStream(), context);
    std::printf("%-58s %12s %9s %9s %7s %9s\n", "operation/implementation/bytes", "cycles", "c/B", "GB/s",
                "spread", "core/tick");
    return true;
  }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      print(run);
    }
    std::fflush(stdout);
  }

 private:
  static double value(const Run& run, const char* counter) {
    const auto found = run.counters.find(counter);
    return found == run.counters.end() ? 0 : double{found->second};
  }

  static void print(const Run& run) {
    const double per_second = value(run, "per second");
    std::printf("%-58s ", run.run_name.function_name.c_str());
    if (per_second == 0) {
      std::printf("failed\n");
      return;
    }
    const double cycles = value(run, "cycles");
    const double size = value(run, "size");
    cell(cycles != 0, "%12.0f ", cycles, 12);
    cell(cycles != 0 && size != 0, "%9.3f ", cycles / size, 9);
    cell(size != 0, "%9.3f ", 1e-9 * size * per_second, 9);
    std::printf("%6.1f%% ", 100 * value(run, "spread"));
    cell(cycles != 0, "%9.3f", value(run, "core/tick"), 9);
    std::printf("%s\n", value(run, "drift") > kMostDrift ? "  the clock drifted" : "");
  }

  static void cell(bool there, const char* format, double value, int width) {
    if (there) {
      std::printf(format, value);
    } else {
      std::printf("%*s ", width, "");
    }
  }
};

}  // namespace ashlar::bench
