// SPDX-License-Identifier: Apache-2.0
#include "hello/client_hello.hpp"

#include "config_check.hpp"
#include "extension/block.hpp"
#include "hello/certificate_types.hpp"
#include "psk/psk.hpp"

namespace ashlar::tls {

namespace {

Versions set_of(ProtocolVersion version) {
  return version == ProtocolVersion::tls13   ? Versions::tls13
         : version == ProtocolVersion::tls12 ? Versions::tls12
                                             : Versions::none;
}

// In the policy's order, behind one that means nothing.
Bytes list_versions(const Policy& policy, Versions offered, std::uint16_t grease, Writer& room) {
  std::size_t count = grease != 0 ? 1 : 0;
  for (const ProtocolVersion version : policy.versions) {
    count += includes(offered, set_of(version)) ? 1u : 0u;
  }
  const MutBytes list = room.room(2 * count);
  Writer writer(list);
  if (grease != 0) {
    writer.u16(grease);
  }
  for (const ProtocolVersion version : policy.versions) {
    if (includes(offered, set_of(version))) {
      writer.u16(static_cast<std::uint16_t>(version));
    }
  }
  return list;
}

// Those of TLS 1.3 first, behind one that means nothing.
Bytes list_suites(const Policy& policy, Versions offered, std::uint16_t grease, Writer& room) {
  using Suites13 = std::span<const tls13::Suite* const>;
  using Suites12 = std::span<const tls12::Suite* const>;
  const Suites13 newer = includes(offered, Versions::tls13) ? policy.tls13_suites : Suites13();
  const Suites12 older = includes(offered, Versions::tls12) ? policy.suites : Suites12();
  const MutBytes list = room.room(2 * ((grease != 0 ? 1 : 0) + newer.size() + older.size()));
  Writer writer(list);
  if (grease != 0) {
    writer.u16(grease);
  }
  (void)list_ids(newer, writer);
  (void)list_ids(older, writer);
  return list;
}

// The versions that both the policy and the config have.
Versions offered_versions(const Policy& policy, const ClientConfig& config) {
  Versions offered = Versions::none;
  for (const ProtocolVersion version : policy.versions) {
    if (find_version<ClientVersion>(policy, config.versions, version) != nullptr) {
      offered = offered | set_of(version);
    }
  }
  return offered;
}

}  // namespace

[[gnu::cold]] Result<void> send_client_hello(const ClientConfig& config, const Outbox& outbox,
                                             SentHello& sent, const Transcript* before) {
  const Policy& policy = *outbox.settings.policy;
  const Versions versions = offered_versions(policy, config);
  std::uint8_t storage[1024 + kMaxSuites];
  Writer lists{MutBytes(storage)};
  constexpr std::uint8_t kNullCompression[] = {0};
  ClientHello hello;
  hello.version = ProtocolVersion::tls12;
  hello.random = sent.random;
  hello.session_id = sent.session_id.bytes();
  hello.cipher_suites = list_suites(policy, versions, sent.variation.suite, lists);
  hello.compression_methods = kNullCompression;
  Offer offer{policy, outbox.outcome.negotiated.server_name, config.alpn, lists};
  // Tickets of TLS 1.3 are pre-shared keys instead.
  offer.ticket = sent.session.version == ProtocolVersion::tls12 ? sent.session.ticket.bytes() : Bytes();
  offer.versions = versions;
  offer.version_list = list_versions(policy, versions, sent.variation.version, lists);
  offer.key_shares = sent.shares.list();
  offer.cookie = sent.cookie.bytes();
  offer.request_status = config.request_status;
  offer.record_size_limit = config.record_size_limit;
  offer.tickets = config.tickets ? &*config.tickets : nullptr;
  offer.grease_group = sent.variation.group;
  offer.grease_scheme = sent.variation.scheme;
  hello.grease_extensions[0] = sent.variation.extensions[0];
  hello.grease_extensions[1] = sent.variation.extensions[1];
  hello.extension_order = sent.variation.extension_order();
  CertificateType own[2];
  offer.client_certificate_types = said_types(own_types(config, own));
  offer.server_certificate_types = said_types(accepted_types(config.accepted));
  offer.certificates = may_trust_otherwise(config);
  offer.identities = sent.identities.bytes();
  offer.binders = sent.binders.bytes();
  offer.early_data = sent.early_data;
  ASHLAR_TRY(sent.extensions, offer_extensions(offer, hello));
  ASHLAR_CHECK(lists.finish());

  const std::size_t size = 1536 + offer.key_shares.size() + offer.cookie.size() + offer.identities.size() +
                           offer.binders.size() + offer.ticket.size();
  ASHLAR_TRY(const MutBytes room, outbox.room(kHandshakeHeaderSize + size));
  Writer writer(room);
  {
    const auto body = handshake_scope(writer, HandshakeType::client_hello);
    hello.build(writer);
  }
  ASHLAR_TRY(const Bytes whole, writer.finish());
  if (!sent.binders.empty()) {
    ASHLAR_CHECK(sent.bind(config, policy, sent, before, room.first(whole.size())));
  }
  outbox.queue(whole.size());
  sent.message.release();
  ASHLAR_CHECK(sent.message.append(whole));
  outbox.tell(Direction::sent,
              MessageEvent{HandshakeType::client_hello, whole.subspan(kHandshakeHeaderSize)});
  return {};
}

}  // namespace ashlar::tls
