// SPDX-License-Identifier: Apache-2.0
// Early data at the engine: a client's calls.
#include "engine.hpp"

namespace ashlar::tls {

bool Connection::Impl::can_write_early() const {
  const bool open =
      outcome.early_data == EarlyDataStatus::offered || outcome.early_data == EarlyDataStatus::accepted;
  return open && !done_ && !close_sent_ && !error_;
}

Result<std::size_t> Connection::Impl::write_early_data(Bytes data) {
  if (error_) {
    return *error_;
  }
  if (!can_write_early()) {
    return ErrorCode::no_early_data;
  }
  if (early_data_room_ == 0) {
    return Error{ErrorCode::early_data_limit, Place::none, static_cast<std::uint32_t>(data.size())};
  }
  const std::size_t room = early_data_room_;
  const std::size_t count = writable(data.size() < room ? data.size() : room);
  if (count == 0) {
    return std::size_t{0};
  }
  if (auto written = send_record(ContentType::application_data, data.first(count)); !written) {
    return fail(written.error());
  }
  early_data_room_ -= static_cast<std::uint32_t>(count);
  return count;
}

Result<std::size_t> Client::write_early_data(Bytes data) {
  return impl_->write_early_data(data);
}
EarlyDataStatus Client::early_data_status() const {
  return impl_->outcome.early_data;
}
std::size_t Client::early_data_room() const {
  return impl_->early_data_room();
}

}  // namespace ashlar::tls
