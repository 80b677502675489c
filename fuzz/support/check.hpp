// SPDX-License-Identifier: Apache-2.0
// The invariants of fuzz targets: if the condition of FUZZ_CHECK fails, the process ends, and the fuzzer
// reports a crash. Also the verdict on an input, which seeds are checked against (support/standalone.cpp).
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/error.hpp>

#include <cstdio>
#include <cstdlib>

// The one entry of a target. Its result is 0; -1 keeps an input out of the corpus.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

#define FUZZ_CHECK(condition)                                                             \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                       \
    }                                                                                     \
  } while (false)

namespace ashlar::fuzz {

// The result of the last input, in a word or two, with an error and a number if there are any. If a target
// reports nothing, the verdict is "ran"; if it returns -1, it is "not taken".
struct Verdict {
  const char* text = "ran";
  ErrorCode error{};
  std::size_t number = 0;
  bool has_number = false;
};
inline Verdict last_verdict;

inline void accepted(const char* text = "accepted") {
  last_verdict = {text};
}
inline void accepted(const char* text, std::size_t number) {
  last_verdict = {text, {}, number, true};
}
inline void refused(const Error& error, const char* text = "refused") {
  last_verdict = {text, error.code};
}

}  // namespace ashlar::fuzz
