// SPDX-License-Identifier: Apache-2.0
// The engine of a connection: buffers, records, alerts, changes of keys, and the end. It knows no version and
// does not read messages. The Protocol in place does that. The engine calls it through protocol.hpp, and it
// calls the engine through outbox.hpp.
//
//   engine.cpp       the protocol in place, events, and how a connection ends
//   bytes_in.cpp     from received bytes to inputs of the protocol
//   bytes_out.cpp    from what is to be sent to records
//   lent_memory.cpp  memory that the caller lends, and buffers that are given back
//   resting.cpp      private-key operations, here or outside; credentials and sessions from outside; batches
#pragma once

#include "outbox.hpp"
#include "protocol.hpp"
#include "record/record.hpp"

namespace ashlar::tls {

using Engine = Connection::Impl;

// Bounds of threats §2.10.
inline constexpr unsigned kMaxEmptyRecords = 32;
// Before the handshake is done, this many handshake records of any size are read, and one more for each 128
// bytes in them (D01). A peer meets this limit only if it cuts more than 16 KiB into single bytes, or 128 KiB
// into pieces of less than eight bytes.
inline constexpr std::size_t kFreeFragments = 16384;
inline constexpr std::size_t kBytesPerFragment = 128;

// Application data leaves this room for two alerts, so that closing never needs memory.
inline constexpr std::size_t kAlertReserve = 2 * 128;
inline constexpr std::size_t kInputCapacity = kRecordHeaderSize + kMaxCiphertextSize;
inline constexpr std::size_t kOutputCapacity = kMaxPlaintextSize + kMaxRecordOverhead + kAlertReserve;
static_assert(Connection::kLentSize >= kInputCapacity + kOutputCapacity);

struct Connection::Impl {
  Impl(const Allocation& allocation, const Settings& settings);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();
  Allocation allocation() const { return {settings.memory, start_, size_with_room<Impl>()}; }

  // Ends the protocol in place, if there is one, and puts `next` there.
  Result<void> put_in_place(const Next& next);
  Outbox outbox() { return {&kOutboxFunctions, this, settings, outcome}; }

  // The public calls. If an error has ended the connection, each returns it.
  Wants wants() const;
  MutBytes receive_window();
  Result<void> received(std::size_t count);
  Result<void> received_end();
  Result<void> consume(std::size_t count);
  Result<void> consume_early_data(std::size_t count);
  Bytes pending_output() const { return output_.bytes(); }
  void sent(std::size_t count);
  Result<std::size_t> write(Bytes data);
  Result<std::size_t> write_early_data(Bytes data);
  bool can_write_early() const;
  std::size_t early_data_room() const { return can_write_early() ? early_data_room_ : 0; }
  void close();
  std::optional<PrivateKeyRequest> private_key_request() const;
  Result<void> provide(Bytes answer);
  std::optional<CredentialRequest> credential_request() const;
  Result<void> provide_credential(const Credential* credential);
  // What a BatchSigner does for a connection that rests in Want::batch: one of the two, or none.
  std::optional<PrivateKeyRequest> signature_of_batch() const;
  std::optional<KeyExchangeRequest> key_exchange_of_batch() const;
  // Its answer, which is trusted, or its error, which ends the connection.
  void provide_of_batch(Input::Kind kind, const Result<Bytes>& answer);
  std::optional<SessionRequest> session_request() const;
  Result<void> sessions_fetched();
  Result<void> export_keying_material(std::string_view label, const std::optional<Bytes>& context,
                                      MutBytes out) const;
  Result<void> lend(MutBytes memory);
  Result<void> return_lent();
  void release_buffers();

  // Handles the input that has come and sends what is to be sent. An error ends the connection.
  Result<void> run();
  Result<void> send_record(ContentType type, Bytes plaintext, std::size_t padding = 0);

  bool resting() const { return resting_ != Want::read; }
  bool done() const { return done_; }
  bool peer_closed() const { return peer_closed_; }
  const std::optional<Error>& error() const { return error_; }
  Bytes application_data() const { return early_ ? Bytes() : Bytes(application_data_); }
  Bytes early_data() const { return early_ ? Bytes(application_data_) : Bytes(); }
  // The name of the state of the protocol in place; empty once the connection has ended.
  std::string_view state() const {
    return in_place_.protocol != nullptr ? in_place_.protocol->state(in_place_.context) : std::string_view();
  }

  Settings settings;  // the policy may be chosen by the ClientHello
  Outcome outcome;
  Protection reading;
  Protection writing;

 private:
  friend Result<Engine*> make_engine(const Settings& settings);
  static const Outbox::Functions kOutboxFunctions;

  // engine.cpp
  Result<void> allocate_buffers();
  void tell(Direction direction, const What& what) const;
  template <class Event>
  void emit(Direction direction, const Event& event) const {
    if (settings.events.event != nullptr) {
      tell(direction, {event});
    }
  }
  Error fail(Error error);
  void end();
  void destroy_protocol();

  // bytes_in.cpp
  Result<void> take_next(bool& more);
  Result<void> take_message(const HandshakeMessage& message);
  bool version_fixed() const;
  Result<bool> join_fragments();
  Result<void> take_record(const Record& record);
  Result<void> count_empty(const Record& record);
  Result<void> take_alert(Bytes fragment);
  Result<void> count_fragment(std::size_t size);
  Result<void> step(const Input& input);
  Result<Buffer> keep_message(const HandshakeMessage& message);
  Result<void> give_back(std::size_t count);

  // bytes_out.cpp
  bool can_write() const {
    const bool early = !settings.is_client && outcome.early_data == EarlyDataStatus::accepted;
    return (done_ || early) && !close_sent_;
  }
  std::size_t writable(std::size_t size) const;
  Result<void> flush_flight();
  std::size_t padding_of(std::size_t size) const;
  Result<void> send_alert(AlertLevel level, Alert alert);

  // resting.cpp
  Result<void> ask_outside();
  Result<void> go_on(const Input& answer);

  // lent_memory.cpp
  template <class Move>
  auto moving_input(Move move);

  void* const start_;  // start of its allocation
  Next in_place_;
  Buffer input_;
  Buffer incoming_;  // handshake bytes that are not a whole message yet
  Buffer flight_;    // handshake messages to be sent, not in records yet
  Buffer output_;
  MutBytes application_data_;
  std::optional<Error> error_;
  std::uint32_t application_record_size_ = 0;
  std::uint32_t early_data_room_ = 0;  // so much more a client may send
  // Counts handshake records before the handshake is done, and the bytes in them.
  std::uint32_t fragments_ = 0;
  std::uint32_t fragment_bytes_ = 0;
  std::uint32_t in_hand_ = 0;  // bytes of incoming_ that are the message being handled
  // The answer that is awaited from outside; Want::read means none.
  Want resting_ = Want::read;
  bool kept_ = false;  // the message being handled was taken out of incoming_
  std::uint8_t empty_records_ = 0;
  bool early_ = false;  // application_data_ came before the handshake was done, and has calls of its own
  bool done_ = false;   // the handshake
  bool close_sent_ = false;
  bool peer_closed_ = false;
};

// An engine with its buffers, without a protocol. A Connection takes ownership of it.
Result<Engine*> make_engine(const Settings& settings);

}  // namespace ashlar::tls
