// SPDX-License-Identifier: Apache-2.0
// ML-DSA (FIPS 204): signatures on module lattices.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/cpu.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

namespace mldsa {
struct Arithmetic;
}

// One implementation of the arithmetic on polynomials and of the sampling.
struct MlDsaKernel {
  std::string_view name;
  cpu::Features required;
  const mldsa::Arithmetic* arithmetic;
};

// All implementations, best first; the last is portable.
std::span<const MlDsaKernel> mldsa_kernels();

// The parameter sets (FIPS 204 §4).
struct MlDsaSet {
  std::string_view name;
  unsigned k, l, eta, tau, gamma1_bits, gamma2_divisor, omega, commitment_size;
  constexpr unsigned beta() const { return tau * eta; }
  constexpr std::int32_t gamma1() const { return std::int32_t{1} << gamma1_bits; }
  constexpr std::int32_t gamma2() const { return gamma2_divisor == 88 ? 95232 : 261888; }
  constexpr unsigned eta_bits() const { return eta == 2 ? 3 : 4; }
  constexpr unsigned w1_bits() const { return gamma2_divisor == 88 ? 6 : 4; }
  constexpr std::size_t public_key_size() const { return 32 + 320 * k; }
  constexpr std::size_t private_key_size() const { return 128 + 32 * ((l + k) * eta_bits() + 13 * k); }
  constexpr std::size_t signature_size() const {
    return commitment_size + 32 * l * (1 + gamma1_bits) + omega + k;
  }
};
// Of category 2.
inline constexpr MlDsaSet kMlDsa44 = {"ML-DSA-44", 4, 4, 2, 39, 17, 88, 80, 32};
// Of category 3.
inline constexpr MlDsaSet kMlDsa65 = {"ML-DSA-65", 6, 5, 4, 49, 19, 32, 55, 48};
// Of category 5.
inline constexpr MlDsaSet kMlDsa87 = {"ML-DSA-87", 8, 7, 2, 60, 19, 32, 75, 64};

inline constexpr std::size_t kMlDsaSeedSize = 32;         // xi
inline constexpr std::size_t kMlDsaMuSize = 64;           // the message's representative
inline constexpr std::size_t kMlDsaMaxContextSize = 255;  // bytes that may stand before a message

// A public key: 1.4, 2.0 and 2.7 kB for ML-DSA-44, -65 and -87.
template <const MlDsaSet& Set>
class MlDsaPublicKey {
 public:
  static constexpr std::size_t kSize = Set.public_key_size();
  static constexpr std::size_t kSignatureSize = Set.signature_size();

  // bad_key_size, kernel_unavailable. Any bytes of the right size are a key (FIPS 204 §7.2, pkDecode).
  static Result<MlDsaPublicKey> create(Bytes encoded, const MlDsaKernel* kernel = nullptr);

  BytesOf<kSize> encoded() const { return BytesOf<kSize>(encoded_, kSize); }

  // FIPS 204 §5.3 (pure ML-DSA). bad_signature, also for a wrong size or a malformed signature.
  // invalid_argument if the context is longer than 255 bytes. Variable time: all inputs are public. Takes
  // less than 64 kB of stack; ML-DSA-87 less than 96 kB.
  Result<void> verify(Bytes message, Bytes signature, Bytes context = {}) const;
  // The same from a message's representative, which the caller has computed (FIPS 204 §6.3, step 7).
  Result<void> verify_mu(BytesOf<kMlDsaMuSize> mu, Bytes signature) const;

 private:
  MlDsaPublicKey() = default;
  const MlDsaKernel* kernel_;
  std::uint8_t encoded_[kSize];
};

// A key pair. Constant time in the key, except that time shows how many attempts were rejected. Nothing of a
// rejected attempt leaves (FIPS 204 §3.6.1 and §6.2). It holds the expanded matrix: 32, 52 and 88 kB for
// ML-DSA-44, -65 and -87.
template <const MlDsaSet& Set>
class MlDsaPrivateKey {
 public:
  static constexpr std::size_t kSize = Set.private_key_size();
  static constexpr std::size_t kPublicKeySize = Set.public_key_size();
  static constexpr std::size_t kSignatureSize = Set.signature_size();

  // FIPS 204 §5.1: random_unavailable, kernel_unavailable. This and the next two take stack: the size of the
  // key once more, plus less than 64 kB.
  static Result<MlDsaPrivateKey> generate(Random random, const MlDsaKernel* kernel = nullptr);
  // From the seed of FIPS 204 §6.1: bad_key_size, kernel_unavailable.
  static Result<MlDsaPrivateKey> from_seed(Bytes seed, const MlDsaKernel* kernel = nullptr);
  // From the form of FIPS 204 §7.2, skDecode: bad_key_size; inconsistent_dsa_key if a coefficient is out of
  // range, or if t0 or the hash of the public key does not follow from the rest.
  static Result<MlDsaPrivateKey> create(Bytes expanded, const MlDsaKernel* kernel = nullptr);

  BytesOf<kPublicKeySize> public_key() const { return BytesOf<kPublicKeySize>(encoded_, kPublicKeySize); }
  // The seed, or null if the key came in expanded form.
  const Secret<kMlDsaSeedSize>* seed() const { return has_seed_ ? &seed_ : nullptr; }
  // FIPS 204 §7.2, skEncode.
  BytesOf<kSize> reveal() const { return secret_.reveal(); }

  // FIPS 204 §5.2 (pure ML-DSA), hedged with 32 bytes of `random`, or deterministic if it is null.
  // random_unavailable; invalid_argument if the context is longer than 255 bytes; signing_fault if all 814
  // attempts fail, which has probability 2^-256 (Appendix C). Takes less than 64 kB of stack.
  Result<void> sign(Bytes message, const Random* random, MutBytesOf<kSignatureSize> signature,
                    Bytes context = {}) const;
  // The same from a message's representative (FIPS 204 §6.2, step 6).
  Result<void> sign_mu(BytesOf<kMlDsaMuSize> mu, const Random* random,
                       MutBytesOf<kSignatureSize> signature) const;

 private:
  // Vectors in the domain of the transform. They are wiped.
  struct Vectors {
    Vectors() = default;
    Vectors(Vectors&& other) noexcept { take(other); }
    Vectors& operator=(Vectors&& other) noexcept {
      if (this != &other) {
        take(other);
      }
      return *this;
    }
    ~Vectors() { wipe(at, sizeof at); }
    void take(Vectors& other) {
      std::memcpy(at, other.at, sizeof at);
      wipe(other.at, sizeof at);
    }
    alignas(64) std::int32_t at[(Set.l + 2 * Set.k) * 256];
  };

  MlDsaPrivateKey() = default;
  const MlDsaKernel* kernel_;
  bool has_seed_ = false;
  alignas(64) std::int32_t matrix_[Set.k * Set.l * 256];
  Vectors vectors_;  // s1, s2, t0
  std::uint8_t encoded_[kPublicKeySize];
  Secret<kSize> secret_;
  Secret<kMlDsaSeedSize> seed_;
};

using MlDsa44PublicKey = MlDsaPublicKey<kMlDsa44>;    // what verifies
using MlDsa65PublicKey = MlDsaPublicKey<kMlDsa65>;    // what verifies
using MlDsa87PublicKey = MlDsaPublicKey<kMlDsa87>;    // what verifies
using MlDsa44PrivateKey = MlDsaPrivateKey<kMlDsa44>;  // a key pair
using MlDsa65PrivateKey = MlDsaPrivateKey<kMlDsa65>;  // a key pair
using MlDsa87PrivateKey = MlDsaPrivateKey<kMlDsa87>;  // a key pair

extern template class MlDsaPublicKey<kMlDsa44>;
extern template class MlDsaPublicKey<kMlDsa65>;
extern template class MlDsaPublicKey<kMlDsa87>;
extern template class MlDsaPrivateKey<kMlDsa44>;
extern template class MlDsaPrivateKey<kMlDsa65>;
extern template class MlDsaPrivateKey<kMlDsa87>;

}  // namespace ashlar::crypto
