// SPDX-License-Identifier: Apache-2.0
// What modes of operation require of their buffers.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

namespace ashlar::crypto {

// Whether two buffers have a byte in common.
inline bool overlap(Bytes a, Bytes b) {
  return !a.empty() && !b.empty() && (a.data() == b.data() || overlap_partially(a, b));
}

// For modes without a limit.
inline constexpr std::uint64_t kAnySize = ~std::uint64_t{0};

// Text and output: as large as each other (else invalid_argument), at most `most` bytes (else
// message_too_long), the same buffer or separate (else partial_overlap).
inline Result<void> check_buffers(Bytes in, Bytes out, std::uint64_t most) {
  if (in.size() != out.size()) {
    return ErrorCode::invalid_argument;
  }
  if (std::uint64_t{in.size()} > most) {
    return ErrorCode::message_too_long;
  }
  if (overlap_partially(in, out)) {
    return ErrorCode::partial_overlap;
  }
  return {};
}

}  // namespace ashlar::crypto
