// SPDX-License-Identifier: Apache-2.0
// Signatures (RFC 8017 §8).
#include "rsa/encoding.hpp"
#include "rsa/private_key.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::crypto {

// Signs the size() bytes in work.encoded.
Result<MutBytes> RsaPrivateKey::sign_encoded(Random random, Workspace& work, MutBytes signature) const {
  if (signature.size() < size()) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(signature.size())};
  }
  (void)bignum::from_bytes(work.input, public_.limbs_, {work.encoded, size()});
  ASHLAR_CHECK(private_operation(random, work));
  return write_signature(work, signature);
}

MutBytes RsaPrivateKey::write_signature(const Workspace& work, MutBytes signature) const {
  const MutBytes out = signature.first(size());
  bignum::to_bytes(out, work.output, public_.limbs_);
  // A signature is public.
  ct::declassify(out);
  return out;
}

// The digest as the size() bytes to sign, in work.encoded.
Result<void> RsaPrivateKey::encode(const HashAlgorithm& hash, Bytes digest, bool pss, Random random,
                                   Workspace& work) const {
  if (!pss) {
    return rsa::encode_pkcs1(hash, digest, {work.encoded, size()});
  }
  std::uint8_t salt[kMaxDigestSize];
  ASHLAR_CHECK(random.fill({salt, hash.digest_size}));
  // If the modulus has 8k + 1 bits, the encoding is one byte shorter than the signature.
  const std::size_t encoded_size = (public_.bits_ - 1 + 7) / 8;
  work.encoded[0] = 0;
  return rsa::encode_pss(hash, hash, digest, {salt, hash.digest_size},
                         {work.encoded + size() - encoded_size, encoded_size}, public_.bits_ - 1);
}

Result<MutBytes> RsaPrivateKey::sign_pkcs1(const HashAlgorithm& hash, Bytes digest, Random random,
                                           MutBytes signature) const {
  Workspace work;
  ASHLAR_CHECK(encode(hash, digest, false, random, work));
  return sign_encoded(random, work, signature);
}

Result<MutBytes> RsaPrivateKey::sign_pss(const HashAlgorithm& hash, Bytes digest, Random random,
                                         MutBytes signature) const {
  Workspace work;
  ASHLAR_CHECK(encode(hash, digest, true, random, work));
  return sign_encoded(random, work, signature);
}

}  // namespace ashlar::crypto
