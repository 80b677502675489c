// SPDX-License-Identifier: Apache-2.0
#include "tls13/key_update.hpp"

#include "message/tls13.hpp"

namespace ashlar::tls::tls13 {

namespace {

// How many a peer may send without data between them (H13).
constexpr unsigned kMaxKeyUpdates = 32;

Result<void> renew(const Outbox& outbox, const Suite& suite, Direction direction, HashSecret& secret) {
  ASHLAR_TRY(secret, derive_next_traffic_secret(*suite.hash, secret));
  ASHLAR_TRY(const TrafficKeys keys, derive_traffic_keys(*suite.hash, *suite.cipher, secret));
  const bool of_client = (direction == Direction::sent) == outbox.settings.is_client;
  if (outbox.hears_secrets()) {
    outbox.tell(direction, SecretEvent{of_client ? SecretKind::client_application_traffic_secret
                                                 : SecretKind::server_application_traffic_secret,
                                       secret.reveal()});
  }
  return outbox.change_keys(direction, *suite.cipher, keys);
}

Result<void> send_key_update(const Outbox& outbox, bool update_requested) {
  ASHLAR_TRY(const MutBytes room, outbox.room(kHandshakeHeaderSize + 1));
  Writer writer(room);
  {
    const auto body = handshake_scope(writer, HandshakeType::key_update);
    KeyUpdate{update_requested}.build(writer);
  }
  ASHLAR_TRY(const Bytes whole, writer.finish());
  outbox.queue(whole.size());
  outbox.tell(Direction::sent, MessageEvent{HandshakeType::key_update, whole.subspan(kHandshakeHeaderSize)});
  return outbox.flush();
}

}  // namespace

// The answer to a request waits until there is data to send (§4.6.3): a peer that only asks makes no work.
Result<void> AfterHandshake::before_data(Worn worn) {
  const bool ask = worn.receiving && !update_asked;
  if (!update_owed && !worn.sending && !ask) {
    return {};
  }
  ASHLAR_CHECK(send_key_update(outbox, ask));
  update_owed = false;
  update_asked = update_asked || ask;
  return renew(outbox, suite, Direction::sent, secrets.sending);
}

Result<void> AfterHandshake::take_data(const Input& input) {
  if (!input.bytes.empty()) {
    outbox.outcome.warnings = 0;
    updates = 0;
  }
  return {};
}

Result<void> AfterHandshake::take_key_update(const HandshakeMessage& message) {
  ASHLAR_TRY(const KeyUpdate update, KeyUpdate::parse(message.body));
  if (++updates > kMaxKeyUpdates) {
    return Error{ErrorCode::key_update_flood, Place::none, updates};
  }
  outbox.tell(Direction::received, MessageEvent{message.type, message.body});
  update_owed = update_owed || update.update_requested;
  update_asked = false;
  return renew(outbox, suite, Direction::received, secrets.receiving);
}

}  // namespace ashlar::tls::tls13
