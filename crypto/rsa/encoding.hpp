// SPDX-License-Identifier: Apache-2.0
// The encodings of RFC 8017 §9: from a digest to the number that RSA works on.
#pragma once

#include <ashlar/base/ct.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/rsa.hpp>

namespace ashlar::crypto::rsa {

// EMSA-PKCS1-v1_5 (§9.2) over all of `encoded`, at least 128 bytes. invalid_argument if the digest does not
// have the size of the hash; unsupported if there is no DigestInfo for the hash.
Result<void> encode_pkcs1(const HashAlgorithm& hash, Bytes digest, MutBytes encoded);

// Xors MGF1(seed) (§B.2.1) into `out`.
void mask_mgf1(const HashAlgorithm& hash, Bytes seed, MutBytes out);

// EMSA-PSS (§9.1) with MGF1 of `mgf_hash`, for an `encoded` of ceil(bits / 8) bytes, of which the low `bits`
// are used: one bit fewer than the modulus has. Constant time in salt and digest.
Result<void> encode_pss(const HashAlgorithm& hash, const HashAlgorithm& mgf_hash, Bytes digest, Bytes salt,
                        MutBytes encoded, std::size_t bits);
// bad_signature unless `encoded` holds the digest with a salt of exactly `salt_size` bytes, or with any for
// kAnySaltSize. Destroys `encoded`.
Result<void> check_pss(const HashAlgorithm& hash, const HashAlgorithm& mgf_hash, Bytes digest,
                       std::size_t salt_size, MutBytes encoded, std::size_t bits);

// EME-OAEP (§7.1.1) over all of `encoded`, with a label and MGF1 of `mgf_hash`: `seed` has the digest's size.
// Constant time in message and seed. rsa_message_too_long.
Result<void> encode_oaep(const HashAlgorithm& hash, const HashAlgorithm& mgf_hash, Bytes label, Bytes message,
                         Bytes seed, MutBytes encoded);
// Unmasks `encoded` in place. Says whether it holds a message, and where that starts. Constant time in
// everything except the sizes.
struct OaepMessage {
  std::uint64_t start;
  ct::Mask good;
};
OaepMessage open_oaep(const HashAlgorithm& hash, const HashAlgorithm& mgf_hash, Bytes label,
                      MutBytes encoded);

}  // namespace ashlar::crypto::rsa
