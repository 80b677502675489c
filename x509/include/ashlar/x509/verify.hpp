// SPDX-License-Identifier: Apache-2.0
// Chain verification (RFC 5280 §6) and name matching (RFC 9525).
#pragma once

#include <ashlar/x509/certificate.hpp>

namespace ashlar::x509 {

// What a chain may end in: a name and a key that are trusted by decree.
struct TrustAnchor {
  Bytes subject;           // the whole Name
  Bytes spki;              // the whole SubjectPublicKeyInfo
  Bytes name_constraints;  // content of the extension, or empty

  // The anchor that a root certificate stands for; its spans point into the certificate's DER.
  static TrustAnchor from(const Certificate& root) {
    return {root.subject(), root.spki(), root.name_constraints()};
  }
};

enum class Purpose : std::uint8_t { server_auth, client_auth };

inline constexpr std::size_t kMaxIntermediates = 10;

struct VerifyRequest {
  // The peer's own certificate first, then whatever it sent beside it, in any order.
  std::span<const Bytes> chain;
  std::span<const TrustAnchor> anchors;
  asn1::Time now;
  Purpose purpose = Purpose::server_auth;
  // The DNS name or the text of an IP address that the peer must be.
  std::string_view name;
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
// constraints, and the name. Bounded: 100 signature checks (X03). The error is that of the most promising
// path, with the index of the certificate it is about. invalid_argument if `name` is empty.
Result<VerifiedChain> verify_chain(const VerifyRequest& request);
// The same without comparing any name: for client certificates, and for callers that match names themselves
// (X21).
Result<VerifiedChain> verify_chain_without_name(const VerifyRequest& request);

// Whether the certificate is for this DNS name or IP address: subjectAltName only, never the common name
// (X07); wildcards as the whole left-most label (X08).
Result<void> match_name(const Certificate& certificate, std::string_view name);

}  // namespace ashlar::x509
