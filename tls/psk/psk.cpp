// SPDX-License-Identifier: Apache-2.0
#include "psk/psk.hpp"

#include <ashlar/crypto/hmac.hpp>

#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

namespace {

constexpr std::size_t kMaxIdentitySize = 65535;  // RFC 4279 §2, RFC 9846 §4.2.11

Error bad_size(std::size_t size) {
  return {ErrorCode::bad_psk_size, Place::none, static_cast<std::uint32_t>(size)};
}

void copy(const Psk& from, Psk& out) {
  out.key.assign(from.key.reveal());
  out.hash = from.hash;
  out.use = from.use;
  out.context = from.context;
}

bool binds(const Session& session, Bytes identity, const Psk& psk) {
  std::uint8_t binding[32];
  bind_psk(identity, psk, binding);
  return equal_public(session.peer_certificate_hash, binding);
}

}  // namespace

Result<PreSharedKey> PreSharedKey::create(const PskParts& parts) {
  if (parts.key.empty() || parts.key.size() > kMaxPskSize) {
    return bad_size(parts.key.size());
  }
  if (parts.identity.size() > kMaxIdentitySize) {
    return bad_size(parts.identity.size());
  }
  if (parts.context.size() > kMaxPskContextSize) {
    return bad_size(parts.context.size());
  }
  if (parts.hash == nullptr) {
    return ErrorCode::invalid_argument;
  }
  PreSharedKey made;
  ASHLAR_CHECK(made.identity_.assign(parts.identity, parts.memory));
  made.psk_.key.assign(parts.key);
  made.psk_.hash = parts.hash;
  made.psk_.use = parts.use;
  ASHLAR_CHECK(made.psk_.context.assign(parts.context));
  return Result<PreSharedKey>(std::move(made));
}

bool PskTable::find(void* context, Bytes identity, Psk& out) {
  for (const PreSharedKey& key : static_cast<const PskTable*>(context)->keys_) {
    if (equal_public(key.identity(), identity)) {
      copy(key.secret(), out);
      return true;
    }
  }
  return false;
}

SuiteKinds suite_kinds(const Policy& policy) {
  SuiteKinds kinds;
  if (policy.speaks(ProtocolVersion::tls12)) {
    for (const tls12::Suite* suite : policy.suites) {
      (suite->key_exchange->by_psk() ? kinds.psk : kinds.certificate) = true;
    }
  }
  return kinds;
}

void bind_psk(Bytes identity, const Psk& psk, MutBytesOf<32> out) {
  const Bytes parts[] = {bytes_of("Ashlar session of a pre-shared key"), identity};
  (void)crypto::HmacKey(crypto::kSha256, psk.key.reveal()).mac(parts, out);
}

Result<void> note_psk(Session& session, Bytes identity) {
  session.by_psk = true;
  return session.psk_identity.assign(identity);
}

bool has_psk_of(const Session& session, std::span<const PreSharedKey> keys) {
  bool found = !session.by_psk;
  for (const PreSharedKey& key : keys) {
    found = found || (equal_public(key.identity(), session.psk_identity.bytes()) &&
                      binds(session, key.identity(), key.secret()));
  }
  return found;
}

bool has_psk_of(const Session& session, const PskLookup& lookup) {
  Psk psk;
  const Bytes identity = session.psk_identity.bytes();
  return !session.by_psk || (lookup.find != nullptr && lookup.find(lookup.context, identity, psk) &&
                             binds(session, identity, psk));
}

}  // namespace ashlar::tls
