// SPDX-License-Identifier: Apache-2.0
// The invariants of fuzz targets: FUZZ_CHECK(condition) ends the process, which the fuzzer reports as a
// crash.
#pragma once

#include <ashlar/base/bytes.hpp>

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
