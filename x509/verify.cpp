// SPDX-License-Identifier: Apache-2.0
// Path building: a depth-first search from the peer's certificate upwards. At each certificate first the
// anchors are tried, then the other certificates that bear the issuer's name. A certificate goes onto the
// path only when it may issue, satisfies every constraint with all that stands below it, and its key verifies
// the signature of the one below: so whatever the search returns is verified throughout, and each step
// further costs one of the signature checks, which are counted. A certificate whose name and key are on the
// path already is not tried again, so cross-signed circles end.
#include <ashlar/asn1/der.hpp>
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
  struct Node {
    std::uint8_t index;           // in the request's chain
    std::uint8_t next_candidate;  // where the search for its issuer goes on
    bool self_issued;
    bool tried_anchors;
  };
  // How far a path got that failed: the greatest counts.
  enum Promise : std::uint8_t { nothing, no_issuer, not_signed, not_allowed };

  const Certificate& top() const { return path_[depth_ - 1]; }
  Error indexed(ErrorCode code, std::size_t index) const {
    return {code, Place::none, static_cast<std::uint32_t>(index)};
  }

  Result<void> read_candidates();
  Result<void> check_leaf(const Certificate& leaf) const;
  Result<void> check_any(const Certificate& certificate, std::size_t index) const;
  Result<void> check_issuer(const Certificate& issuer, std::size_t index);
  Result<void> check_below(Bytes name_constraints, const std::optional<std::uint32_t>& path_length,
                           std::size_t issuer_index);
  Result<void> check_signature(const Certificate& certificate, std::size_t index, Bytes issuer_spki);
  // Whether the path ends in this anchor. `fatal` is set when the whole search must end.
  Result<void> try_anchor(const TrustAnchor& anchor);
  Result<void> try_candidate(std::size_t index);
  bool is_on_path(const Certificate& certificate) const;
  std::size_t intermediates() const;
  void push(const Certificate& certificate, std::size_t index);
  void remember(Promise promise, Error error);

  const VerifyRequest& request_;
  Bytes subjects_[kMaxCandidates + 1];  // of the chain's certificates; empty for those of no use
  Certificate path_[kMaxIntermediates + 1];
  Node nodes_[kMaxIntermediates + 1];
  std::size_t depth_ = 0;
  std::uint32_t signature_budget_ = kMaxSignatureChecks;
  std::uint32_t name_budget_ = kMaxNameChecks;
  Error error_{ErrorCode::unknown_issuer};
  Promise promise_ = nothing;
  std::size_t error_depth_ = 0;
};

void ChainVerifier::remember(Promise promise, Error error) {
  if (promise > promise_ || (promise == promise_ && depth_ > error_depth_)) {
    promise_ = promise;
    error_ = error;
    error_depth_ = depth_;
  }
}

// Notes the subject of every certificate beside the leaf. One that cannot be read takes no part; what is
// wrong with it is told if no path is found without it.
Result<void> ChainVerifier::read_candidates() {
  if (request_.chain.size() - 1 > kMaxCandidates) {
    return indexed(ErrorCode::too_many_candidates, request_.chain.size());
  }
  for (std::size_t i = 1; i < request_.chain.size(); i++) {
    const auto certificate = Certificate::parse(request_.chain[i]);
    if (certificate) {
      subjects_[i] = certificate->subject();
    } else {
      remember(not_signed, certificate.error());
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
Result<void> ChainVerifier::check_leaf(const Certificate& leaf) const {
  ASHLAR_CHECK(check_any(leaf, 0));
  const bool server = request_.purpose == Purpose::server_auth;
  const bool usable =
      leaf.allows(KeyUsage::digital_signature) ||
      (server && (leaf.allows(KeyUsage::key_encipherment) || leaf.allows(KeyUsage::key_agreement)));
  if (!usable) {
    return indexed(ErrorCode::wrong_key_usage, 0);
  }
  if (!leaf.allows_purpose(server ? oids::kServerAuth : oids::kClientAuth, false)) {
    return indexed(ErrorCode::wrong_extended_key_usage, 0);
  }
  ASHLAR_CHECK(leaf.public_key());
  return {};
}

// Intermediates on the path that count for pathLenConstraint: not the leaf, not the self-issued ones.
std::size_t ChainVerifier::intermediates() const {
  std::size_t count = 0;
  for (std::size_t i = 1; i < depth_; i++) {
    count += nodes_[i].self_issued ? 0 : 1;
  }
  return count;
}

// What an issuer says about everything below it: how many certificates follow, and their names (RFC 5280
// §6.1.4 (l), (m); §6.1.3 (b), (c): self-issued certificates but the leaf are exempt from name constraints).
Result<void> ChainVerifier::check_below(Bytes name_constraints,
                                        const std::optional<std::uint32_t>& path_length,
                                        std::size_t issuer_index) {
  if (path_length && intermediates() > *path_length) {
    return indexed(ErrorCode::path_too_long, issuer_index);
  }
  if (name_constraints.empty()) {
    return {};
  }
  for (std::size_t i = 0; i < depth_; i++) {
    if (i > 0 && nodes_[i].self_issued) {
      continue;
    }
    const auto applied = apply_name_constraints(name_constraints, path_[i], name_budget_);
    if (!applied) {
      return indexed(applied.error().code, nodes_[i].index);
    }
  }
  return {};
}

Result<void> ChainVerifier::check_issuer(const Certificate& issuer, std::size_t index) {
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
  return check_below(issuer.name_constraints(), issuer.basic_constraints().path_length, index);
}

Result<void> ChainVerifier::check_signature(const Certificate& certificate, std::size_t index,
                                            Bytes issuer_spki) {
  if (!certificate.signature_algorithm()) {
    return ErrorCode::unsupported_signature_algorithm;
  }
  ASHLAR_TRY(const PublicKey key, PublicKey::parse_spki(issuer_spki));
  if (!fits(*certificate.signature_algorithm(), key.type())) {
    return ErrorCode::signature_algorithm_mismatch;
  }
  if (signature_budget_ == 0) {
    return indexed(ErrorCode::verification_budget_exhausted, kMaxSignatureChecks);
  }
  signature_budget_--;
  const Bytes message[] = {certificate.tbs_certificate()};
  if (!key.verify(*certificate.signature_algorithm(), message, certificate.signature())) {
    return indexed(ErrorCode::bad_certificate_signature, index);
  }
  return {};
}

// The certificate at the top of the path is issued by this anchor. The signature comes first: constraints of
// an anchor that did not sign are nobody's business.
Result<void> ChainVerifier::try_anchor(const TrustAnchor& anchor) {
  const std::size_t index = nodes_[depth_ - 1].index;
  const auto signed_by = check_signature(top(), index, anchor.spki);
  if (!signed_by) {
    remember(not_signed, signed_by.error());
    return signed_by.error();
  }
  if (anchor.validity &&
      (request_.now < anchor.validity->not_before || request_.now > anchor.validity->not_after)) {
    const Error error = indexed(ErrorCode::anchor_expired, index);
    remember(not_allowed, error);
    return error;
  }
  const auto allowed = check_below(anchor.name_constraints, anchor.path_length, index);
  if (!allowed) {
    remember(not_allowed, allowed.error());
    return allowed.error();
  }
  return {};
}

bool ChainVerifier::is_on_path(const Certificate& certificate) const {
  for (std::size_t i = 0; i < depth_; i++) {
    if (equal_public(path_[i].subject(), certificate.subject()) &&
        equal_public(path_[i].spki(), certificate.spki())) {
      return true;
    }
  }
  return false;
}

void ChainVerifier::push(const Certificate& certificate, std::size_t index) {
  path_[depth_] = certificate;
  nodes_[depth_] = {static_cast<std::uint8_t>(index), 1, certificate.is_self_issued(), false};
  depth_++;
}

// Puts a certificate of the issuer's name onto the path if it issued the one at its top.
Result<void> ChainVerifier::try_candidate(std::size_t index) {
  ASHLAR_TRY(const Certificate issuer, Certificate::parse(request_.chain[index]));
  if (is_on_path(issuer)) {
    return {};
  }
  const std::size_t below = nodes_[depth_ - 1].index;
  const auto allowed = check_issuer(issuer, index);
  if (!allowed && allowed.error() == ErrorCode::verification_budget_exhausted) {
    return allowed.error();
  }
  const auto signed_by = check_signature(top(), below, issuer.spki());
  if (!signed_by) {
    remember(not_signed, signed_by.error());
    return signed_by.error();
  }
  if (!allowed) {
    remember(not_allowed, allowed.error());
    return allowed.error();
  }
  const std::size_t limit =
      request_.max_intermediates < kMaxIntermediates ? request_.max_intermediates : kMaxIntermediates;
  const std::size_t counted = intermediates() + (issuer.is_self_issued() ? 0 : 1);
  if (counted > limit || depth_ == kMaxIntermediates + 1) {
    const Error error = indexed(ErrorCode::path_too_long, index);
    remember(not_allowed, error);
    return error;
  }
  push(issuer, index);
  return {};
}

Result<VerifiedChain> ChainVerifier::run() {
  if (request_.chain.empty()) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_TRY(const Certificate leaf, Certificate::parse(request_.chain[0]));
  ASHLAR_CHECK(check_leaf(leaf));
  ASHLAR_CHECK(read_candidates());
  push(leaf, 0);
  const auto exhausted = [](const Result<void>& result) {
    return !result && result.error() == ErrorCode::verification_budget_exhausted;
  };
  while (depth_ > 0) {
    Node& node = nodes_[depth_ - 1];
    if (!node.tried_anchors) {
      node.tried_anchors = true;
      for (const TrustAnchor& anchor : request_.anchors) {
        if (!equal_public(anchor.subject, top().issuer())) {
          continue;
        }
        const auto ended = try_anchor(anchor);
        if (exhausted(ended)) {
          return ended.error();
        }
        if (ended) {
          VerifiedChain chain(path_[0]);
          for (std::size_t i = 0; i < depth_; i++) {
            ASHLAR_CHECK(chain.path_.push(nodes_[i].index));
          }
          chain.anchor_ = &anchor;
          return chain;
        }
      }
    }
    const std::size_t depth = depth_;
    while (depth_ == depth && node.next_candidate < request_.chain.size()) {
      const std::size_t index = node.next_candidate++;
      if (equal_public(subjects_[index], top().issuer())) {
        const auto tried = try_candidate(index);
        if (exhausted(tried)) {
          return tried.error();
        }
      }
    }
    if (depth_ == depth) {
      remember(no_issuer, indexed(ErrorCode::unknown_issuer, node.index));
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
