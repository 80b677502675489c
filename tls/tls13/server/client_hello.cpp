// SPDX-License-Identifier: Apache-2.0
// The server takes the ClientHello, and a second one where the first has no share of a common group (RFC 9846
// §4.1.1, §4.1.2).
#include <ashlar/crypto/cpu.hpp>

#include "hello/alpn.hpp"
#include "message/number_set.hpp"
#include "tls13/server/server.hpp"

namespace ashlar::tls::tls13 {

namespace {

constexpr SuiteId kChaCha20Poly1305{0x1303};

// The policy's first suite that the client offers, or null. But ChaCha20 comes first if one side has no
// instructions for AES: we, or a client that leads with ChaCha20.
const Suite* choose_suite(const Policy& policy, const ClientHello& hello) {
  const std::span<const Suite* const> ours = policy.tls13_suites;
  std::size_t best = ours.size();
  bool chacha_leads = !cpu::features().has(cpu::Feature::aes_ni);
  std::size_t chacha = ours.size();
  // The list may be long: it is read once (D01).
  const IdList<SuiteId> theirs(hello.cipher_suites);
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    const SuiteId id = theirs[i];
    for (std::size_t rank = 0; rank < ours.size(); ++rank) {
      if (ours[rank]->id == id) {
        const bool is_chacha = id == kChaCha20Poly1305;
        chacha_leads = chacha_leads || (is_chacha && best == ours.size());
        chacha = is_chacha ? rank : chacha;
        best = rank < best ? rank : best;
      }
    }
  }
  best = chacha_leads && chacha != ours.size() ? chacha : best;
  return best != ours.size() ? ours[best] : nullptr;
}

// What a ClientHello of TLS 1.3 cannot do without (§9.2), beyond what a resumed session spares it.
Result<void> check_presence(const ClientHello& hello, bool key_exchange_needed) {
  if (hello.supported_groups.empty() && (key_exchange_needed || hello.has_key_share)) {
    return missing(ExtensionType::supported_groups);
  }
  if (!hello.has_key_share && (key_exchange_needed || !hello.supported_groups.empty())) {
    return missing(ExtensionType::key_share);
  }
  if (hello.signature_algorithms.empty() && hello.identities.empty()) {
    return missing(ExtensionType::signature_algorithms);
  }
  if (!hello.identities.empty() && hello.psk_key_exchange_modes.empty()) {
    return missing(ExtensionType::psk_key_exchange_modes);
  }
  return {};
}

// Each share is of a group that the client lists, and no group has two (§4.2.8).
Result<void> check_shares(const ClientHello& hello) {
  NumberSet without_share;
  const IdList<GroupId> groups(hello.supported_groups);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    without_share.add(static_cast<std::uint16_t>(groups[i]));
  }
  for (Reader reader(hello.key_shares); !reader.empty();) {
    ASHLAR_TRY(const KeyShareEntry entry, read_key_share_entry(reader));
    if (!without_share.remove(static_cast<std::uint16_t>(entry.group))) {
      return Error{ErrorCode::bad_key_share, Place::client_hello_key_share,
                   static_cast<std::uint32_t>(entry.group)};
    }
  }
  return {};
}

}  // namespace

Result<void> ServerHandshake::note(const ClientHello& hello) {
  if (hello.compression_methods.size() != 1) {
    return Error{ErrorCode::null_compression_missing, Place::client_hello_compression_methods};
  }
  for (const std::uint8_t mode : hello.psk_key_exchange_modes) {
    takes_tickets = takes_tickets || mode == kPskDheKe;
    takes_psk_alone = takes_psk_alone || (mode == kPskKe && policy().psk_without_key_exchange);
  }
  takes_psk_alone = takes_psk_alone && !hello.identities.empty();
  ASHLAR_CHECK(check_presence(hello, !takes_psk_alone));
  const Suite* const chosen = choose_suite(policy(), hello);
  if (chosen == nullptr) {
    return ErrorCode::no_common_suite;
  }
  ASHLAR_CHECK(outcome.server_name.append(bytes_of(hello.server_name)));
  negotiated().version = ProtocolVersion::tls13;
  negotiated().suite = chosen;
  negotiated().extended_master_secret = true;  // what it does, the key schedule does always
  negotiated().server_name = text_of(outcome.server_name.bytes());
  ASHLAR_CHECK(remember_session_id(hello.session_id));
  compatibility = !hello.session_id.empty();
  copy_bytes(client_random, hello.random);
  tell_secret(false, SecretKind::client_random, client_random);
  if (!hello.alpn.empty() && !config.alpn.empty()) {
    negotiated().alpn = choose_protocol(config.alpn, hello.alpn);
    if (negotiated().alpn.empty()) {
      return ErrorCode::no_common_protocol;
    }
  }
  return {};
}

Result<const Group*> ServerHandshake::choose_group(const ClientHello& hello) const {
  const Group* common = nullptr;
  for (const Group* group : policy().groups) {
    if (!hello.offers(group->id)) {
      continue;
    }
    if (!find_key_share(hello.key_shares, group->id).empty()) {
      return group;
    }
    common = common != nullptr ? common : group;
  }
  if (common == nullptr) {
    return ErrorCode::no_common_group;
  }
  return common;
}

Result<ServerState> ServerExpectsClientHello::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ClientHello hello, ClientHello::parse(input.message->body));
  ASHLAR_CHECK(handshake.note(hello));
  ASHLAR_CHECK(check_shares(hello));
  ASHLAR_CHECK(handshake.start_transcript());
  const auto common = handshake.choose_group(hello);
  if (handshake.takes_psk_alone && (!common || !handshake.takes_tickets)) {
    ASHLAR_TRY(const FoundPsk psk, handshake.find_psk(*input.message, hello));
    if (psk.found()) {
      return handshake.begin_by_psk(*input.message, hello, nullptr, psk);
    }
  }
  if (!common) {
    return common.error();
  }
  const Group* const group = *common;
  if (find_key_share(hello.key_shares, group->id).empty()) {
    return handshake.retry(*input.message, hello, *group);
  }
  return handshake.begin(*input.message, hello, *group);
}

Error ServerHandshake::without_psk(const ClientHello& hello) const {
  if (hello.identities.empty()) {
    return missing(ExtensionType::pre_shared_key);
  }
  return Error{negotiated().retried ? ErrorCode::second_hello_differs : ErrorCode::no_common_psk};
}

Result<ServerState> ServerHandshake::retry(const HandshakeMessage& message, const ClientHello& client,
                                           const Group& group) {
  if (only_by_psk()) {  // there is no use in a second hello without a key
    ASHLAR_TRY(const FoundPsk psk, find_psk(message, client));
    if (!psk.found()) {
      return without_psk(client);
    }
  }
  ASHLAR_TRY(const crypto::Digest constant, digest_constant_parts(hash(), message.body));
  accept(message);
  transcript.replace_by_hash();
  negotiated().retried = true;
  ServerHello hello;
  hello.version = ProtocolVersion::tls12;
  hello.random = kHelloRetryRequest;
  hello.session_id = client.session_id;
  hello.suite = suite().id;
  hello.selected_version = ProtocolVersion::tls13;
  hello.has_key_share = true;
  hello.key_share_group = group.id;
  ASHLAR_CHECK(
      send(HandshakeType::server_hello, kMaxHelloSize, [&](Writer& writer) { hello.build(writer); }));
  ASHLAR_CHECK(send_change_cipher_spec());
  if (client.early_data) {
    pass_over_early_data();
  }
  return ServerState(ServerExpectsSecondClientHello{constant, &group});
}

// The second hello is the first one but for what it may change, and has the share that was asked for and no
// other (H05).
Result<ServerState> ServerExpectsSecondClientHello::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ClientHello hello, ClientHello::parse(input.message->body));
  ASHLAR_TRY(const crypto::Digest second, digest_constant_parts(handshake.hash(), input.message->body));
  if (!equal_public(first.bytes(), second.bytes()) || hello.early_data || !hello.cookie.empty()) {
    return ErrorCode::second_hello_differs;
  }
  Reader shares(hello.key_shares);
  ASHLAR_TRY(const KeyShareEntry entry, at(Place::client_hello_key_share, read_key_share_entry(shares)));
  if (entry.group != group->id || !shares.empty()) {
    return Error{ErrorCode::bad_key_share, Place::client_hello_key_share,
                 static_cast<std::uint32_t>(entry.group)};
  }
  return handshake.begin(*input.message, hello, *group);
}

// All fields, and all extensions but these, in their order.
Result<crypto::Digest> digest_constant_parts(const crypto::HashAlgorithm& hash, Bytes client_hello) {
  constexpr ExtensionType kPadding{21};
  crypto::Hash digest(hash);
  Reader reader(client_hello);
  ASHLAR_CHECK(reader.take(2 + kRandomSize));
  ASHLAR_CHECK(reader.u8_prefixed());
  ASHLAR_CHECK(reader.u16_prefixed());
  ASHLAR_CHECK(reader.u8_prefixed());
  digest.update(client_hello.first(reader.offset()));
  ASHLAR_CHECK(split_extensions(reader, [&](ExtensionType type, Reader body) -> Result<void> {
    if (type != ExtensionType::key_share && type != ExtensionType::early_data &&
        type != ExtensionType::cookie && type != ExtensionType::pre_shared_key && type != kPadding) {
      const std::uint8_t head[] = {
          static_cast<std::uint8_t>(static_cast<std::uint16_t>(type) >> 8), static_cast<std::uint8_t>(type),
          static_cast<std::uint8_t>(body.remaining() >> 8), static_cast<std::uint8_t>(body.remaining())};
      digest.update(head);
      digest.update(body.peek());
    }
    return {};
  }));
  crypto::Digest out;
  out.size = digest.finish(out.storage).size();
  return out;
}

}  // namespace ashlar::tls::tls13
