// SPDX-License-Identifier: Apache-2.0
// How much stack a call takes: it runs on a stack of its own that was painted before.
#pragma once

#include <ucontext.h>

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

// Bytes of stack that `call` touches at most.
inline std::size_t stack_used(const std::function<void()>& call) {
  constexpr std::uint64_t kPaint = 0x5a5aa5a5c3c33c3cu;
  std::vector<std::uint64_t> stack(1 << 17, kPaint);
  ucontext_t caller{}, callee{};
  getcontext(&callee);
  callee.uc_stack.ss_sp = stack.data();
  callee.uc_stack.ss_size = stack.size() * sizeof stack[0];
  callee.uc_link = &caller;
  stack_detail::running = &call;
  makecontext(&callee, stack_detail::run, 0);
  swapcontext(&caller, &callee);
  std::size_t untouched = 0;
  while (untouched < stack.size() && stack[untouched] == kPaint) {
    untouched++;
  }
  return (stack.size() - untouched) * sizeof stack[0];
}

}  // namespace ashlar::test
