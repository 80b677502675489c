// SPDX-License-Identifier: Apache-2.0
// What a connection is told: clock, randomness, memory, trust, keys and policy all come in here. A config is
// not changed while connections use it, outlives them, and may serve any number of them in any number of
// threads.
#pragma once

#include <ashlar/asn1/time.hpp>
#include <ashlar/tls/event.hpp>
#include <ashlar/tls/memory.hpp>
#include <ashlar/tls/policy.hpp>
#include <ashlar/tls/session.hpp>
#include <ashlar/tls/version.hpp>
#include <ashlar/x509/verify.hpp>

namespace ashlar::tls {

struct Clock {
  asn1::Time (*now)(void* context);                       // for certificates and sessions
  std::uint64_t (*monotonic_nanoseconds)(void* context);  // for events; may be null
  void* context;
};

// A peer's certificates, to be judged.
struct PeerChain {
  std::span<const Bytes> certificates;  // in DER, the peer's own first; not empty
  x509::Purpose purpose;
  std::string_view name;  // of the server; empty for clients
  asn1::Time now;
  const x509::KeySet* keys;  // what the policy allows in it
};

// What is known of a peer whose chain was accepted: its own certificate, whose spans point into the chain,
// and the key in it.
struct VerifiedPeer {
  x509::Certificate certificate;
  x509::PublicKey key;
};

// Judges a peer's certificate chain.
struct Verifier {
  Result<VerifiedPeer> (*verify_function)(const void* context, const PeerChain& chain);
  const void* context;
  // Names the trust configuration: sessions are resumed only under the one they were made under (H09).
  std::uint64_t id;
};

// Chains must end in one of these anchors; server certificates must be for the name asked for. The anchors
// that the index is of must outlive this object, and this object the configs that have its verifier. It is
// shared by any number of them, and does not move.
class TrustAnchors {
 public:
  explicit TrustAnchors(x509::AnchorIndex anchors, x509::RevocationCheck revocation = {});
  TrustAnchors(const TrustAnchors&) = delete;
  TrustAnchors& operator=(const TrustAnchors&) = delete;
  const x509::AnchorIndex& anchors() const { return anchors_; }
  Verifier verifier() const& { return {&verify, this, id_}; }
  Verifier verifier() const&& = delete;

 private:
  static Result<VerifiedPeer> verify(const void* context, const PeerChain& chain);
  x509::AnchorIndex anchors_;
  x509::RevocationCheck revocation_;
  std::uint64_t id_;
};

// Accepts whatever certificate the peer sends: no protection against an attacker in the middle.
Verifier dangerous_accept_any_certificate();

// A private key and the operations that TLS has for it. Null functions mean that the operation is done
// outside: the connection then rests in Want::sign until Connection::provide is called, which checks the
// signature that it is given. A function's signature goes out as it is: local_signer checks those by RSA, and
// a function of one's own has to look to it itself.
struct Signer {
  const x509::KeyKind* kind;
  std::size_t bits;
  // input: the message, and its digest where the algorithm has a hash. Where a handshake keeps only the
  // digest (TLS 1.2's CertificateVerify covers all messages before it), the message is empty.
  Result<Bytes> (*sign)(const void* context, const x509::SignatureAlgorithm& algorithm,
                        const x509::SigningInput& input, crypto::Random random, MutBytes out);
  Result<void> (*decrypt_premaster)(const void* context, crypto::Random random, Bytes ciphertext,
                                    std::uint16_t client_version, Secret<48>& premaster);
  const void* context;
};
// Signs and decrypts in place with a key in memory, which must outlive the signer.
Signer local_signer(const x509::PrivateKey& key);
Signer local_signer(const x509::PrivateKey&&) = delete;
// The operations are done outside.
Signer external_signer(const x509::KeyKind& kind, std::size_t bits);

// A certificate chain in DER, one's own first, the anchor left out, and its key.
struct Credential {
  std::span<const Bytes> chain;
  Signer signer;
};
// Whether the key belongs to the first certificate of the chain; key_does_not_match says no.
Result<void> check_credential(const Credential& credential, const x509::PublicKey& key);

struct ClientConfig {
  const Policy* policy = &policy::modern;
  // The code of the versions that the policy may allow; what is not listed is not linked.
  std::span<const ClientVersion* const> versions = kClientVersions;
  Verifier verifier;
  Clock clock;
  crypto::Random random;
  Memory memory;
  // The name sent in server_name (unless it is an IP address) and compared with the certificate. Given per
  // connection: Client::create.
  std::span<const std::string_view> alpn;  // in order of preference
  const Credential* credential = nullptr;  // shown if the server asks
  EventSink events;
  // Keep the peer's certificates after the handshake for Connection::peer_certificates.
  bool keep_peer_certificates = false;
};

enum class ClientAuthentication : std::uint8_t { none, request, require };

struct ServerConfig {
  const Policy* policy = &policy::modern;
  std::span<const ServerVersion* const> versions = kServerVersions;  // as a client's
  // In order of preference; the first that fits the client's suites, schemes and server name is used.
  std::span<const Credential> credentials;
  ClientAuthentication client_authentication = ClientAuthentication::none;
  // Judges client certificates; its names of acceptable issuers go into the CertificateRequest.
  Verifier verifier;
  std::span<const Bytes> client_ca_names;
  Clock clock;
  crypto::Random random;
  Memory memory;
  std::span<const std::string_view> alpn;  // in order of preference; a client
                                           // that offers only others is refused
  const Resumption* sessions = nullptr;    // null: no resumption
  EventSink events;
  bool keep_peer_certificates = false;
};

}  // namespace ashlar::tls
