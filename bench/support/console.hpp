// SPDX-License-Identifier: Apache-2.0
// The table on the terminal: one line per row as soon as it is measured. It also records whether a row
// failed.
#pragma once

#include "measure/contest.hpp"

#include <benchmark/benchmark.h>
#include <cstdio>
#include <string>

namespace ashlar::measure {

class ConsoleReporter : public benchmark::BenchmarkReporter {
 public:
  // All reporters get it, and it is printed here. Google Benchmark's own notes on the machine and its build
  // are left out, since it does not do the measuring.
  void add_context(const std::string& name, const std::string& value) {
    benchmark::AddCustomContext(name, value);
    context_ += name + ": " + value + "\n";
  }

  bool ReportContext(const Context&) override {
    std::fputs(context_.c_str(), stderr);
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

  bool failed() const { return failed_; }

 private:
  static double value(const Run& run, const char* counter) {
    const auto found = run.counters.find(counter);
    return found == run.counters.end() ? 0 : double{found->second};
  }

  void print(const Run& run) {
    const double per_second = value(run, "per second");
    std::printf("%-58s ", run.run_name.function_name.c_str());
    if (per_second == 0) {
      std::printf("failed\n");
      failed_ = true;
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

  std::string context_;
  bool failed_ = false;
};

}  // namespace ashlar::measure
