// SPDX-License-Identifier: Apache-2.0
// Places a connection's bytes in its own buffers, or in memory that the caller lends for a while.
#include "engine.hpp"

namespace ashlar::tls {

// Application data is a part of the input, and moves with it.
template <class Move>
auto Connection::Impl::moving_input(Move move) {
  const std::size_t at = application_data_.empty()
                             ? 0
                             : static_cast<std::size_t>(application_data_.data() - input_.bytes().data());
  const std::size_t size = application_data_.size();
  auto result = move();
  application_data_ = size == 0 || input_.empty() ? MutBytes() : input_.bytes_mut().subspan(at, size);
  return result;
}

Result<void> Connection::Impl::lend(MutBytes memory) {
  if (memory.size() < kLentSize || output_.size() > memory.size() - kInputCapacity) {
    return ErrorCode::invalid_argument;
  }
  if (input_.lent() || output_.lent()) {
    ASHLAR_CHECK(return_lent());
  }
  return moving_input([&] {
    input_.lend(memory.first(kInputCapacity));
    output_.lend(memory.subspan(kInputCapacity));
    return Result<void>{};
  });
}

Result<void> Connection::Impl::return_lent() {
  const Result<void> input = moving_input([&] { return input_.return_lent(); });
  const Result<void> output = output_.return_lent();
  if (!input || !output) {
    return fail(input ? output.error() : input.error());
  }
  return error_ ? Result<void>(*error_) : Result<void>{};
}

void Connection::Impl::release_buffers() {
  for (Buffer* const buffer : {&input_, &incoming_, &flight_, &output_}) {
    if (buffer->empty()) {
      buffer->release();
    }
  }
}

}  // namespace ashlar::tls
