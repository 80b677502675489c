// SPDX-License-Identifier: Apache-2.0
// ct-cases list | tables | NAME portable|native | all portable|native
#include "cases.hpp"

#include <valgrind/valgrind.h>

using namespace ashlar;

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "list") {
    for (const auto& one : ct_cases::cases()) {
      constexpr const char* kKinds[] = {"case", "rows", "leak"};
      std::printf("%s\t%s\n", kKinds[static_cast<int>(one.kind)], one.name.c_str());
    }
    return 0;
  }
  if (name == "tables") {
    for (const auto& row : test::every_row()) {
      std::printf("%s\t%s\n", row.runs_here ? "here" : "elsewhere", row.name.c_str());
    }
    return 0;
  }
  const std::string kernels = argc > 2 ? argv[2] : "";
  if (kernels == "portable") {
    cpu::set_mask(cpu::Features());
  } else if (kernels == "native" && RUNNING_ON_VALGRIND != 0 && cpu::features().has(cpu::Feature::bmi2)) {
    // Valgrind runs ADX's instructions on any machine, but does not report ADX.
    cpu::assume(cpu::Features(cpu::Feature::adx));
  } else if (kernels != "native") {
    std::fprintf(stderr, "usage: %s list | tables | NAME portable|native | all portable|native\n", argv[0]);
    return 2;
  }
  if (name == "all") {  // that must not leak; rows are chosen by themselves, so once is enough for them
    for (const auto& one : ct_cases::cases()) {
      if (one.kind == ct_cases::Kind::ordinary || (one.kind == ct_cases::Kind::rows && kernels == "native")) {
        std::printf("case: %s\n", one.name.c_str());
        one.run();
      }
    }
    return 0;
  }
  for (const auto& one : ct_cases::cases()) {
    if (one.name == name) {
      one.run();
      return 0;
    }
  }
  std::fprintf(stderr, "no case %s\n", name.c_str());
  return 2;
}
