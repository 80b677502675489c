// SPDX-License-Identifier: Apache-2.0
// How a client or a server proves who it is: a certificate chain and its key. A Credential is prepared once,
// by a call that says what is wrong with it. It serves any number of connections in any number of threads.
// Credentials holds many of them, in an index by name and kind of key.
//
//   ASHLAR_TRY(tls::Credential credential, tls::Credential::create({chain}, std::move(private_key)));
//   ASHLAR_TRY(const tls::Credentials credentials, tls::Credentials::create(std::move(credential)));
//   const tls::ServerConfig config = posix::server_config(credentials);
#pragma once

#include <ashlar/tls/memory.hpp>
#include <ashlar/tls/registry.hpp>
#include <ashlar/x509/certificate.hpp>

namespace ashlar::tls {

// A private key and the operations that TLS has for it. A null function means that the key cannot do this. At
// least one must be there. A function's signature is sent unchecked: local_signer checks RSA signatures, and
// your own function must do the same. The functions may be called from any thread that drives a connection.
// `context` must outlive the credential and all its handles.
struct Signer {
  const x509::KeyKind* kind;
  std::size_t bits;
  // input: the message, and its digest if the algorithm has a hash. The message is empty where a handshake
  // keeps only the digest: TLS 1.2's CertificateVerify covers all messages before it. The returned bytes lie
  // in `out`.
  Result<Bytes> (*sign)(const void* context, const x509::SignatureAlgorithm& algorithm,
                        const x509::SigningInput& input, crypto::Random random, MutBytes out);
  Result<void> (*decrypt_premaster)(const void* context, crypto::Random random, Bytes ciphertext,
                                    std::uint16_t client_version, Secret<48>& premaster);
  const void* context;
};
// Signs and decrypts with a key in memory. The key must outlive every credential that has this signer.
Signer local_signer(const x509::PrivateKey& key);
Signer local_signer(const x509::PrivateKey&&) = delete;

// The private key is elsewhere: in a device, another process, another thread. Connections wait in Want::sign
// until Connection::provide is called. It checks the signature that it is given.
struct KeyElsewhere {
  // The kinds that the certificate's key may have. Read while the credential is made.
  std::span<const x509::KeyKind* const> kinds = x509::kAllKeys.kinds;
  // Lets the caller recognise the key: Credential::signer().context. Ashlar does not look at it.
  const void* context = nullptr;
};

// The parts of a credential. Everything is copied: nothing here need outlive create().
struct CredentialParts {
  // In DER: your own certificate first, then the one that issued it, and so on. The root may be left out. At
  // most 65 certificates, and 128 KiB in all. Empty if there is a raw public key instead.
  std::span<const Bytes> chain;
  // The schemes that the key can do, if they are fewer than its kind has. Empty: all of the kind.
  std::span<const SchemeId> schemes = {};
  // An OCSP response and SignedCertificateTimestamps, each in its own encoding. They are sent to
  // clients that ask for them. None is empty, and the timestamps have less than 64 KiB in all.
  Bytes ocsp_staple = {};
  std::span<const Bytes> timestamps = {};
  // Used until the last handle of the credential is gone.
  Memory memory = system_memory();
  // Receives the index of the certificate in the chain that an error is about, or null. Written before
  // create() returns.
  std::size_t* at_fault = nullptr;
  // A key without certificates (RFC 7250), for peers that know it: a SubjectPublicKeyInfo in DER, as
  // PublicKey::write_spki makes it. Then there is no chain, no response and no timestamp (invalid_argument).
  Bytes raw_public_key = {};
};

// A chain and its key, prepared: no connection reads them again. It never changes. It is a handle: handles
// are counted, and the content ends with the last one. A handle that was moved from is empty. It may only be
// destroyed, assigned to, or asked with empty().
class Credential {
 public:
  // The key moves into the credential.
  static Result<Credential> create(const CredentialParts& parts, x509::PrivateKey&& key);
  // The key stays where it is, behind functions that must outlive the credential.
  static Result<Credential> create(const CredentialParts& parts, const Signer& signer);
  static Result<Credential> create(const CredentialParts& parts, const KeyElsewhere& key);
  // Both fail with: empty_chain, chain_too_long, chain_out_of_order (the index says which certificate did not
  // issue the one before it), the error of a certificate that cannot be read, unsupported_key,
  // key_does_not_match, key_unusable (TLS has no use for the kind), invalid_argument (a signer without kind
  // or functions), out_of_memory.

  Credential(Credential&& other) noexcept : impl_(other.impl_) { other.impl_ = nullptr; }
  Credential& operator=(Credential&& other) noexcept;
  ~Credential();
  // Prepares the Certificate message of TLS 1.3, compressed by each of these rows, for peers that take it and
  // policies that name the row (RFC 8879). A row that makes nothing smaller is passed over. Once, and before
  // the credential is shared: invalid_argument. out_of_memory.
  Result<void> compress(std::span<const CertificateCompression* const> rows);

  // Whether it was moved from.
  bool empty() const { return impl_ == nullptr; }
  // Another handle of the same credential.
  Credential share() const;
  // Whether both are handles of the same credential.
  bool is(const Credential& other) const { return impl_ == other.impl_; }

  // The chain in the given order: the number of certificates, and each of them. References and what they
  // point to live as long as any handle. A raw public key has none.
  std::size_t size() const;
  const x509::Certificate& certificate(std::size_t index = 0) const;  // 0: your own
  CertificateType type() const;                                       // of what it shows
  Bytes raw_public_key() const;  // a SubjectPublicKeyInfo; empty if there are certificates
  // The key of the first certificate, or the raw one.
  const x509::PublicKey& public_key() const;
  const x509::KeyKind& kind() const { return *signer().kind; }
  // Its functions are null where the key is elsewhere.
  const Signer& signer() const;
  bool is_elsewhere() const;
  // Whether the key can sign by the scheme, and can decrypt a premaster secret (RFC 5246 §7.4.7.1).
  bool signs(const Scheme& scheme) const;
  bool decrypts() const;
  // TLS 1.2's Certificate message, with its header.
  Bytes certificate_message() const;
  // Empty if there is none.
  Bytes ocsp_staple() const;
  std::span<const Bytes> timestamps() const;

  // The insides, opaque.
  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  explicit Credential(Impl* impl) : impl_(impl) {}
  Impl* impl_;
};

// Credentials in order of preference, in an index by name and by kind of key: choosing one of many takes as
// long as choosing one of few. It never changes. It may serve any number of configs of clients and servers,
// and must outlive them. Like a Credential, it is empty after it was moved from.
class Credentials {
 public:
  // Takes ownership of the credentials; share() those that you need elsewhere too. invalid_argument if there
  // are none or one is empty, out_of_memory. The memory is used until the object is gone.
  static Result<Credentials> create(std::span<Credential> credentials,
                                    const Memory& memory = system_memory());
  // The same with a single credential.
  static Result<Credentials> create(Credential&& credential, const Memory& memory = system_memory()) {
    return create({&credential, 1}, memory);
  }

  Credentials(Credentials&& other) noexcept : impl_(other.impl_) { other.impl_ = nullptr; }
  Credentials& operator=(Credentials&& other) noexcept;
  ~Credentials();
  // Whether it was moved from.
  bool empty() const { return impl_ == nullptr; }

  // References live as long as this object, wherever it moves.
  std::size_t size() const;
  const Credential& operator[](std::size_t index) const;
  // The first whose certificate is for this DNS name or IP address, whatever kind its key is. Null: none is.
  const Credential* find(std::string_view name) const;

  // The insides, opaque.
  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  explicit Credentials(Impl* impl) : impl_(impl) {}
  Impl* impl_;
};

}  // namespace ashlar::tls
