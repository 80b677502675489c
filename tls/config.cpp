// SPDX-License-Identifier: Apache-2.0
// Verifiers and signers that most programs use.
#include "engine.hpp"

#include <ashlar/crypto/sha2.hpp>

namespace ashlar::tls {

// The id is a hash of the anchors: programs with the same anchors may share sessions, others may not (H09).
TrustAnchors::TrustAnchors(std::span<const x509::TrustAnchor> anchors) : anchors_(anchors), id_(0) {
  crypto::Hash hash(crypto::kSha256);
  for (const x509::TrustAnchor& anchor : anchors) {
    for (const Bytes part : {anchor.subject, anchor.spki, anchor.name_constraints}) {
      const auto size = static_cast<std::uint32_t>(part.size());
      const std::uint8_t prefix[] = {static_cast<std::uint8_t>(size >> 24),
                                     static_cast<std::uint8_t>(size >> 16),
                                     static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
      hash.update(prefix).update(part);
    }
  }
  std::uint8_t digest[crypto::kMaxDigestSize];
  hash.finish(digest);
  for (std::size_t i = 0; i < sizeof id_; ++i) {
    id_ = id_ << 8 | digest[i];
  }
  // 0 and 1 stand for no verifier and for the one that accepts all.
  id_ |= 2;
}

Result<void> TrustAnchors::verify(const void* context, std::span<const Bytes> chain, x509::Purpose purpose,
                                  std::string_view name, asn1::Time now, const x509::KeySet& keys) {
  const auto& self = *static_cast<const TrustAnchors*>(context);
  const x509::VerifyRequest request{
      .chain = chain, .anchors = self.anchors_, .keys = &keys, .now = now, .purpose = purpose, .name = name};
  // A client's certificate is judged without a name; a server's never.
  const auto verified = purpose == x509::Purpose::client_auth ? x509::verify_chain_without_name(request)
                                                              : x509::verify_chain(request);
  if (!verified) {
    return verified.error();
  }
  return {};
}

Verifier dangerous_accept_any_certificate() {
  return {[](const void*, std::span<const Bytes>, x509::Purpose, std::string_view, asn1::Time,
             const x509::KeySet&) { return Result<void>{}; },
          nullptr, 1};
}

Signer local_signer(const x509::PrivateKey& key) {
  Signer signer{};
  signer.kind = &key.kind();
  signer.bits = key.public_key().bits();
  signer.sign = [](const void* context, const x509::SignatureAlgorithm& algorithm, Bytes digest,
                   crypto::Random random, MutBytes out) {
    return static_cast<const x509::PrivateKey*>(context)->sign_digest(algorithm, digest, random, out);
  };
  if (key.private_kind().decrypt_premaster != nullptr) {
    signer.decrypt_premaster = [](const void* context, crypto::Random random, Bytes ciphertext,
                                  std::uint16_t client_version, Secret<48>& premaster) {
      return static_cast<const x509::PrivateKey*>(context)->decrypt_premaster(random, ciphertext,
                                                                              client_version, premaster);
    };
  }
  signer.context = &key;
  return signer;
}

Signer external_signer(const x509::KeyKind& kind, std::size_t bits) {
  return {&kind, bits, nullptr, nullptr, nullptr};
}

Result<x509::PublicKey> certified_key(const Credential& credential) {
  if (credential.chain.empty()) {
    return ErrorCode::certificate_missing;
  }
  ASHLAR_TRY(const x509::Certificate leaf, x509::Certificate::parse(credential.chain[0]));
  const x509::KeyKind* const kinds[] = {credential.signer.kind};
  return x509::PublicKey::parse_spki(leaf.spki(), kinds);
}

Result<void> check_credential(const Credential& credential, const x509::PublicKey& key) {
  const auto certified = certified_key(credential);
  if (certified.ok() ? !certified->equals(key) : certified.error() == ErrorCode::unsupported_key) {
    return ErrorCode::key_does_not_match;
  }
  return certified.ok() ? Result<void>{} : certified.error();
}

}  // namespace ashlar::tls
