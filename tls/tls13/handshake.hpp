// SPDX-License-Identifier: Apache-2.0
// What client and server do alike in a TLS 1.3 handshake: secrets out of the transcript, keys into use,
// certificates, signatures and Finished.
#pragma once

#include "credential/certificate13.hpp"
#include "extension/block.hpp"
#include "handshake_base.hpp"
#include "state_machine.hpp"
#include "tls13/key_schedule.hpp"
#include "tls13/transitions.hpp"
#include "tls13/warning.hpp"

namespace ashlar::tls::tls13 {

// What a state holds from the ServerHello to the server's Finished.
struct HandshakeSecrets {
  HashSecret handshake_secret;
  HashSecret client_traffic;
  HashSecret server_traffic;
};
// From there to the client's Finished: what remains of them, and what comes next.
struct ApplicationSecrets {
  HashSecret client_handshake_traffic;  // for the client's Finished
  HashSecret main_secret;
  HashSecret client_traffic;
  HashSecret server_traffic;
};

struct Handshake : HandshakeBase {
  using HandshakeBase::HandshakeBase;

  Result<void> warned(Alert alert) const { return take_warning(outbox, alert); }

  // What was negotiated is of this version.
  const Suite& suite() const { return static_cast<const Suite&>(*outcome.negotiated.suite); }
  const crypto::HashAlgorithm& hash() const { return *suite().hash; }

  // The transcript begins with the suite's hash alone: whatever is signed covers that hash.
  Result<void> start_transcript() { return transcript.start(hash(), {}); }
  Result<crypto::Digest> transcript_hash() const { return transcript.digest(hash()); }

  // psk: of the session that is resumed, or empty.
  Result<HandshakeSecrets> derive_handshake_secrets(Bytes psk, Bytes shared_secret);
  // When the server's Finished is in the transcript.
  Result<ApplicationSecrets> derive_application_secrets(HandshakeSecrets secrets);
  // When the client's is.
  Result<HashSecret> derive_resumption_secret(const ApplicationSecrets& secrets);

  // A direction's next keys come into use.
  Result<void> change_keys(Direction direction, const HashSecret& traffic_secret);
  // A ChangeCipherSpec has been sent already.
  void note_change_cipher_spec() { change_cipher_spec_sent_ = true; }
  // What middleboxes take for TLS 1.2 (RFC 9846 Appendix E.4), once; before our first keys.
  Result<void> send_change_cipher_spec();
  // One of the peer's.
  Result<void> pass_over_change_cipher_spec();

  // Null: without certificates. compressions: those that the peer takes.
  Result<void> send_certificate(const Credential* own, AskedOfCertificate asked, Bytes compressions);
  // A Certificate that came, compressed or not, and what it lies in.
  struct ReceivedCertificate {
    CertificateMessage message;
    Buffer memory;  // empty if it lies in the message that came
  };
  Result<ReceivedCertificate> read_certificate(const HandshakeMessage& message) const;
  // What a CertificateVerify signs, by the server or the client (§4.4.3), with the transcript so far.
  Result<void> write_signed_content(bool by_server, Buffer& out) const;
  Result<void> send_certificate_verify(const Scheme& scheme, Bytes signature);
  Result<void> verify_certificate_verify(const HandshakeMessage& message);
  // Judges the peer's chain, which is not empty.
  Result<void> verify_peer(const HandshakeMessage& message, ReceivedCertificate certificate,
                           const Verifier& verifier, const x509::Purpose& purpose, std::string_view name);
  // The same with a raw public key (RFC 7250).
  Result<void> verify_raw_key(const HandshakeMessage& message, ReceivedCertificate certificate,
                              const PinnedKeys& pinned);

  Result<void> send_finished(const HashSecret& traffic_secret);
  Result<void> verify_finished(const HashSecret& traffic_secret, const HandshakeMessage& message);

  // A session that this handshake makes, but for ticket and secret. If a pre-shared key's identity has no
  // room in it, psk_identity is empty, and the session is not kept. It expires no later than one that was
  // resumed: what was proved by certificates is not renewed (§4.6.1).
  Result<Session> describe_session(std::string_view name, std::uint64_t trust_id) const;

  // What keys for the application are made of; empty unless the config asks for it.
  HashSecret exporter_secret;
  asn1::Time resumed_expires{};  // of the session that is resumed
  bool compatibility = false;    // the hello has a session id: ChangeCipherSpecs are sent

 private:
  // What a received certificate lies in, for as long as the connection.
  Result<Buffer> memory_of(const HandshakeMessage& message, ReceivedCertificate& certificate) const;

  unsigned change_cipher_specs_ = 0;  // of the peer
  bool change_cipher_spec_sent_ = false;
};

// What send_change_cipher_spec sends.
Result<void> say_change_cipher_spec(const Outbox& outbox);

// What a credential signs with for a peer that takes these schemes: the policy's first, or null.
const Scheme* choose_scheme(const Policy& policy, Bytes offered, const Credential& credential);

template <class Self, class States>
using HandshakeOf = SideOf<Self, Handshake, States>;

}  // namespace ashlar::tls::tls13
