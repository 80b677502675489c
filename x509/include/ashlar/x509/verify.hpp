// SPDX-License-Identifier: Apache-2.0
// Chain verification (RFC 5280 §6) and name matching (RFC 9525).
#pragma once

#include <ashlar/asn1/oid.hpp>
#include <ashlar/x509/anchor.hpp>
#include <ashlar/x509/key_set.hpp>

namespace ashlar::x509 {

// The use of a certificate: the purpose that extendedKeyUsage must allow, and a set of key usages. keyUsage
// must allow at least one of these (0: keyUsage is not checked).
struct Purpose {
  asn1::Oid extended_key_usage;
  std::uint16_t key_usages;  // bits of KeyUsage

  static const Purpose server_auth;
  static const Purpose client_auth;
  bool operator==(const Purpose& other) const {
    return extended_key_usage.is(other.extended_key_usage) && key_usages == other.key_usages;
  }
};
inline constexpr Purpose Purpose::server_auth = {asn1::oid("1.3.6.1.5.5.7.3.1"),
                                                 static_cast<std::uint16_t>(KeyUsage::digital_signature) |
                                                     static_cast<std::uint16_t>(KeyUsage::key_encipherment) |
                                                     static_cast<std::uint16_t>(KeyUsage::key_agreement)};
inline constexpr Purpose Purpose::client_auth = {asn1::oid("1.3.6.1.5.5.7.3.2"),
                                                 static_cast<std::uint16_t>(KeyUsage::digital_signature)};

// Bounds of one verification (X03). Every layer accepts as many: TLS's Certificate message holds the peer's
// own certificate and kMaxCandidates others.
//
// Intermediates on a path, not counting self-issued ones.
inline constexpr std::size_t kMaxIntermediates = 16;
// Certificates considered beside the peer's own.
inline constexpr std::size_t kMaxCandidates = 64;
// Certificates put onto paths.
inline constexpr std::uint32_t kMaxPathSteps = 1024;
// Bad signatures that are allowed, and one more for each further anchor with the wanted name. If
// several issuers have the issuer's name of a certificate and an anchor vouches for each, their bad
// signatures on it count once; at most kMaxBadIssuers of them may be bad. A good signature is not
// checked twice.
inline constexpr std::uint32_t kMaxBadSignatures = 2;
inline constexpr std::uint32_t kMaxBadIssuers = 16;
// Comparisons of names with constraints.
inline constexpr std::uint32_t kMaxNameChecks = 1u << 20;
// Comparisons of certificate policies, where somebody demands one.
inline constexpr std::uint32_t kMaxPolicyChecks = 1u << 20;

// A hook for revocation (RFC 5280 §6.1.3 (a)(3)). If a path ends in an anchor and its signatures are good,
// the function is asked about each certificate, from the anchor down. After an error the path is given up;
// certificate_revoked is told to a TLS peer. Null: nothing is asked. A query is valid during the call only;
// `context` must outlive the verifications.
struct RevocationCheck {
  struct Query {        // what is asked about
    Bytes certificate;  // in DER
    Bytes issuer;       // the Name of its issuer
    Bytes issuer_spki;  // and the key
    std::size_t index;  // in the request's chain
    asn1::Time now;
  };
  Result<void> (*check)(const void* context, const Query& query) = nullptr;
  const void* context = nullptr;
};

// What the caller demands of certificate policies (RFC 5280 §6.1.1 (c) to (g)). As it stands: nothing. What a
// CA on the path demands (policyConstraints, inhibitAnyPolicy) holds in any case.
struct PolicyDemand {
  // Content bytes of the OIDs that are accepted; empty: any policy is.
  std::span<const Bytes> acceptable = {};
  bool require_explicit = false;  // one of them must be valid for the whole path
  bool inhibit_mapping = false;
  bool inhibit_any = false;
};
// Policies of one path that are followed at a time, where somebody demands one.
inline constexpr std::size_t kMaxPolicies = 64;

class PathReport;

// Everything it points to must outlive the verification. VerifiedChain and PathReport say what they need.
struct VerifyRequest {
  // The peer's own certificate first, then the others that it sent, in any order.
  std::span<const Bytes> chain;
  AnchorIndex anchors;
  // The kinds of keys, their minimum sizes and the signature algorithms that the path may have; null:
  // invalid_argument.
  const KeySet* keys = nullptr;
  asn1::Time now;
  Purpose purpose = Purpose::server_auth;
  // The DNS name or the text of an IP address that the peer must be.
  std::string_view name;
  // Intermediates on a path, not counting self-issued ones; at most kMaxIntermediates.
  std::size_t max_intermediates = kMaxIntermediates;
  // Also refuse what kDeviationTable accepts unless_strict.
  bool strict = false;
  // The peer's own certificate may be an anchor itself (pinning): if one of the anchors was made from the
  // same certificate, byte for byte, it ends the path, whoever issued it. It is then judged like an anchor,
  // except that its times, usages and names are checked. Revocation is not asked about.
  bool leaf_may_be_anchor = false;
  RevocationCheck revocation = {};
  PolicyDemand policies = {};
  // Receives a list of what was tried; may be null.
  PathReport* report = nullptr;
};

// One step of the search. `anchor` is one of the request's.
struct PathStep {
  enum class Kind : std::uint8_t {  // what was done
    certificate,                    // added to the path, or refused
    anchor,                         // tried as the end of the path
    dead_end,                       // no way on from here: the certificate leaves the path again
  };
  Kind kind;
  std::uint8_t depth;  // how many certificates the path had below it
  // Its index in the request's chain. For an anchor: the certificate that the anchor would have issued.
  std::uint8_t certificate;
  const TrustAnchor* anchor;      // only for Kind::anchor, else null
  std::optional<Error> given_up;  // nothing: the search went on, or had ended
};

// What a verification tried, and why it gave up each attempt, in order. Steps that do not fit are counted.
class PathReport {
 public:
  std::span<const PathStep> steps() const { return steps_.span(); }
  std::size_t left_out() const { return left_out_; }

 private:
  friend class Judgement;
  BoundedVector<PathStep, 64> steps_;
  std::size_t left_out_ = 0;
};

// A path that ends in an anchor, with every signature verified. Only the verifier makes one (X01). Its spans
// point into the request's bytes and anchors.
class VerifiedChain {
 public:
  const Certificate& leaf() const { return leaf_; }
  const PublicKey& leaf_key() const { return leaf_key_; }
  // The indices of the path's certificates in the request's chain, leaf first; and the anchor at its end.
  std::span<const std::uint8_t> path() const { return path_.span(); }
  const TrustAnchor& anchor() const { return *anchor_; }
  // The SubjectPublicKeyInfo of who issued the peer's own certificate. Empty if that is the anchor itself, so
  // that no issuer was looked for.
  Bytes issuer_key() const { return issuer_key_; }

 private:
  friend class PathBuilder;
  VerifiedChain(const Certificate& leaf, PublicKey leaf_key) : leaf_(leaf), leaf_key_(std::move(leaf_key)) {}
  Certificate leaf_;
  PublicKey leaf_key_;
  BoundedVector<std::uint8_t, kMaxCandidates + 1> path_;
  const TrustAnchor* anchor_ = nullptr;
  Bytes issuer_key_;
};

// Builds and checks a path: signatures, times, basicConstraints, keyUsage, extendedKeyUsage, name
// constraints, revocation, and the name. An anchor is trusted by decree: only its certificate's times
// and constraints count, and that it is a CA if it has version 3. Only keys and name constraints of
// anchors, and of certificates that an anchor vouches for, are used. So a hostile chain costs only
// its reading and the bad signatures above (D01). The error is that of the most promising path, with
// the index of its certificate. An unreadable certificate, or one with a forbidden deviation, keeps
// its own error. Other errors: bad_reference_name, too_many_candidates,
// verification_budget_exhausted.
Result<VerifiedChain> verify_chain(const VerifyRequest& request);
// The same without comparing a name: for client certificates, and for callers that match names themselves
// (X21).
Result<VerifiedChain> verify_chain_without_name(const VerifyRequest& request);

// Whether a name can be verified: invalid_argument if it is empty, bad_reference_name if it is neither a DNS
// name nor the text of an IP address.
Result<void> check_reference_name(std::string_view name);
// Whether the certificate is for this DNS name or IP address: Uses subjectAltName only, never the common name
// (X07). A wildcard must be the whole left-most label (X08).
Result<void> match_name(const Certificate& certificate, std::string_view name);

}  // namespace ashlar::x509
