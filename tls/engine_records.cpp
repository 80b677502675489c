// SPDX-License-Identifier: Apache-2.0
// Records in and out (RFC 5246 §6.2): what arrives is made into messages, alerts and application data; what
// is sent is made into as few records as hold it.
#include "engine.hpp"

#include <ashlar/base/endian.hpp>

#include "record/record_core.h"

namespace ashlar::tls {

using tls12::InputKind;

Result<void> Connection::Impl::process() {
  while (true) {
    ASHLAR_TRY(const bool more, process_one());
    if (!more) {
      return flush_flight();
    }
  }
}

// One message that is whole already, or one record. False where the connection rests.
Result<bool> Connection::Impl::process_one() {
  if (resting_) {
    return false;
  }
  ASHLAR_TRY(const std::optional<HandshakeMessage> message, next_handshake_message(incoming_.bytes()));
  if (message) {
    const std::size_t size = message->whole.size();
    detached_ = false;
    ASHLAR_CHECK(step({message->type, &*message}));
    if (!detached_) {
      incoming_.consume(size);
    }
    if (done_ && incoming_.empty()) {
      incoming_.release();
    }
    return true;
  }
  if (!application_data_.empty() || peer_closed_) {
    return false;
  }
  ASHLAR_TRY(const bool joined, join_fragments());
  if (joined) {
    return true;
  }
  ASHLAR_TRY(auto opened, open_record(input_.bytes_mut(), reading, version_fixed));
  const Record* record = std::get_if<Record>(&opened);
  if (record == nullptr) {
    return false;
  }
  ASHLAR_CHECK(handle_record(*record));
  if (application_data_.empty()) {
    input_.consume(record->wire_size);
  }
  return true;
}

// Appends what follows of a message that has begun, as long as it comes in whole records in the clear of
// which nobody wants to hear: in one loop, for a peer that has proved nothing may cut it into single bytes
// (D01). Sequence numbers, which only the event of a record shows here, are not counted. Whatever is not such
// a record is left to open_record. False if there was none.
Result<bool> Connection::Impl::join_fragments() {
  if (incoming_.size() < kHandshakeHeaderSize || reading.active() || settings.events.records) {
    return false;
  }
  const std::size_t whole = kHandshakeHeaderSize + load_be24(incoming_.bytes().data() + 1);
  const Bytes input = input_.bytes();
  std::size_t at = 0;
  ashlar_record_header header;
  while (incoming_.size() < whole && input.size() - at >= kRecordHeaderSize &&
         ashlar_record_header_judge(input.data() + at, version_fixed, false, kMaxPlaintextSize, &header) ==
             ashlar_record_good &&
         header.type == static_cast<std::uint8_t>(ContentType::handshake) &&
         input.size() - at - kRecordHeaderSize >= header.length) {
    ASHLAR_CHECK(count_fragment(header.length));
    ASHLAR_CHECK(incoming_.append(input.subspan(at + kRecordHeaderSize, header.length)));
    at += kRecordHeaderSize + header.length;
  }
  input_.consume(at);
  return at != 0;
}

Result<void> Connection::Impl::handle_record(const Record& record) {
  const Bytes fragment = record.fragment.plaintext;
  if (settings.events.records) {
    emit(Direction::received,
         RecordEvent{record.type, record.version, record.sequence_number, fragment.size(), record.wire_size,
                     record.fragment.padding_size, record.fragment.mac_size, reading.epoch()});
  }
  const Error unexpected{ErrorCode::unexpected_record, Place::none, static_cast<std::uint32_t>(record.type)};
  if (record.type == ContentType::alert) {
    return handle_alert(fragment);
  }
  // A handshake message that has begun is not interrupted, and none spans a change of keys (T03).
  if (!incoming_.empty() && record.type != ContentType::handshake) {
    return record.type == ContentType::change_cipher_spec ? Error{ErrorCode::message_spans_key_change}
                                                          : unexpected;
  }
  // Only application data may be empty (RFC 5246 §6.2.1), and not for ever (T04).
  if (!fragment.empty()) {
    empty_records_ = 0;
  } else if (record.type != ContentType::application_data) {
    return Error{ErrorCode::empty_record, Place::none, static_cast<std::uint32_t>(record.type)};
  } else if (++empty_records_ > kMaxEmptyRecords) {
    return Error{ErrorCode::empty_record_flood, Place::none, empty_records_};
  }
  switch (record.type) {
    case ContentType::handshake:
      ASHLAR_CHECK(count_fragment(fragment.size()));
      return incoming_.append(fragment);
    case ContentType::change_cipher_spec:
      if (fragment.size() != 1 || fragment[0] != 1) {
        return unexpected;
      }
      return step({InputKind::change_cipher_spec});
    case ContentType::application_data:
      ASHLAR_CHECK(step({InputKind::application_data}));
      warnings_ = fragment.empty() ? warnings_ : 0;
      application_data_ = record.fragment.plaintext;
      application_record_size_ = record.wire_size;
      return {};
    default:
      return unexpected;
  }
}

Result<void> Connection::Impl::handle_alert(Bytes fragment) {
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
    // RFC 5246 §7.2.1: answered with close_notify at once.
    peer_closed_ = true;
    if (!close_sent_) {
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
  return count_warning();
}

// Warnings, and requests to renegotiate, which cost as much (T05).
Result<void> Connection::Impl::count_warning() {
  if (++warnings_ > kMaxWarningAlerts) {
    return Error{ErrorCode::warning_alert_flood, Place::none, warnings_};
  }
  return {};
}

Result<void> Connection::Impl::count_fragment(std::size_t size) {
  if (done_) {
    return {};
  }
  fragment_bytes_ += size;
  if (++fragments_ > kFreeFragments + fragment_bytes_ / kBytesPerFragment) {
    return Error{ErrorCode::fragment_flood, Place::none, static_cast<std::uint32_t>(fragments_)};
  }
  return {};
}

// The table's guard, and what both sides do alike.
Result<void> Connection::Impl::step(const Input& input) {
  const tls12::State before = state;
  if (!allowed(before, input.kind)) {
    if (input.message != nullptr) {
      return Error{ErrorCode::unexpected_message, Place::none,
                   static_cast<std::uint32_t>(input.message->type)};
    }
    const ContentType type = input.kind == InputKind::change_cipher_spec ? ContentType::change_cipher_spec
                                                                         : ContentType::application_data;
    return Error{ErrorCode::unexpected_record, Place::none, static_cast<std::uint32_t>(type)};
  }
  if (input.kind == InputKind::application_data) {
    return {};
  }
  if (input.kind == HandshakeType::hello_request || done_) {
    if (input.kind == HandshakeType::hello_request) {
      ASHLAR_CHECK(HelloRequest::parse(input.message->body));
    }
    emit(Direction::received, MessageEvent{input.message->type, input.message->body});
    ASHLAR_CHECK(count_warning());
    return done_ && !close_sent_ ? send_alert(AlertLevel::warning, Alert::no_renegotiation) : Result<void>{};
  }
  ASHLAR_CHECK(settings.role->step(*this, input));
  if (!allowed(before, input.kind, state)) {
    __builtin_trap();
  }
  return settle();
}

// Asks the key in memory where there is one, rests where there is none, and ends the handshake when it is
// done.
Result<void> Connection::Impl::settle() {
  if (const auto request = settings.role->request(*this)) {
    const Signer& signer = settings.role->credential(*this).signer;
    if (request->kind == PrivateKeyRequest::Kind::sign && signer.sign != nullptr) {
      std::uint8_t storage[x509::kMaxSignatureSize];
      ASHLAR_TRY(const Bytes signature, signer.sign(signer.context, *request->algorithm, request->input,
                                                    settings.random, MutBytes(storage)));
      return step({InputKind::private_key_answer, nullptr, signature});
    }
    if (request->kind == PrivateKeyRequest::Kind::decrypt_premaster && signer.decrypt_premaster != nullptr) {
      Secret<48> premaster;
      ASHLAR_CHECK(signer.decrypt_premaster(signer.context, settings.random, request->input,
                                            request->client_version, premaster));
      return step({InputKind::private_key_answer, nullptr, premaster.reveal()});
    }
    resting_ = true;
  }
  if (state == settings.role->connected) {
    ASHLAR_CHECK(flush_flight());
    settings.role->destroy(*this);
    flight.release();
    done_ = true;
    emit(Direction::received, HandshakeDoneEvent{});
    phase = Phase::data;
    if (!settings.keep_peer_certificates) {
      peer_chain.certificates.clear();
      peer_message.release();
    }
  }
  return {};
}

Result<Buffer> Connection::Impl::detach_message(const HandshakeMessage& message) {
  Buffer rest(allocation_.memory);
  const Bytes left = incoming_.bytes().subspan(message.whole.size());
  if (!left.empty()) {
    ASHLAR_CHECK(rest.append(left));
  }
  Buffer taken = std::move(incoming_);
  incoming_ = std::move(rest);
  detached_ = true;
  return taken;
}

Result<void> Connection::Impl::flush_flight() {
  while (!flight.empty()) {
    const std::size_t count = flight.size() < kMaxPlaintextSize ? flight.size() : kMaxPlaintextSize;
    ASHLAR_CHECK(send_record(ContentType::handshake, flight.bytes().first(count)));
    flight.consume(count);
  }
  return {};
}

Result<void> Connection::Impl::send_record(ContentType type, Bytes plaintext) {
  const std::size_t fragment = writing.sealed_size(plaintext.size());
  ASHLAR_CHECK(output_.reserve(kRecordHeaderSize + fragment));
  const std::uint64_t sequence = writing.sequence_number();
  ASHLAR_TRY(const std::size_t size, writing.seal(type, plaintext, settings.random, output_.room()));
  output_.commit(size);
  if (settings.events.records) {
    const RecordCipher* cipher = writing.cipher();
    const std::size_t mac = cipher != nullptr ? cipher->mac_size : 0;
    const std::size_t nonce = cipher != nullptr ? cipher->explicit_nonce_size : 0;
    emit(Direction::sent, RecordEvent{type, ProtocolVersion::tls12, sequence, plaintext.size(), size,
                                      fragment - nonce - plaintext.size() - mac, mac, writing.epoch()});
  }
  return {};
}

Result<void> Connection::Impl::send_alert(AlertLevel level, Alert alert) {
  ASHLAR_CHECK(flush_flight());
  std::uint8_t storage[2];
  Writer writer{MutBytes(storage)};
  AlertMessage{level, alert}.build(writer);
  ASHLAR_TRY(const Bytes body, writer.finish());
  emit(Direction::sent, AlertEvent{level, alert});
  return send_record(ContentType::alert, body);
}

}  // namespace ashlar::tls
