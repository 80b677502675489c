// SPDX-License-Identifier: Apache-2.0
// Verifiers that most programs use.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/config.hpp>

namespace ashlar::tls {

namespace {

void hash_number(crypto::Hash& hash, std::uint64_t number) {
  std::uint8_t bytes[8];
  for (std::size_t i = 0; i < sizeof bytes; ++i) {
    bytes[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  }
  hash.update(bytes);
}

// Hashes everything that decides whether the anchor ends a chain. With pinning that includes its certificate.
void hash_anchor(crypto::Hash& hash, const x509::TrustAnchor& anchor, bool pinning) {
  for (const Bytes part : {anchor.subject(), anchor.spki(), anchor.name_constraints()}) {
    hash_number(hash, part.size());
    hash.update(part);
  }
  hash_number(hash, anchor.path_length() ? 1 + std::uint64_t{*anchor.path_length()} : 0);
  const Bytes itself = anchor.may_issue() && !pinning ? Bytes() : anchor.certificate();
  hash_number(hash, itself.size());
  hash.update(itself);
  hash_number(hash, anchor.validity() ? 1 : 0);
  if (anchor.validity()) {
    hash_number(hash, static_cast<std::uint64_t>(anchor.validity()->not_before.seconds));
    hash_number(hash, static_cast<std::uint64_t>(anchor.validity()->not_after.seconds));
  }
}

std::uint64_t id_of(crypto::Hash& hash) {
  std::uint8_t digest[crypto::kMaxDigestSize];
  hash.finish(digest);
  std::uint64_t id = 0;
  for (std::size_t i = 0; i < sizeof id; ++i) {
    id = id << 8 | digest[i];
  }
  // 0 and 1 stand for no verifier and for the one that accepts all.
  return id | 2;
}

}  // namespace

// The id is a hash of the anchors: programs with the same anchors may share sessions, others may not (H09).
[[gnu::cold]] TrustAnchors::TrustAnchors(x509::AnchorIndex anchors, x509::RevocationCheck revocation,
                                         bool pinning)
    : anchors_(anchors), revocation_(revocation), pinning_(pinning), id_(0) {
  crypto::Hash hash(crypto::kSha256);
  hash_number(hash, pinning ? 1 : 0);
  for (const x509::TrustAnchor& anchor : anchors.all()) {
    hash_anchor(hash, anchor, pinning);
  }
  id_ = id_of(hash);
}

Result<VerifiedPeer> TrustAnchors::verify(const void* context, const PeerChain& chain) {
  const auto& self = *static_cast<const TrustAnchors*>(context);
  x509::VerifyRequest request;
  request.chain = chain.certificates;
  request.anchors = self.anchors_;
  request.keys = chain.keys;
  request.now = chain.now;
  request.purpose = chain.purpose;
  request.name = chain.name;
  request.revocation = self.revocation_;
  request.leaf_may_be_anchor = self.pinning_;
  // A client's certificate is judged without a name; a server's never.
  ASHLAR_TRY(const x509::VerifiedChain verified, chain.purpose == x509::Purpose::client_auth
                                                     ? x509::verify_chain_without_name(request)
                                                     : x509::verify_chain(request));
  return VerifiedPeer{verified.leaf(), verified.leaf_key(), verified.issuer_key()};
}

KeyPin pin_of(Bytes subject_public_key_info) {
  KeyPin pin;
  const crypto::Digest digest = crypto::digest(crypto::kSha256, subject_public_key_info);
  copy_bytes(pin.sha256, digest.bytes());
  return pin;
}

// Set apart from the ids of anchors by the text that is hashed first.
PinnedKeys::PinnedKeys(std::span<const KeyPin> pins) : pins_(pins), id_(0) {
  crypto::Hash hash(crypto::kSha256);
  hash.update(bytes_of("pinned keys"));
  for (const KeyPin& pin : pins) {
    hash.update(pin.sha256);
  }
  id_ = id_of(hash);
}

bool PinnedKeys::has(Bytes subject_public_key_info) const {
  const KeyPin shown = pin_of(subject_public_key_info);
  for (const KeyPin& pin : pins_) {
    if (equal_public(pin.sha256, shown.sha256)) {
      return true;
    }
  }
  return false;
}

Verifier dangerous_accept_any_certificate() {
  return {[](const void*, const PeerChain& chain) -> Result<VerifiedPeer> {
            ASHLAR_TRY(const x509::Certificate leaf, x509::Certificate::parse(chain.certificates[0]));
            ASHLAR_TRY(x509::PublicKey key, leaf.public_key(*chain.keys));
            return VerifiedPeer{leaf, std::move(key)};
          },
          nullptr, 1};
}

}  // namespace ashlar::tls
