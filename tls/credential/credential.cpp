// SPDX-License-Identifier: Apache-2.0
// Makes credentials. Everything that a handshake would otherwise have to compute is computed here, once.
#include "credential/credential.hpp"

#include <ashlar/base/endian.hpp>

#include "credential/signer.hpp"
#include "message/message.hpp"

namespace ashlar::tls {

namespace {

struct Making {
  const CredentialParts& parts;
  Credential::Impl& out;

  bool raw() const { return !parts.raw_public_key.empty(); }
  Error about(std::size_t index, Error error) const {
    if (parts.at_fault != nullptr) {
      *parts.at_fault = index;
    }
    return error;
  }
  Error about(std::size_t index, ErrorCode code) const {
    return about(index, Error{code, Place::none, static_cast<std::uint32_t>(index)});
  }
};

Result<void> check_length(const Making& making) {
  const std::span<const Bytes> chain = making.parts.chain;
  if (making.raw()) {
    const bool alone = chain.empty() && making.parts.ocsp_staple.empty() && making.parts.timestamps.empty();
    return alone ? Result<void>() : ErrorCode::invalid_argument;
  }
  if (chain.empty()) {
    return ErrorCode::empty_chain;
  }
  std::size_t size = 3;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    size += 3 + chain[i].size();
    if (i == kMaxCertificates || size > kMaxCertificateMessageSize) {
      return making.about(
          i, Error{ErrorCode::chain_too_long, Place::none, static_cast<std::uint32_t>(chain.size())});
    }
  }
  return {};
}

// Writes the whole message and notes the certificates in it.
Result<void> write_message(const Making& making) {
  CertificateMessage message;
  std::size_t size = kHandshakeHeaderSize + 3 + making.parts.raw_public_key.size();
  for (const Bytes certificate : making.parts.chain) {
    ASHLAR_CHECK(message.certificates.push(certificate));
    size += 3 + certificate.size();
  }
  ASHLAR_CHECK(making.out.message.reserve(size));
  Writer writer(making.out.message.room());
  {
    const auto body = handshake_scope(writer, HandshakeType::certificate);
    if (making.raw()) {
      build_raw_public_key(making.parts.raw_public_key, writer);
    } else {
      message.build(writer);
    }
  }
  ASHLAR_TRY(const Bytes whole, writer.finish());
  making.out.message.commit(whole.size());
  return {};
}

Result<void> read_chain(const Making& making) {
  Credential::Impl& out = making.out;
  const std::size_t count = making.parts.chain.size();
  ASHLAR_CHECK(out.chain.reserve(count));
  ASHLAR_CHECK(out.issuers.reserve(count));
  Bytes rest = out.message.bytes().subspan(kHandshakeHeaderSize + 3);
  for (std::size_t i = 0; i < count; ++i) {
    const Bytes der = rest.subspan(3, making.parts.chain[i].size());
    rest = rest.subspan(3 + der.size());
    const auto certificate = x509::Certificate::parse(der);
    if (!certificate) {
      return making.about(i, certificate.error());
    }
    if (i != 0 && x509::digest_of_name(certificate->subject()) != out.issuers.span()[i - 1]) {
      return making.about(i, ErrorCode::chain_out_of_order);
    }
    out.chain.push(*certificate);
    out.issuers.push(x509::digest_of_name(certificate->issuer()));
  }
  return {};
}

Result<void> read_key(const Making& making, std::span<const x509::KeyKind* const> kinds) {
  const Bytes spki = making.raw() ? making.out.raw_public_key() : making.out.chain.span()[0].spki();
  auto key = x509::PublicKey::parse_spki(spki, kinds);
  if (!key) {
    return making.about(0, key.error());
  }
  making.out.public_key.emplace(std::move(*key));
  return {};
}

// Every kind of key that can authenticate in TLS 1.2 has a ClientCertificateType.
Result<void> check_usable(const Making& making, const x509::KeyKind& kind) {
  return kind.tls_certificate_type != 0 || kind.tls13_alone ? Result<void>()
                                                            : making.about(0, ErrorCode::key_unusable);
}

Result<void> copy_attachments(const Making& making) {
  const CredentialParts& parts = making.parts;
  std::size_t size = parts.ocsp_staple.size();
  for (const Bytes timestamp : parts.timestamps) {
    size += 2 + timestamp.size();
  }
  Buffer& storage = making.out.attachments;
  ASHLAR_CHECK(storage.reserve(size));
  ASHLAR_CHECK(making.out.timestamps.reserve(parts.timestamps.size()));
  const auto keep = [&storage](Bytes bytes) {
    const MutBytes copy = storage.room().first(bytes.size());
    copy_bytes(copy, bytes);
    storage.commit(bytes.size());
    return Bytes(copy);
  };
  making.out.ocsp_staple = keep(parts.ocsp_staple);
  const std::size_t before = storage.size();
  for (const Bytes timestamp : parts.timestamps) {
    if (timestamp.empty() || timestamp.size() > 0xffff) {
      return making.about(0, ErrorCode::invalid_argument);
    }
    std::uint8_t length[2];
    store_be16(length, static_cast<std::uint16_t>(timestamp.size()));
    (void)keep(length);
    making.out.timestamps.push(keep(timestamp));
  }
  making.out.timestamp_list = storage.bytes().subspan(before);
  if (making.out.timestamp_list.size() > 0xffff - 2) {
    return making.about(0, ErrorCode::invalid_argument);
  }
  ASHLAR_CHECK(making.out.schemes.reserve(parts.schemes.size()));
  for (const SchemeId scheme : parts.schemes) {
    making.out.schemes.push(scheme);
  }
  return {};
}

// Makes everything except the signer.
Result<void> prepare(const Making& making, std::span<const x509::KeyKind* const> kinds) {
  ASHLAR_CHECK(check_length(making));
  ASHLAR_CHECK(write_message(making));
  ASHLAR_CHECK(read_chain(making));
  ASHLAR_CHECK(read_key(making, kinds));
  return copy_attachments(making);
}

// Makes a credential. `fill` makes everything in it except the handle.
template <class Fill>
Result<Credential::Impl*> make(const CredentialParts& parts, const Fill& fill) {
  if (parts.memory.allocate == nullptr || parts.memory.free == nullptr) {
    return ErrorCode::invalid_argument;
  }
  auto* impl = make_in<Credential::Impl>(parts.memory);
  if (impl == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(Credential::Impl)};
  }
  if (const Result<void> filled = fill(Making{parts, *impl}); !filled) {
    destroy_in(impl);
    return filled.error();
  }
  return impl;
}

// A key of a different kind than the certificate's does not match it.
Result<void> mismatch_or(Result<void> prepared) {
  return !prepared && prepared.error() == ErrorCode::unsupported_key ? ErrorCode::key_does_not_match
                                                                     : prepared;
}

}  // namespace

Result<Credential> Credential::create(const CredentialParts& parts, x509::PrivateKey&& key) {
  ASHLAR_TRY(Impl* const impl, make(parts, [&key](const Making& making) -> Result<void> {
               ASHLAR_CHECK(check_usable(making, key.kind()));
               const x509::KeyKind* const kinds[] = {&key.kind()};
               ASHLAR_CHECK(mismatch_or(prepare(making, kinds)));
               if (!making.out.public_key->equals(key.public_key())) {
                 return making.about(0, ErrorCode::key_does_not_match);
               }
               making.out.own_key = make_in<OwnKey>(making.parts.memory, std::move(key));
               if (making.out.own_key == nullptr) {
                 return Error{ErrorCode::out_of_memory, Place::none, sizeof(OwnKey)};
               }
               making.out.signer = local_signer(making.out.own_key->key);
               return {};
             }));
  return Credential(impl);
}

Result<Credential> Credential::create(const CredentialParts& parts, const Signer& signer) {
  if (signer.kind == nullptr || (signer.sign == nullptr && signer.decrypt_premaster == nullptr)) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_TRY(Impl* const impl, make(parts, [&signer](const Making& making) -> Result<void> {
               ASHLAR_CHECK(check_usable(making, *signer.kind));
               const x509::KeyKind* const kinds[] = {signer.kind};
               ASHLAR_CHECK(mismatch_or(prepare(making, kinds)));
               const x509::PrivateKey* const local = key_of(signer);
               if (making.out.public_key->bits() != signer.bits ||
                   (local != nullptr && !making.out.public_key->equals(local->public_key()))) {
                 return making.about(0, ErrorCode::key_does_not_match);
               }
               making.out.signer = signer;
               return {};
             }));
  return Credential(impl);
}

Result<Credential> Credential::create(const CredentialParts& parts, const KeyElsewhere& key) {
  ASHLAR_TRY(Impl* const impl, make(parts, [&key](const Making& making) -> Result<void> {
               ASHLAR_CHECK(prepare(making, key.kinds));
               const x509::PublicKey& certified = *making.out.public_key;
               ASHLAR_CHECK(check_usable(making, certified.kind()));
               making.out.signer = {&certified.kind(), certified.bits(), nullptr, nullptr, key.context};
               making.out.elsewhere = true;
               return {};
             }));
  return Credential(impl);
}

namespace {

void drop(Credential::Impl* impl) {
  // The last handle sees everything that the others have done.
  if (impl != nullptr && impl->handles.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    destroy_in(impl);
  }
}

}  // namespace

Credential& Credential::operator=(Credential&& other) noexcept {
  if (this != &other) {
    drop(impl_);
    impl_ = other.impl_;
    other.impl_ = nullptr;
  }
  return *this;
}

Credential::~Credential() {
  drop(impl_);
}

Credential Credential::share() const {
  impl_->handles.fetch_add(1, std::memory_order_relaxed);
  return Credential(impl_);
}

CertificateType Credential::type() const {
  return size() == 0 ? CertificateType::raw_public_key : CertificateType::x509;
}
Bytes Credential::raw_public_key() const {
  return size() == 0 ? impl_->raw_public_key() : Bytes();
}
std::size_t Credential::size() const {
  return impl_->chain.span().size();
}
const x509::Certificate& Credential::certificate(std::size_t index) const {
  if (index >= size()) {
    __builtin_trap();
  }
  return impl_->chain.span()[index];
}
const x509::PublicKey& Credential::public_key() const {
  return *impl_->public_key;
}
const Signer& Credential::signer() const {
  return impl_->signer;
}
bool Credential::is_elsewhere() const {
  return impl_->elsewhere;
}
Bytes Credential::certificate_message() const {
  return impl_->message.bytes();
}
Bytes Credential::ocsp_staple() const {
  return impl_->ocsp_staple;
}
std::span<const Bytes> Credential::timestamps() const {
  return impl_->timestamps.span();
}

bool Credential::signs(const Scheme& scheme) const {
  if (!is_elsewhere() && signer().sign == nullptr) {
    return false;
  }
  bool listed = impl_->schemes.span().empty();
  for (const SchemeId id : impl_->schemes.span()) {
    listed = listed || id == scheme.id;
  }
  return listed && scheme.fits(kind()) && public_key().allows(*scheme.algorithm);
}

bool Credential::decrypts() const {
  return kind().encrypt != nullptr && (is_elsewhere() || signer().decrypt_premaster != nullptr);
}

}  // namespace ashlar::tls
