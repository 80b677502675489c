// SPDX-License-Identifier: Apache-2.0
// The constant-time net for kernels that valgrind cannot run. It steps through a function one instruction at
// a time and records which instructions ran and which memory they touched.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ashlar::trace {

// What one instruction shows to an observer of time and caches.
struct Step {
  std::uint64_t instruction = 0;
  std::uint64_t stack = 0;
  std::uint64_t touched = 0;   // base and index of the memory operand; the rest of its address is constant
  std::uint64_t operands = 0;  // only of a division: its time depends on them
  bool operator==(const Step&) const = default;
};

// Makes the secret and public input that belongs to a seed, and returns the function to trace.
using Prepare = std::function<std::function<void()>(std::uint64_t seed)>;

// How the traces of `prepare(1)` and `prepare(2)` differ; empty when they are alike. Each runs in a process
// of its own. `steps` is the length of the first. Masked loads and stores count by their address, not by
// their mask.
std::string difference(const Prepare& prepare, std::size_t& steps);

// The parts of an instruction that matter here. Registers are numbers as in its encoding; -1 for none.
struct Operand {
  bool memory = false;
  int base = -1;
  int index = -1;
  unsigned scale = 1;
  bool vector_index = false;   // a gather or scatter: addresses from a vector register
  bool source_string = false;  // an address in rsi
  bool target_string = false;  // an address in rdi
  bool translate = false;      // xlat: an address from rbx and al
  bool divides = false;
  int divisor = -1;                // a register, or -1 for memory, which lies at
  std::uint64_t displacement = 0;  // this much from base and index
};
Operand decode(const std::uint8_t* code);

}  // namespace ashlar::trace
