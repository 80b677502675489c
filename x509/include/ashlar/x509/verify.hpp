// SPDX-License-Identifier: Apache-2.0
// Chain verification (RFC 5280 §6) and name matching (RFC 9525).
#pragma once

#include <ashlar/asn1/oid.hpp>
#include <ashlar/x509/anchor.hpp>
#include <ashlar/x509/key_set.hpp>

namespace ashlar::x509 {

// What a certificate is to be used for: the purpose that extendedKeyUsage must allow, and the key usages of
// which keyUsage must allow at least one (0: keyUsage is not looked at).
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

// Bounds of one verification (X03). Every layer takes as many: TLS's Certificate message holds the peer's own
// certificate and kMaxCandidates others.
//
// Intermediates on a path, those that are self-issued not counted.
inline constexpr std::size_t kMaxIntermediates = 16;
// Certificates looked at beside the peer's own.
inline constexpr std::size_t kMaxCandidates = 64;
// Certificates put onto paths.
inline constexpr std::uint32_t kMaxPathSteps = 1024;
// Signatures found to be bad, and one more for each further anchor of the name that is looked for. A
// certificate of which several issuers have the name counts once, however many of them did not sign it, as
// long as an anchor vouches for each; of those signatures kMaxBadIssuers may be bad. A good signature is not
// checked twice.
inline constexpr std::uint32_t kMaxBadSignatures = 2;
inline constexpr std::uint32_t kMaxBadIssuers = 16;
// Comparisons of names with constraints.
inline constexpr std::uint32_t kMaxNameChecks = 1u << 20;

// A place for revocation (RFC 5280 §6.1.3 (a)(3)): asked about every certificate of a path that ends in an
// anchor and whose signatures are good, from the anchor down. An error gives the path up; with
// certificate_revoked a TLS peer is told so. Null function: nothing is asked. A query is valid during the
// call only; `context` outlives the verifications.
struct RevocationCheck {
  struct Query {        // what is asked about
    Bytes certificate;  // in DER
    Bytes issuer;       // the Name of who issued it
    Bytes issuer_spki;  // and the key
    std::size_t index;  // in the request's chain
    asn1::Time now;
  };
  Result<void> (*check)(const void* context, const Query& query) = nullptr;
  const void* context = nullptr;
};

class PathReport;

// All that it points to outlives the verification; for what a VerifiedChain and a report point to, see there.
struct VerifyRequest {
  // The peer's own certificate first, then whatever it sent beside it, in any order.
  std::span<const Bytes> chain;
  AnchorIndex anchors;
  // The kinds of keys, their least sizes and the signature algorithms that may stand on the path; null:
  // invalid_argument.
  const KeySet* keys = nullptr;
  asn1::Time now;
  Purpose purpose = Purpose::server_auth;
  // The DNS name or the text of an IP address that the peer must be.
  std::string_view name;
  // Intermediates on a path, those that are self-issued not counted; at most kMaxIntermediates.
  std::size_t max_intermediates = kMaxIntermediates;
  // Refuse also what kDeviationTable accepts unless_strict.
  bool strict = false;
  // The peer's own certificate may be an anchor itself (pinning): if one of the anchors was made from the
  // same certificate, byte for byte, it ends the path, whoever issued it. It is then judged as an anchor is,
  // but for its times, its usages and its names, and revocation is not asked about.
  bool leaf_may_be_anchor = false;
  RevocationCheck revocation = {};
  // Where to write down what was tried; null: nowhere.
  PathReport* report = nullptr;
};

// One thing that the search did. `anchor` is one of the request's.
struct PathStep {
  enum class Kind : std::uint8_t {  // what was done
    certificate,                    // put onto the path, or refused
    anchor,                         // tried as the end of the path
    dead_end,                       // nothing leads on from here: the certificate leaves the path again
  };
  Kind kind;
  std::uint8_t depth;  // how many certificates the path had below it
  // Which of the request's chain it was; with an anchor, the one that the anchor would have issued.
  std::uint8_t certificate;
  const TrustAnchor* anchor;      // null but for Kind::anchor
  std::optional<Error> given_up;  // nothing: the search went on from here, or was done
};

// What a verification tried and why it gave each up, in order. What does not fit is counted.
class PathReport {
 public:
  std::span<const PathStep> steps() const { return steps_.span(); }
  std::size_t left_out() const { return left_out_; }

 private:
  friend class Judgement;
  BoundedVector<PathStep, 64> steps_;
  std::size_t left_out_ = 0;
};

// A path whose every signature was verified and which ends in an anchor: only the verifier makes one (X01).
// Its spans point into the request's bytes and anchors.
class VerifiedChain {
 public:
  const Certificate& leaf() const { return leaf_; }
  const PublicKey& leaf_key() const { return leaf_key_; }
  // Which of the request's chain stand on the path, leaf first; the anchor at its end.
  std::span<const std::uint8_t> path() const { return path_.span(); }
  const TrustAnchor& anchor() const { return *anchor_; }

 private:
  friend class PathBuilder;
  VerifiedChain(const Certificate& leaf, PublicKey leaf_key) : leaf_(leaf), leaf_key_(std::move(leaf_key)) {}
  Certificate leaf_;
  PublicKey leaf_key_;
  BoundedVector<std::uint8_t, kMaxCandidates + 1> path_;
  const TrustAnchor* anchor_ = nullptr;
};

// Builds and checks a path: signatures, times, basicConstraints, keyUsage, extendedKeyUsage, name
// constraints, revocation, and the name. An anchor is trusted by decree: of its own certificate only the
// times and the constraints count, and that it is a CA if it is of version 3. Keys are used, and name
// constraints evaluated, only of anchors and of certificates that an anchor vouches for: what a stranger's
// chain costs is reading it and the bad signatures above (D01). The error is that of the most promising path,
// with the index of the certificate it is about; a certificate that cannot be read, or deviates where it may
// not, keeps the error that says so. Besides: bad_reference_name, too_many_candidates,
// verification_budget_exhausted.
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
