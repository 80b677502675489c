// SPDX-License-Identifier: Apache-2.0
// The search for a path, depth first, from the peer's certificate upwards, by names alone. At each
// certificate the anchors with the issuer's name are tried first, then the other certificates with that name:
// first those whose key identifier fits, then those without one. Among equals the one sent next comes first,
// then the one nearest to an anchor. So the first try is nearly always right, even if many certificates
// cross-sign each other.
//
// Signatures are checked only if a path ends in an anchor, from the anchor down. So every key that is used
// has been vouched for, and hostile certificates cost one check with a trusted key for each bad signature,
// which are counted (D01). A pair is not checked twice. Name constraints and revocation come last, when every
// certificate on the path is known to be genuine. A certificate that then forbids the leaf is on no further
// path. A certificate whose name and key are on the path already is not tried again, so cross-signed circles
// end. A certificate from which no names lead to an anchor is tried once, for the error that tells how far
// the chain goes.
#pragma once

#include "path/candidate.hpp"
#include "path/report.hpp"

namespace ashlar::x509 {

class PathBuilder {
 public:
  explicit PathBuilder(const VerifyRequest& request, const Certificate& leaf)
      : request_(request), leaf_(leaf), judgement_(request.report) {}

  // The leaf itself was checked before.
  Result<VerifiedChain> run();
  // The path of only the leaf, if an anchor was made from it.
  Result<VerifiedChain> pinned(const TrustAnchor& anchor);

 private:
  struct Node {
    std::uint8_t index;  // of the certificate
    bool tried_anchors = false;
    CandidateSet tried = 0;  // issuers that were tried
  };

  Candidate& at(std::size_t depth) { return candidates_[path_[depth].index]; }
  Candidate& top() { return at(depth_ - 1); }
  std::size_t top_index() const { return path_[depth_ - 1].index; }

  // Reading.
  Result<void> read_candidates();
  void measure_distances();

  // Searching.
  Result<const TrustAnchor*> try_anchors();
  std::size_t next_candidate();
  void try_candidate(std::size_t index);
  void push(std::size_t index);
  void cut_back(std::size_t depth);
  std::size_t intermediates() const;

  // Judging a path that ends in an anchor. A failure may cut the path back.
  Result<void> check_path(const TrustAnchor& anchor);
  Result<void> check_signatures(const TrustAnchor& anchor);
  Result<void> count_bad_signature(std::size_t index, bool under_anchor, Error error);
  Result<void> check_constraints(const TrustAnchor& anchor);
  Result<void> check_constraints_of(std::size_t depth);
  Result<void> check_policies();
  Result<void> check_revocation(const TrustAnchor& anchor);
  void exclude(std::size_t depth, Error error);

  Result<VerifiedChain> verified(const TrustAnchor& anchor);

  const VerifyRequest& request_;
  const Certificate& leaf_;
  Judgement judgement_;
  Candidate candidates_[kMaxCandidates + 1];
  Node path_[kMaxCandidates + 1];
  std::size_t depth_ = 0;
  CandidateSet on_path_ = 0;
  CandidateSet done_with_ = 0;  // that lead to no anchor and were tried
  std::uint32_t steps_ = 0;
  std::uint32_t bad_signatures_ = 0;
  std::uint32_t max_bad_signatures_ = kMaxBadSignatures;
  std::uint32_t bad_issuers_ = 0;
  CandidateSet has_bad_issuer_ = 0;
  bool leaf_has_bad_issuer_ = false;
  std::uint32_t name_budget_ = kMaxNameChecks;
  std::uint32_t policy_budget_ = kMaxPolicyChecks;
};

}  // namespace ashlar::x509
