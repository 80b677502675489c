// SPDX-License-Identifier: Apache-2.0
// ct-cases list | NAME portable|native
#include "cases.hpp"

#include "cpu/mask.hpp"

#include <cstdio>

using namespace ashlar;

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "list") {
    for (const auto& one : ct_cases::cases()) {
      std::printf("%s\t%s\n", one.leaks ? "leak" : "case", one.name.c_str());
    }
    return 0;
  }
  const std::string kernels = argc > 2 ? argv[2] : "";
  if (kernels == "portable") {
    cpu::set_mask(cpu::Features());
  } else if (kernels != "native") {
    std::fprintf(stderr, "usage: %s list | NAME portable|native\n", argv[0]);
    return 2;
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
