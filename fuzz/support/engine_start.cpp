// SPDX-License-Identifier: Apache-2.0
// With a fuzzing engine: before it begins, each seed of a folder that has a list of verdicts beside it
// (corpus/<target> and corpus/<target>.verdicts) is run once and held to its line. So a mistake that changes
// what becomes of a seed is found at once, and not only by an invariant.
#include "support/verdicts.hpp"

#include <filesystem>
#include <iterator>
#include <vector>

namespace {

using namespace ashlar;

void hold_to_verdicts(const std::filesystem::path& folder, const std::string& list) {
  for (const auto& [name, wanted] : fuzz::read_verdicts(list)) {
    std::ifstream in(folder / name, std::ios::binary);
    if (!in) {
      continue;  // a part of the seeds, as after a merge
    }
    const std::vector<std::uint8_t> seed{std::istreambuf_iterator<char>(in),
                                         std::istreambuf_iterator<char>()};
    fuzz::last_verdict = {};
    if (LLVMFuzzerTestOneInput(seed.data(), seed.size()) != 0) {
      fuzz::last_verdict = {"not taken"};
    }
    if (const std::string found = fuzz::verdict_text(); found != wanted) {
      std::fprintf(stderr, "seed %s: %s; %s says: %s\n", name.c_str(), found.c_str(), list.c_str(),
                   wanted.c_str());
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int i = 1; i < *argc; ++i) {
    std::string folder = (*argv)[i];
    while (!folder.empty() && folder.back() == '/') {
      folder.pop_back();
    }
    if (std::filesystem::is_directory(folder)) {
      hold_to_verdicts(folder, folder + ".verdicts");
    }
  }
  return 0;
}
