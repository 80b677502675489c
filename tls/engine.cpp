// SPDX-License-Identifier: Apache-2.0
// A connection from creation to its end: the protocol in place, events, and the effect of an error.
#include "engine.hpp"

namespace ashlar::tls {

Connection::Impl::Impl(const Allocation& allocation, const Settings& given)
    : settings(given),
      outcome(settings.memory),
      reading(settings.memory),
      writing(settings.memory),
      start_(allocation.start),
      input_(settings.memory),
      incoming_(settings.memory),
      flight_(settings.memory),
      output_(settings.memory) {}

[[gnu::cold]] Connection::Impl::~Impl() {
  destroy_protocol();
}

[[gnu::cold]] Result<Engine*> make_engine(const Settings& settings) {
  auto* engine = make_in<Engine>(settings.memory, settings);
  if (engine == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(Engine)};
  }
  if (auto allocated = engine->allocate_buffers(); !allocated) {
    destroy_in(engine);
    return allocated.error();
  }
  return engine;
}

Result<void> Connection::Impl::allocate_buffers() {
  ASHLAR_CHECK(input_.reserve(kInputCapacity));
  return output_.reserve(kOutputCapacity);
}

Result<void> Connection::Impl::put_in_place(const Next& next) {
  // The last flight is sent before the handshake that made it is destroyed.
  const Result<void> flushed = next.protocol->connected ? flush_flight() : Result<void>{};
  destroy_protocol();
  in_place_ = next;
  ASHLAR_CHECK(flushed);
  if (next.protocol->connected) {
    flight_.release();
    done_ = true;
    emit(Direction::received, HandshakeDoneEvent{});
    outcome.phase = Phase::data;
    if (!settings.keep_peer_certificates) {
      outcome.forget_peer_chain();
    }
  }
  return {};
}

Result<void> Connection::Impl::export_keying_material(std::string_view label,
                                                      const std::optional<Bytes>& context,
                                                      MutBytes out) const {
  if (error_) {
    return *error_;
  }
  if (in_place_.protocol == nullptr || in_place_.protocol->export_keys == nullptr) {
    return ErrorCode::no_exported_keys;
  }
  return in_place_.protocol->export_keys(in_place_.context, label, context, out);
}

void Connection::Impl::destroy_protocol() {
  if (in_place_.protocol != nullptr) {
    in_place_.protocol->destroy(in_place_.context);
    in_place_ = {};
  }
}

Wants Connection::Impl::wants() const {
  std::uint16_t bits = 0;
  const auto want = [&bits](Want what) {
    bits = static_cast<std::uint16_t>(bits | static_cast<std::uint16_t>(what));
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
  if (resting()) {
    want(resting_);
  } else if (!application_data_.empty()) {
    want(early_ ? Want::early_data : Want::application_data);
  } else if (!peer_closed_) {
    want(Want::read);
  }
  if (can_write()) {
    want(Want::can_write);
  }
  return {bits};
}

void Connection::Impl::tell(Direction direction, const What& what) const {
  const Clock& clock = settings.clock;
  const std::uint64_t time =
      clock.monotonic_nanoseconds != nullptr ? clock.monotonic_nanoseconds(clock.context) : 0;
  settings.events.event(settings.events.context,
                        Event{direction, outcome.phase, time, outcome.negotiated, what});
}

// The first error ends the connection. The peer is told, everything secret is wiped, and every later call
// returns this error (H18).
Error Connection::Impl::fail(Error error) {
  if (error_) {
    return *error_;
  }
  error_ = error;
  const bool from_peer = error == ErrorCode::peer_alert || error == ErrorCode::truncated_connection;
  emit(from_peer ? Direction::received : Direction::sent, ErrorEvent{error});
  if (!from_peer && !close_sent_) {
    flight_.release();
    (void)send_alert(AlertLevel::fatal, alert_of(error));
  }
  if (in_place_.protocol != nullptr) {
    in_place_.protocol->failed(in_place_.context, error);
  }
  end();
  return error;
}

void Connection::Impl::end() {
  destroy_protocol();
  reading.clear();
  writing.clear();
  application_data_ = {};
  input_.clear();
  incoming_.release();
  flight_.release();
  outcome.forget_peer_chain();
  outcome.forget_sessions();
  outcome.forget_early_exporter();
  resting_ = Want::read;
}

namespace {

Engine& engine(void* carrier) {
  return *static_cast<Engine*>(carrier);
}

}  // namespace

const Outbox::Functions Connection::Impl::kOutboxFunctions = {
    .room = [](void* carrier, std::size_t size) -> Result<MutBytes> {
      ASHLAR_CHECK(engine(carrier).flight_.reserve(size));
      return engine(carrier).flight_.room();
    },
    .queue = [](void* carrier, std::size_t size) { engine(carrier).flight_.commit(size); },
    .flush = [](void* carrier) { return engine(carrier).flush_flight(); },
    .send = [](void* carrier, ContentType type,
               Bytes plaintext) { return engine(carrier).send_record(type, plaintext); },
    .warn = [](void* carrier, Alert alert) -> Result<void> {
      if (engine(carrier).close_sent_) {
        return {};
      }
      return engine(carrier).send_alert(AlertLevel::warning, alert);
    },
    .change_keys = [](void* carrier, Direction direction, const RecordCipher& cipher,
                      const TrafficKeys& keys) -> Result<void> {
      const bool sealing = direction == Direction::sent;
      // No message spans a change of keys (T03).
      if (!sealing && engine(carrier).incoming_.size() != engine(carrier).in_hand_) {
        return ErrorCode::message_spans_key_change;
      }
      Protection& protection = sealing ? engine(carrier).writing : engine(carrier).reading;
      return protection.activate(cipher, sealing, keys.mac_key.reveal(), keys.key.reveal(),
                                 keys.fixed_iv.reveal());
    },
    .pass_over_early_data = [](void* carrier,
                               std::uint32_t most) { engine(carrier).reading.pass_over_early_data(most); },
    .stop_protecting = [](void* carrier) { engine(carrier).writing.stop(); },
    .offer_early_data = [](void* carrier, std::uint32_t size) { engine(carrier).early_data_room_ = size; },
    .keep = [](void* carrier,
               const HandshakeMessage& message) { return engine(carrier).keep_message(message); },
    .tell = [](void* carrier, Direction direction,
               const What& what) { engine(carrier).tell(direction, what); },
    .use =
        [](void* carrier, const ServerConfig& config) {
          Settings& settings = engine(carrier).settings;
          settings.policy = config.policy;
          settings.keep_peer_certificates = config.keep_peer_certificates;
          settings.export_keys = config.export_keys;
          settings.record_padding = config.record_padding;
          settings.half_close = config.half_close;
          settings.batch = config.batch;
        },
};

}  // namespace ashlar::tls
