// SPDX-License-Identifier: Apache-2.0
// The benchmarks: every kernel this CPU can run, and OpenSSL in the same run where it is installed. Arguments
// are Google Benchmark's.
#include "support/measure.hpp"
#include "support/openssl.hpp"

#include <ashlar/crypto/cpu.hpp>

#include <cstdio>

using namespace ashlar;

namespace {

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

}  // namespace

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  // Before what the caller says, so that the caller's word stands.
  std::string defaults[] = {"--benchmark_counters_tabular=true", "--benchmark_min_time=0.1"};
  for (auto& argument : defaults) {
    arguments.insert(arguments.begin() + 1, argument.data());
  }
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) {
    return 2;
  }
  benchmark::AddCustomContext("CPU features", feature_names());
  char ratio[32];
  std::snprintf(ratio, sizeof ratio, "%.3f", bench::core_cycles_per_tick());
  benchmark::AddCustomContext("core cycles per tick of the time-stamp counter", ratio);
  if constexpr (bench::kOpenssl) {
    benchmark::AddCustomContext("beside us", bench::openssl::name());
  } else {
    benchmark::AddCustomContext("beside us", "nothing (libssl-dev was not there when this was built)");
  }
  bench::add_gcm();
  bench::add_chacha();
  bench::add_sha2();
  bench::add_rsa();
  bench::add_ecc();
  bench::add_x509();
  bench::add_tls();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
