// SPDX-License-Identifier: Apache-2.0
// GeneralName (RFC 5280 §4.2.1.6), as it stands in subjectAltName and its relatives.
#pragma once

#include <ashlar/asn1/der.hpp>
#include <ashlar/x509/certificate.hpp>

namespace ashlar::x509 {

// Names in one list that are looked at (X18).
inline constexpr std::size_t kMaxGeneralNames = 1024;

// Reads one GeneralName and checks what its form demands. As a constraint (RFC 5280 §4.2.1.10), an IP address
// has 8 or 32 bytes, address and mask, and texts may be empty.
Result<GeneralName> read_general_name(asn1::DerReader& reader, bool as_constraint = false);

// Checks the content of a GeneralNames: 1 to kMaxGeneralNames names.
Result<void> check_general_names(asn1::DerReader content);

}  // namespace ashlar::x509
