// SPDX-License-Identifier: Apache-2.0
// A client's early data: from the ClientHello that offers it to EndOfEarlyData (RFC 9846 §4.2.10, §4.5).
#include "tls13/early_data.hpp"

#include "hello/alpn.hpp"
#include "tls13/client/client.hpp"

namespace ashlar::tls {

namespace tls13 {

namespace {

// It goes with the first of the keys that are offered, which is the session's.
void offer(const Outbox& outbox, SentHello& sent) {
  const Session& session = sent.session;
  if (session.version == ProtocolVersion::tls13 && !session.ticket.empty() && session.max_early_data != 0) {
    sent.early_data = true;
    outbox.offer_early_data(session.max_early_data);
  }
}

Result<void> start(const Outbox& outbox, const SentHello& sent) {
  const Suite& suite = *outbox.settings.policy->tls13_suite(sent.session.suite);
  const crypto::Digest hello = crypto::digest(*suite.hash, sent.message.bytes());
  ASHLAR_TRY(const HashSecret secret,
             derive_early_traffic_secret(outbox, *suite.hash, sent.session.secret.reveal(), hello.bytes()));
  ASHLAR_TRY(const TrafficKeys keys, derive_traffic_keys(*suite.hash, *suite.cipher, secret));
  ASHLAR_CHECK(outbox.flush());
  ASHLAR_CHECK(say_change_cipher_spec(outbox));
  return outbox.change_keys(Direction::sent, *suite.cipher, keys);
}

// What the data was sent under holds still (RFC 9846 §4.2.10).
Result<void> answered(ClientHandshake& handshake, bool accepted, const HashSecret& client_handshake_traffic) {
  const ClientHandshake::EarlyData& early = handshake.early_data;
  handshake.outcome.early_data = accepted ? EarlyDataStatus::accepted : EarlyDataStatus::refused;
  handshake.negotiated().early_data = accepted;
  if (!accepted) {
    handshake.early_data.pending = false;
    handshake.outcome.forget_early_exporter();
    return handshake.change_keys(Direction::sent, client_handshake_traffic);
  }
  if (early.suite != handshake.negotiated().suite || early.alpn != handshake.negotiated().alpn) {
    return ErrorCode::early_data_mismatch;
  }
  return {};
}

Result<void> end(ClientHandshake& handshake, const HashSecret& client_handshake_traffic) {
  handshake.early_data.pending = false;
  ASHLAR_CHECK(handshake.send(HandshakeType::end_of_early_data, 0, [](Writer&) {}));
  return handshake.change_keys(Direction::sent, client_handshake_traffic);
}

}  // namespace

}  // namespace tls13

constinit const ClientEarlyData kClientEarlyData = {tls13::offer, tls13::start, tls13::answered, tls13::end};

}  // namespace ashlar::tls
