// SPDX-License-Identifier: Apache-2.0
#include "net/driver.hpp"

#include "failure/failure.hpp"

namespace ashlar::cli {
namespace {

constexpr std::size_t kBufferSize = 32 * 1024;
// Limits of time and size for reading after the end, so that our last alert arrives.
constexpr std::chrono::milliseconds kLinger{1000};
constexpr std::size_t kMostDrained = 1U << 20;

}  // namespace

std::string ConnectionEnd::text() const {
  switch (reason) {
    case Reason::closed:
      return "closed in order";
    case Reason::failed:
      return sentence(error);
    case Reason::network:
      return network.message();
    case Reason::deadline:
      return "no answer in time";
  }
  return "";
}

Driver::Driver(asio::ip::tcp::socket socket, std::shared_ptr<tls::Connection> connection,
               ConnectionHandler& handler)
    : socket_(std::move(socket)),
      connection_(std::move(connection)),
      handler_(&handler),
      deadline_(socket_.get_executor()) {
  SystemError ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Driver::start() {
  pump();
}

std::size_t Driver::write(Bytes data) {
  std::size_t total = 0;
  while (!data.empty()) {
    const auto taken = connection_->write(data);
    if (!taken || *taken == 0) {
      break;
    }
    total += *taken;
    data = data.subspan(*taken);
  }
  start_write();
  return total;
}

void Driver::close() {
  connection_->close();
  schedule_pump();
}

void Driver::close_now() {
  ending_ = true;
  close();
}

void Driver::resume() {
  paused_ = false;
  resumed_ = true;
  schedule_pump();
}

void Driver::set_deadline(std::chrono::milliseconds from_now) {
  deadline_.expires_after(from_now);
  deadline_.async_wait([self = shared_from_this()](SystemError error) {
    if (!error && self->deadline_.expiry() <= std::chrono::steady_clock::now()) {
      self->connection_->close();
      self->start_write();
      self->finish({ConnectionEnd::Reason::deadline, {}, {}});
    }
  });
}

void Driver::stop() {
  handler_ = nullptr;
  deadline_.cancel();
  if (!finished_) {
    finished_ = true;
    SystemError ignored;
    socket_.close(ignored);
  }
}

void Driver::abort() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->finish({ConnectionEnd::Reason::network, {}, asio::error::connection_aborted});
  });
}

// Calls from inside the handler run later through the event loop, never nested.
void Driver::schedule_pump() {
  if (!pump_scheduled_) {
    pump_scheduled_ = true;
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
      self->pump_scheduled_ = false;
      self->pump();
    });
  }
}

// Gives data to the handler. True if it took some.
bool Driver::hand_out() {
  const bool early = !early_data().empty();
  const Bytes data = early ? early_data() : connection_->application_data();
  if (data.empty() || paused_ || handler_ == nullptr) {
    return false;
  }
  const std::size_t size = data.size();
  resumed_ = false;
  const std::size_t taken = early ? handler_->early_data(data) : handler_->received(data);
  if (!(early ? early_->consume_early_data(taken) : connection_->consume(taken))) {
    return false;  // the connection keeps the error, and pump() ends with it
  }
  // The handler may have made room while it looked at the data.
  paused_ = taken < size && !resumed_;
  return taken > 0;
}

// Bytes from the network to the engine. True if some were taken.
bool Driver::take_input() {
  if (in_at_ == in_end_ || !connection_->application_data().empty() || connection_->error()) {
    return false;
  }
  const auto taken = connection_->feed(Bytes(in_.get() + in_at_, in_end_ - in_at_));
  in_at_ = taken ? in_at_ + *taken : in_end_;
  if (in_at_ == in_end_) {
    in_.reset();
    in_at_ = in_end_ = 0;
  }
  return !taken || *taken > 0;
}

void Driver::fetch_sessions() {
  const auto request = connection_->session_request();
  if (!request || fetching_) {
    return;
  }
  fetching_ = true;
  handler_->fetch(*request, [self = shared_from_this()] {
    self->fetching_ = false;
    if (!self->finished_) {
      (void)self->connection_->sessions_fetched();  // the connection keeps the error
      self->pump();
    }
  });
}

void Driver::pump() {
  if (finished_ || handler_ == nullptr) {
    return;
  }
  bool more = true;
  while (more) {
    more = take_input();
    fetch_sessions();
    if (!established_ && connection_->handshake_done()) {
      established_ = true;
      handler_->established();
      more = true;
    }
    if (handler_ == nullptr) {
      return;
    }
    more |= hand_out();
    if (handler_ == nullptr) {
      return;
    }
  }
  if (connection_->peer_closed() && connection_->application_data().empty() && !told_peer_closed_ &&
      !connection_->error()) {
    told_peer_closed_ = true;
    handler_->peer_closed();
    if (handler_ == nullptr) {
      return;
    }
  }
  if (connection_->wants().has(tls::Want::batch)) {
    handler_->rests();
  }
  start_write();
  if (writing_) {
    // Pending output, perhaps an alert, is sent before the end.
    start_read();
    return;
  }
  if (const auto error = connection_->error()) {
    if (network_error_ && *error == ErrorCode::truncated_connection) {
      finish({ConnectionEnd::Reason::network, *error, network_error_});
    } else {
      finish({ConnectionEnd::Reason::failed, *error, {}});
    }
    return;
  }
  if (ending_ || (connection_->wants().has(tls::Want::closed) && connection_->application_data().empty())) {
    finish({});
    return;
  }
  start_read();
}

void Driver::start_read() {
  if (reading_ || input_over_ || finished_ || in_at_ != in_end_ || !connection_->application_data().empty() ||
      connection_->error()) {
    return;
  }
  reading_ = true;
  // Nothing is in progress, so the waiting connection needs no buffers.
  connection_->release_buffers();
  // A buffer is allocated only when there is something to read.
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](SystemError error) {
    self->reading_ = false;
    if (self->finished_) {
      return;
    }
    if (error) {
      self->network_error_ = error;
      self->input_over_ = true;
      (void)self->connection_->received_end();
      self->pump();
      return;
    }
    self->read_some();
  });
}

void Driver::read_some() {
  in_ = std::make_unique_for_overwrite<std::uint8_t[]>(kBufferSize);
  SystemError error;
  in_at_ = 0;
  in_end_ = socket_.read_some(asio::buffer(in_.get(), kBufferSize), error);
  if (in_end_ == 0) {
    in_.reset();
  } else {
    heard_ = true;
  }
  if (error && error != asio::error::would_block) {
    input_over_ = true;
    if (error != asio::error::eof) {
      network_error_ = error;
    }
    // The engine knows what the end means: in order, or a truncated connection.
    (void)connection_->received_end();
  }
  pump();
}

void Driver::start_write() {
  const Bytes pending = connection_->pending_output();
  if (writing_ || finished_ || pending.empty()) {
    return;
  }
  out_.assign(pending.begin(), pending.end());
  connection_->sent(out_.size());
  writing_ = true;
  asio::async_write(socket_, asio::buffer(out_), [self = shared_from_this()](SystemError error, std::size_t) {
    self->writing_ = false;
    if (self->finished_) {
      return;
    }
    if (error) {
      // The peer may have said why before it closed: read to the end, then give up.
      if (self->input_over_) {
        self->finish({ConnectionEnd::Reason::network, {}, error});
        return;
      }
      self->network_error_ = error;
      const std::size_t pending_size = self->connection_->pending_output().size();
      self->connection_->sent(pending_size);
      self->pump();
      return;
    }
    const bool can_write = self->established_ || self->connection_->wants().has(tls::Want::can_write);
    if (self->connection_->pending_output().empty() && can_write && self->handler_ != nullptr &&
        !self->connection_->error()) {
      self->handler_->writable();
    }
    self->pump();
  });
}

void Driver::finish(ConnectionEnd end) {
  if (finished_) {
    return;
  }
  finished_ = true;
  deadline_.cancel();
  const std::shared_ptr<Driver> self = shared_from_this();
  if (ConnectionHandler* const handler = std::exchange(handler_, nullptr)) {
    handler->ended(end);
  }
  linger();
}

// Closing a socket with unread input resets the connection, and the reset can overtake our last alert. So it
// says that we are done, and reads and drops what still comes for a moment.
void Driver::linger() {
  SystemError failed;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, failed);
  if (failed || input_over_) {
    socket_.close(failed);
    return;
  }
  deadline_.expires_after(kLinger);
  deadline_.async_wait([self = shared_from_this()](SystemError) {
    SystemError ignored;
    self->socket_.close(ignored);
  });
  socket_.cancel(failed);  // a pending wait for input
  drain(kMostDrained);
}

void Driver::drain(std::size_t left) {
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this(), left](SystemError error) {
    std::uint8_t away[4096];
    std::size_t left_after = left;
    while (!error && left_after > 0) {
      left_after -= std::min(left_after, self->socket_.read_some(asio::buffer(away), error));
    }
    if (error == asio::error::would_block) {
      self->drain(left_after);
    } else {
      self->deadline_.cancel();  // this closes the socket
    }
  });
}

}  // namespace ashlar::cli
