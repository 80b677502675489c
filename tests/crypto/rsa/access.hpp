// SPDX-License-Identifier: Apache-2.0
// Access of tests to parts of RSA keys that users cannot reach.
#pragma once

#include "rsa/private_key.hpp"

#include <vector>

namespace ashlar::crypto {

struct RsaTestAccess {
  static Result<void> open_signature(const RsaPublicKey& key, Bytes signature, MutBytes encoded) {
    return key.open_signature(signature, encoded);
  }

  // The private operation on an encoding that no correct signer makes. Its number must be below the modulus.
  static Result<MutBytes> sign_encoding(const RsaPrivateKey& key, Bytes encoding, Random random,
                                        MutBytes signature) {
    RsaPrivateKey::Workspace work;
    copy_bytes(work.encoded, encoding);
    return key.sign_encoded(random, work, signature);
  }

  static ct::Mask invert(bignum::Limb* inverse, const bignum::Limb* value, const bignum::Limb* modulus,
                         std::size_t limbs) {
    // value or value - modulus is below the modulus, because the primes of a key have the same size.
    bignum::Limb reduced[RsaPrivateKey::kHalfLimbs];
    bignum::copy(reduced, value, limbs);
    ashlar_limbs_reduce_once(reduced, 0, modulus, limbs);
    return bignum::invert(inverse, reduced, modulus, limbs);
  }

  // The last blinding, and how often it was squared.
  static std::vector<std::uint64_t> blinding(const RsaPrivateKey& key) {
    return {key.blinding_[0], key.blinding_[0] + key.public_.limbs_};
  }
  static std::uint32_t blinding_uses(const RsaPrivateKey& key) { return key.blinding_uses_; }
  // Marks the blinding as used by another thread.
  static void hold_blinding(const RsaPrivateKey& key, bool hold) {
    key.blinding_uses_ = hold ? ~std::uint32_t{0} : 0;
  }

  // The numbers from which the halves of a private operation are computed: a wrong bit in one of them makes
  // one half wrong, or the combination of both.
  struct Part {
    const char* name;
    std::uint64_t* limbs;
    std::size_t bits;
  };
  static std::vector<Part> parts(RsaPrivateKey& key) {
    const std::size_t half = (key.public_.bits() + 1) / 2;
    std::vector<Part> parts = {
        {"p", key.p_.modulus, half},
        {"q", key.q_.modulus, half},
        {"R^2 mod p", key.p_.montgomery_square, half},
        {"-1 / p", &key.p_.montgomery_factor, 64},
        {"-1 / q", &key.q_.montgomery_factor, 64},
        {"d mod p - 1", key.p_.exponent, half},
        {"d mod q - 1", key.q_.exponent, half},
        {"1 / q mod p", key.coefficient_, half},
    };
    if (!key.has_pair_) {
      parts.push_back({"R^2 mod q", key.q_.montgomery_square, half});
      parts.push_back({"R^3 mod p", key.p_.convert, half});
      parts.push_back({"R^3 mod q", key.q_.convert, half});
      return parts;
    }
    // Digits of 52 bits, alternating between both primes, then -1 / p and -1 / q, then two more rows of
    // digits. This is the highest used digit; vectors for 30 digits have room for 32.
    const std::size_t digits = key.half_limbs_ == 16 ? 40 : key.half_limbs_ == 24 ? 64 : 80;
    const std::size_t top = digits == 64 ? 46 : digits - 2;
    for (const std::size_t row : {std::size_t{0}, digits + 2, 2 * digits + 2}) {
      for (const std::size_t word : {std::size_t{0}, std::size_t{1}, digits / 2, top, top + 1}) {
        parts.push_back({"what the row keeps", key.pair_ + row + word, 52});
      }
    }
    parts.push_back({"-1 / p as a digit", key.pair_ + digits, 52});
    parts.push_back({"-1 / q as a digit", key.pair_ + digits + 1, 52});
    return parts;
  }
};

}  // namespace ashlar::crypto
