// SPDX-License-Identifier: Apache-2.0
// Bytes out: application data, handshake messages and alerts become as few records as possible, and wait to
// be sent.
#include "engine.hpp"

#include <ashlar/base/endian.hpp>

namespace ashlar::tls {

// How much of so much data goes into one record now.
std::size_t Connection::Impl::writable(std::size_t size) const {
  const std::size_t used = output_.size() + kMaxRecordOverhead + kAlertReserve;
  std::size_t count = used < kOutputCapacity ? kOutputCapacity - used : 0;
  count = count < size ? count : size;
  count = count < outcome.send_limit ? count : outcome.send_limit;
  // A full record after the output has been sent is better than a small one now.
  constexpr std::size_t kSmall = 4096;
  return count < size && count < kSmall && count < outcome.send_limit ? 0 : count;
}

Result<std::size_t> Connection::Impl::write(Bytes data) {
  if (error_) {
    return *error_;
  }
  if (!can_write()) {
    return ErrorCode::not_connected;
  }
  const std::size_t count = writable(data.size());
  if (count == 0) {
    return std::size_t{0};
  }
  if (in_place_.protocol->before_data != nullptr) {
    if (auto ready = in_place_.protocol->before_data(in_place_.context, {writing.worn(), reading.worn()});
        !ready) {
      return fail(ready.error());
    }
  }
  if (auto written = send_record(ContentType::application_data, data.first(count), padding_of(count));
      !written) {
    return fail(written.error());
  }
  return count;
}

// As much as the config's multiple asks for, if the peer takes records of that size and the output has room.
std::size_t Connection::Impl::padding_of(std::size_t size) const {
  const std::size_t multiple = settings.record_padding;
  if (multiple <= 1 || !writing.pads()) {
    return 0;
  }
  const std::size_t wanted = (0 - size) & (multiple - 1);  // it is a power of two
  const std::size_t used = output_.size() + kMaxRecordOverhead + kAlertReserve + size;
  const std::size_t room = used < kOutputCapacity ? kOutputCapacity - used : 0;
  const std::size_t allowed = outcome.send_limit - size;
  const std::size_t most = room < allowed ? room : allowed;
  return wanted < most ? wanted : most;
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
    // A handshake that was given up sends nothing more.
    peer_closed_ = true;
    end();
  }
}

[[gnu::cold]] Result<void> Connection::Impl::send_alert(AlertLevel level, Alert alert) {
  ASHLAR_CHECK(flush_flight());
  std::uint8_t storage[2];
  Writer writer{MutBytes(storage)};
  AlertMessage{level, alert}.build(writer);
  ASHLAR_TRY(const Bytes body, writer.finish());
  emit(Direction::sent, AlertEvent{level, alert});
  return send_record(ContentType::alert, body);
}

Result<void> Connection::Impl::flush_flight() {
  while (!flight_.empty()) {
    const std::size_t count = flight_.size() < outcome.send_limit ? flight_.size() : outcome.send_limit;
    ASHLAR_CHECK(send_record(ContentType::handshake, flight_.bytes().first(count)));
    flight_.consume(count);
  }
  return {};
}

Result<void> Connection::Impl::send_record(ContentType type, Bytes plaintext, std::size_t padding) {
  const std::size_t fragment = writing.sealed_size(plaintext.size() + padding);
  ASHLAR_CHECK(output_.reserve(kRecordHeaderSize + fragment));
  const std::uint64_t sequence = writing.sequence_number();
  const MutBytes room = output_.room();
  ASHLAR_TRY(const std::size_t size, writing.seal(type, plaintext, settings.random, room, padding));
  ProtocolVersion version = ProtocolVersion::tls12;
  if (settings.is_client && type == ContentType::handshake &&
      outcome.negotiated.version == ProtocolVersion{}) {
    // The first ClientHello. Some servers and middleboxes know of no newer version in a record (RFC 9846
    // §5.1).
    version = ProtocolVersion::tls10;
    store_be16(room.data() + 1, static_cast<std::uint16_t>(version));
  }
  output_.commit(size);
  if (settings.events.records) {
    const RecordCipher* cipher = writing.cipher();
    const std::size_t mac = cipher != nullptr ? cipher->mac_size : 0;
    const std::size_t nonce = cipher != nullptr ? cipher->explicit_nonce_size : 0;
    emit(Direction::sent, RecordEvent{type, version, sequence, plaintext.size(), size,
                                      fragment - nonce - plaintext.size() - mac, mac, writing.epoch()});
  }
  return {};
}

void Connection::Impl::sent(std::size_t count) {
  output_.consume(count < output_.size() ? count : output_.size());
  if (done_ && output_.empty() && !output_.lent() && output_.capacity() > kOutputCapacity) {
    // A large flight made the buffer grow. If there is no memory for a smaller one, this one stays.
    Buffer smaller(settings.memory);
    if (smaller.reserve(kOutputCapacity)) {
      output_ = std::move(smaller);
    }
  }
}

}  // namespace ashlar::tls
