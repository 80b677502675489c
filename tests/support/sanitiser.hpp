// SPDX-License-Identifier: Apache-2.0
// What tests must know of the build: which sanitisers it has, whether the libraries are optimised, and
// whether an emulator runs it.
#pragma once

namespace ashlar::test {

// ThreadSanitizer runs its own threads.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool kThreadSanitised = true;
#elif defined(__has_feature)
inline constexpr bool kThreadSanitised = __has_feature(thread_sanitizer);
#else
inline constexpr bool kThreadSanitised = false;
#endif

// The libraries' stack frames are too large and hold copies, because of a sanitiser or a compiler that does
// not optimise (meson.build).
#if defined(__SANITIZE_ADDRESS__) || defined(ASHLAR_UNOPTIMISED)
inline constexpr bool kFramesHoldCopies = true;
#elif defined(__has_feature)
inline constexpr bool kFramesHoldCopies =
    kThreadSanitised || __has_feature(address_sanitizer) || __has_feature(memory_sanitizer);
#else
inline constexpr bool kFramesHoldCopies = kThreadSanitised;
#endif

// Built for another machine than this.
#if defined(ASHLAR_EMULATED)
inline constexpr bool kEmulated = true;
#else
inline constexpr bool kEmulated = false;
#endif

}  // namespace ashlar::test
