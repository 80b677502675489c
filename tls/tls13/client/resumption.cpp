// SPDX-License-Identifier: Apache-2.0
// What a client that offers TLS 1.3 puts into its ClientHello: key shares, a session id for middleboxes, and
// the session to be resumed and its keys from outside, with proofs that it has them (RFC 9846 §4.2.8,
// §4.2.11, Appendix E.4).
#include "tls13/client/resumption.hpp"

#include "tls13/key_schedule.hpp"

namespace ashlar::tls::tls13 {

namespace {

// All identities together: a larger ClientHello would be more than servers read.
constexpr std::size_t kMaxIdentitiesSize = 20 * 1024;

// The hashes of the policy's suites, each once.
BoundedVector<const crypto::HashAlgorithm*, kMaxHashes> hashes_of(const Policy& policy) {
  BoundedVector<const crypto::HashAlgorithm*, kMaxHashes> hashes;
  for (const Suite* suite : policy.tls13_suites) {
    bool known = hashes.size() == kMaxHashes;
    for (const crypto::HashAlgorithm* each : hashes) {
      known = known || each == suite->hash;
    }
    if (!known) {
      (void)hashes.push(suite->hash);
    }
  }
  return hashes;
}

bool fits(const Psk& psk, const crypto::HashAlgorithm& hash) {
  return psk.use == PskUse::imported || psk.hash == &hash;
}

// With its length and its age.
std::size_t size_of(const OfferedPsk& offered, const SentHello& sent) {
  if (offered.external == nullptr) {
    return 2 + sent.session.ticket.bytes().size() + 4;
  }
  const Bytes identity = offered.external->identity();
  const Psk& psk = offered.external->secret();
  return 2 + 4 +
         (psk.use == PskUse::as_is ? identity.size()
                                   : imported_identity(identity, psk, *offered.hash).size());
}

void write_identity(const OfferedPsk& offered, const Outbox& outbox, const SentHello& sent, Writer& writer) {
  const Session& session = sent.session;
  std::uint32_t obfuscated_age = 0;  // of keys from outside (§4.2.11)
  {
    const auto scope = writer.u16_scope();
    if (offered.external == nullptr) {
      writer.bytes(session.ticket.bytes());
      const auto age =
          static_cast<std::uint64_t>(outbox.settings.now().seconds - session.created.seconds) * 1000;
      obfuscated_age = static_cast<std::uint32_t>(age) + session.age_add;
    } else if (offered.external->secret().use == PskUse::as_is) {
      writer.bytes(offered.external->identity());
    } else {
      imported_identity(offered.external->identity(), offered.external->secret(), *offered.hash)
          .build(writer);
    }
  }
  writer.u32(obfuscated_age);
}

}  // namespace

OfferedPsks offered_psks(const ClientConfig& config, const Policy& policy, const SentHello& sent) {
  OfferedPsks out;
  std::size_t size = 0;
  const auto offer = [&](const OfferedPsk& psk) {
    const std::size_t with_it = size + size_of(psk, sent);
    if ((sent.psk_hash == nullptr || sent.psk_hash == psk.hash) && with_it <= kMaxIdentitiesSize &&
        out.push(psk)) {
      size = with_it;
    }
  };
  const Session& session = sent.session;
  if (session.version == ProtocolVersion::tls13 && !session.ticket.empty()) {
    offer({nullptr, policy.tls13_suite(session.suite)->hash});
  }
  const auto hashes = hashes_of(policy);
  for (const PreSharedKey& key : config.psks) {
    for (const crypto::HashAlgorithm* hash : hashes) {
      if (!key.identity().empty() && fits(key.secret(), *hash)) {
        offer({&key, hash});
      }
    }
  }
  return out;
}

Result<PskSecret> secret_of(const OfferedPsk& offered, const SentHello& sent) {
  if (offered.external == nullptr) {
    return PskSecret(sent.session.secret.reveal());
  }
  return secret_of(offered.external->secret(), offered.external->identity(), *offered.hash);
}

Result<void> prepare(const ClientConfig& config, const Outbox& outbox, SentHello& sent) {
  const Policy& policy = *outbox.settings.policy;
  ASHLAR_CHECK(
      sent.shares.make(*policy.groups[0], true, policy, outbox.settings.random, sent.variation.group));
  if (sent.session_id.empty()) {
    sent.session_id.resize(kMaxSessionIdSize);
    ASHLAR_CHECK(outbox.settings.random.fill(sent.session_id.bytes_mut()));
  }
  if (config.early_data != nullptr) {
    config.early_data->offer(outbox, sent);
  }
  return list_psks(config, outbox, sent);
}

Result<void> list_psks(const ClientConfig& config, const Outbox& outbox, SentHello& sent) {
  const OfferedPsks offers = offered_psks(config, *outbox.settings.policy, sent);
  sent.bind = bind;
  sent.identities.release();
  sent.binders.release();
  for (const OfferedPsk& each : offers) {
    const std::size_t size = size_of(each, sent);
    ASHLAR_CHECK(sent.identities.reserve(size));
    Writer writer(sent.identities.room());
    write_identity(each, outbox, sent, writer);
    ASHLAR_TRY(const Bytes written, writer.finish());
    sent.identities.commit(written.size());
    const std::uint8_t binder[1 + crypto::kMaxDigestSize] = {
        static_cast<std::uint8_t>(each.hash->digest_size)};
    ASHLAR_CHECK(sent.binders.append(Bytes(binder).first(1 + each.hash->digest_size)));
  }
  return {};
}

// The binders are over the hello as far as their list, which ends it.
Result<void> bind(const ClientConfig& config, const Policy& policy, const SentHello& sent,
                  const Transcript* before, MutBytes message) {
  MutBytes binders = message.last(sent.binders.size());
  const Bytes truncated = message.first(message.size() - 2 - binders.size());
  for (const OfferedPsk& each : offered_psks(config, policy, sent)) {
    const crypto::HashAlgorithm& hash = *each.hash;
    crypto::Digest digest;
    if (before != nullptr) {
      ASHLAR_TRY(digest, before->digest_with(hash, truncated));
    } else {
      digest = crypto::digest(hash, truncated);
    }
    ASHLAR_TRY(const PskSecret secret, secret_of(each, sent));
    const std::string_view label =
        each.external == nullptr ? kResumptionBinder : binder_label(each.external->secret());
    ASHLAR_TRY(const HashSecret binder, compute_binder(hash, secret.reveal(), label, digest.bytes()));
    // Public: it is sent.
    ct::declassify(binder.reveal());
    copy_bytes(binders.subspan(1), binder.reveal());
    binders = binders.subspan(1 + binder.size());
  }
  return {};
}

}  // namespace ashlar::tls::tls13
