// SPDX-License-Identifier: Apache-2.0
// Path building: a depth-first search from the peer's certificate upwards, by names alone. At each
// certificate first the anchors of the issuer's name are tried, then the other certificates that bear it.
// Only when a path ends in an anchor are its signatures checked, from the anchor down: so no key is used that
// somebody trusted has not vouched for, and what a stranger's certificates cost is one check with a trusted
// key for each bad signature, which are counted (D01). A pair that was checked is not checked again. Name
// constraints come last, when every certificate on the path is known to be genuine. A certificate whose name
// and key are on the path already is not tried again, so cross-signed circles end.
#include <ashlar/x509/oids.hpp>
#include <ashlar/x509/verify.hpp>

#include "name_constraints.hpp"
#include "names.hpp"

namespace ashlar::x509 {

class ChainVerifier {
 public:
  explicit ChainVerifier(const VerifyRequest& request) : request_(request) {}

  Result<VerifiedChain> run();

 private:
  using Set = std::uint64_t;  // of the request's chain, a bit each
  static_assert(kMaxCandidates < 64);
  static Set bit(std::size_t index) { return Set{1} << index; }

  // What the search needs to know of a certificate; the leaf is number 0.
  struct Entry {
    Bytes tbs, subject, issuer, spki, signature, name_constraints;
    std::optional<SignatureMethod> method;  // nothing: not one that is allowed
    std::optional<std::uint32_t> path_length;
    std::optional<Error> unfit;  // why it may issue nothing
    bool self_issued = false;
    Set issuers = 0;                       // those that bear its issuer's name
    Set alike = 0;                         // those of its name and key, itself among them
    Set signed_by = 0, not_signed_by = 0;  // what checks of its signature have shown
    const TrustAnchor* anchor = nullptr;   // one whose key is known to have signed it
  };
  struct Node {
    std::uint8_t index;           // of the entry
    std::uint8_t next_candidate;  // where the search for its issuer goes on
    bool tried_anchors;
  };
  // How far a path got that failed: the greatest counts. Why a certificate may not issue is of less weight
  // than a bad signature, being said by a certificate that may not be genuine.
  enum Promise : std::uint8_t { nothing, no_issuer, unfit, not_signed, not_allowed };

  Entry& at(std::size_t depth) { return entries_[path_[depth].index]; }
  Entry& top() { return at(depth_ - 1); }
  Error indexed(ErrorCode code, std::size_t index) const {
    return {code, Place::none, static_cast<std::uint32_t>(index)};
  }

  Result<Entry> entry_of(const Certificate& certificate) const;
  Result<void> read_candidates();
  Result<void> check_leaf() const;
  Result<void> check_any(const Certificate& certificate, std::size_t index) const;
  Result<void> check_issuer(const Certificate& issuer, std::size_t index) const;
  Result<void> check_signature(const Entry& entry, std::size_t index, Bytes issuer_spki);
  Result<void> check_path_signatures(const TrustAnchor& anchor);
  Result<void> check_names(Bytes name_constraints, std::size_t count);
  Result<void> check_anchor(const TrustAnchor& anchor);
  Result<const TrustAnchor*> try_anchors();
  void try_candidate(std::size_t index);
  std::size_t intermediates() const;
  void push(std::size_t index);
  void remember(Promise promise, Error error);

  const VerifyRequest& request_;
  Certificate leaf_;
  Entry entries_[kMaxCandidates + 1];
  Node path_[kMaxIntermediates + 1];
  std::size_t depth_ = 0;
  Set on_path_ = 0;
  std::uint32_t steps_ = 0;
  std::uint32_t bad_signatures_ = 0;
  std::uint32_t max_bad_signatures_ = kMaxBadSignatures;
  std::uint32_t name_budget_ = kMaxNameChecks;
  Error error_{ErrorCode::unknown_issuer};
  Promise promise_ = nothing;
  std::size_t error_depth_ = 0;
};

namespace {

bool is_exhaustion(const Error& error) {
  return error == ErrorCode::verification_budget_exhausted;
}

}  // namespace

void ChainVerifier::remember(Promise promise, Error error) {
  if (promise > promise_ || (promise == promise_ && depth_ > error_depth_)) {
    promise_ = promise;
    error_ = error;
    error_depth_ = depth_;
  }
}

Result<ChainVerifier::Entry> ChainVerifier::entry_of(const Certificate& certificate) const {
  Entry entry;
  entry.tbs = certificate.tbs_certificate();
  entry.subject = certificate.subject();
  entry.issuer = certificate.issuer();
  entry.spki = certificate.spki();
  entry.signature = certificate.signature();
  entry.name_constraints = certificate.name_constraints();
  ASHLAR_TRY(entry.method, certificate.signature_method(*request_.keys));
  entry.path_length = certificate.basic_constraints().path_length;
  entry.self_issued = certificate.is_self_issued();
  return entry;
}

// Reads every certificate once and finds out who may have issued whom. One that cannot be read takes no part;
// what is wrong with it is told if no path is found without it.
Result<void> ChainVerifier::read_candidates() {
  const std::size_t count = request_.chain.size();
  for (std::size_t i = 1; i < count; i++) {
    const auto certificate = Certificate::parse(request_.chain[i]);
    auto entry = certificate ? entry_of(*certificate) : Result<Entry>(certificate.error());
    if (!entry) {
      remember(unfit, entry.error());
      continue;
    }
    entries_[i] = std::move(*entry);
    const auto may_issue = check_issuer(*certificate, i);
    if (!may_issue) {
      entries_[i].unfit = may_issue.error();
    }
  }
  for (std::size_t i = 0; i < count; i++) {
    for (std::size_t j = 0; j < count; j++) {
      if (j > 0 && equal_public(entries_[j].subject, entries_[i].issuer)) {
        entries_[i].issuers |= bit(j);
      }
      if (equal_public(entries_[j].subject, entries_[i].subject) &&
          equal_public(entries_[j].spki, entries_[i].spki)) {
        entries_[i].alike |= bit(j);
      }
    }
  }
  return {};
}

Result<void> ChainVerifier::check_any(const Certificate& certificate, std::size_t index) const {
  if (request_.now < certificate.validity().not_before) {
    return indexed(ErrorCode::certificate_not_yet_valid, index);
  }
  if (request_.now > certificate.validity().not_after) {
    return indexed(ErrorCode::certificate_expired, index);
  }
  if (certificate.deviation()) {
    return *certificate.deviation();
  }
  if (!certificate.unknown_critical_extension().empty()) {
    return indexed(ErrorCode::unknown_critical_extension, index);
  }
  const bool signs = certificate.has_key_usage() && certificate.allows(KeyUsage::key_cert_sign);
  if (!certificate.basic_constraints().is_ca && (signs || !certificate.name_constraints().empty())) {
    return indexed(ErrorCode::ca_rights_without_ca, index);
  }
  return {};
}

// What the leaf must be allowed to do. Which of its key usages a connection needs depends on the key
// exchange, and is the connection's to check; a key that may do none of what TLS asks is refused here (X11).
Result<void> ChainVerifier::check_leaf() const {
  ASHLAR_CHECK(check_any(leaf_, 0));
  const bool server = request_.purpose == Purpose::server_auth;
  const bool usable =
      leaf_.allows(KeyUsage::digital_signature) ||
      (server && (leaf_.allows(KeyUsage::key_encipherment) || leaf_.allows(KeyUsage::key_agreement)));
  if (!usable) {
    return indexed(ErrorCode::wrong_key_usage, 0);
  }
  if (!leaf_.allows_purpose(server ? oids::kServerAuth : oids::kClientAuth, false)) {
    return indexed(ErrorCode::wrong_extended_key_usage, 0);
  }
  return {};
}

// Whether a certificate may issue, by what it says itself.
Result<void> ChainVerifier::check_issuer(const Certificate& issuer, std::size_t index) const {
  ASHLAR_CHECK(check_any(issuer, index));
  if (issuer.version() != 3 || !issuer.basic_constraints().is_ca) {
    return indexed(ErrorCode::not_a_ca, index);
  }
  if (!issuer.allows(KeyUsage::key_cert_sign)) {
    return indexed(ErrorCode::wrong_key_usage, index);
  }
  const bool server = request_.purpose == Purpose::server_auth;
  if (!issuer.allows_purpose(server ? oids::kServerAuth : oids::kClientAuth, true)) {
    return indexed(ErrorCode::wrong_extended_key_usage, index);
  }
  return {};
}

// Intermediates on the path that count for pathLenConstraint: not the leaf, not the self-issued ones.
std::size_t ChainVerifier::intermediates() const {
  std::size_t count = 0;
  for (std::size_t i = 1; i < depth_; i++) {
    count += entries_[path_[i].index].self_issued ? 0 : 1;
  }
  return count;
}

Result<void> ChainVerifier::check_signature(const Entry& entry, std::size_t index, Bytes issuer_spki) {
  if (!entry.method) {
    return ErrorCode::unsupported_signature_algorithm;
  }
  ASHLAR_TRY(const PublicKey key, PublicKey::parse_spki(issuer_spki, request_.keys->kinds));
  if (!entry.method->algorithm->fits(key.kind())) {
    return ErrorCode::signature_algorithm_mismatch;
  }
  const Bytes message[] = {entry.tbs};
  if (key.verify(*entry.method, message, entry.signature)) {
    return {};
  }
  if (++bad_signatures_ > max_bad_signatures_) {
    return indexed(ErrorCode::verification_budget_exhausted, max_bad_signatures_);
  }
  return indexed(ErrorCode::bad_certificate_signature, index);
}

// From the anchor down. Where a certificate did not sign the one below, the path is cut back to that one.
Result<void> ChainVerifier::check_path_signatures(const TrustAnchor& anchor) {
  if (top().anchor == nullptr || !equal_public(top().anchor->spki, anchor.spki)) {
    ASHLAR_CHECK(check_signature(top(), path_[depth_ - 1].index, anchor.spki));
    top().anchor = &anchor;
  }
  for (std::size_t i = depth_ - 1; i > 0; i--) {
    Entry& below = at(i - 1);
    const Entry& issuer = at(i);
    if ((below.signed_by & issuer.alike) != 0) {
      continue;
    }
    const auto signed_by = check_signature(below, path_[i - 1].index, issuer.spki);
    if (!signed_by) {
      below.not_signed_by |= issuer.alike;
      while (depth_ > i) {
        on_path_ &= ~top().alike;
        depth_--;
      }
      return signed_by.error();
    }
    below.signed_by |= issuer.alike;
  }
  return {};
}

// What an anchor or an issuer says about the names of the `count` certificates below it (RFC 5280 §6.1.3 (b),
// (c): self-issued certificates but the leaf are exempt).
Result<void> ChainVerifier::check_names(Bytes name_constraints, std::size_t count) {
  for (std::size_t i = 0; i < count && !name_constraints.empty(); i++) {
    if (i > 0 && at(i).self_issued) {
      continue;
    }
    const std::size_t index = path_[i].index;
    ASHLAR_TRY(const Certificate certificate,
               i == 0 ? Result<Certificate>(leaf_) : Certificate::parse(request_.chain[index]));
    const auto applied = apply_name_constraints(name_constraints, certificate, name_budget_);
    if (!applied) {
      return indexed(applied.error().code, index);
    }
  }
  return {};
}

// What binds a path that ends in this anchor, whose signatures are good.
Result<void> ChainVerifier::check_anchor(const TrustAnchor& anchor) {
  const std::size_t index = path_[depth_ - 1].index;
  if (anchor.validity &&
      (request_.now < anchor.validity->not_before || request_.now > anchor.validity->not_after)) {
    return indexed(ErrorCode::anchor_expired, index);
  }
  if (anchor.path_length && intermediates() > *anchor.path_length) {
    return indexed(ErrorCode::path_too_long, index);
  }
  ASHLAR_CHECK(check_names(anchor.name_constraints, depth_));
  for (std::size_t i = depth_ - 1; i > 0; i--) {
    ASHLAR_CHECK(check_names(at(i).name_constraints, i));
  }
  return {};
}

// The anchor in which the path ends, or null. An error ends the search.
Result<const TrustAnchor*> ChainVerifier::try_anchors() {
  const std::size_t depth = depth_;
  const Bytes issuer = top().issuer;
  std::uint32_t of_this_name = 0;
  for (const TrustAnchor& anchor : request_.anchors) {
    of_this_name += equal_public(anchor.subject, issuer) ? 1u : 0u;
  }
  // A root that kept its name when it changed its key: it is not the peer who makes us try the others.
  if (of_this_name > 1 && max_bad_signatures_ < kMaxBadSignatures + of_this_name - 1) {
    max_bad_signatures_ = kMaxBadSignatures + of_this_name - 1;
  }
  for (const TrustAnchor& anchor : request_.anchors) {
    if (!equal_public(anchor.subject, issuer)) {
      continue;
    }
    const auto good = check_path_signatures(anchor);
    const auto allowed = good ? check_anchor(anchor) : Result<void>(good.error());
    if (allowed) {
      return &anchor;
    }
    if (is_exhaustion(allowed.error())) {
      return allowed.error();
    }
    remember(good ? not_allowed : not_signed, allowed.error());
    if (depth_ < depth) {
      break;
    }
  }
  return static_cast<const TrustAnchor*>(nullptr);
}

void ChainVerifier::push(std::size_t index) {
  path_[depth_++] = {static_cast<std::uint8_t>(index), 1, false};
  on_path_ |= entries_[index].alike;
}

// Puts a certificate of the issuer's name onto the path if it may issue what is below (RFC 5280 §6.1.4 (l),
// (m)).
void ChainVerifier::try_candidate(std::size_t index) {
  const Entry& issuer = entries_[index];
  const std::size_t limit =
      request_.max_intermediates < kMaxIntermediates ? request_.max_intermediates : kMaxIntermediates;
  const std::size_t below = intermediates();
  if (issuer.unfit) {
    remember(unfit, *issuer.unfit);
  } else if ((issuer.path_length && below > *issuer.path_length) ||
             below + (issuer.self_issued ? 0 : 1) > limit || depth_ == kMaxIntermediates + 1) {
    remember(unfit, indexed(ErrorCode::path_too_long, index));
  } else {
    push(index);
  }
}

Result<VerifiedChain> ChainVerifier::run() {
  const std::size_t count = request_.chain.size();
  if (count == 0 || request_.keys == nullptr) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_TRY(leaf_, Certificate::parse(request_.chain[0]));
  ASHLAR_TRY(entries_[0], entry_of(leaf_));
  ASHLAR_CHECK(check_leaf());
  if (count - 1 > kMaxCandidates) {
    return indexed(ErrorCode::too_many_candidates, count);
  }
  ASHLAR_CHECK(read_candidates());
  push(0);
  while (depth_ > 0) {
    Node& node = path_[depth_ - 1];
    if (!node.tried_anchors) {
      node.tried_anchors = true;
      ASHLAR_TRY(const TrustAnchor* const anchor, try_anchors());
      if (anchor != nullptr) {
        ASHLAR_CHECK(leaf_.public_key(*request_.keys));
        VerifiedChain chain(leaf_);
        for (std::size_t i = 0; i < depth_; i++) {
          ASHLAR_CHECK(chain.path_.push(path_[i].index));
        }
        chain.anchor_ = anchor;
        return chain;
      }
      continue;
    }
    const Set candidates = top().issuers & ~on_path_ & ~top().not_signed_by;
    std::size_t index = node.next_candidate;
    while (index < count && (candidates & bit(index)) == 0) {
      index++;
    }
    node.next_candidate = static_cast<std::uint8_t>(index + 1);
    if (index < count) {
      if (++steps_ > kMaxPathSteps) {
        return indexed(ErrorCode::verification_budget_exhausted, kMaxPathSteps);
      }
      try_candidate(index);
    } else {
      remember(no_issuer, indexed(ErrorCode::unknown_issuer, node.index));
      on_path_ &= ~top().alike;
      depth_--;
    }
  }
  return error_;
}

Result<VerifiedChain> verify_chain_without_name(const VerifyRequest& request) {
  return ChainVerifier(request).run();
}

Result<VerifiedChain> verify_chain(const VerifyRequest& request) {
  ASHLAR_CHECK(check_reference_name(request.name));
  ASHLAR_TRY(VerifiedChain chain, verify_chain_without_name(request));
  ASHLAR_CHECK(match_name(chain.leaf(), request.name));
  return chain;
}

}  // namespace ashlar::x509
