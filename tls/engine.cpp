// SPDX-License-Identifier: Apache-2.0
// What a connection does for its driver, and how it ends.
#include "engine.hpp"

namespace ashlar::tls {

Connection::Impl::Impl(const Allocation& allocation, const Settings& given)
    : settings(given),
      reading(allocation.memory),
      writing(allocation.memory),
      state(given.is_client ? tls12::State::client_expects_server_hello
                            : tls12::State::server_expects_client_hello),
      flight(allocation.memory),
      peer_message(allocation.memory),
      allocation_(allocation),
      input_(allocation.memory),
      output_(allocation.memory),
      incoming_(allocation.memory) {}

Connection::Impl::~Impl() {
  if (handshake != nullptr) {
    settings.role->destroy(*this);
  }
}

Result<void> Connection::Impl::allocate_buffers() {
  ASHLAR_CHECK(input_.reserve(kInputCapacity));
  return output_.reserve(kOutputCapacity);
}

Wants Connection::Impl::wants() const {
  std::uint8_t bits = 0;
  const auto want = [&bits](Want what) {
    bits = static_cast<std::uint8_t>(bits | static_cast<std::uint8_t>(what));
  };
  if (!output_.empty()) {
    want(Want::write);
  }
  const bool over = error_.has_value() || (peer_closed_ && close_sent_);
  if (over) {
    if (output_.empty()) {
      want(Want::closed);
    }
    return {bits};
  }
  if (resting_) {
    want(Want::sign);
  } else if (!application_data_.empty()) {
    want(Want::application_data);
  } else {
    want(Want::read);
  }
  if (done_ && !close_sent_) {
    want(Want::can_write);
  }
  return {bits};
}

MutBytes Connection::Impl::receive_window() {
  if (error_ || peer_closed_ || resting_ || !application_data_.empty()) {
    return {};
  }
  input_.compact();
  return input_.room();
}

Result<void> Connection::Impl::received(std::size_t count) {
  if (error_) {
    return *error_;
  }
  if (count > receive_window().size()) {
    return ErrorCode::invalid_argument;
  }
  input_.commit(count);
  return run();
}

Result<void> Connection::Impl::received_end() {
  if (error_) {
    return *error_;
  }
  if (peer_closed_) {
    return {};
  }
  return fail(Error{ErrorCode::truncated_connection});
}

void Connection::Impl::sent(std::size_t count) {
  output_.consume(count < output_.size() ? count : output_.size());
  if (done_ && output_.empty() && output_.capacity() > kOutputCapacity) {
    // A large flight made the buffer grow. If there is no memory for a smaller one, this one stays.
    Buffer smaller(allocation_.memory);
    if (smaller.reserve(kOutputCapacity)) {
      output_ = std::move(smaller);
    }
  }
}

Result<void> Connection::Impl::consume(std::size_t count) {
  if (error_) {
    return *error_;
  }
  if (count < application_data_.size()) {
    application_data_ = application_data_.subspan(count);
    return {};
  }
  if (application_data_.empty()) {
    return {};
  }
  application_data_ = {};
  input_.consume(application_record_size_);
  return run();
}

Result<std::size_t> Connection::Impl::write(Bytes data) {
  if (error_) {
    return *error_;
  }
  if (!done_ || close_sent_) {
    return ErrorCode::not_connected;
  }
  const std::size_t used = output_.size() + kMaxRecordOverhead + kAlertReserve;
  std::size_t count = used < kOutputCapacity ? kOutputCapacity - used : 0;
  count = count < data.size() ? count : data.size();
  count = count < kMaxPlaintextSize ? count : kMaxPlaintextSize;
  // Rather than a small record now, a full one when the output has been sent.
  constexpr std::size_t kSmall = 4096;
  if (count == 0 || (count < data.size() && count < kSmall)) {
    return std::size_t{0};
  }
  if (auto written = send_record(ContentType::application_data, data.first(count)); !written) {
    return fail(written.error());
  }
  return count;
}

void Connection::Impl::close() {
  if (error_ || close_sent_) {
    return;
  }
  if (auto closed = send_alert(AlertLevel::warning, Alert::close_notify); !closed) {
    (void)fail(closed.error());
    return;
  }
  close_sent_ = true;
  if (!done_) {
    // A handshake that is given up has nothing left to say.
    peer_closed_ = true;
    end();
  }
}

Result<void> Connection::Impl::provide(Bytes answer) {
  if (error_) {
    return *error_;
  }
  const auto request = private_key_request();
  if (!request) {
    return ErrorCode::no_private_key_request;
  }
  const bool fits = request->kind == PrivateKeyRequest::Kind::sign
                        ? !answer.empty() && answer.size() <= x509::kMaxSignatureSize
                        : answer.size() == Secret<48>::kSize;
  if (!fits) {
    return ErrorCode::invalid_argument;
  }
  if (request->kind == PrivateKeyRequest::Kind::sign) {
    // A faulty signature may give its private key away, and would be the peer's to find (E06).
    const auto key = certified_key(settings.role->credential(*this));
    if (!key || !key->verify_digest(*request->algorithm, request->input, answer)) {
      return fail(Error{ErrorCode::signing_fault});
    }
  }
  resting_ = false;
  if (auto stepped = step({tls12::InputKind::private_key_answer, nullptr, answer}); !stepped) {
    return fail(stepped.error());
  }
  return run();
}

std::optional<PrivateKeyRequest> Connection::Impl::private_key_request() const {
  return resting_ ? settings.role->request(*this) : std::nullopt;
}

Result<void> Connection::Impl::run() {
  if (error_) {
    return *error_;
  }
  if (auto processed = process(); !processed) {
    return fail(processed.error());
  }
  return {};
}

void Connection::Impl::tell(Direction direction, const What& what) const {
  const Clock& clock = settings.clock;
  const std::uint64_t time =
      clock.monotonic_nanoseconds != nullptr ? clock.monotonic_nanoseconds(clock.context) : 0;
  settings.events.event(settings.events.context, Event{direction, phase, time, negotiated, what});
}

// The first error is the last: it is told to the peer, everything secret is wiped, and every later call
// returns it (H18).
Error Connection::Impl::fail(Error error) {
  if (error_) {
    return *error_;
  }
  error_ = error;
  const bool from_peer = error == ErrorCode::peer_alert || error == ErrorCode::truncated_connection;
  emit(from_peer ? Direction::received : Direction::sent, ErrorEvent{error});
  if (!from_peer && !close_sent_) {
    flight.release();
    (void)send_alert(AlertLevel::fatal, alert_of(error.code));
  }
  // RFC 5246 §7.2.2: a session whose connection failed is not resumed. One that was only asked for, by a peer
  // that has proved nothing, stays.
  if (done_ && settings.sessions != nullptr && !session_id.empty() &&
      !(error == ErrorCode::truncated_connection)) {
    settings.sessions->remove(settings.sessions->context, session_id.bytes());
  }
  end();
  return error;
}

void Connection::Impl::end() {
  if (handshake != nullptr) {
    settings.role->destroy(*this);
  }
  reading.clear();
  writing.clear();
  application_data_ = {};
  input_.clear();
  incoming_.release();
  flight.release();
  peer_chain.certificates.clear();
  peer_message.release();
  session = {};
  resting_ = false;
}

}  // namespace ashlar::tls
