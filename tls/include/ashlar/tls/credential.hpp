// SPDX-License-Identifier: Apache-2.0
// What a client or a server shows of itself: a certificate chain and its key. A Credential is prepared once,
// by a call that says what is wrong with it, and serves any number of connections in any number of threads.
// Credentials are many of them, in an index by name and kind of key.
//
//   ASHLAR_TRY(tls::Credential credential, tls::Credential::create({chain}, std::move(private_key)));
//   ASHLAR_TRY(const tls::Credentials credentials, tls::Credentials::create(std::move(credential)));
//   const tls::ServerConfig config = posix::server_config(credentials);
#pragma once

#include <ashlar/tls/memory.hpp>
#include <ashlar/tls/registry.hpp>
#include <ashlar/x509/certificate.hpp>

namespace ashlar::tls {

// A private key and the operations that TLS has for it. A null function means that the key does not do this;
// at least one of them is there. A function's signature goes out as it is: local_signer checks those by RSA,
// and a function of one's own has to look to it itself. The functions may be called from any thread that
// drives a connection. `context` outlives the credential and all that share it.
struct Signer {
  const x509::KeyKind* kind;
  std::size_t bits;
  // input: the message, and its digest where the algorithm has a hash. Where a handshake keeps only the
  // digest (TLS 1.2's CertificateVerify covers all messages before it), the message is empty. What is
  // returned lies in `out`.
  Result<Bytes> (*sign)(const void* context, const x509::SignatureAlgorithm& algorithm,
                        const x509::SigningInput& input, crypto::Random random, MutBytes out);
  Result<void> (*decrypt_premaster)(const void* context, crypto::Random random, Bytes ciphertext,
                                    std::uint16_t client_version, Secret<48>& premaster);
  const void* context;
};
// Signs and decrypts with a key in memory, which must outlive every credential that has this signer.
Signer local_signer(const x509::PrivateKey& key);
Signer local_signer(const x509::PrivateKey&&) = delete;

// The private key is elsewhere: in a device, another process, another thread. Connections rest in Want::sign
// until Connection::provide is called, which checks the signature that it is given.
struct KeyElsewhere {
  // What the certificate's key may be; read while the credential is made.
  std::span<const x509::KeyKind* const> kinds = x509::kAllKeys.kinds;
  // For the caller, to know the key again: Credential::signer().context. Not looked at.
  const void* context = nullptr;
};

// Of what a credential is made. Everything is copied: nothing here need outlive create().
struct CredentialParts {
  // In DER, one's own certificate first, then the one that issued it, and so on. The root may be left out. At
  // most 65 certificates, and 128 KiB in all.
  std::span<const Bytes> chain;
  // The schemes that the key can do, where those are fewer than its kind has. Empty: all of the kind.
  std::span<const SchemeId> schemes = {};
  // An OCSP response and SignedCertificateTimestamps, each in its own encoding. They are kept beside the
  // chain for whoever asks; TLS 1.2 sends neither.
  Bytes ocsp_staple = {};
  std::span<const Bytes> timestamps = {};
  // Used until the credential and all that share it are gone.
  Memory memory = system_memory();
  // Where to say which certificate of the chain an error is about; null: nowhere. Written before create()
  // returns.
  std::size_t* at_fault = nullptr;
};

// A chain and its key, prepared: nothing of it is read again per connection. It never changes. A handle: what
// it holds is counted, and ends with the last handle. One that was moved from is empty and may only be
// destroyed, assigned to, or asked whether it is.
class Credential {
 public:
  // The key moves into the credential.
  static Result<Credential> create(const CredentialParts& parts, x509::PrivateKey&& key);
  // The key stays where it is, behind functions that outlive the credential.
  static Result<Credential> create(const CredentialParts& parts, const Signer& signer);
  static Result<Credential> create(const CredentialParts& parts, const KeyElsewhere& key);
  // They fail with: empty_chain, chain_too_long, chain_out_of_order (the index says which certificate did not
  // issue the one before it), the error of a certificate that cannot be read, unsupported_key,
  // key_does_not_match, key_unusable (TLS has no use for the kind), invalid_argument (a signer without kind
  // or functions), out_of_memory.

  Credential(Credential&& other) noexcept : impl_(other.impl_) { other.impl_ = nullptr; }
  Credential& operator=(Credential&& other) noexcept;
  ~Credential();
  // Whether it was moved from.
  bool empty() const { return impl_ == nullptr; }
  // Another handle of the same credential.
  Credential share() const;
  // Whether both are handles of the same credential.
  bool is(const Credential& other) const { return impl_ == other.impl_; }

  // The chain, in the order that it was given in: how many certificates, and each of them. References and
  // what they point to live as long as a handle does.
  std::size_t size() const;
  const x509::Certificate& certificate(std::size_t index = 0) const;  // 0: one's own
  // The key of the first certificate.
  const x509::PublicKey& public_key() const;
  const x509::KeyKind& kind() const { return *signer().kind; }
  // Its functions are null where the key is elsewhere.
  const Signer& signer() const;
  bool is_elsewhere() const;
  // Whether the key can make signatures of the scheme, and decrypt a premaster secret (RFC 5246 §7.4.7.1).
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
// long as choosing one of few. It never changes, and may serve any number of configs of clients and servers,
// which it outlives. One that was moved from is empty, as a Credential is.
class Credentials {
 public:
  // Takes the credentials over; share() those that are wanted elsewhere too. invalid_argument if there are
  // none or one is empty, out_of_memory. The memory is used until the object is gone.
  static Result<Credentials> create(std::span<Credential> credentials,
                                    const Memory& memory = system_memory());
  // Of one alone.
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
  // The first one whose certificate is for this DNS name or IP address, whatever its key; null if none is.
  const Credential* find(std::string_view name) const;

  // The insides, opaque.
  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  explicit Credentials(Impl* impl) : impl_(impl) {}
  Impl* impl_;
};

}  // namespace ashlar::tls
