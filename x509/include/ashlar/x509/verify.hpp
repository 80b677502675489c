// SPDX-License-Identifier: Apache-2.0
// Chain verification (RFC 5280 §6) and name matching (RFC 9525).
#pragma once

#include <ashlar/x509/certificate.hpp>
#include <ashlar/x509/key_set.hpp>

namespace ashlar::x509 {

// What a chain may end in: a name and a key that are trusted by decree.
struct TrustAnchor {
  Bytes subject;           // the whole Name
  Bytes spki;              // the whole SubjectPublicKeyInfo
  Bytes name_constraints;  // content of the extension, or empty
  // How many intermediates may follow, if the root limits it.
  std::optional<std::uint32_t> path_length = {};
  // When it may be trusted, if that is known.
  std::optional<Validity> validity = {};

  // The anchor that a root certificate stands for; its spans point into the certificate's DER.
  static TrustAnchor from(const Certificate& root) {
    return {root.subject(), root.spki(), root.name_constraints(), root.basic_constraints().path_length,
            root.validity()};
  }
};

enum class Purpose : std::uint8_t { server_auth, client_auth };

// Bounds of one verification (X03): intermediates on a path, certificates looked at beside the peer's own,
// certificates put onto paths, signatures found to be bad (and one more for each further anchor of the name
// that is looked for), comparisons of names with constraints. A good signature is not checked twice.
inline constexpr std::size_t kMaxIntermediates = 10;
inline constexpr std::size_t kMaxCandidates = 32;
inline constexpr std::uint32_t kMaxPathSteps = 256;
inline constexpr std::uint32_t kMaxBadSignatures = 2;
inline constexpr std::uint32_t kMaxNameChecks = 1u << 20;

struct VerifyRequest {
  // The peer's own certificate first, then whatever it sent beside it, in any order.
  std::span<const Bytes> chain;
  std::span<const TrustAnchor> anchors;
  // The kinds of keys and the signature algorithms that may stand on the path; null: invalid_argument.
  const KeySet* keys = nullptr;
  asn1::Time now;
  Purpose purpose = Purpose::server_auth;
  // The DNS name or the text of an IP address that the peer must be.
  std::string_view name;
  // Intermediates on a path, those that are self-issued not counted; at most kMaxIntermediates.
  std::size_t max_intermediates = kMaxIntermediates;
};

// A path whose every signature was verified and which ends in an anchor: only the verifier makes one (X01).
// Its spans point into the request's bytes.
class VerifiedChain {
 public:
  const Certificate& leaf() const { return leaf_; }
  // Which of the request's chain stand on the path, leaf first; the anchor at its end.
  std::span<const std::uint8_t> path() const { return path_.span(); }
  const TrustAnchor& anchor() const { return *anchor_; }

 private:
  friend class ChainVerifier;
  explicit VerifiedChain(const Certificate& leaf) : leaf_(leaf) {}
  Certificate leaf_;
  BoundedVector<std::uint8_t, kMaxIntermediates + 1> path_;
  const TrustAnchor* anchor_ = nullptr;
};

// Builds and checks a path: signatures, times, basicConstraints, keyUsage, extendedKeyUsage, name
// constraints, and the name. An anchor is trusted by decree: of its own certificate only the times and the
// constraints count. Keys are used, and name constraints evaluated, only of anchors and of certificates that
// an anchor vouches for: what a stranger's chain costs is reading it and the bad signatures above (D01). The
// error is that of the most promising path, with the index of the certificate it is about; a certificate that
// cannot be read, or has a deviation(), keeps the error that says so. Besides: bad_reference_name,
// too_many_candidates, verification_budget_exhausted.
Result<VerifiedChain> verify_chain(const VerifyRequest& request);
// The same without comparing any name: for client certificates, and for callers that match names themselves
// (X21).
Result<VerifiedChain> verify_chain_without_name(const VerifyRequest& request);

// Whether a name can be verified at all: invalid_argument if it is empty, bad_reference_name if it is neither
// a DNS name nor the text of an IP address.
Result<void> check_reference_name(std::string_view name);
// Whether the certificate is for this DNS name or IP address: subjectAltName only, never the common name
// (X07); wildcards as the whole left-most label (X08).
Result<void> match_name(const Certificate& certificate, std::string_view name);

}  // namespace ashlar::x509
