// SPDX-License-Identifier: Apache-2.0
// What the structured mutators share. A mutator changes one part of an input and makes the lengths around it
// right again, so that the change is looked at and not only a length that is wrong. Half of the time the
// engine's own mutation is taken, which also breaks lengths.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <algorithm>
#include <random>
#include <vector>

// The engine's; a main program without one calls no mutator.
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                                              std::size_t max_size);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed);

namespace ashlar::fuzz {

using Mutable = std::vector<std::uint8_t>;
using Chance = std::minstd_rand;

inline std::size_t pick(Chance& chance, std::size_t bound) {
  return bound == 0 ? 0 : static_cast<std::size_t>(chance()) % bound;
}

// Some bytes changed by the engine, which may also make them longer or shorter.
inline void mutate_bytes(Mutable& bytes, std::size_t room) {
  const std::size_t size = bytes.size();
  bytes.resize(size + room);
  bytes.resize(LLVMFuzzerMutate(bytes.data(), size, bytes.size()));
}

// The result of a mutator in the engine's memory; the engine's own mutation if it does not fit.
template <class Change>
std::size_t mutate_with(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned int seed,
                        const Change& change) {
  Chance chance(seed);
  if (pick(chance, 2) == 0) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  const Mutable changed = change(Bytes(data, size), chance);
  if (changed.empty() || changed.size() > max_size) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  copy_bytes({data, max_size}, changed);
  return changed.size();
}

}  // namespace ashlar::fuzz

// Takes it as the mutator of a target.
#define ASHLAR_FUZZ_MUTATOR(...)                                                                             \
  extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, \
                                                 unsigned int seed) {                                        \
    return ashlar::fuzz::mutate_with(data, size, max_size, seed, __VA_ARGS__);                               \
  }
