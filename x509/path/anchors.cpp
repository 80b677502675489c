// SPDX-License-Identifier: Apache-2.0
// Trust anchors: made from checked bytes, and sorted by name.
#include <ashlar/base/sort.hpp>
#include <ashlar/x509/anchor.hpp>

#include "algorithms.hpp"
#include "name_constraints.hpp"
#include "names.hpp"

namespace ashlar::x509 {

using asn1::DerReader;

namespace {

Result<void> check_subject(Bytes subject, const Noting& note) {
  DerReader reader(subject);
  ASHLAR_CHECK(read_name(reader, note));
  ASHLAR_CHECK(reader.expect_end());
  if (is_empty_name(subject)) {
    return ErrorCode::empty_issuer;
  }
  return {};
}

Result<void> check_spki(Bytes der) {
  DerReader reader(der);
  ASHLAR_TRY(DerReader spki, reader.sequence());
  ASHLAR_CHECK(reader.expect_end());
  ASHLAR_CHECK(read_algorithm_identifier(spki));
  ASHLAR_CHECK(spki.octet_aligned_bit_string());
  return spki.expect_end();
}

std::array<std::int64_t, 4> numbers_of(const TrustAnchor& anchor) {
  const Validity validity = anchor.validity().value_or(Validity{});
  return {anchor.path_length() ? 1 + std::int64_t{*anchor.path_length()} : 0,
          anchor.validity().has_value() ? 1 : 0, validity.not_before.seconds, validity.not_after.seconds};
}

// By name, by key, and then by everything else.
bool stands_before(const TrustAnchor& a, const TrustAnchor& b) {
  int order = order_public(a.subject_digest(), b.subject_digest());
  order = order != 0 ? order : order_public(a.spki(), b.spki());
  order = order != 0 ? order : order_public(a.certificate(), b.certificate());
  order = order != 0 ? order : order_public(a.name_constraints(), b.name_constraints());
  return order != 0 ? order < 0 : numbers_of(a) < numbers_of(b);
}

}  // namespace

TrustAnchor::TrustAnchor(const Parts& parts, const Deviations& deviations)
    : parts_(parts), subject_digest_(digest_of_name(parts.subject)) {
  Accepted gravest = Accepted::always;
  for (const FoundDeviation& found : deviations.span()) {
    if (consequence_of(found.rule).anchor > gravest) {
      gravest = consequence_of(found.rule).anchor;
      deviation_ = found;
    }
  }
}

Result<TrustAnchor> TrustAnchor::create(const Parts& parts) {
  Deviations deviations;
  ASHLAR_CHECK(at(Place::tbs_subject, check_subject(parts.subject, {deviations, Place::tbs_subject})));
  ASHLAR_CHECK(at(Place::spki, check_spki(parts.spki)));
  if (!parts.name_constraints.empty()) {
    ASHLAR_CHECK(at(Place::extension_name_constraints,
                    check_name_constraints(DerReader(parts.name_constraints),
                                           {deviations, Place::extension_name_constraints})));
  }
  return TrustAnchor(parts, deviations);
}

TrustAnchor TrustAnchor::from(const Certificate& root) {
  TrustAnchor anchor({root.subject(), root.spki(), root.name_constraints(),
                      root.basic_constraints().path_length, root.validity()},
                     root.deviations());
  anchor.certificate_ = root.der();
  anchor.may_issue_ = root.version() < 3 || root.basic_constraints().is_ca;
  return anchor;
}

AnchorIndex::AnchorIndex(std::span<TrustAnchor> anchors) : anchors_(anchors) {
  heap_sort(anchors, stands_before);
}

std::span<const TrustAnchor> AnchorIndex::named(const NameDigest& subject) const {
  std::size_t first = 0, behind = anchors_.size();
  while (first < behind) {
    const std::size_t middle = first + (behind - first) / 2;
    if (order_public(anchors_[middle].subject_digest(), subject) < 0) {
      first = middle + 1;
    } else {
      behind = middle;
    }
  }
  std::size_t last = first;
  while (last < anchors_.size() && order_public(anchors_[last].subject_digest(), subject) == 0) {
    last++;
  }
  return {anchors_.data() + first, last - first};
}

}  // namespace ashlar::x509
