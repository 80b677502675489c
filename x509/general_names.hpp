// SPDX-License-Identifier: Apache-2.0
// GeneralName (RFC 5280 §4.2.1.6), as in subjectAltName and similar extensions.
#pragma once

#include <ashlar/asn1/der.hpp>
#include <ashlar/x509/certificate.hpp>

#include "noting.hpp"

namespace ashlar::x509 {

// The most names in one list (X18).
inline constexpr std::size_t kMaxGeneralNames = 1024;

// Reads one GeneralName and checks the rules of its form. An odd text without control characters is told to
// `note`; it matches nothing.
Result<GeneralName> read_general_name(asn1::DerReader& reader, const Noting& note = {});

// The same for the base of a constraint (RFC 5280 §4.2.1.10): an IP address has 8 or 32 bytes, address and
// mask, and texts are ASCII and may be empty.
Result<GeneralName> read_constraint_name(asn1::DerReader& reader, const Noting& note = {});

// Checks the content of a GeneralNames: up to kMaxGeneralNames names. An empty list is a deviation.
Result<void> check_general_names(asn1::DerReader content, const Noting& note);

}  // namespace ashlar::x509
