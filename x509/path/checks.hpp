// SPDX-License-Identifier: Apache-2.0
// The rules of RFC 5280 for the certificates of a path, one function per clause. Each gives the error of the
// certificate with this index in the request's chain.
#pragma once

#include "path/candidate.hpp"

namespace ashlar::x509 {

// --- Of any certificate --------------------------------------------------------------------------------

// §6.1.3 (a)(2): the time is within its validity.
Result<void> check_validity(const Certificate& certificate, asn1::Time now, std::size_t index);
// The role of a certificate on its path.
enum class Role : std::uint8_t { leaf, issuer, anchor };
// Whether the verifier refuses a deviation whose row in kDeviationTable says `accepted`.
bool refuses(Accepted accepted, bool strict);
// kDeviationTable: it breaks no rule that its role must keep.
Result<void> check_deviations(const Certificate& certificate, Role role, bool strict, std::size_t index);
// §6.1.4 (o), §6.1.5 (f): every critical extension has been processed.
Result<void> check_critical_extensions(const Certificate& certificate, std::size_t index);

// --- Of a certificate that issues ----------------------------------------------------------------------

// §6.1.4 (k): version 3, and basicConstraints says that it is a CA.
Result<void> check_is_ca(const Certificate& issuer, std::size_t index);
// §6.1.4 (n): keyUsage, if present, allows signing certificates.
Result<void> check_signs_certificates(const Certificate& issuer, std::size_t index);
// §4.2.1.12 and the practice of the web: extendedKeyUsage of a CA, if present, names the purpose or
// any.
Result<void> check_issues_for(const Certificate& issuer, const Purpose& purpose, std::size_t index);
// §6.1.4 (l), (m): `below` intermediates stand below it, not counting self-issued ones.
Result<void> check_path_length(std::optional<std::uint32_t> limit, std::size_t below, std::size_t index);

// --- Of the leaf ---------------------------------------------------------------------------------------

// §4.2.1.3: keyUsage allows one of the purpose's usages (X11). The key exchange decides which one a
// connection needs, and the connection checks that.
Result<void> check_key_usage(const Certificate& leaf, const Purpose& purpose);
// §4.2.1.12: extendedKeyUsage, if present, names the purpose itself.
Result<void> check_purpose(const Certificate& leaf, const Purpose& purpose);

// --- Of a pair, and of a path --------------------------------------------------------------------------

// §6.1.3 (a)(1): signed by the key of the issuer. Only bad_certificate_signature has cost a computation with
// the key.
Result<void> check_signature(const Candidate& certificate, Bytes issuer_spki, const KeySet& keys,
                             std::size_t index);
// §6.1.3 (b), (c): the names are within the constraints of an issuer or anchor above.
Result<void> check_names(Bytes name_constraints, const Candidate& certificate, std::uint32_t& budget,
                         std::size_t index);
// §6.2: an anchor may have a validity of its own.
Result<void> check_anchor_validity(const TrustAnchor& anchor, asn1::Time now, std::size_t index);

// check_issuer: all of the first two groups. check_leaf: all of the first and third; its role may be anchor.
Result<void> check_issuer(const Certificate& issuer, const VerifyRequest& request, std::size_t index);
Result<void> check_leaf(const Certificate& leaf, const VerifyRequest& request, Role role);

}  // namespace ashlar::x509
