// SPDX-License-Identifier: Apache-2.0
// What a function that has returned leaves on the stack: what did not fit in the registers, keys among it.
#pragma once

#include <ashlar/base/bytes.hpp>

#include "cpu/forget.hpp"
#include "cpu/x86.hpp"

namespace ashlar::crypto {

// wipe() by a call of memset. Of a constant size from 128 bytes on g++ makes rep stos, which takes thirty
// cycles before it begins.
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

// Wipes so what lies below the function in whose scope it stands.
template <std::size_t Size>
struct WipeBelow {
  WipeBelow() = default;
  WipeBelow(const WipeBelow&) = delete;
  WipeBelow& operator=(const WipeBelow&) = delete;
  ~WipeBelow() { wipe_dead_stack<Size>(); }
};

// Calls `function`, then wipes the stack it used, which is at most `Size` bytes. The compiler does not see
// which function it is, so that it gets a frame of its own.
template <std::size_t Size, void (*Wipe)() = wipe_dead_stack<Size>, class... Parameters, class... Arguments>
void call_and_wipe(void (*function)(Parameters...), Arguments&&... arguments) {
  __asm__("" : "+r"(function));
  function(arguments...);
  Wipe();
}

// The same for code around the kernels, which spills only where a machine has few registers, as i386 has;
// elsewhere a call and no more.
template <std::size_t Size, class... Parameters, class... Arguments>
void call_and_wipe_spills(void (*function)(Parameters...), Arguments&&... arguments) {
  if constexpr (sizeof(void*) < sizeof(std::uint64_t)) {
    call_and_wipe<Size>(function, arguments...);
  } else {
    function(arguments...);
  }
}

#if ASHLAR_X86_KERNELS
// The same for kernels with AVX, where a short message would feel the difference: up to 64 bytes per cycle
// and nothing to start, where a string instruction or a call of memset takes some fifty cycles before its
// first store. The buffer is no more aligned than any frame is: what alignment takes would stay unwiped,
// above it. The stores are, but for the first and the last, for each that crosses a line costs two cycles.
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
      // One by one: clang would call memset, deeper in the stack.
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
