// SPDX-License-Identifier: Apache-2.0
// The server looks for a session to resume (RFC 9846 §2.2, §4.2.11).
#include <ashlar/base/ct.hpp>

#include "session/fits.hpp"
#include "tls13/server/server.hpp"

namespace ashlar::tls::tls13 {

namespace {

// How many of the sessions that a client offers are looked up (H12).
constexpr std::size_t kMaxIdentities = 4;

}  // namespace

// Tickets that hold the session, and handles to sessions that are kept here.
bool ServerHandshake::open_session(Bytes identity, Session& out) const {
  for (const Resumption* const each : {config.tickets, config.sessions}) {
    if (each != nullptr && each->open(each->context, identity, settings.now(), out)) {
      return true;
    }
  }
  return false;
}

// A session is resumed only in the context that it was made in (H09); all else gives a full handshake. What
// is to be resumed must be proved.
Result<Session> ServerHandshake::find_session(const HandshakeMessage& message, const ClientHello& hello,
                                              std::uint16_t& index) const {
  if (!takes_tickets) {
    return Session{};
  }
  Reader identities(hello.identities);
  Reader binders(hello.binders);
  for (index = 0; index < kMaxIdentities && !identities.empty(); ++index) {
    ASHLAR_TRY(const PskIdentity offered, read_identity(identities));
    ASHLAR_TRY(const Bytes binder, read_binder(binders));
    Session session;
    if (!open_session(offered.identity, session)) {
      continue;
    }
    const auto judge = !asks_for_certificate()
                           ? std::optional(std::uint64_t{0})
                           : judge_of(config.accepted, config.verifier, session.client_certificate_type);
    if (!judge || !takes_type(hello.server_certificate_types, session.server_certificate_type) ||
        !session_fits(session, ProtocolVersion::tls13, policy(), settings.now(),
                      outcome.negotiated.server_name, *judge) ||
        policy().tls13_suite(session.suite)->hash != &hash() ||
        !equal_public(session.alpn.bytes(), bytes_of(outcome.negotiated.alpn)) ||
        (config.client_authentication == ClientAuthentication::require && !session.client_authenticated)) {
      continue;
    }
    const Bytes truncated = message.whole.first(message.whole.size() - 2 - hello.binders.size());
    ASHLAR_TRY(const crypto::Digest so_far, transcript.digest_with(hash(), truncated));
    const HashSecret early_secret = extract_early_secret(hash(), session.secret.reveal());
    ASHLAR_TRY(const HashSecret key, derive_binder_key(hash(), early_secret));
    ASHLAR_TRY(const crypto::Digest expected, compute_verify_data(hash(), key, so_far.bytes()));
    // The verdict is public: the connection ends on it (H02).
    if (binder.size() != expected.size || !ct::equal(binder, expected.bytes()).declassify()) {
      return ErrorCode::binder_mismatch;
    }
    return Result<Session>(std::move(session));
  }
  return Session{};
}

}  // namespace ashlar::tls::tls13
