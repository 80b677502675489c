// SPDX-License-Identifier: Apache-2.0
// Bytes in: received bytes become records (RFC 5246 §6.2), records become messages, alerts and application
// data. These are the inputs of the protocol in place.
#include "engine.hpp"

#include <ashlar/base/endian.hpp>

#include "record/record_core.h"

namespace ashlar::tls {

MutBytes Connection::Impl::receive_window() {
  if (error_ || peer_closed_ || resting() || !application_data_.empty()) {
    return {};
  }
  if (input_.capacity() < kInputCapacity) {
    if (const auto ready = input_.ensure_capacity(kInputCapacity); !ready) {
      (void)fail(ready.error());
      return {};
    }
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

Result<void> Connection::Impl::consume(std::size_t count) {
  if (error_) {
    return *error_;
  }
  return early_ ? Result<void>() : give_back(count);
}

Result<void> Connection::Impl::consume_early_data(std::size_t count) {
  if (error_) {
    return *error_;
  }
  return early_ ? give_back(count) : Result<void>();
}

Result<void> Connection::Impl::give_back(std::size_t count) {
  if (count < application_data_.size()) {
    application_data_ = application_data_.subspan(count);
    return {};
  }
  if (application_data_.empty()) {
    return {};
  }
  application_data_ = {};
  early_ = false;
  input_.consume(application_record_size_);
  return run();
}

Result<void> Connection::Impl::run() {
  if (error_) {
    return *error_;
  }
  bool more = true;
  while (more) {
    if (const auto taken = take_next(more); !taken) {
      return fail(taken.error());
    }
  }
  if (!flight_.empty()) {
    if (auto flushed = flush_flight(); !flushed) {
      return fail(flushed.error());
    }
  }
  return {};
}

// Takes a message that is complete already, or else a record. Afterwards `more` says whether another may
// follow. None follows while the connection rests, waits for bytes, or holds application data that nobody has
// consumed.
//
// Results are not copied, here and in all functions that are called for every record. Results are written
// field by field. A copy would read them with one wide load and wait until those stores have left the core.
Result<void> Connection::Impl::take_next(bool& more) {
  more = !resting();
  if (resting()) {
    return {};
  }
  if (incoming_.size() >= kHandshakeHeaderSize) {
    ASHLAR_TRY(const std::optional<HandshakeMessage>& message, next_handshake_message(incoming_.bytes()));
    if (message) {
      return take_message(*message);
    }
  }
  more = application_data_.empty() && !peer_closed_;
  if (!more) {
    return {};
  }
  if (incoming_.size() >= kHandshakeHeaderSize) {
    ASHLAR_TRY(const bool joined, join_fragments());
    if (joined) {
      return {};
    }
  }
  const auto opened = open_record(input_.bytes_mut(), reading, version_fixed());
  if (!opened) {
    return opened.error();
  }
  const Record* const record = std::get_if<Record>(&*opened);
  more = record != nullptr;
  if (record == nullptr) {
    return {};
  }
  if (record->fragment.passed_over) {
    input_.consume(record->wire_size);
    return {};
  }
  ASHLAR_CHECK(take_record(*record));
  more = application_data_.empty();
  if (more) {
    input_.consume(record->wire_size);
  }
  return {};
}

// Whether the next record must carry the version of TLS 1.2, as all do once one is agreed. In TLS 1.3 nothing
// reads a ChangeCipherSpec, nor its version.
bool Connection::Impl::version_fixed() const {
  const ProtocolVersion version = outcome.negotiated.version;
  const bool read_by_nobody = version == ProtocolVersion::tls13 && !input_.empty() &&
                              input_.bytes()[0] == static_cast<std::uint8_t>(ContentType::change_cipher_spec);
  return version != ProtocolVersion{} && !read_by_nobody;
}

Result<void> Connection::Impl::take_message(const HandshakeMessage& message) {
  const std::size_t size = message.whole.size();
  kept_ = false;
  in_hand_ = static_cast<std::uint32_t>(size);
  ASHLAR_CHECK(step({Input::Kind::message, &message}));
  if (!kept_ && resting_ != Want::session) {
    incoming_.consume(size);
  }
  in_hand_ = 0;
  if (done_ && incoming_.empty()) {
    incoming_.release();
  }
  return {};
}

// Joins a message whose header has come with the records that follow, in one loop: an unauthenticated peer
// may cut its messages into single bytes (D01). It does so only for complete records that are not encrypted,
// and only if no event tells of records. Everything else is left to open_record. False if nothing was
// joined.
Result<bool> Connection::Impl::join_fragments() {
  if (reading.active() || settings.events.records) {
    return false;
  }
  const bool fixed = version_fixed();
  const std::size_t whole = kHandshakeHeaderSize + load_be24(incoming_.bytes().data() + 1);
  const Bytes input = input_.bytes();
  const std::size_t missing = whole - incoming_.size();
  ASHLAR_CHECK(incoming_.reserve(missing < input.size() ? missing : input.size()));
  const MutBytes room = incoming_.room();
  std::size_t at = 0;
  std::size_t joined = 0;
  ashlar_record_header header;
  while (joined < missing && input.size() - at >= kRecordHeaderSize &&
         ashlar_record_header_judge(input.data() + at, fixed, false, kMaxPlaintextSize, &header) ==
             ashlar_record_good &&
         header.type == static_cast<std::uint8_t>(ContentType::handshake) &&
         input.size() - at - kRecordHeaderSize >= header.length && room.size() - joined >= header.length) {
    ASHLAR_CHECK(count_fragment(header.length));
    const Bytes fragment = input.subspan(at + kRecordHeaderSize, header.length);
    if (fragment.size() == 1) {  // many may come, and a call for each would be most of the cost
      room[joined] = fragment[0];
    } else {
      copy_bytes(room.subspan(joined), fragment);
    }
    joined += header.length;
    at += kRecordHeaderSize + header.length;
  }
  incoming_.commit(joined);
  input_.consume(at);
  return at != 0;
}

Result<void> Connection::Impl::take_record(const Record& record) {
  // Where padding hides sizes, the limit counts it (RFC 8449 §4).
  const std::size_t limited_size =
      record.fragment.plaintext.size() + (reading.pads() ? record.fragment.padding_size : 0);
  if (reading.active() && limited_size > outcome.receive_limit) {
    return Error{ErrorCode::record_overflow, Place::none, static_cast<std::uint32_t>(limited_size)};
  }
  const Bytes fragment = record.fragment.plaintext;
  if (settings.events.records) {
    emit(Direction::received,
         RecordEvent{record.type, record.version, record.sequence_number, fragment.size(), record.wire_size,
                     record.fragment.padding_size, record.fragment.mac_size, reading.epoch()});
  }
  const Error unexpected{ErrorCode::unexpected_record, Place::none, static_cast<std::uint32_t>(record.type)};
  if (record.type == ContentType::alert) {
    return take_alert(fragment);
  }
  // A handshake message that has begun is not interrupted, and none spans a change of keys (T03).
  if (!incoming_.empty() && record.type != ContentType::handshake) {
    return record.type == ContentType::change_cipher_spec ? Error{ErrorCode::message_spans_key_change}
                                                          : unexpected;
  }
  ASHLAR_CHECK(count_empty(record));
  switch (record.type) {
    case ContentType::handshake:
      ASHLAR_CHECK(count_fragment(fragment.size()));
      return incoming_.append(fragment);
    case ContentType::change_cipher_spec:
      if (fragment.size() != 1 || fragment[0] != 1) {
        return unexpected;
      }
      return step({Input::Kind::change_cipher_spec});
    case ContentType::application_data:
      ASHLAR_CHECK(step({Input::Kind::application_data, nullptr, fragment}));
      application_data_ = record.fragment.plaintext;
      early_ = !done_ && !application_data_.empty();
      application_record_size_ = static_cast<std::uint32_t>(record.wire_size);
      return {};
    default:
      return unexpected;
  }
}

// Only application data may be empty (RFC 5246 §6.2.1), and only a limited number of times (T04).
Result<void> Connection::Impl::count_empty(const Record& record) {
  if (!record.fragment.plaintext.empty()) {
    empty_records_ = 0;
  } else if (record.type != ContentType::application_data) {
    return Error{ErrorCode::empty_record, Place::none, static_cast<std::uint32_t>(record.type)};
  } else if (++empty_records_ > kMaxEmptyRecords) {
    return Error{ErrorCode::empty_record_flood, Place::none, empty_records_};
  }
  return {};
}

Result<void> Connection::Impl::take_alert(Bytes fragment) {
  ASHLAR_TRY(const AlertMessage message, AlertMessage::parse(fragment));
  emit(Direction::received, AlertEvent{message.level, message.alert});
  const Error ended{ErrorCode::peer_alert, Place::none, static_cast<std::uint32_t>(message.alert)};
  if (message.alert == Alert::close_notify) {
    if (!done_) {
      return ended;
    }
    if (!incoming_.empty()) {
      return ErrorCode::truncated_connection;
    }
    // RFC 5246 §7.2.1: answered with close_notify at once. RFC 9846 §6.1: the other direction may go on.
    peer_closed_ = true;
    const bool goes_on = settings.half_close && in_place_.protocol->half_closes;
    if (!close_sent_ && !goes_on) {
      close_sent_ = true;
      return send_alert(AlertLevel::warning, Alert::close_notify);
    }
    return {};
  }
  if (message.level == AlertLevel::fatal) {
    return ended;
  }
  if (!incoming_.empty()) {
    return Error{ErrorCode::unexpected_record, Place::none, static_cast<std::uint32_t>(ContentType::alert)};
  }
  return in_place_.protocol->warned(in_place_.context, message.alert);
}

Result<void> Connection::Impl::count_fragment(std::size_t size) {
  if (done_) {
    return {};
  }
  fragment_bytes_ += static_cast<std::uint32_t>(size);
  if (++fragments_ > kFreeFragments + fragment_bytes_ / kBytesPerFragment) {
    return Error{ErrorCode::fragment_flood, Place::none, static_cast<std::uint32_t>(fragments_)};
  }
  return {};
}

namespace {

// Why an input was not accepted.
Error unexpected(const Input& input) {
  if (input.kind == Input::Kind::message) {
    return {ErrorCode::unexpected_message, Place::none, static_cast<std::uint32_t>(input.message->type)};
  }
  const ContentType type = input.kind == Input::Kind::change_cipher_spec ? ContentType::change_cipher_spec
                                                                         : ContentType::application_data;
  return {ErrorCode::unexpected_record, Place::none, static_cast<std::uint32_t>(type)};
}

}  // namespace

Result<void> Connection::Impl::step(const Input& input) {
  bool again = true;
  while (again) {
    if (!in_place_.protocol->accepts(in_place_.context, input)) {
      return unexpected(input);
    }
    ASHLAR_TRY(const Next& next, in_place_.protocol->step(in_place_.context, input));
    again = next.same_input;
    if (next.protocol != nullptr) {
      ASHLAR_CHECK(put_in_place(next));
    }
    if (next.not_yet) {
      resting_ = Want::session;
      return {};
    }
  }
  return done_ ? Result<void>{} : ask_outside();
}

Result<Buffer> Connection::Impl::keep_message(const HandshakeMessage& message) {
  Buffer rest(settings.memory);
  const Bytes left = incoming_.bytes().subspan(message.whole.size());
  if (!left.empty()) {
    ASHLAR_CHECK(rest.append(left));
  }
  Buffer taken = std::move(incoming_);
  incoming_ = std::move(rest);
  kept_ = true;
  in_hand_ = 0;
  return taken;
}

}  // namespace ashlar::tls
