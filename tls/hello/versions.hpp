// SPDX-License-Identifier: Apache-2.0
// The rows of versions, as the hello sees them: how the handshake of a version starts once the hello has
// chosen that version. Clients and servers have separate rows, so that a program with clients only does not
// link the server.
#pragma once

#include "extension/set.hpp"
#include "hello/key_shares.hpp"
#include "hello/variation.hpp"
#include "outbox.hpp"
#include "protocol.hpp"
#include "transcript.hpp"

namespace ashlar::tls {

// The most schemes of a policy: bounds the room for their numbers.
inline constexpr std::size_t kMaxSchemes = 32;

// What a client has said in its ClientHello.
struct SentHello {
  explicit SentHello(const Memory& memory)
      : message(memory), shares(memory), cookie(memory), identities(memory), binders(memory) {}

  std::uint8_t random[kRandomSize] = {};
  BoundedBuffer<255> name;  // what the certificate must be for
  Session session;          // the session to resume; id and ticket are empty if there is none
  BoundedBuffer<kMaxSessionIdSize> session_id;  // of the session, or drawn for middleboxes, or empty
  ExtensionSet extensions;                      // the extensions that it has
  Variation variation;
  Buffer message;  // the whole hello: it is hashed when the suite, and so the hash, is known

  // TLS 1.3.
  KeyShares shares;
  Buffer cookie;  // of a HelloRetryRequest
  // The pre-shared keys that are offered, the session's ticket first: contents of the extension's lists. The
  // proofs that we have the keys are zeros here. They end the message, and `bind` fills them in. `before` is
  // the transcript before the message, null: empty.
  Buffer identities;
  Buffer binders;
  bool early_data = false;                          // follows
  const crypto::HashAlgorithm* psk_hash = nullptr;  // keys for this hash alone are offered; null: for any
  Result<void> (*bind)(const ClientConfig& config, const Policy& policy, const SentHello& sent,
                       const Transcript* before, MutBytes message) = nullptr;
};

namespace tls13 {
struct ClientHandshake;
}

// The code of a client's early data (RFC 9846 §4.2.10, §4.5), called by the hello and by the handshake of TLS
// 1.3. A program that does not name it does not link it.
struct ClientEarlyData {
  // Offers it in a hello, if the session allows it.
  void (*offer)(const Outbox& outbox, SentHello& sent);
  // The hello that offers it has been made. What is sent from here on is under the keys of early data.
  Result<void> (*start)(const Outbox& outbox, const SentHello& sent);
  // EncryptedExtensions say whether the server takes it. If not, the keys of the handshake come into use.
  Result<void> (*answered)(tls13::ClientHandshake& handshake, bool accepted,
                           const SecretBuffer<48>& client_handshake_traffic);
  // Ends it with EndOfEarlyData, and the keys of the handshake come into use.
  Result<void> (*end)(tls13::ClientHandshake& handshake, const SecretBuffer<48>& client_handshake_traffic);
};

// What a ClientHello says, for the program to choose by.
inline CredentialRequest request_of(const ClientHello& hello) {
  CredentialRequest request;
  request.server_name = hello.server_name;
  request.schemes = IdList<SchemeId>(hello.signature_algorithms);
  request.suites = IdList<SuiteId>(hello.cipher_suites);
  request.groups = IdList<GroupId>(hello.supported_groups);
  request.alpn_offered = hello.alpn;
  request.accepted_types = hello.server_certificate_types;
  return request;
}

struct ClientVersion {
  ProtocolVersion version;
  // Starts the handshake, which takes the ServerHello as its first input.
  Result<Next> (*start)(const ClientConfig& config, const Outbox& outbox, SentHello&& hello);
  // Handles a HelloRequest that comes before the ServerHello. Null: it is refused.
  Result<void> (*pass_over_hello_request)(const Outbox& outbox, const HandshakeMessage& message);
  // Adds to a ClientHello what this version has to say. Null: nothing.
  Result<void> (*prepare)(const ClientConfig& config, const Outbox& outbox, SentHello& sent) = nullptr;
};

struct ServerVersion {
  ProtocolVersion version;
  // Starts the handshake, which takes the ClientHello as its first input.
  Result<Next> (*start)(const ServerConfig& config, const Outbox& outbox);
};

// The row of this version, if the policy speaks it and the config has it; else null.
template <class Version>
const Version* find_version(const Policy& policy, std::span<const Version* const> rows,
                            ProtocolVersion wanted) {
  if (!policy.speaks(wanted)) {
    return nullptr;
  }
  for (const Version* row : rows) {
    if (row->version == wanted) {
      return row;
    }
  }
  return nullptr;
}

}  // namespace ashlar::tls
