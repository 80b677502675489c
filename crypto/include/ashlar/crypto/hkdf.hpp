// SPDX-License-Identifier: Apache-2.0
// HKDF (RFC 5869) and the HKDF-Expand-Label of TLS 1.3 (RFC 8446 §7.1). Constant time in keys; lengths are
// public.
#pragma once

#include <ashlar/crypto/hmac.hpp>

namespace ashlar::crypto {

// HKDF-Extract: writes HMAC(salt, input) to the first digest_size bytes of `prk`, which must have room.
// Returns those bytes.
MutBytes hkdf_extract(const HashAlgorithm& hash, Bytes salt, Bytes input_key, MutBytes prk);

// HKDF-Expand into `out`: at most 255 digests (length_overflow). `info` is given in parts that are
// concatenated. `out` must not overlap `info`.
Result<void> hkdf_expand(const HmacKey& prk, std::span<const Bytes> info, MutBytes out);

// Extract, then expand (RFC 5869 §2).
Result<void> hkdf(const HashAlgorithm& hash, Bytes salt, Bytes input_key, std::span<const Bytes> info,
                  MutBytes out);

// HKDF-Expand-Label(secret, label, context, out.size()). It prepends "tls13 " to the label itself. label: at
// most 249 bytes, context: at most 255, out: at most 2^16 - 1 (length_overflow).
Result<void> hkdf_expand_label(const HmacKey& secret, std::string_view label, Bytes context, MutBytes out);

}  // namespace ashlar::crypto
