// SPDX-License-Identifier: Apache-2.0
// The server decides whether it takes early data, and takes it (RFC 9846 §4.2.10, §4.5, §8).
#include <ashlar/crypto/sha2.hpp>

#include "tls13/server/server.hpp"

namespace ashlar::tls::tls13 {

namespace {

// How long ago the client says that it got its ticket, against what our clock says (§8.3).
bool is_fresh(const Session& session, std::uint32_t obfuscated_age, asn1::Time now) {
  const std::int64_t told = obfuscated_age - session.age_add;  // milliseconds, modulo 2^32
  const std::int64_t seen = (now.seconds - session.created.seconds) * 1000;
  const std::int64_t between = told < seen ? seen - told : told - seen;
  return between <= kEarlyDataWindow * 1000;
}

}  // namespace

// The session is one that may be resumed: version, name, trust and protocol are those of the session already.
// A second ClientHello does not say early_data.
// The guard is asked last, for what it has seen once is spent.
bool ServerHandshake::takes_early_data(const ClientHello& hello, const FoundPsk& psk) const {
  const ServerEarlyData* const early = config.early_data;
  const Session& session = psk.session;
  if (!hello.early_data || early == nullptr || psk.index != 0 || !psk.resumed() ||
      session.max_early_data == 0 || session.max_early_data > early->max_size ||
      session.suite != suite().id || !is_fresh(session, psk.obfuscated_age, settings.now())) {
    return false;
  }
  const crypto::Digest ticket = crypto::digest(crypto::kSha256, psk.identity);
  if (!early->guard.first_use(early->guard.context, Bytes(ticket.storage).first<32>(), session.created,
                              settings.now())) {
    return false;
  }
  for (const Resumption* const each : {config.tickets, config.sessions}) {
    if (each != nullptr) {
      each->forget(each->context, psk.identity);
    }
  }
  return true;
}

// Small records have much around little.
void ServerHandshake::pass_over_early_data() const {
  const std::uint32_t most = config.early_data != nullptr ? 2 * config.early_data->max_size : 0;
  outbox.pass_over_early_data(most < kMaxEarlyData ? kMaxEarlyData : most);
}

Result<ServerState> ServerExpectsEndOfEarlyData::handle(ServerHandshake& handshake, const Input& input) {
  if (input.kind == Input::Kind::application_data) {
    if (input.bytes.size() > room) {
      return Error{ErrorCode::early_data_flood, Place::none, static_cast<std::uint32_t>(input.bytes.size())};
    }
    room -= static_cast<std::uint32_t>(input.bytes.size());
    return ServerState(std::move(*this));
  }
  ASHLAR_CHECK(EndOfEarlyData::parse(input.message->body));
  handshake.accept(*input.message);
  ASHLAR_CHECK(handshake.change_keys(Direction::received, secrets.client_handshake_traffic));
  return ServerState(ServerExpectsFinished{std::move(secrets)});
}

}  // namespace ashlar::tls::tls13
