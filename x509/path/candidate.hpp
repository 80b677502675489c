// SPDX-License-Identifier: Apache-2.0
// What the search for a path needs to know of a certificate. It is read once.
#pragma once

#include <ashlar/x509/verify.hpp>

namespace ashlar::x509 {

// A set of the certificates that came with the peer's own. The peer's own has number 0 and is in no set.
using CandidateSet = std::uint64_t;
static_assert(kMaxCandidates <= 64);
inline CandidateSet set_of(std::size_t index) {
  return index == 0 ? 0 : CandidateSet{1} << (index - 1);
}

// By names, no way leads to an anchor.
inline constexpr std::uint8_t kNoAnchor = 255;

struct Candidate {
  Bytes tbs, subject, spki, signature, name_constraints;
  GeneralNames alt_names;
  NameDigest issuer;
  std::optional<SignatureMethod> method;  // nothing: it is not allowed
  std::optional<std::uint32_t> path_length;
  PolicyRules policies;
  std::optional<Error> unfit;  // why it may not issue
  bool self_issued = false;
  // How many certificates stand between it and the nearest anchor, by names.
  std::uint8_t distance = kNoAnchor;
  CandidateSet issuers = 0;    // those with its issuer's name
  CandidateSet likely = 0;     // of these, those with the key identifier that it names
  CandidateSet unlikely = 0;   // of these, those with another key identifier
  CandidateSet alike = 0;      // those with its name and key, including itself
  CandidateSet signed_by = 0;  // those whose keys are known to have signed it
  CandidateSet not_signed_by = 0;
  const TrustAnchor* anchor = nullptr;  // one whose key is known to have signed it
};

}  // namespace ashlar::x509
