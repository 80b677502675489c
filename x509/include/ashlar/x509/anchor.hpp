// SPDX-License-Identifier: Apache-2.0
// Trust anchors, in which a chain may end (RFC 5280 §6.1.1 (d)), and an index of many anchors by name.
#pragma once

#include <ashlar/x509/certificate.hpp>

#include <array>

namespace ashlar::x509 {

// A hash of a Name, the same for all Names that RFC 5280 §7.1 calls equal: letter case, runs of white space
// and the string type (PrintableString, UTF8String, …) do not count.
using NameDigest = std::array<std::uint8_t, 32>;
// Of a whole Name, header included. Bytes that are not a Name have a digest without meaning.
NameDigest digest_of_name(Bytes name);

// A name and a key that are trusted by decree, and the limits of that trust. Its spans point into the bytes
// that it was made from. These must outlive it.
class TrustAnchor {
 public:
  struct Parts {                  // the parts of an anchor
    Bytes subject;                // the whole Name
    Bytes spki;                   // the whole SubjectPublicKeyInfo
    Bytes name_constraints = {};  // the whole value of the extension; empty: no constraints
    // How many intermediates may follow, not counting self-issued ones.
    std::optional<std::uint32_t> path_length = {};
    // When it may be trusted.
    std::optional<Validity> validity = {};
  };
  // A malformed part is an error with its place; an empty subject is empty_issuer. The kind of the key is
  // checked when it is used. Deviations count as in a certificate.
  static Result<TrustAnchor> create(const Parts& parts);
  // The anchor of a root certificate. Only these parts of the certificate count, and whether it may
  // issue.
  static TrustAnchor from(const Certificate& root);

  Bytes subject() const { return parts_.subject; }
  Bytes spki() const { return parts_.spki; }
  Bytes name_constraints() const { return parts_.name_constraints; }
  std::optional<std::uint32_t> path_length() const { return parts_.path_length; }
  const std::optional<Validity>& validity() const { return parts_.validity; }
  // The certificate that it was made from, in DER; empty if it was made from parts.
  Bytes certificate() const { return certificate_; }
  // False if it was made from a certificate of version 3 that is not a CA. It then ends only the path of that
  // certificate itself.
  bool may_issue() const { return may_issue_; }
  const NameDigest& subject_digest() const { return subject_digest_; }
  // The gravest rule that it breaks, except those that the table always accepts in anchors; the first of
  // equals. An anchor with one is refused as the row says: always, or in strict verification.
  const std::optional<FoundDeviation>& deviation() const { return deviation_; }

 private:
  explicit TrustAnchor(const Parts& parts, const Deviations& deviations);
  Parts parts_;
  Bytes certificate_;
  bool may_issue_ = true;
  NameDigest subject_digest_;
  std::optional<FoundDeviation> deviation_;
};

// Anchors in the order of their names, so that those of one name are found quickly. It is a view: it may be
// copied, never changes, and may be used by any number of threads. The anchors must outlive it and stay where
// they are.
class AnchorIndex {
 public:
  AnchorIndex() = default;
  // Sorts the anchors in place.
  explicit AnchorIndex(std::span<TrustAnchor> anchors);

  // All of them. Their order depends only on their content.
  std::span<const TrustAnchor> all() const { return anchors_; }
  // Those whose subject has this digest.
  std::span<const TrustAnchor> named(const NameDigest& subject) const;

 private:
  std::span<const TrustAnchor> anchors_;
};

}  // namespace ashlar::x509
