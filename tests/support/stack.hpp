// SPDX-License-Identifier: Apache-2.0
// How much stack a call takes and what it leaves there. The call runs on a separate stack that was painted
// before.
#pragma once

#include "support/sanitiser.hpp"
#include "support/secrets.hpp"

#include <ashlar/base/bytes.hpp>

#include <ucontext.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

namespace ashlar::test {

namespace stack_detail {
inline const std::function<void()>* running = nullptr;
inline void run() {
  (*running)();
}
}  // namespace stack_detail

inline constexpr std::uint64_t kStackPaint = 0x5a5aa5a5c3c33c3cu;

// What `call` leaves on a stack that had kStackPaint all over; it grows down from the end.
inline std::vector<std::uint64_t> stack_after(const std::function<void()>& call) {
  std::vector<std::uint64_t> stack(1 << 17, kStackPaint);
  ucontext_t caller{}, callee{};
  getcontext(&callee);
  callee.uc_stack.ss_sp = stack.data();
  callee.uc_stack.ss_size = stack.size() * sizeof stack[0];
  callee.uc_link = &caller;
  stack_detail::running = &call;
  makecontext(&callee, stack_detail::run, 0);
  swapcontext(&caller, &callee);
  return stack;
}

inline std::size_t untouched_words(const std::vector<std::uint64_t>& stack) {
  std::size_t untouched = 0;
  while (untouched < stack.size() && stack[untouched] == kStackPaint) {
    untouched++;
  }
  return untouched;
}

// The most bytes of stack that `call` touches.
inline std::size_t stack_used(const std::function<void()>& call) {
  const std::vector<std::uint64_t> stack = stack_after(call);
  return (stack.size() - untouched_words(stack)) * sizeof stack[0];
}

// Whether the deepest 256 bytes that `call` touches are zero at its end. A kernel that wipes less stack than
// it uses leaves some data there.
inline bool wipes_its_depth(const std::function<void()>& call) {
  const std::vector<std::uint64_t> stack = stack_after(call);
  const auto deepest = stack.begin() + static_cast<std::ptrdiff_t>(untouched_words(stack));
  return stack.end() - deepest >= 32 &&
         std::all_of(deepest, deepest + 32, [](std::uint64_t word) { return word == 0; });
}

// How many 8-byte words of `secret` the call leaves anywhere on its stack.
inline std::size_t words_left_on_stack(Bytes secret, const std::function<void()>& call) {
  const std::vector<std::uint64_t> stack = stack_after(call);
  const std::size_t untouched = untouched_words(stack);
  return words_found(secret, {reinterpret_cast<const std::uint8_t*>(stack.data() + untouched),
                              (stack.size() - untouched) * sizeof stack[0]});
}

}  // namespace ashlar::test
