// SPDX-License-Identifier: Apache-2.0
#include "path/building.hpp"

#include "names.hpp"
#include "path/checks.hpp"
#include "path/policies.hpp"

namespace ashlar::x509 {

namespace {

bool is_exhaustion(const Error& error) {
  return error == ErrorCode::verification_budget_exhausted;
}

bool same_digest(const NameDigest& a, const NameDigest& b) {
  return equal_public(a, b);
}

Result<Candidate> candidate_of(const Certificate& certificate, const NameDigest& subject,
                               const KeySet& keys) {
  Candidate candidate;
  candidate.tbs = certificate.tbs_certificate();
  candidate.subject = certificate.subject();
  candidate.spki = certificate.spki();
  candidate.signature = certificate.signature();
  candidate.name_constraints = certificate.name_constraints();
  candidate.alt_names = certificate.subject_alt_names();
  candidate.issuer = digest_of_name(certificate.issuer());
  ASHLAR_TRY(candidate.method, certificate.signature_method(keys));
  candidate.path_length = certificate.basic_constraints().path_length;
  candidate.policies = certificate.policy_rules();
  candidate.self_issued = same_digest(candidate.issuer, subject);
  return candidate;
}

}  // namespace

// --- Reading -------------------------------------------------------------------------------------------

// Reads every certificate once and finds the possible issuers of each. An unreadable one is left out. Its
// error is reported if no path is found without it.
Result<void> PathBuilder::read_candidates() {
  struct Names {
    NameDigest subject;
    Bytes key_identifier, issuer_key_identifier;
    bool readable = false;
  };
  Names names[kMaxCandidates + 1];
  const auto take = [&](std::size_t i, const Certificate& certificate) -> Result<void> {
    names[i] = {digest_of_name(certificate.subject()), certificate.subject_key_identifier(),
                certificate.authority_key_identifier(), false};
    ASHLAR_TRY(candidates_[i], candidate_of(certificate, names[i].subject, *request_.keys));
    names[i].readable = true;
    return {};
  };
  const auto read = [&](std::size_t i) -> Result<void> {
    ASHLAR_TRY(const Certificate certificate, Certificate::parse(request_.chain[i]));
    ASHLAR_CHECK(take(i, certificate));
    if (const auto fit = check_issuer(certificate, request_, i); !fit) {
      candidates_[i].unfit = fit.error();
    }
    return {};
  };
  const std::size_t count = request_.chain.size();
  ASHLAR_CHECK(take(0, leaf_));
  for (std::size_t i = 1; i < count; i++) {
    if (const auto good = read(i); !good) {
      judgement_.remember(Promise::unfit, good.error(), 0);
      judgement_.note(PathStep::Kind::certificate, 0, i, nullptr, good.error());
    }
  }
  for (std::size_t i = 0; i < count; i++) {
    Candidate& below = candidates_[i];
    for (std::size_t j = 1; j < count && names[i].readable; j++) {
      if (!names[j].readable) {
        continue;
      }
      if (same_digest(names[j].subject, below.issuer)) {
        below.issuers |= set_of(j);
        if (!names[i].issuer_key_identifier.empty() && !names[j].key_identifier.empty()) {
          const bool fits = equal_public(names[i].issuer_key_identifier, names[j].key_identifier);
          (fits ? below.likely : below.unlikely) |= set_of(j);
        }
      }
      if (same_digest(names[j].subject, names[i].subject) && equal_public(candidates_[j].spki, below.spki)) {
        below.alike |= set_of(j);
      }
    }
  }
  return {};
}

// Breadth first, from the certificates whose issuer's name is an anchor's.
void PathBuilder::measure_distances() {
  const std::size_t count = request_.chain.size();
  CandidateSet nearest = 0;
  for (std::size_t i = 0; i < count; i++) {
    Candidate& candidate = candidates_[i];
    if (!candidate.tbs.empty() && !request_.anchors.named(candidate.issuer).empty()) {
      candidate.distance = 0;
      nearest |= candidate.unfit ? 0 : set_of(i);
    }
  }
  for (std::uint8_t distance = 1; nearest != 0; distance++) {
    CandidateSet next = 0;
    for (std::size_t i = 0; i < count; i++) {
      Candidate& candidate = candidates_[i];
      if (candidate.distance == kNoAnchor && (candidate.issuers & nearest) != 0) {
        candidate.distance = distance;
        next |= candidate.unfit ? 0 : set_of(i);
      }
    }
    nearest = next;
  }
}

// --- Searching -----------------------------------------------------------------------------------------

// Intermediates on the path that count for pathLenConstraint: without the leaf and self-issued ones.
std::size_t PathBuilder::intermediates() const {
  std::size_t count = 0;
  for (std::size_t i = 1; i < depth_; i++) {
    count += candidates_[path_[i].index].self_issued ? 0 : 1;
  }
  return count;
}

void PathBuilder::push(std::size_t index) {
  judgement_.note(PathStep::Kind::certificate, depth_, index);
  path_[depth_++] = {static_cast<std::uint8_t>(index)};
  on_path_ |= candidates_[index].alike;
}

void PathBuilder::cut_back(std::size_t depth) {
  while (depth_ > depth) {
    on_path_ &= ~top().alike;
    depth_--;
  }
}

// The best untried certificate that may have issued the one at the top of the path; 0 if there is
// none.
std::size_t PathBuilder::next_candidate() {
  Node& node = path_[depth_ - 1];
  const Candidate& below = top();
  const CandidateSet open = below.issuers & ~on_path_ & ~below.not_signed_by & ~node.tried & ~done_with_;
  std::size_t best = 0;
  unsigned least = ~0u;
  for (std::size_t i = 1; i < request_.chain.size(); i++) {
    if ((open & set_of(i)) == 0) {
      continue;
    }
    const unsigned doubt = (below.likely & set_of(i)) != 0 ? 0 : (below.unlikely & set_of(i)) != 0 ? 2 : 1;
    // Most chains are sent in order.
    const bool sent_next = i == node.index + 1u && candidates_[i].distance != kNoAnchor;
    const unsigned distance = sent_next ? 0 : 1u + candidates_[i].distance;
    const unsigned cost = doubt << 9 | distance;
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  node.tried |= set_of(best);
  return best;
}

// Adds a certificate with the issuer's name to the path if it may issue the certificates below.
void PathBuilder::try_candidate(std::size_t index) {
  const Candidate& issuer = candidates_[index];
  const std::size_t below = intermediates();
  const std::size_t limit =
      request_.max_intermediates < kMaxIntermediates ? request_.max_intermediates : kMaxIntermediates;
  Result<void> may_follow = check_path_length(issuer.path_length, below, index);
  if (issuer.unfit) {
    may_follow = *issuer.unfit;
  } else if (below + (issuer.self_issued ? 0 : 1) > limit) {
    may_follow = error_of(ErrorCode::path_too_long, index);
  }
  if (!may_follow) {
    judgement_.remember(Promise::unfit, may_follow.error(), depth_);
    judgement_.note(PathStep::Kind::certificate, depth_, index, nullptr, may_follow.error());
    return;
  }
  if (issuer.distance == kNoAnchor) {
    done_with_ |= set_of(index);
  }
  push(index);
}

// The anchor in which the path ends, or null. An error ends the search.
Result<const TrustAnchor*> PathBuilder::try_anchors() {
  const std::size_t depth = depth_, index = top_index();
  const std::span<const TrustAnchor> anchors = request_.anchors.named(top().issuer);
  // A root has kept its name when it changed its key. It is not the peer's fault that we try the others.
  if (!anchors.empty() && max_bad_signatures_ < kMaxBadSignatures + anchors.size() - 1) {
    max_bad_signatures_ = static_cast<std::uint32_t>(kMaxBadSignatures + anchors.size() - 1);
  }
  for (const TrustAnchor& anchor : anchors) {
    const std::size_t judged = depth_;
    const auto good = check_signatures(anchor);
    const auto allowed = good ? check_path(anchor) : Result<void>(good.error());
    if (allowed) {
      judgement_.note(PathStep::Kind::anchor, depth, index, &anchor);
      return &anchor;
    }
    judgement_.note(PathStep::Kind::anchor, depth, index, &anchor, allowed.error());
    if (is_exhaustion(allowed.error())) {
      return allowed.error();
    }
    judgement_.remember(good ? Promise::not_allowed : Promise::not_signed, allowed.error(),
                        good ? judged : depth_);
    if (depth_ < depth) {
      break;
    }
  }
  return static_cast<const TrustAnchor*>(nullptr);
}

Result<VerifiedChain> PathBuilder::run() {
  ASHLAR_CHECK(read_candidates());
  measure_distances();
  push(0);
  while (depth_ > 0) {
    Node& node = path_[depth_ - 1];
    if (!node.tried_anchors) {
      node.tried_anchors = true;
      ASHLAR_TRY(const TrustAnchor* const anchor, try_anchors());
      if (anchor != nullptr) {
        return verified(*anchor);
      }
      continue;
    }
    if (const std::size_t index = next_candidate(); index != 0) {
      if (++steps_ > kMaxPathSteps) {
        return error_of(ErrorCode::verification_budget_exhausted, kMaxPathSteps);
      }
      try_candidate(index);
    } else {
      const Error error = error_of(ErrorCode::unknown_issuer, node.index);
      judgement_.remember(Promise::no_issuer, error, depth_);
      judgement_.note(PathStep::Kind::dead_end, depth_ - 1, node.index, nullptr, error);
      cut_back(depth_ - 1);
    }
  }
  return judgement_.error();
}

Result<VerifiedChain> PathBuilder::verified(const TrustAnchor& anchor) {
  ASHLAR_TRY(PublicKey key, leaf_.public_key(*request_.keys));
  ASHLAR_CHECK(request_.keys->check_size(key));
  VerifiedChain chain(leaf_, std::move(key));
  for (std::size_t i = 0; i < depth_; i++) {
    ASHLAR_CHECK(chain.path_.push(path_[i].index));
  }
  chain.anchor_ = &anchor;
  chain.issuer_key_ = depth_ > 1 ? candidates_[path_[1].index].spki : anchor.spki();
  return chain;
}

Result<VerifiedChain> PathBuilder::pinned(const TrustAnchor& anchor) {
  push(0);
  judgement_.note(PathStep::Kind::anchor, depth_, 0, &anchor);
  Result<VerifiedChain> chain = verified(anchor);
  if (chain) {
    chain->issuer_key_ = {};  // nobody was asked
  }
  return chain;
}

// --- Judging -------------------------------------------------------------------------------------------

// From the anchor down. If a certificate did not sign the one below, the path is cut back to the one below.
Result<void> PathBuilder::check_signatures(const TrustAnchor& anchor) {
  if (top().anchor == nullptr || !equal_public(top().anchor->spki(), anchor.spki())) {
    if (const auto good = check_signature(top(), anchor.spki(), *request_.keys, top_index()); !good) {
      return count_bad_signature(top_index(), true, good.error());
    }
    top().anchor = &anchor;
  }
  for (std::size_t i = depth_ - 1; i > 0; i--) {
    Candidate& below = at(i - 1);
    const Candidate& issuer = at(i);
    if ((below.signed_by & issuer.alike) != 0) {
      continue;
    }
    if (const auto good = check_signature(below, issuer.spki, *request_.keys, path_[i - 1].index); !good) {
      below.not_signed_by |= issuer.alike;
      cut_back(i);
      return count_bad_signature(path_[i - 1].index, false, good.error());
    }
    below.signed_by |= issuer.alike;
  }
  return {};
}

// Gives this error, or if too many signatures were bad, the error that says so.
Result<void> PathBuilder::count_bad_signature(std::size_t index, bool under_anchor, Error error) {
  if (error != ErrorCode::bad_certificate_signature) {
    return error;
  }
  bool again = false;
  if (!under_anchor) {
    if (++bad_issuers_ > kMaxBadIssuers) {
      return error_of(ErrorCode::verification_budget_exhausted, kMaxBadIssuers);
    }
    again = index == 0 ? leaf_has_bad_issuer_ : (has_bad_issuer_ & set_of(index)) != 0;
    leaf_has_bad_issuer_ = leaf_has_bad_issuer_ || index == 0;
    has_bad_issuer_ |= set_of(index);
  }
  if (!again && ++bad_signatures_ > max_bad_signatures_) {
    return error_of(ErrorCode::verification_budget_exhausted, max_bad_signatures_);
  }
  return error;
}

// The rules for a path whose signatures are good.
Result<void> PathBuilder::check_path(const TrustAnchor& anchor) {
  const bool itself = depth_ == 1 && equal_public(anchor.certificate(), leaf_.der());
  if (!anchor.may_issue() && !itself) {
    return error_of(ErrorCode::anchor_not_a_ca, top_index());
  }
  ASHLAR_CHECK(check_anchor_validity(anchor, request_.now, top_index()));
  if (anchor.deviation() && refuses(consequence_of(anchor.deviation()->rule).anchor, request_.strict)) {
    return error_of(*anchor.deviation(), top_index());
  }
  ASHLAR_CHECK(check_path_length(anchor.path_length(), intermediates(), top_index()));
  ASHLAR_CHECK(check_constraints(anchor));
  ASHLAR_CHECK(check_policies());
  return check_revocation(anchor);
}

// §6.1.3 (d) to (f), §6.1.4 (a), (b), (h) to (j), §6.1.5 (a), (b), (g). Where nobody demands a policy, none
// is followed: their number is then nobody's concern.
Result<void> PathBuilder::check_policies() {
  bool demanded = request_.policies.require_explicit;
  for (std::size_t i = depth_; i-- > 0;) {
    demanded = demanded || at(i).policies.require_explicit;
    if (i > 0) {
      ASHLAR_CHECK(check_mappings(at(i).policies, path_[i].index));
    }
  }
  if (!demanded) {
    return {};
  }
  PolicyCheck check(request_.policies, depth_, policy_budget_);
  for (std::size_t i = depth_; i-- > 0;) {
    ASHLAR_CHECK(check.add(at(i).policies, at(i).self_issued, path_[i].index));
  }
  return {};
}

// §6.1.3 (b), (c): applies the name constraints of the anchor, and then of every certificate from the top
// down, to the names of those below. Self-issued certificates are exempt, unless they are the leaf.
Result<void> PathBuilder::check_constraints(const TrustAnchor& anchor) {
  for (std::size_t i = 0; i < depth_ && !anchor.name_constraints().empty(); i++) {
    if (i == 0 || !at(i).self_issued) {
      ASHLAR_CHECK(check_names(anchor.name_constraints(), at(i), name_budget_, path_[i].index));
    }
  }
  for (std::size_t depth = depth_ - 1; depth > 0; depth--) {
    ASHLAR_CHECK(check_constraints_of(depth));
  }
  return {};
}

Result<void> PathBuilder::check_constraints_of(std::size_t depth) {
  const Bytes name_constraints = at(depth).name_constraints;
  for (std::size_t i = 0; i < depth && !name_constraints.empty(); i++) {
    if (i > 0 && at(i).self_issued) {
      continue;
    }
    if (const auto good = check_names(name_constraints, at(i), name_budget_, path_[i].index); !good) {
      if (i == 0 && !is_exhaustion(good.error())) {
        exclude(depth, good.error());
      }
      return good.error();
    }
  }
  return {};
}

// Keeps a certificate that forbids the leaf off all further paths.
void PathBuilder::exclude(std::size_t depth, Error error) {
  at(depth).unfit = error;
  cut_back(depth);
}

// §6.1.3 (a)(3).
Result<void> PathBuilder::check_revocation(const TrustAnchor& anchor) {
  const RevocationCheck& revocation = request_.revocation;
  if (revocation.check == nullptr) {
    return {};
  }
  for (std::size_t i = depth_; i-- > 0;) {
    const bool last = i + 1 == depth_;
    const std::size_t index = path_[i].index;
    const auto good = revocation.check(revocation.context,
                                       {request_.chain[index], last ? anchor.subject() : at(i + 1).subject,
                                        last ? anchor.spki() : at(i + 1).spki, index, request_.now});
    if (!good) {
      const Error error = good.error() == ErrorCode::certificate_revoked
                              ? error_of(ErrorCode::certificate_revoked, index)
                              : good.error();
      if (i > 0) {
        exclude(i, error);
      }
      return error;
    }
  }
  return {};
}

// --- The calls -----------------------------------------------------------------------------------------

namespace {

// The anchor that was made from the peer's own certificate, or null.
const TrustAnchor* anchor_of_leaf(const Certificate& leaf, const VerifyRequest& request) {
  if (!request.leaf_may_be_anchor) {
    return nullptr;
  }
  for (const TrustAnchor& anchor : request.anchors.named(digest_of_name(leaf.subject()))) {
    if (equal_public(anchor.certificate(), leaf.der())) {
      return &anchor;
    }
  }
  return nullptr;
}

}  // namespace

Result<VerifiedChain> verify_chain_without_name(const VerifyRequest& request) {
  const std::size_t count = request.chain.size();
  if (count == 0 || request.keys == nullptr) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_TRY(const Certificate leaf, Certificate::parse(request.chain[0]));
  const TrustAnchor* const pin = anchor_of_leaf(leaf, request);
  ASHLAR_CHECK(check_leaf(leaf, request, pin != nullptr ? Role::anchor : Role::leaf));
  if (count - 1 > kMaxCandidates) {
    return error_of(ErrorCode::too_many_candidates, count - 1);
  }
  PathBuilder builder(request, leaf);
  return pin != nullptr ? builder.pinned(*pin) : builder.run();
}

Result<VerifiedChain> verify_chain(const VerifyRequest& request) {
  ASHLAR_CHECK(check_reference_name(request.name));
  ASHLAR_TRY(VerifiedChain chain, verify_chain_without_name(request));
  ASHLAR_CHECK(match_name(chain.leaf(), request.name));
  return chain;
}

}  // namespace ashlar::x509
