// SPDX-License-Identifier: Apache-2.0
#include "bignum/montgomery.hpp"
#include "rsa/encoding.hpp"

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/rsa.hpp>

namespace ashlar::crypto {

using bignum::Limb;

Result<RsaPublicKey> RsaPublicKey::create(Bytes modulus, Bytes exponent, const BignumKernel* kernel) {
  RsaPublicKey key;
  while (!modulus.empty() && modulus[0] == 0) {
    modulus = modulus.subspan(1);
  }
  while (!exponent.empty() && exponent[0] == 0) {
    exponent = exponent.subspan(1);
  }
  if (modulus.size() > kRsaMaxSize) {
    const bool absurd = modulus.size() > UINT32_MAX / 8;
    return Error{ErrorCode::bad_rsa_modulus, Place::none,
                 absurd ? UINT32_MAX : static_cast<std::uint32_t>(8 * modulus.size())};
  }
  // It fits: it is not longer than the largest modulus.
  (void)bignum::from_bytes(key.modulus_, bignum::kMaxLimbs, modulus);
  if (exponent.size() > 5) {
    return ErrorCode::bad_rsa_exponent;
  }
  for (const std::uint8_t byte : exponent) {
    key.exponent_ = key.exponent_ << 8 | byte;
  }
  ASHLAR_CHECK(key.set_up(kernel));
  return key;
}

// Computes the rest from modulus_ and exponent_, except what only arithmetic needs: most keys never verify.
Result<void> RsaPublicKey::set_up(const BignumKernel* kernel) {
  bits_ = bignum::public_bits(modulus_, bignum::kMaxLimbs);
  if ((modulus_[0] & 1) == 0 || bits_ < kRsaMinBits) {
    return Error{ErrorCode::bad_rsa_modulus, Place::none, static_cast<std::uint32_t>(bits_)};
  }
  if ((exponent_ & 1) == 0 || exponent_ < 3 || exponent_ >> 33 != 0) {
    return ErrorCode::bad_rsa_exponent;
  }
  if (kernel != nullptr && !cpu::features().contains(kernel->required)) {
    return ErrorCode::kernel_unavailable;
  }
  kernel_ = kernel != nullptr ? kernel : &cpu::best(bignum_kernels());
  limbs_ = bignum::limbs_for(bits_);
  return {};
}

MutBytes RsaPublicKey::modulus(MutBytes out) const {
  const MutBytes bytes = out.first(size());
  bignum::to_bytes(bytes, modulus_, limbs_);
  return bytes;
}

// result = number^e modulo n, below n, for a number below n. Constant time in the number.
void RsaPublicKey::power(Limb* result, const Limb* number) const {
  if (kernel_->powers != nullptr &&
      kernel_->powers->power_public(result, number, exponent_, modulus_, limbs_, bits_)) {
    return;
  }
  const bignum::Montgomery n{kernel_, modulus_, ashlar_limb_negated_inverse(modulus_[0]), limbs_};
  bignum::Montgomery::Product work;
  bignum::SecretLimbs<bignum::kMaxLimbs> base, x;
  bignum::shift_modulo(base, number, limbs_ * bignum::kLimbBits, modulus_, limbs_, bits_);
  bignum::power_public_but_one(x, base, exponent_, n, work);
  // The product with the plain number takes the result out of Montgomery's form.
  n.multiply(result, x, number, work);
  n.reduce_fully(result);
}

// Refuses signatures of a different length and numbers not below the modulus.
Result<void> RsaPublicKey::signature_number(Limb* number, Bytes signature) const {
  if (signature.size() != size()) {
    return ErrorCode::bad_signature;
  }
  (void)bignum::from_bytes(number, limbs_, signature);
  if (ashlar_limbs_less(number, modulus_, limbs_) == 0) {
    return ErrorCode::bad_signature;
  }
  return {};
}

// The encoded message in a signature: size() bytes.
Result<void> RsaPublicKey::open_signature(Bytes signature, MutBytes encoded) const {
  Limb number[bignum::kMaxLimbs];
  ASHLAR_CHECK(signature_number(number, signature));
  power(number, number);
  bignum::to_bytes(encoded, number, limbs_);
  return {};
}

Result<void> RsaPublicKey::verify_pkcs1(const HashAlgorithm& hash, Bytes digest, Bytes signature) const {
  std::uint8_t found[kRsaMaxSize];
  ASHLAR_CHECK(open_signature(signature, {found, size()}));
  return check_pkcs1(hash, digest, {found, size()});
}

Result<void> RsaPublicKey::check_pkcs1(const HashAlgorithm& hash, Bytes digest, Bytes encoded) const {
  std::uint8_t expected[kRsaMaxSize];
  ASHLAR_CHECK(rsa::encode_pkcs1(hash, digest, {expected, size()}));
  if (!equal_public(encoded, {expected, size()})) {
    return ErrorCode::bad_signature;
  }
  return {};
}

Result<void> RsaPublicKey::verify_pss(const RsaPssParameters& parameters, Bytes digest,
                                      Bytes signature) const {
  std::uint8_t found[kRsaMaxSize];
  ASHLAR_CHECK(open_signature(signature, {found, size()}));
  return check_pss(parameters, digest, {found, size()});
}

Result<void> RsaPublicKey::check_pss(const RsaPssParameters& parameters, Bytes digest,
                                     MutBytes encoded) const {
  // If the modulus has 8k + 1 bits, the encoding is one byte shorter than the signature.
  const std::size_t encoded_size = (bits_ - 1 + 7) / 8;
  if (encoded_size < size() && encoded[0] != 0) {
    return ErrorCode::bad_signature;
  }
  return rsa::check_pss(*parameters.hash,
                        parameters.mask_hash != nullptr ? *parameters.mask_hash : *parameters.hash, digest,
                        parameters.salt_size, encoded.last(encoded_size), bits_ - 1);
}

// The ciphertext of size() bytes, into the first bytes of `out`, which has room for it.
MutBytes RsaPublicKey::encrypt_encoded(Bytes encoded, MutBytes out) const {
  bignum::SecretLimbs<bignum::kMaxLimbs> number;
  (void)bignum::from_bytes(number, limbs_, encoded);
  power(number, number);
  const MutBytes ciphertext = out.first(size());
  bignum::to_bytes(ciphertext, number, limbs_);
  // A ciphertext is public.
  ct::declassify(ciphertext);
  return ciphertext;
}

Result<MutBytes> RsaPublicKey::encrypt_oaep(const RsaOaepParameters& parameters, Random random, Bytes message,
                                            MutBytes out) const {
  if (out.size() < size()) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  SecretBuffer<kMaxDigestSize> seed;
  seed.resize(parameters.hash->digest_size);
  ASHLAR_CHECK(random.fill(seed.reveal_mut()));
  SecretBuffer<kRsaMaxSize> encoded;
  encoded.resize(size());
  ASHLAR_CHECK(rsa::encode_oaep(*parameters.hash,
                                parameters.mask_hash != nullptr ? *parameters.mask_hash : *parameters.hash,
                                parameters.label, message, seed.reveal(), encoded.reveal_mut()));
  return encrypt_encoded(encoded.reveal(), out);
}

Result<MutBytes> RsaPublicKey::encrypt_pkcs1(Random random, Bytes message, MutBytes out) const {
  if (message.size() + 11 > size()) {
    return Error{ErrorCode::rsa_message_too_long, Place::none, static_cast<std::uint32_t>(message.size())};
  }
  if (out.size() < size()) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(out.size())};
  }
  SecretBuffer<kRsaMaxSize> storage;
  storage.resize(size());
  const MutBytes encoded = storage.reveal_mut();
  const MutBytes padding = encoded.subspan(2, size() - 3 - message.size());
  encoded[1] = 2;
  ASHLAR_CHECK(random.fill(padding));
  for (std::uint8_t& byte : padding) {
    for (;;) {
      // A zero that was drawn and thrown away says nothing about the byte that replaces it.
      const ct::Mask zero = ct::is_zero(byte);
      if (!zero.declassify()) {
        break;
      }
      ASHLAR_CHECK(random.fill({&byte, 1}));
    }
  }
  copy_bytes(encoded.last(message.size()), message);
  return encrypt_encoded(encoded, out);
}

}  // namespace ashlar::crypto
