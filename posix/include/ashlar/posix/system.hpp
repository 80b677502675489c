// SPDX-License-Identifier: Apache-2.0
// The system: the error of a call, and its clock.
#pragma once

#include <ashlar/asn1/time.hpp>
#include <ashlar/base/describe.hpp>
#include <ashlar/tls/config.hpp>

#include <cerrno>
#include <cstring>

#include <time.h>

namespace ashlar::posix {

// The error of the system call that just failed: its detail is errno.
inline Error system_error() {
  return {ErrorCode::system_call_failed, Place::none, static_cast<std::uint32_t>(errno)};
}

// As ashlar::describe, but a failed call to the system is told with the system's reason:
// "a call to the operating system failed: Connection refused". kDescribeSize bytes hold the longest.
inline std::string_view describe(const Error& error, std::span<char> out) {
  if (!(error == ErrorCode::system_call_failed)) {
    return ashlar::describe(error, out);
  }
  std::size_t size = 0;
  for (const char* words : {"a call to the operating system failed: ",
                            static_cast<const char*>(strerror(static_cast<int>(error.detail)))}) {
    for (; *words != '\0' && size < out.size(); ++words) {
      out[size++] = *words;
    }
  }
  return {out.data(), size};
}

inline asn1::Time now() {  // by the system's clock
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return {time.tv_sec};
}
inline std::uint64_t monotonic_nanoseconds() {  // of a clock that never goes back
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(time.tv_nsec);
}
inline tls::Clock system_clock() {  // both, for a config
  return {[](void*) { return now(); }, [](void*) { return monotonic_nanoseconds(); }, nullptr};
}

}  // namespace ashlar::posix
