// SPDX-License-Identifier: Apache-2.0
// Wipes what functions leave on the stack: values that did not fit in registers, keys among them.
#pragma once

#include <ashlar/base/bytes.hpp>

#include "cpu/forget.hpp"
#include "cpu/x86.hpp"

namespace ashlar::crypto {

// wipe() by a call of memset. For a constant size of 128 bytes or more g++ makes rep stos, which takes thirty
// cycles to start.
inline void wipe_by_call(void* bytes, std::size_t size) {
  __asm__("" : "+r"(size));
  wipe(bytes, size);
}

// Wipes `Size` bytes below the caller's frame, and the vector registers.
template <std::size_t Size>
[[gnu::noinline]] void wipe_dead_stack() {
  std::uint8_t dead[Size];
  wipe_by_call(dead, sizeof dead);
  forget_vectors();
}

// At the end of its scope, wipes the stack below the function that it stands in. What follows the call keeps
// it from being a jump: that would start at the function's own frame, and end too early.
template <std::size_t Size>
struct WipeBelow {
  WipeBelow() = default;
  WipeBelow(const WipeBelow&) = delete;
  WipeBelow& operator=(const WipeBelow&) = delete;
  ~WipeBelow() {
    wipe_dead_stack<Size>();
    __asm__ volatile("");
  }
};

// Calls `function`, then wipes the stack it used, which is at most `Size` bytes. The compiler does not see
// which function it is, so the function gets its own frame.
template <std::size_t Size, void (*Wipe)() = wipe_dead_stack<Size>, class... Parameters, class... Arguments>
void call_and_wipe(void (*function)(Parameters...), Arguments&&... arguments) {
  __asm__("" : "+r"(function));
  function(arguments...);
  Wipe();
  __asm__ volatile("");
}

// The same for code around the kernels. It spills only on machines with few registers, such as i386.
// Elsewhere this is only a call.
template <std::size_t Size, class... Parameters, class... Arguments>
void call_and_wipe_spills(void (*function)(Parameters...), Arguments&&... arguments) {
  if constexpr (sizeof(void*) < sizeof(std::uint64_t)) {
    call_and_wipe<Size>(function, arguments...);
  } else {
    function(arguments...);
  }
}

#if ASHLAR_X86_KERNELS
// The same for kernels with AVX, fast enough for short messages: up to 64 bytes per cycle without a start. A
// string instruction or a call of memset takes some fifty cycles before its first store. The buffer is
// aligned no more than any frame: alignment would leave a gap above it unwiped. The stores are aligned,
// except the first and the last, because a store that crosses a line costs two cycles.
template <std::size_t Size>
[[gnu::noinline]] ASHLAR_TARGET("avx") void wipe_dead_stack_avx() {
  static_assert(Size % 128 == 0);
  alignas(16) std::uint8_t dead[Size];
  const auto aligned =
      reinterpret_cast<std::uint8_t*>(reinterpret_cast<std::uintptr_t>(dead + 31) & ~std::uintptr_t{31});
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(dead), _mm256_setzero_si256());
  for (std::size_t at = 0; at < Size - 128; at += 128) {
    ASHLAR_UNROLL
    for (std::size_t i = at; i < at + 128; i += 32) {
      _mm256_store_si256(reinterpret_cast<__m256i*>(aligned + i), _mm256_setzero_si256());
      // Bytes one by one: clang would call memset, deeper in the stack.
      __asm__ volatile("" : : "r"(dead) : "memory");
    }
  }
  ASHLAR_UNROLL
  for (std::size_t i = Size - 128; i < Size - 32; i += 32) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(aligned + i), _mm256_setzero_si256());
  }
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(dead + Size - 32), _mm256_setzero_si256());
  __asm__ volatile("" : : "r"(dead) : "memory");
  _mm256_zeroupper();
}

// With SSE, 16 bytes per store.
template <std::size_t Size>
[[gnu::noinline]] void wipe_dead_stack_sse() {
  static_assert(Size % 64 == 0);
  alignas(16) std::uint8_t dead[Size];
  for (std::size_t at = 0; at < Size; at += 64) {
    ASHLAR_UNROLL
    for (std::size_t i = at; i < at + 64; i += 16) {
      _mm_store_si128(reinterpret_cast<__m128i*>(dead + i), _mm_setzero_si128());
    }
    __asm__ volatile("" : : "r"(dead) : "memory");
  }
}

template <std::size_t Size, class... Parameters, class... Arguments>
void call_and_wipe_sse(void (*function)(Parameters...), Arguments&&... arguments) {
  call_and_wipe<Size, wipe_dead_stack_sse<Size>>(function, arguments...);
}
template <std::size_t Size, class... Parameters, class... Arguments>
void call_and_wipe_avx(void (*function)(Parameters...), Arguments&&... arguments) {
  call_and_wipe<Size, wipe_dead_stack_avx<Size>>(function, arguments...);
}
#endif

}  // namespace ashlar::crypto
