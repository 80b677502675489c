// SPDX-License-Identifier: Apache-2.0
// ECDSA-Sig-Value (RFC 3279 §2.2.3): r and s as DER INTEGERs, to and from two numbers of fixed size.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

namespace ashlar::x509 {

// Splits a signature into r || s, each half of `out`. bad_signature for anything but the one DER encoding of
// two non-negative numbers that fit. Whether they are in range is the verifier's to check.
Result<void> read_ecdsa_signature(Bytes der, MutBytes out);
// The signature of r || s, written into `out`.
Result<Bytes> write_ecdsa_signature(Bytes r_and_s, MutBytes out);

}  // namespace ashlar::x509
