// SPDX-License-Identifier: Apache-2.0
// Name constraints (RFC 5280 §4.2.1.10): read in one place, for parsing and for applying.
#pragma once

#include <ashlar/asn1/der.hpp>
#include <ashlar/x509/certificate.hpp>

#include "noting.hpp"

namespace ashlar::x509 {

// Permitted and excluded subtrees in one extension that are looked at.
inline constexpr std::size_t kMaxSubtrees = 1024;

// Checks the content of a nameConstraints extension.
Result<void> check_name_constraints(asn1::DerReader value, const Noting& note);

// Whether a certificate's subject and every one of its alternative names are what these constraints allow:
// name_constraint_violated. Each comparison takes one step from `budget`; verification_budget_exhausted when
// there is none left (X04). Constraints and names must have been checked.
Result<void> apply_name_constraints(Bytes constraints, Bytes subject, GeneralNames alt_names,
                                    std::uint32_t& budget);

}  // namespace ashlar::x509
