// SPDX-License-Identifier: Apache-2.0
// The engine of a connection: buffers, records in and out, alerts, close, and what happens on an error. It
// knows no handshake message by its content; those go to the handshake of one side (tls12/client.hpp,
// tls12/server.hpp) through a Role.
#pragma once

#include <ashlar/tls/connection.hpp>

#include "buffer.hpp"
#include "message/message.hpp"
#include "record/record.hpp"
#include "tls12/transitions.hpp"

namespace ashlar::tls {

using Engine = Connection::Impl;

// What the engine gives to the handshake, and asks the table about.
struct Input {
  tls12::InputKind kind;
  const HandshakeMessage* message = nullptr;  // of handshake messages
  Bytes answer = {};                          // of a private-key operation
};

// What one side of the handshake brings. The server's functions are reached through this alone, so that a
// program with clients only does not hold them.
struct Role {
  tls12::State connected;
  // Takes an input that the table allows, and moves Engine::state on.
  Result<void> (*step)(Engine& engine, const Input& input);
  // The private-key operation that the present state waits for, and whose key is to do it.
  std::optional<PrivateKeyRequest> (*request)(const Engine& engine);
  const Credential& (*credential)(const Engine& engine);
  // Ends the life of Engine::handshake.
  void (*destroy)(Engine& engine);
};

// The public key of the credential's first certificate.
Result<x509::PublicKey> certified_key(const Credential& credential);

// Bounds of threats §2.10.
inline constexpr unsigned kMaxEmptyRecords = 32;
inline constexpr unsigned kMaxWarningAlerts = 4;
// This many handshake records of any size are read before the handshake is done, and one more for each 128
// bytes in them (D01). Only who cuts more than 16 KiB into single bytes, or 128 KiB into less than eight
// each, meets it.
inline constexpr std::size_t kFreeFragments = 16384;
inline constexpr std::size_t kBytesPerFragment = 128;

// Room that application data leaves for two alerts, so that closing never needs memory.
inline constexpr std::size_t kAlertReserve = 2 * 128;
inline constexpr std::size_t kInputCapacity = kRecordHeaderSize + kMaxCiphertextSize;
inline constexpr std::size_t kOutputCapacity = kMaxPlaintextSize + kMaxRecordOverhead + kAlertReserve;

struct Connection::Impl {
  // What client and server configs have in common.
  struct Settings {
    const Role* role;
    const Policy* policy;
    Clock clock;
    crypto::Random random;
    EventSink events;
    bool is_client;
    bool keep_peer_certificates;
    const SessionStore* sessions;  // null on clients
  };

  Impl(const Allocation& allocation, const Settings& settings);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();
  const Allocation& allocation() const { return allocation_; }
  Result<void> allocate_buffers();

  // The public calls. Each returns the error that ended the connection, if one did.
  Wants wants() const;
  MutBytes receive_window();
  Result<void> received(std::size_t count);
  Result<void> received_end();
  void sent(std::size_t count);
  Result<void> consume(std::size_t count);
  Result<std::size_t> write(Bytes data);
  void close();
  Result<void> provide(Bytes answer);
  std::optional<PrivateKeyRequest> private_key_request() const;
  // Does what is waiting to be done; what went wrong ends the connection.
  Result<void> run();

  // For the handshake: what it reads, sends and tells.

  // Takes the message being handled, with the memory it lies in, out of the reassembly buffer; spans into it
  // stay valid.
  Result<Buffer> detach_message(const HandshakeMessage& message);
  // Protects what the flight holds and queues it, in as few records as it takes.
  Result<void> flush_flight();
  Result<void> send_record(ContentType type, Bytes plaintext);
  Result<void> send_alert(AlertLevel level, Alert alert);
  bool hears() const { return settings.events.event != nullptr; }
  bool hears_secrets() const { return hears() && settings.events.secrets; }
  template <class What>
  void emit(Direction direction, const What& what) const {
    if (hears()) {
      tell(direction, {what});
    }
  }

  const Settings settings;
  Protection reading;
  Protection writing;
  bool version_fixed = false;  // records must carry TLS 1.2's version from here on
  tls12::State state;
  Phase phase = Phase::hello;
  void* handshake = nullptr;  // what Role::step works on; null before it starts and after it is done
  Buffer flight;              // handshake messages sent and not yet in records
  // What Negotiated's views point to.
  Negotiated negotiated;
  BoundedBuffer<kMaxSessionIdSize> session_id;
  BoundedBuffer<255> server_name;
  // The peer's Certificate message and its certificates.
  Buffer peer_message;
  CertificateMessage peer_chain;
  // A client's session, once the handshake is done; its id is empty if the server gave none.
  Session session;

  bool done() const { return done_; }
  bool peer_closed() const { return peer_closed_; }
  const std::optional<Error>& error() const { return error_; }
  Bytes pending_output() const { return output_.bytes(); }
  Bytes application_data() const { return application_data_; }

 private:
  using What = decltype(Event::what);
  void tell(Direction direction, const What& what) const;
  Error fail(Error error);
  void end();
  Result<void> process();
  Result<bool> process_one();
  Result<void> step(const Input& input);
  Result<void> settle();
  Result<bool> join_fragments();
  Result<void> handle_record(const Record& record);
  Result<void> handle_alert(Bytes fragment);
  Result<void> count_warning();
  Result<void> count_fragment(std::size_t size);

  const Allocation allocation_;
  Buffer input_;
  Buffer output_;
  Buffer incoming_;  // handshake bytes of which no message has been made yet
  MutBytes application_data_;
  std::size_t application_record_size_ = 0;
  std::optional<Error> error_;
  unsigned empty_records_ = 0;
  unsigned warnings_ = 0;
  // Handshake records before the handshake is done, and bytes in them.
  std::size_t fragments_ = 0;
  std::size_t fragment_bytes_ = 0;
  bool detached_ = false;
  bool resting_ = false;
  bool done_ = false;
  bool close_sent_ = false;
  bool peer_closed_ = false;
};

}  // namespace ashlar::tls
