// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without a fuzzing engine: over files, over folders, and over a fixed number of mutations
// of each file (cut short, bits flipped, bytes replaced by noise), the same ones in every run. An input that
// ends the process is written to ./crash-<target>. The verdict on each seed is compared with a list; without
// a list it is printed in the list's form. Compiled by AFL++ and called without arguments, the program runs
// AFL++'s persistent mode.
#include "support/check.hpp"
#include "support/verdicts.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#ifdef __AFL_COMPILER
#include <unistd.h>
__AFL_FUZZ_INIT();
#endif

extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

using namespace ashlar;
using Input = std::vector<std::uint8_t>;

std::string current_name;
std::string crash_file;
const Input* current = nullptr;

void report() {
  if (current == nullptr) {
    return;
  }
  const Input& input = *current;
  current = nullptr;
  std::fprintf(stderr, "the input that did this: %s (%zu bytes), written to %s\n", current_name.c_str(),
               input.size(), crash_file.c_str());
  std::ofstream(crash_file, std::ios::binary)
      .write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
}

void on_signal(int signal) {
  report();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// The verdict is left in fuzz::last_verdict.
void run(const Input& input, std::string name) {
  // A copy of exactly this size, so that sanitizers see a read past its end.
  const Input exact(input);
  current_name = std::move(name);
  current = &exact;
  fuzz::last_verdict = {};
  if (LLVMFuzzerTestOneInput(exact.data(), exact.size()) != 0) {
    fuzz::last_verdict = {"not taken"};
  }
  current = nullptr;
}

Input mutated(const Input& seed, std::size_t max_len, std::mt19937_64& random) {
  Input input = seed;
  const auto position = [&] { return static_cast<std::size_t>(random() % input.size()); };
  if (input.empty() || random() % 16 == 0) {
    input.resize(static_cast<std::size_t>(random() % std::min<std::size_t>(max_len + 1, 300)));
    std::generate(input.begin(), input.end(), [&] { return static_cast<std::uint8_t>(random()); });
    return input;
  }
  if (random() % 4 == 0) {
    input.resize(position());
  }
  for (auto changes = random() % 4; !input.empty() && changes > 0; --changes) {
    switch (random() % 4) {
      case 0:
        input[position()] ^= static_cast<std::uint8_t>(1u << (random() % 8));
        break;
      case 1:
        input[position()] = static_cast<std::uint8_t>(random());
        break;
      case 2:
        input.erase(input.begin() + static_cast<std::ptrdiff_t>(position()));
        break;
      default:
        input.insert(input.begin() + static_cast<std::ptrdiff_t>(position()),
                     static_cast<std::uint8_t>(random()));
        break;
    }
  }
  if (input.size() > max_len) {
    input.resize(max_len);
  }
  return input;
}

int usage(const char* program) {
  std::fprintf(stderr, "usage: %s [--mutations N] [--max-len N] [--verdicts FILE] FILE|FOLDER…\n", program);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
#ifdef __AFL_COMPILER
  if (argc == 1) {
    __AFL_INIT();
    const unsigned char* buffer = __AFL_FUZZ_TESTCASE_BUF;
    while (__AFL_LOOP(10000)) {
      // The macro contains a read() of its own and narrows its result.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wshorten-64-to-32"
      const auto size = static_cast<std::size_t>(__AFL_FUZZ_TESTCASE_LEN);
#pragma clang diagnostic pop
      const Input exact(buffer, buffer + size);
      LLVMFuzzerTestOneInput(exact.data(), exact.size());
    }
    return 0;
  }
#endif
  std::size_t mutations = 0;
  std::size_t max_len = 65536;
  std::string verdicts_file;
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if ((argument == "--mutations" || argument == "--max-len") && i + 1 < argc) {
      (argument == "--mutations" ? mutations : max_len) = std::stoul(argv[++i]);
    } else if (argument == "--verdicts" && i + 1 < argc) {
      verdicts_file = argv[++i];
    } else if (std::filesystem::is_directory(argument)) {
      for (const auto& entry : std::filesystem::directory_iterator(argument)) {
        if (entry.is_regular_file()) {
          files.push_back(entry.path());
        }
      }
    } else if (std::filesystem::is_regular_file(argument)) {
      files.push_back(argument);
    } else {
      std::fprintf(stderr, "neither a file nor a folder: %s\n", argument.c_str());
      return usage(argv[0]);
    }
  }
  if (files.empty()) {
    std::fprintf(stderr, "no inputs\n");
    return usage(argv[0]);
  }
  std::sort(files.begin(), files.end());
  crash_file = "crash-" + std::filesystem::path(argv[0]).filename().string();
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(report);
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGILL, SIGFPE, SIGBUS}) {
    if (signal == SIGABRT || __sanitizer_set_death_callback == nullptr) {
      std::signal(signal, on_signal);
    }
  }

  auto verdicts = fuzz::read_verdicts(verdicts_file);
  std::size_t wrong = 0;
  std::mt19937_64 random(2026);
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const Input seed{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    run(seed, file.string());
    const std::string name = file.filename().string(), found = fuzz::verdict_text();
    if (verdicts_file.empty()) {
      std::printf("%s: %s\n", name.c_str(), found.c_str());
    } else if (verdicts[name] != found) {
      ++wrong;
      std::fprintf(stderr, "seed %s: %s; %s says: %s. Find out which of them is right, and mend the other.\n",
                   name.c_str(), found.c_str(), verdicts_file.c_str(),
                   verdicts[name].empty() ? "nothing" : verdicts[name].c_str());
    }
    verdicts.erase(name);
    for (std::size_t i = 0; i < mutations; ++i) {
      run(mutated(seed, max_len, random), file.string() + ", mutation " + std::to_string(i));
    }
  }
  for (const auto& [name, wanted] : verdicts) {
    ++wrong;
    std::fprintf(stderr, "%s lists %s, which is not there\n", verdicts_file.c_str(), name.c_str());
  }
  if (wrong != 0) {
    return 1;
  }
  std::printf("%zu files and %zu mutations of each: all held\n", files.size(), mutations);
  return 0;
}
