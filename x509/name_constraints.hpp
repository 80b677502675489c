// SPDX-License-Identifier: Apache-2.0
// Name constraints (RFC 5280 §4.2.1.10): read in one place, for parsing and for applying.
#pragma once

#include <ashlar/asn1/der.hpp>
#include <ashlar/x509/certificate.hpp>

#include "noting.hpp"

namespace ashlar::x509 {

// The most permitted and excluded subtrees in one extension.
inline constexpr std::size_t kMaxSubtrees = 1024;

// Checks the content of a nameConstraints extension.
Result<void> check_name_constraints(asn1::DerReader value, const Noting& note);

// Checks that these constraints allow a certificate's subject and all its alternative names:
// name_constraint_violated. Each comparison takes one step from `budget`, or one for each comparison of
// attributes in sets of them; verification_budget_exhausted if none is left (X04). Constraints and names must
// have been checked.
Result<void> apply_name_constraints(Bytes constraints, Bytes subject, GeneralNames alt_names,
                                    std::uint32_t& budget);

}  // namespace ashlar::x509
