// SPDX-License-Identifier: Apache-2.0
// What a connection is told: clock, randomness, memory, trust, keys and policy. A config must not change
// while connections use it. It may serve any number of them in any number of threads. It must outlive them,
// and so must everything that it points to: spans and the texts in them, rows, credentials, contexts of
// functions.
#pragma once

#include <ashlar/asn1/time.hpp>
#include <ashlar/tls/credential.hpp>
#include <ashlar/tls/early_data.hpp>
#include <ashlar/tls/event.hpp>
#include <ashlar/tls/memory.hpp>
#include <ashlar/tls/policy.hpp>
#include <ashlar/tls/psk.hpp>
#include <ashlar/tls/session.hpp>
#include <ashlar/tls/version.hpp>
#include <ashlar/x509/ocsp.hpp>
#include <ashlar/x509/verify.hpp>

namespace ashlar::tls {

struct Clock {                                            // where a connection reads the time
  asn1::Time (*now)(void* context);                       // for certificates and sessions
  std::uint64_t (*monotonic_nanoseconds)(void* context);  // for events; may be null
  void* context;
};

// A peer's certificates, to be judged. Everything here is valid during the call only.
struct PeerChain {
  std::span<const Bytes> certificates;  // in DER, the peer's own first; not empty
  x509::Purpose purpose;
  std::string_view name;  // of the server; empty for clients
  asn1::Time now;
  const x509::KeySet* keys;  // what the policy allows in the chain
};

// What is known of a peer whose chain was accepted: its own certificate and the key in it. The spans of the
// certificate point into the chain that was judged.
struct VerifiedPeer {
  x509::Certificate certificate;
  x509::PublicKey key;
  // The SubjectPublicKeyInfo of who issued the certificate, in the chain or in what outlives the config: an
  // OCSP response is judged by it. Empty: it is not known, and no response is good (issuer_not_known).
  Bytes issuer_key = {};
};

// Judges a peer's certificate chain. The function may be called from any thread that drives a connection.
struct Verifier {
  Result<VerifiedPeer> (*verify_function)(const void* context, const PeerChain& chain);
  const void* context;
  // Names the trust configuration. A session is resumed only under the one that it was made under (H09).
  std::uint64_t id;
};

// Chains must end in one of these anchors. Server certificates must be for the name asked for. The anchors of
// the index must outlive this object. This object must outlive the configs that have its verifier. Any number
// of them may share it. It does not move.
class TrustAnchors {
 public:
  // pinning: an anchor made from the peer's own certificate is enough, whoever issued that certificate
  // (x509::VerifyRequest::leaf_may_be_anchor).
  explicit TrustAnchors(x509::AnchorIndex anchors, x509::RevocationCheck revocation = {},
                        bool pinning = false);
  TrustAnchors(const TrustAnchors&) = delete;
  TrustAnchors& operator=(const TrustAnchors&) = delete;
  const x509::AnchorIndex& anchors() const { return anchors_; }
  Verifier verifier() const& { return {&verify, this, id_}; }  // for a config; points to this object
  Verifier verifier() const&& = delete;

 private:
  static Result<VerifiedPeer> verify(const void* context, const PeerChain& chain);
  x509::AnchorIndex anchors_;
  x509::RevocationCheck revocation_;
  bool pinning_;
  std::uint64_t id_;
};

// A raw public key (RFC 7250) that a peer may have: SHA-256 of its SubjectPublicKeyInfo in DER, as `ashlar
// key show` prints it.
struct KeyPin {
  std::uint8_t sha256[32];
};
// The pin of a SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7), taken whole: nothing is parsed.
KeyPin pin_of(Bytes subject_public_key_info);

// Judges raw public keys: the peer must have one of these keys. A raw key says nothing of its owner, so there
// is no way to take any (H24). The pins must outlive this object, and this object the configs that point to
// it. It does not move.
class PinnedKeys {
 public:
  explicit PinnedKeys(std::span<const KeyPin> pins);
  PinnedKeys(const PinnedKeys&) = delete;
  PinnedKeys& operator=(const PinnedKeys&) = delete;
  bool has(Bytes subject_public_key_info) const;  // whether a key is among them
  bool empty() const { return pins_.empty(); }
  // As Verifier::id, made from the pins.
  std::uint64_t id() const { return id_; }

 private:
  std::span<const KeyPin> pins_;
  std::uint64_t id_;
};

// Accepts whatever certificate the peer sends: no protection against an attacker in the middle.
Verifier dangerous_accept_any_certificate();

// A span as a config holds it. A temporary list, such as a vector returned by a function, does not compile:
// the config would point to memory that is gone.
template <class T>
class LastingSpan : public std::span<const T> {
 public:
  constexpr LastingSpan() = default;
  template <std::size_t N>
  constexpr LastingSpan(std::span<T, N> list) : std::span<const T>(list) {}
  template <std::size_t N>
  constexpr LastingSpan(std::span<const T, N> list) : std::span<const T>(list) {}
  template <class List>
  constexpr LastingSpan(List& list) : std::span<const T>(list) {}
  template <class List>
  LastingSpan(const List&& list) = delete;
};

// What a side takes from its peer. Without `keys` it is certificates, which the config's verifier judges.
// With `keys` it is raw public keys (RFC 7250) alone, unless `types` says otherwise: what is taken, in order
// of preference, each once. A peer that is to show one of several types may show any of them.
struct AcceptedFromPeer {
  const PinnedKeys* keys = nullptr;  // not empty
  LastingSpan<CertificateType> types;
};

// Judges the OCSP response that came with a server's certificate (RFC 6960, RFC 6066 §8).
struct StapleJudge {
  Result<void> (*judge)(const x509::OcspQuery& query);  // x509::check_ocsp_response
  // Whether a server without one is refused: staple_missing. Otherwise that is so if the certificate itself
  // demands one (RFC 7633).
  bool demanded;
};
extern const StapleJudge kStaplesJudged;    // what came is judged
extern const StapleJudge kStaplesDemanded;  // and something must come

// How many tickets a client asks for (RFC 9149), 0 to 255 each: after a full handshake, and after one that
// resumed a session. It keeps at most kMaxKeptSessions.
struct TicketRequest {
  std::uint8_t new_session = 1;
  std::uint8_t resumption = 1;
};

struct ClientConfig {  // what a client is told; see the top
  const Policy* policy = &policy::modern;
  // The code of the versions that the policy may allow. A version that is not listed is not linked.
  LastingSpan<const ClientVersion*> versions = kClientVersions;
  // Empty: a server must authenticate by one of `psks`, and no certificate will do.
  Verifier verifier;
  Clock clock;
  crypto::Random random;
  Memory memory;
  // (The server's name is given per connection: Client::create. It is sent in server_name, unless it is an IP
  // address, and compared with the certificate.)
  LastingSpan<std::string_view> alpn;  // in order of preference
  // If the server asks for a certificate, one of these is shown: the first that fits its kinds of keys, its
  // schemes and, if some credential does, the issuers that it names. Null: none.
  const Credentials* credentials = nullptr;
  // If the server asks, rest in Want::credential for the caller to choose. `credentials` is not looked at.
  bool ask_for_credential = false;
  // Raw public keys of servers.
  AcceptedFromPeer accepted;
  // What this client can show (RFC 7250), in order of preference. Empty: the types of `credentials`, in their
  // order, or certificates if there are none.
  LastingSpan<CertificateType> own_types;
  EventSink events;
  // Keep the peer's certificates after the handshake for Connection::peer_certificates, and what
  // request_status got.
  bool keep_peer_certificates = false;
  // Keep after the handshake what Connection::export_keying_material makes keys of. Otherwise these secrets
  // are wiped.
  bool export_keys = false;
  // TLS 1.3: what is written is padded to a multiple of so many bytes in each record, which hides its exact
  // size (RFC 9846 §5.4): a power of two up to 2^14; 0: not. No record is longer than the peer takes.
  std::uint16_t record_padding = 0;
  // TLS 1.3: the peer's close_notify ends its direction alone, and this side writes on until close() (RFC
  // 9846 §6.1). Otherwise, and always in TLS 1.2, it is answered with close_notify at once (RFC 5246 §7.2.1).
  bool half_close = false;
  // Ask for an OCSP response and for SignedCertificateTimestamps with the certificate (RFC 6066 §8, RFC 6962
  // §3.3). They are handed to the program, which judges them: Connection::peer_ocsp_response.
  bool request_status = false;
  // Judge the OCSP response: &kStaplesJudged or &kStaplesDemanded, with request_status. Null: the program
  // does. What the certificate's issuer has revoked is refused with certificate_revoked.
  const StapleJudge* staples = nullptr;
  // TLS 1.3: ask for so many tickets (RFC 9149). Client::take_session has them. Nothing: the server decides.
  std::optional<TicketRequest> tickets;
  // The longest record that this client takes, in bytes of plaintext, 64 to 2^14 (RFC 8449); 0: 2^14, and the
  // server is not told. A server that does not know the extension may send longer ones.
  std::uint16_t record_size_limit = 0;
  // Offer a value that means nothing, another in each connection, among suites, groups, key shares, versions,
  // schemes and extensions (RFC 8701). A peer that is not ready for new values is found by it.
  bool grease = false;
  // Send the extensions of the ClientHello in an order that is drawn for each connection, so that no peer
  // comes to rely on one.
  bool permute_extensions = false;
  // Pre-shared keys from outside, at most kMaxClientPsks, if the policy has suites for them. TLS 1.2 uses the
  // one that `psk_choice` takes by the server's hint, or else the first.
  LastingSpan<PreSharedKey> psks;
  PskChoice psk_choice;
  // Offer early data with sessions whose server takes it: &kClientEarlyData. The program sends it with
  // Client::write_early_data. Only what may arrive several times belongs there (early_data.hpp). Null: none.
  const ClientEarlyData* early_data = nullptr;
};

// What a server asks of clients: nothing, a certificate if they have one, or a certificate. Whatever they
// show is judged by the config's verifier; with dangerous_accept_any_certificate() any one will do, for a
// program that looks at Connection::peer_certificates itself. A client with a pre-shared key has proved who
// it is, and is not asked (Negotiated::by_psk).
enum class ClientAuthentication : std::uint8_t { none, request, require };

struct CredentialRequest;
struct ServerConfig;

// Chooses a config by what the client has said in its ClientHello; null ends the connection. The config that
// is returned outlives the connection. It says all but how to get clock, randomness, memory and events, which
// stay those of the config with this function, and a choice of its own is not asked. The function may be
// called from any thread that drives a connection.
struct ConfigChoice {
  const ServerConfig* (*choose)(void* context, const CredentialRequest& hello) = nullptr;  // null: this one
  void* context = nullptr;
};

struct ServerConfig {  // what a server is told; see the top
  const Policy* policy = &policy::modern;
  LastingSpan<const ServerVersion*> versions = kServerVersions;  // as a client's
  // The first of these that fits the client's suites, schemes and server name is shown. May be null for a
  // server of pre-shared keys alone.
  const Credentials* credentials = nullptr;
  // Rest in Want::credential in each full handshake for the caller to choose. `credentials` is not looked at,
  // and may be null.
  bool ask_for_credential = false;
  // Rest in Want::batch, in each full handshake, for what a BatchSigner does with that of other connections:
  // signatures by keys in memory, and in TLS 1.3 the key exchange.
  bool batch = false;
  ClientAuthentication client_authentication = ClientAuthentication::none;
  // Judges client certificates; its names of acceptable issuers go into the CertificateRequest.
  Verifier verifier;
  // Raw public keys of clients, if they are asked for anything.
  AcceptedFromPeer accepted;
  LastingSpan<Bytes> client_ca_names;
  Clock clock;
  crypto::Random random;
  Memory memory;
  // In order of preference; a client that offers only others is refused.
  LastingSpan<std::string_view> alpn;
  // Resumption by session ID, where the server keeps the session, and by ticket, where the client does. Null:
  // none. A client that takes tickets gets one, and no session is kept for it.
  const Resumption* sessions = nullptr;
  const Resumption* tickets = nullptr;
  // The most tickets that a client gets which asks for a number of them (RFC 9149), 0 to 16. Others get one.
  std::uint8_t max_tickets = 4;
  // Rest in Want::session before `sessions` is asked for what a client wants to resume, so that the program
  // can fetch it from another process or machine. Handles that are longer than kMaxSessionIdSize are taken
  // for tickets.
  bool fetch_sessions = false;
  EventSink events;
  bool keep_peer_certificates = false;
  bool export_keys = false;
  std::uint16_t record_padding = 0;
  bool half_close = false;
  ConfigChoice choice;  // by client
  // Pre-shared keys from outside, if the policy has suites for them. A client whose identity is unknown in
  // TLS 1.2 gets on with a random key, so that its handshake fails as with a wrong key and it learns nothing
  // of who is known here (RFC 4279 §2); or it is told, by unknown_psk_identity.
  PskLookup psks;
  bool tell_unknown_psk = false;
  LastingSpan<std::uint8_t> psk_hint;  // for clients to choose a key by, at most 65535 bytes; TLS 1.2 alone
  // Take early data of clients that resume a session: Server::early_data has it, and nothing else does. It
  // may be a replay (early_data.hpp). Null: none is taken.
  const ServerEarlyData* early_data = nullptr;
  // TLS 1.3: an extension that means nothing in CertificateRequest and NewSessionTicket, another in each
  // connection (RFC 8701 §4).
  bool grease = false;
};

}  // namespace ashlar::tls
