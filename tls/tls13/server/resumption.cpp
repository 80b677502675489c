// SPDX-License-Identifier: Apache-2.0
// The server looks for a session to resume, or a key from outside (RFC 9846 §2.2, §4.2.11, RFC 9258).
#include <ashlar/base/ct.hpp>

#include "psk/psk.hpp"
#include "session/fits.hpp"
#include "tls13/server/server.hpp"

namespace ashlar::tls::tls13 {

namespace {

// How many of the keys that a client offers are looked up (H12).
constexpr std::size_t kMaxIdentities = 4;
// If there are keys from outside, of which clients offer one for each hash.
constexpr std::size_t kMaxExternalIdentities = 16;

}  // namespace

// Tickets that hold the session, and handles to sessions that are kept here. A session is resumed only in the
// context that it was made in (H09).
bool ServerHandshake::open_session(const ClientHello& hello, Bytes identity, Session& out) const {
  bool opened = false;
  for (const Resumption* const each : {config.tickets, config.sessions}) {
    opened = opened || (each != nullptr && each->open(each->context, identity, settings.now(), out));
  }
  if (!opened) {
    return false;
  }
  const auto judge = !asks_for_certificate() || out.by_psk
                         ? std::optional(std::uint64_t{0})
                         : judge_of(config.accepted, config.verifier, out.client_certificate_type);
  return judge && (out.by_psk || takes_type(hello.server_certificate_types, out.server_certificate_type)) &&
         session_fits(out, ProtocolVersion::tls13, policy(), settings.now(), outcome.negotiated.server_name,
                      *judge) &&
         policy().tls13_suite(out.suite)->hash == &hash() &&
         equal_public(out.alpn.bytes(), bytes_of(outcome.negotiated.alpn)) &&
         (config.client_authentication != ClientAuthentication::require || out.client_authenticated ||
          out.by_psk) &&
         has_psk_of(out, config.psks);
}

// An identity may be an imported one, or one as it is: what the key says of itself decides.
Result<bool> ServerHandshake::open_external(Bytes identity, PskSecret& secret, std::string_view& label) {
  const PskLookup& psks = config.psks;
  if (psks.find == nullptr) {
    return false;
  }
  Psk psk;
  Bytes name = identity;
  const auto imported = ImportedIdentity::parse(identity);
  bool found = imported && imported->is_for(hash()) &&
               psks.find(psks.context, imported->external_identity, psk) && psk.use == PskUse::imported &&
               equal_public(psk.context.bytes(), imported->context);
  if (found) {
    name = imported->external_identity;
  } else {
    psk = {};
    found = psks.find(psks.context, identity, psk) && psk.use == PskUse::as_is && psk.hash == &hash();
  }
  if (!found || psk.key.empty()) {
    return false;
  }
  ASHLAR_TRY(secret, secret_of(psk, name, hash()));
  label = binder_label(psk);
  bind_psk(name, psk, peer_certificate_hash);
  ASHLAR_CHECK(outcome.keep_psk_identity(name));
  return true;
}

// All that is not found gives a full handshake. What is found must be proved.
Result<FoundPsk> ServerHandshake::find_psk(const HandshakeMessage& message, const ClientHello& hello) {
  const std::size_t most = config.psks.find != nullptr ? kMaxExternalIdentities : kMaxIdentities;
  Reader identities(hello.identities);
  Reader binders(hello.binders);
  FoundPsk psk;
  for (psk.index = 0; psk.index < most && !identities.empty(); ++psk.index) {
    ASHLAR_TRY(const PskIdentity offered, read_identity(identities));
    ASHLAR_TRY(const Bytes binder, read_binder(binders));
    psk.identity = offered.identity;
    psk.obfuscated_age = offered.obfuscated_ticket_age;
    std::string_view label = kResumptionBinder;
    if (psk.index < kMaxIdentities && open_session(hello, offered.identity, psk.session)) {
      psk.secret.assign(psk.session.secret.reveal());
    } else {
      psk.session = {};
      ASHLAR_TRY(const bool found, open_external(offered.identity, psk.secret, label));
      if (!found) {
        continue;
      }
    }
    const Bytes truncated = message.whole.first(message.whole.size() - 2 - hello.binders.size());
    ASHLAR_TRY(const crypto::Digest so_far, transcript.digest_with(hash(), truncated));
    ASHLAR_TRY(const HashSecret expected, compute_binder(hash(), psk.secret.reveal(), label, so_far.bytes()));
    // The verdict is public: the connection ends on it (H02).
    if (binder.size() != expected.size() || !ct::equal(binder, expected.reveal()).declassify()) {
      return ErrorCode::binder_mismatch;
    }
    return Result<FoundPsk>(std::move(psk));
  }
  return FoundPsk{};
}

}  // namespace ashlar::tls::tls13
