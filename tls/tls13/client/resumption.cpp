// SPDX-License-Identifier: Apache-2.0
// What a client that offers TLS 1.3 puts into its ClientHello: key shares, a session id for middleboxes, and
// the session to be resumed with the proof that it has its key (RFC 9846 §4.2.8, §4.2.11, Appendix E.4).
#include "tls13/client/resumption.hpp"

#include "tls13/key_schedule.hpp"

namespace ashlar::tls::tls13 {

namespace {

Result<void> prepare_identity(const Outbox& outbox, const Suite& suite, SentHello& sent) {
  const Session& session = sent.session;
  const auto age = static_cast<std::uint64_t>(outbox.settings.now().seconds - session.created.seconds) * 1000;
  ASHLAR_CHECK(sent.identities.reserve(2 + session.ticket.bytes().size() + 4));
  Writer writer(sent.identities.room());
  {
    auto identity = writer.u16_scope();
    writer.bytes(session.ticket.bytes());
  }
  writer.u32(static_cast<std::uint32_t>(age) + session.age_add);
  ASHLAR_TRY(const Bytes written, writer.finish());
  sent.identities.commit(written.size());
  sent.binder_size = suite.hash->digest_size;
  sent.bind = bind;
  return {};
}

}  // namespace

Result<void> prepare(const ClientConfig&, const Outbox& outbox, SentHello& sent) {
  const Policy& policy = *outbox.settings.policy;
  ASHLAR_CHECK(
      sent.shares.make(*policy.groups[0], true, policy, outbox.settings.random, sent.variation.group));
  if (sent.session_id.empty()) {
    sent.session_id.resize(kMaxSessionIdSize);
    ASHLAR_CHECK(outbox.settings.random.fill(sent.session_id.bytes_mut()));
  }
  const Session& session = sent.session;
  if (session.version == ProtocolVersion::tls13 && !session.ticket.empty()) {
    ASHLAR_CHECK(prepare_identity(outbox, *policy.tls13_suite(session.suite), sent));
  }
  return {};
}

// The binder is over the hello as far as the list of binders, which ends it.
Result<void> bind(const SentHello& sent, const Policy& policy, const Transcript* before, MutBytes message) {
  const Suite& suite = *policy.tls13_suite(sent.session.suite);
  const crypto::HashAlgorithm& hash = *suite.hash;
  const std::size_t binders_size = 2 + 1 + sent.binder_size;
  const Bytes truncated = message.first(message.size() - binders_size);
  crypto::Digest digest;
  if (before != nullptr) {
    ASHLAR_TRY(digest, before->digest_with(hash, truncated));
  } else {
    digest = crypto::digest(hash, truncated);
  }
  const HashSecret early_secret = extract_early_secret(hash, sent.session.secret.reveal());
  ASHLAR_TRY(const HashSecret key, derive_binder_key(hash, early_secret));
  ASHLAR_TRY(const crypto::Digest binder, compute_verify_data(hash, key, digest.bytes()));
  // Public: it is sent.
  ct::declassify(binder.storage, binder.size);
  copy_bytes(message.last(sent.binder_size), binder.bytes());
  return {};
}

}  // namespace ashlar::tls::tls13
