// SPDX-License-Identifier: Apache-2.0
// Which sanitisers this build has, of those that tests must know about, and whether an emulator runs it.
#pragma once

namespace ashlar::test {

// It runs threads of its own.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool kThreadSanitised = true;
#elif defined(__has_feature)
inline constexpr bool kThreadSanitised = __has_feature(thread_sanitizer);
#else
inline constexpr bool kThreadSanitised = false;
#endif

// Its stack frames are larger than ours and hold copies.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitised = true;
#elif defined(__has_feature)
inline constexpr bool kSanitised =
    kThreadSanitised || __has_feature(address_sanitizer) || __has_feature(memory_sanitizer);
#else
inline constexpr bool kSanitised = kThreadSanitised;
#endif

// Built for another machine than this.
#if defined(ASHLAR_EMULATED)
inline constexpr bool kEmulated = true;
#else
inline constexpr bool kEmulated = false;
#endif

}  // namespace ashlar::test
