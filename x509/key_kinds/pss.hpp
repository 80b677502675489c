// SPDX-License-Identifier: Apache-2.0
// RSASSA-PSS-params (RFC 4055 §3.1), of signatures and of keys that are limited to them.
#pragma once

#include "algorithms.hpp"

namespace ashlar::x509 {

struct PssParameters {
  Bytes hash;       // content bytes of the OIDs; empty: absent, which is SHA-1
  Bytes mask_hash;  // of MGF1
  std::size_t salt_size;
};

// bad_algorithm_parameters if there are none, or none of this form. The salt's size defaults to 20 and the
// trailer to 1. A default that is written out means the same (the parser of certificates notes it:
// Deviation::explicit_default).
Result<PssParameters> read_pss_parameters(const AlgorithmIdentifier& identifier);

// Those of a row, with this size of the salt.
void write_pss_parameters(asn1::DerWriter& writer, const SignatureAlgorithm& row, std::size_t salt_size);

}  // namespace ashlar::x509
