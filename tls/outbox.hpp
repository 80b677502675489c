// SPDX-License-Identifier: Apache-2.0
// What a handshake may ask of the engine, and where it stores its results. Engine and handshake know each
// other only through this file and protocol.hpp. Another carrier brings another Outbox; the handshakes do not
// change.
#pragma once

#include <ashlar/tls/connection.hpp>

#include "buffer.hpp"
#include "message/message.hpp"
#include "record/protection.hpp"
#include "session/kept.hpp"

namespace ashlar::tls {

// What the configs of clients and servers have in common.
struct Settings {
  const Policy* policy;
  Clock clock;
  crypto::Random random;
  Memory memory;
  EventSink events;
  bool is_client;
  bool keep_peer_certificates;
  bool export_keys;
  std::uint16_t record_padding;
  bool half_close;
  bool batch;  // a server's

  asn1::Time now() const { return clock.now(clock.context); }
};

// The peer's chain, and the message that it lies in. It is in connection memory while it is needed.
struct PeerCertificates {
  PeerCertificates(const Allocation& allocation, Buffer&& whole,
                   const BoundedVector<Bytes, kMaxCertificates>& chain)
      : message(std::move(whole)), certificates(chain), allocation_(allocation) {}
  const Allocation& allocation() const { return allocation_; }

  Buffer message;
  BoundedVector<Bytes, kMaxCertificates> certificates;
  Bytes raw_public_key;  // instead

 private:
  Allocation allocation_;
};

// What came with the peer's chain: an OCSP response, and the content of a list of timestamps.
struct PeerStatus {
  explicit PeerStatus(const Allocation& allocation)
      : memory_(allocation.memory), ocsp_response(memory_), timestamps(memory_), allocation_(allocation) {}
  const Allocation& allocation() const { return allocation_; }

 private:
  const Memory memory_;

 public:
  Buffer ocsp_response;
  Buffer timestamps;

 private:
  Allocation allocation_;
};

// What keys for early data are made of (RFC 9846 §7.5), and how.
struct EarlyExporter {
  explicit EarlyExporter(const Allocation& allocation) : allocation_(allocation) {}
  const Allocation& allocation() const { return allocation_; }

  SecretBuffer<48> secret;
  const crypto::HashAlgorithm* hash = nullptr;
  Result<void> (*make)(const EarlyExporter& self, std::string_view label, Bytes context,
                       MutBytes out) = nullptr;

 private:
  Allocation allocation_;
};

// The results of the handshake that the connection keeps.
struct Outcome {
  explicit Outcome(const Memory& memory) : server_name(memory), psk_identity(memory) {}
  Outcome(const Outcome&) = delete;
  Outcome& operator=(const Outcome&) = delete;
  ~Outcome() {
    forget_peer_chain();
    forget_early_exporter();
    forget_sessions();
  }
  // Keeps a client's session until it is asked for: KeptSessions::add.
  Result<void> keep(const Session& made, std::size_t most) {
    if (sessions == nullptr) {
      sessions = make_in<KeptSessions>(server_name.memory());
    }
    return sessions != nullptr ? sessions->add(made, most) : ErrorCode::out_of_memory;
  }
  void forget_sessions() {
    if (sessions != nullptr) {
      destroy_in(sessions);
      sessions = nullptr;
    }
  }
  void forget_early_exporter() {
    if (early_exporter != nullptr) {
      destroy_in(early_exporter);
      early_exporter = nullptr;
    }
  }

  // Keeps the peer's Certificate message and notes where the certificates in its body are.
  Result<void> keep_peer_chain(Buffer message, const BoundedVector<Bytes, kMaxCertificates>& certificates) {
    const Memory& memory = message.memory();
    peer_chain = make_in<PeerCertificates>(memory, std::move(message), certificates);
    return peer_chain != nullptr ? Result<void>() : ErrorCode::out_of_memory;
  }
  // The same with a raw public key, which lies in the body.
  Result<void> keep_peer_key(Buffer message, Bytes subject_public_key_info) {
    ASHLAR_CHECK(keep_peer_chain(std::move(message), {}));
    peer_chain->raw_public_key = subject_public_key_info;
    return {};
  }
  Bytes peer_raw_public_key() const { return peer_chain != nullptr ? peer_chain->raw_public_key : Bytes(); }
  std::span<const Bytes> peer_certificates() const {
    return peer_chain != nullptr ? std::as_const(peer_chain->certificates).span() : std::span<const Bytes>();
  }
  void forget_peer_chain() {
    if (peer_chain != nullptr) {
      destroy_in(peer_chain);
      peer_chain = nullptr;
    }
    if (status != nullptr) {
      destroy_in(status);
      status = nullptr;
    }
  }
  Result<void> keep_ocsp_response(Bytes response) {
    ASHLAR_CHECK(make_status());
    return status->ocsp_response.append(response);
  }
  bool has_ocsp_response() const { return status != nullptr && !status->ocsp_response.empty(); }
  Result<void> keep_timestamps(Bytes content) {
    ASHLAR_CHECK(make_status());
    return status->timestamps.append(content);
  }
  // Notes by whose pre-shared key the handshake is made. A name that is kept elsewhere is not copied.
  void authenticate_by_psk(Bytes identity) {
    negotiated.by_psk = true;
    negotiated.psk_identity = identity;
  }
  Result<void> keep_psk_identity(Bytes identity) {
    psk_identity.release();
    ASHLAR_CHECK(psk_identity.append(identity));
    authenticate_by_psk(psk_identity.bytes());
    return {};
  }
  Negotiated negotiated;  // once it holds a version, every record must have it
  // What Negotiated's views point to.
  BoundedBuffer<kMaxSessionIdSize> session_id;
  Buffer server_name;
  Buffer psk_identity;
  // A client's sessions, once the handshake is done; null if the server gave none.
  KeptSessions* sessions = nullptr;
  PeerCertificates* peer_chain = nullptr;
  PeerStatus* status = nullptr;
  EarlyExporter* early_exporter = nullptr;  // for configs that export keys, if there is early data
  // The longest fragments, in bytes of plaintext, that we may send, and that the peer may under keys.
  std::uint16_t send_limit = kMaxPlaintextSize;
  std::uint16_t receive_limit = kMaxPlaintextSize;
  // How many warnings the peer sent since its last application data: see warnings.hpp.
  std::uint16_t warnings = 0;
  Phase phase = Phase::hello;
  // What becomes of a client's early data. A server that accepts it may answer before the handshake is done.
  EarlyDataStatus early_data = EarlyDataStatus::none;

 private:
  Result<void> make_status() {
    if (status == nullptr) {
      status = make_in<PeerStatus>(server_name.memory());
    }
    return status != nullptr ? Result<void>() : ErrorCode::out_of_memory;
  }
};

// The keys of one direction, until they come into use.
struct TrafficKeys {
  SecretBuffer<48> mac_key;
  SecretBuffer<32> key;
  SecretBuffer<16> fixed_iv;
};

using What = decltype(Event::what);

struct Outbox {
  // What a carrier does for a handshake.
  struct Functions {
    Result<MutBytes> (*room)(void* carrier, std::size_t size);
    void (*queue)(void* carrier, std::size_t size);
    Result<void> (*flush)(void* carrier);
    Result<void> (*send)(void* carrier, ContentType type, Bytes plaintext);
    Result<void> (*warn)(void* carrier, Alert alert);
    Result<void> (*change_keys)(void* carrier, Direction direction, const RecordCipher& cipher,
                                const TrafficKeys& keys);
    void (*pass_over_early_data)(void* carrier, std::uint32_t most);
    void (*stop_protecting)(void* carrier);
    void (*offer_early_data)(void* carrier, std::uint32_t size);
    Result<Buffer> (*keep)(void* carrier, const HandshakeMessage& message);
    void (*tell)(void* carrier, Direction direction, const What& what);
    void (*use)(void* carrier, const ServerConfig& config);
  };
  const Functions* functions;
  void* carrier;
  const Settings& settings;
  Outcome& outcome;

  // The flight. room() gives space for `size` more bytes at its end; queue() says how many were used.
  Result<MutBytes> room(std::size_t size) const { return functions->room(carrier, size); }
  void queue(std::size_t size) const { functions->queue(carrier, size); }
  // Sends the flight in as few records as possible.
  Result<void> flush() const { return functions->flush(carrier); }
  // Sends one record.
  Result<void> send(ContentType type, Bytes plaintext) const {
    return functions->send(carrier, type, plaintext);
  }
  // Sends a warning alert, unless close_notify has been sent.
  Result<void> warn(Alert alert) const { return functions->warn(carrier, alert); }
  // From here on these keys protect what is sent or received.
  Result<void> change_keys(Direction direction, const RecordCipher& cipher, const TrafficKeys& keys) const {
    return functions->change_keys(carrier, direction, cipher, keys);
  }
  // Early data that comes from now on is passed over (record/protection.hpp).
  void pass_over_early_data(std::uint32_t most) const { functions->pass_over_early_data(carrier, most); }
  // Early data can be sent now, so many bytes of it.
  void offer_early_data(std::uint32_t size) const {
    outcome.early_data = EarlyDataStatus::offered;
    functions->offer_early_data(carrier, size);
  }
  // What is sent from here on is in the clear again, until keys come.
  void stop_protecting() const { functions->stop_protecting(carrier); }
  // Hands over the current message with the memory that it lies in. Spans into it stay valid.
  Result<Buffer> keep(const HandshakeMessage& message) const { return functions->keep(carrier, message); }

  // Another config was chosen: the settings take from it what is not clock, randomness, memory and events.
  void use(const ServerConfig& config) const { functions->use(carrier, config); }

  bool hears_events() const { return settings.events.event != nullptr; }
  bool hears_secrets() const { return hears_events() && settings.events.secrets; }
  template <class Event>
  void tell(Direction direction, const Event& event) const {
    if (hears_events()) {
      functions->tell(carrier, direction, {event});
    }
  }
};

}  // namespace ashlar::tls
