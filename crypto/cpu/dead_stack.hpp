// SPDX-License-Identifier: Apache-2.0
// What a function that has returned leaves on the stack: what did not fit in the registers, keys among it.
#pragma once

#include <ashlar/base/bytes.hpp>

namespace ashlar::crypto {

// Wipes `Size` bytes below the caller's frame.
template <std::size_t Size>
[[gnu::noinline]] void wipe_dead_stack() {
  std::uint8_t dead[Size];
  wipe(dead, sizeof dead);
}

// Calls `function`, then wipes the stack it used, which is at most `Size` bytes. The compiler does not see
// which function it is, so that it gets a frame of its own.
template <std::size_t Size, class... Parameters, class... Arguments>
void call_and_wipe(void (*function)(Parameters...), Arguments&&... arguments) {
  __asm__("" : "+r"(function));
  function(arguments...);
  wipe_dead_stack<Size>();
}

}  // namespace ashlar::crypto
