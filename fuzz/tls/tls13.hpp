// SPDX-License-Identifier: Apache-2.0
// What the targets of TLS 1.3 have in common: policies, recorded handshakes, sessions that both sides have,
// and a plain second reading of what a connection reports about its handshake.
#pragma once

#include "tls/resumption.hpp"

namespace ashlar::fuzz {

inline constexpr tls::ProtocolVersion kOnlyTls13[] = {tls::ProtocolVersion::tls13};
// Small ones, so that an input is mostly about something else. The server of a retried handshake has the
// second alone.
inline const tls::Group* const kGroups13[] = {&tls::kX25519, &tls::kSecp256r1};

inline const tls::Policy& policy13() {
  static const tls::Policy policy = [] {
    tls::Policy made = tls::policy::compat;
    made.versions = kOnlyTls13;
    made.groups = kGroups13;
    return made;
  }();
  return policy;
}
inline const tls::Policy& retrying13() {
  static const tls::Policy policy = [] {
    tls::Policy made = policy13();
    made.groups = std::span(kGroups13).subspan(1);
    return made;
  }();
  return policy;
}
inline tls::Policy with_suite13(const tls::tls13::Suite* const& suite) {
  tls::Policy one = policy13();
  one.tls13_suites = {&suite, 1};
  return one;
}

// A server's store with the session that a first connection left there, and the client's side of it. It
// allows early data.
struct SharedSession13 {
  tls::Session of_client;
  tls::Session of_server;
};
inline const SharedSession13& shared_session13() {
  static const SharedSession13 shared = [] {
    Store store;
    Meeting meeting{&policy13(), &policy13()};
    meeting.sessions = &store.resumption;
    meeting.seed = 100;  // so that no later connection draws the same handle
    meeting.early = true;
    auto recording = record(meeting);
    FUZZ_CHECK(recording.session.has_value());
    SharedSession13 made{std::move(*recording.session), {}};
    FUZZ_CHECK(store.sessions.find(made.of_client.ticket.bytes(), {1893456000}, made.of_server));
    return made;
  }();
  return shared;
}
inline Recording record_resumption13(bool known, const tls::Policy& client_policy,
                                     const tls::Policy& server_policy, bool client_has = true,
                                     bool early = false) {
  Store store;
  if (known) {
    store.sessions.put(shared_session13().of_server);
  }
  Meeting meeting{&client_policy, &server_policy};
  meeting.session = client_has ? &shared_session13().of_client : nullptr;
  meeting.sessions = &store.resumption;
  meeting.early = early;
  return record(meeting);
}

// --- what a connection reports, read plainly ---

inline bool is_retry13(const Told& server_hello) {
  // SHA-256 of "HelloRetryRequest" (RFC 9846 §4.1.3).
  static constexpr std::uint8_t kRandom[] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                             0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                             0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
  return equal_public(Bytes(server_hello.body).subspan(2, 32), kRandom);
}

inline void append_message13(Buffer& to, std::uint8_t type, Bytes body) {
  const std::size_t size = body.size();
  for (const std::size_t byte : {static_cast<std::size_t>(type), size >> 16, size >> 8 & 0xff, size & 0xff}) {
    to.push_back(static_cast<std::uint8_t>(byte));
  }
  to.insert(to.end(), body.begin(), body.end());
}

// The hash of all messages before this one, of which a first ClientHello that was retried stands as its hash
// (§4.4.1).
inline Buffer transcript_hash13(const Witness& witness, const Told& before,
                                const crypto::HashAlgorithm& hash) {
  Buffer all;
  for (const Told& told : witness.messages) {
    if (&told == &before) {
      break;
    }
    if (told.type == tls::HandshakeType::server_hello && is_retry13(told)) {
      const crypto::Digest first = crypto::digest(hash, all);
      all.clear();
      append_message13(all, 254, first.bytes());
    }
    append_message13(all, static_cast<std::uint8_t>(told.type), told.body);
  }
  const crypto::Digest digest = crypto::digest(hash, all);
  const Bytes bytes = digest.bytes();
  return {bytes.begin(), bytes.end()};
}

// The key of the first certificate; nothing if there is none.
inline std::optional<x509::PublicKey> key_of13(const Told& certificate) {
  plain::Cursor in{certificate.body};
  in.vector(1);
  plain::Cursor list{in.vector(3)};
  const auto parsed = x509::Certificate::parse(list.vector(3));
  if (!parsed) {
    return std::nullopt;
  }
  auto key = parsed->public_key(x509::kAllKeys);
  return key ? std::optional(std::move(*key)) : std::nullopt;
}

// A signature over all that came before it, by the key of the certificate, with a scheme that was offered
// (§4.4.3).
inline void check_signature13(const Witness& witness, const Told& certificate, const Told& verify,
                              const tls::Policy& policy, const crypto::HashAlgorithm& hash, bool by_server) {
  const Bytes body = verify.body;
  const tls::Scheme* const row = scheme_of(policy, body.first(2));
  const auto key = key_of13(certificate);
  FUZZ_CHECK(row != nullptr && key.has_value());
  Buffer content(64, 0x20);
  const std::string_view context =
      by_server ? "TLS 1.3, server CertificateVerify" : "TLS 1.3, client CertificateVerify";
  content.insert(content.end(), context.begin(), context.end());
  content.push_back(0);
  const Buffer digest = transcript_hash13(witness, verify, hash);
  content.insert(content.end(), digest.begin(), digest.end());
  const Bytes message[] = {content};
  FUZZ_CHECK(key->verify(*row->algorithm, message, body.subspan(4)).ok());
}

// The ServerHello answers the ClientHello before it (§4.1.3).
inline void check_answer13(const Told& client_told, const Told& server_told) {
  const PlainHello client(client_told.body, true), server(server_told.body, false);
  FUZZ_CHECK(equal_public(client.session_id, server.session_id));
  FUZZ_CHECK(pairs_hold(client.suites, server.suites));
  for (const plain::PlainExtension& each : server.extensions) {
    FUZZ_CHECK(client.extension(each.type) != nullptr || (each.type == 44 && is_retry13(server_told)));
  }
  const Bytes* const version = server.extension(43);
  FUZZ_CHECK(version != nullptr && version->size() == 2 && (*version)[0] == 3 && (*version)[1] == 4);
  const Bytes* const share = server.extension(51);
  if (is_retry13(server_told)) {
    return;
  }
  FUZZ_CHECK(share != nullptr);
  plain::Cursor offered{client.extension(51)->subspan(2)};
  bool found = false;
  while (!offered.done()) {
    found = equal_public(offered.take(2), share->first(2)) || found;
    offered.vector(2);
  }
  FUZZ_CHECK(found);
}

// Checks what a connection took and sent against the standard. `is_client`: which side it is.
inline void check_handshake13(const Witness& witness, bool is_client, const tls::Policy& policy, bool done) {
  using enum tls::HandshakeType;
  const auto of_client = is_client ? tls::Direction::sent : tls::Direction::received;
  const auto of_server = is_client ? tls::Direction::received : tls::Direction::sent;
  FUZZ_CHECK(witness.handshakes_done == (done ? 1u : 0u) && witness.errors <= 1);
  const Told *client_hello_told = nullptr, *server_hello_told = nullptr;
  std::size_t hellos = 0;
  for (const Told& told : witness.messages) {
    if (told.type == client_hello) {
      client_hello_told = &told;
    } else if (told.type == server_hello) {
      FUZZ_CHECK(client_hello_told != nullptr && ++hellos <= 2);
      check_answer13(*client_hello_told, told);
      server_hello_told = &told;
    }
  }
  if (server_hello_told == nullptr || is_retry13(*server_hello_told)) {
    FUZZ_CHECK(!done);
    return;
  }
  const PlainHello hello(server_hello_told->body, false);
  const bool longer = hello.suites[1] == 2;
  const crypto::HashAlgorithm& hash = longer ? crypto::kSha384 : crypto::kSha256;
  for (const bool by_server : {true, false}) {
    const auto direction = by_server ? of_server : of_client;
    const Told* const shown = witness.find(certificate, direction);
    const Told* const verify = witness.find(certificate_verify, direction);
    if (verify != nullptr) {
      FUZZ_CHECK(shown != nullptr);
      check_signature13(witness, *shown, *verify, policy, hash, by_server);
    } else if (done && shown != nullptr) {
      FUZZ_CHECK(!by_server && shown->body.size() == 4);  // a client may show none
    }
  }
  if (!done) {
    return;
  }
  FUZZ_CHECK(witness.find(finished, of_client) != nullptr && witness.find(finished, of_server) != nullptr);
  const bool resumed = hello.extension(41) != nullptr;
  FUZZ_CHECK(resumed == (witness.find(certificate, of_server) == nullptr));
}

// What was said to the last Finished. Tickets and KeyUpdates follow it, or are cut.
inline std::vector<Told> to_finished13(std::vector<Told> messages) {
  while (!messages.empty() && messages.back().type != tls::HandshakeType::finished) {
    messages.pop_back();
  }
  return messages;
}
inline bool is_honest13(const Witness& witness, bool is_client, const std::vector<Recording>& recordings) {
  const std::vector<Told> messages = to_finished13(witness.messages);
  return std::any_of(recordings.begin(), recordings.end(), [&](const Recording& recording) {
    return messages == to_finished13(is_client ? recording.client_told : recording.server_told);
  });
}

// A client whose handshake is done, or a server's: only an honest peer gets that far.
inline void judge13(const Outcome& outcome, const Witness& witness, bool is_client, const tls::Policy& policy,
                    const std::vector<Recording>& recordings) {
  check_handshake13(witness, is_client, policy, outcome.done);
  FUZZ_CHECK(!outcome.done || is_honest13(witness, is_client, recordings));
  FUZZ_CHECK((is_client ? kServerData : kClientData).starts_with(text_of(outcome.data)));
  FUZZ_CHECK(kEarlyData.starts_with(text_of(outcome.early)));
}

// For each suite, and with a second ClientHello, what an honest peer says.
inline std::vector<Recording> recordings13(bool of_server) {
  constexpr auto kRequest = tls::ClientAuthentication::request;
  std::vector<Recording> made;
  for (const auto& suite : policy13().tls13_suites) {
    const tls::Policy one = with_suite13(suite);
    const tls::Policy& client = of_server ? policy13() : one;
    const tls::Policy& server = of_server ? one : policy13();
    if (of_server) {
      made.push_back(record({&client, &server}));
      made.push_back(record({&client, &server, kRequest}));
    } else {
      made.push_back(record({&client, &server, kRequest, false}));
      made.push_back(record({&client, &server, kRequest, true}));
    }
  }
  return made;
}

}  // namespace ashlar::fuzz
