// SPDX-License-Identifier: Apache-2.0
// Decryption: RSAES-OAEP (RFC 8017 §7.1.2), and RSAES-PKCS1-v1_5 (§7.2.2), the latter in two forms: for
// callers that may learn whether it failed, and for TLS, where nobody may.
#include "cpu/forget.hpp"
#include "rsa/encoding.hpp"
#include "rsa/private_key.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::crypto {

// The encoded message, into work.encoded. decryption_failed for public reasons only: the ciphertext's length,
// or a number that is not below the modulus.
Result<void> RsaPrivateKey::decrypt_encoded(Random random, Bytes ciphertext, Workspace& work) const {
  if (ciphertext.size() != size()) {
    return ErrorCode::decryption_failed;
  }
  (void)bignum::from_bytes(work.input, public_.limbs_, ciphertext);
  if (!ct::Mask::from_bit(ashlar_limbs_less(work.input, public_.modulus_, public_.limbs_) & 1).declassify()) {
    return ErrorCode::decryption_failed;
  }
  ASHLAR_CHECK(private_operation(random, work));
  bignum::to_bytes({work.encoded, size()}, work.output, public_.limbs_);
  return {};
}

Result<MutBytes> RsaPrivateKey::decrypt_pkcs1(Random random, Bytes ciphertext, MutBytes out) const {
  const ForgetVectors forget;
  Workspace work;
  ASHLAR_CHECK(decrypt_encoded(random, ciphertext, work));
  ct::Mask good = ct::is_zero(work.encoded[0]) & ct::equal(work.encoded[1], 2);
  ct::Mask found = ct::Mask::no();
  std::uint64_t separator = 0;
  for (std::size_t i = 2; i < size(); i++) {
    const ct::Mask here = ct::is_zero(work.encoded[i]) & ~found;
    separator = ct::select(here, i, separator);
    found |= here;
  }
  // At least eight bytes of padding.
  good &= found & ~ct::less(separator, 10);
  // This caller may learn whether it worked, and the size of the message.
  if (!good.declassify()) {
    return ErrorCode::decryption_failed;
  }
  ct::declassify(&separator, sizeof separator);
  const Bytes message = Bytes(work.encoded, size()).subspan(static_cast<std::size_t>(separator) + 1);
  if (message.size() > out.size()) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  copy_bytes(out, message);
  return out.first(message.size());
}

Result<MutBytes> RsaPrivateKey::decrypt_oaep(const RsaOaepParameters& parameters, Random random,
                                             Bytes ciphertext, MutBytes out) const {
  if (size() < 2 * parameters.hash->digest_size + 2) {
    return ErrorCode::invalid_argument;
  }
  const ForgetVectors forget;
  Workspace work;
  ASHLAR_CHECK(decrypt_encoded(random, ciphertext, work));
  auto [start, good] = rsa::open_oaep(
      *parameters.hash, parameters.mask_hash != nullptr ? *parameters.mask_hash : *parameters.hash,
      parameters.label, {work.encoded, size()});
  // Public: whether it failed, and otherwise the size of the message.
  if (!good.declassify()) {
    return ErrorCode::decryption_failed;
  }
  ct::declassify(&start, sizeof start);
  const Bytes message = Bytes(work.encoded, size()).subspan(static_cast<std::size_t>(start));
  if (message.size() > out.size()) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  copy_bytes(out, message);
  return out.first(message.size());
}

Result<void> RsaPrivateKey::decrypt_premaster(Random random, Bytes ciphertext, std::uint16_t client_version,
                                              Secret<48>& premaster) const {
  const ForgetVectors forget;
  Workspace work;
  if (ciphertext.size() != size()) {
    return Error{ErrorCode::decryption_failed, Place::none, static_cast<std::uint32_t>(ciphertext.size())};
  }
  // Always drawn, and kept if anything is wrong (RFC 5246 §7.4.7.1).
  const MutBytesOf<48> out = premaster.reveal_mut();
  ASHLAR_CHECK(random.fill(out));
  if (auto decrypted = decrypt_encoded(random, ciphertext, work); !decrypted) {
    // The number is not below the modulus. That is public, but it is treated like bad padding.
    return decrypted.error() == ErrorCode::decryption_failed ? Result<void>() : decrypted;
  }
  // 00 02, padding without a zero, 00, and the last 48 bytes start with the version. The place of each byte
  // is known, so there is no search.
  const std::size_t start = size() - 48;
  const Bytes secret = Bytes(work.encoded, size()).subspan(start);
  ct::Mask good = ct::is_zero(work.encoded[0]) & ct::equal(work.encoded[1], 2);
  for (std::size_t i = 2; i + 1 < start; i++) {
    good &= ~ct::is_zero(work.encoded[i]);
  }
  good &= ct::is_zero(work.encoded[start - 1]);
  good &= ct::equal(secret[0], client_version >> 8) & ct::equal(secret[1], client_version & 0xff);
  ct::copy_if(good, out, secret);
  return {};
}

}  // namespace ashlar::crypto
