// SPDX-License-Identifier: Apache-2.0
// ML-KEM (FIPS 203): key encapsulation on module lattices. Constant time in everything secret.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/cpu.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

namespace mlkem {
struct Arithmetic;
}

// One implementation of the arithmetic on polynomials and of the sampling.
struct MlKemKernel {
  std::string_view name;
  cpu::Features required;
  const mlkem::Arithmetic* arithmetic;
};

// All implementations, best first; the last is portable.
std::span<const MlKemKernel> mlkem_kernels();

// The parameter sets (FIPS 203 §8).
struct MlKemSet {
  std::string_view name;
  unsigned k, eta1, du, dv;
  constexpr std::size_t encapsulation_key_size() const { return 384 * k + 32; }
  constexpr std::size_t decapsulation_key_size() const { return 768 * k + 96; }
  constexpr std::size_t ciphertext_size() const { return 32 * (du * k + dv); }
};
inline constexpr MlKemSet kMlKem512 = {"ML-KEM-512", 2, 3, 10, 4};    // category 1
inline constexpr MlKemSet kMlKem768 = {"ML-KEM-768", 3, 2, 10, 4};    // category 3
inline constexpr MlKemSet kMlKem1024 = {"ML-KEM-1024", 4, 2, 11, 5};  // category 5

inline constexpr std::size_t kMlKemSeedSize = 64;    // d || z
inline constexpr std::size_t kMlKemSecretSize = 32;  // the shared secret, and a message

namespace mlkem {

// The working form of a public key: the matrix and the vector, as polynomials in the domain of the kernel's
// number-theoretic transform.
template <unsigned K>
struct PublicParts {
  alignas(64) std::int16_t matrix[K * K * 256];
  alignas(64) std::int16_t vector[K * 256];
  std::uint8_t encoded[384 * K + 32];
  std::uint8_t hash[32];
};

// The secret vector in the same form, and the seed d || z, or z alone. Wiped.
template <unsigned K>
struct SecretParts {
  SecretParts() = default;
  SecretParts(SecretParts&& other) noexcept { take(other); }
  SecretParts& operator=(SecretParts&& other) noexcept {
    if (this != &other) {
      take(other);
    }
    return *this;
  }
  ~SecretParts() { wipe(vector, sizeof vector); }

  alignas(64) std::int16_t vector[K * 256];
  Secret<64> seed;

 private:
  void take(SecretParts& other) {
    std::memcpy(vector, other.vector, sizeof vector);
    wipe(other.vector, sizeof vector);
    seed = std::move(other.seed);
  }
};

}  // namespace mlkem

// A public key. It holds the expanded matrix, so encapsulating again costs half. It has 4.0, 7.3 and 11.6 kB
// for ML-KEM-512, -768 and -1024.
template <const MlKemSet& Set>
class MlKemEncapsulationKey {
 public:
  static constexpr std::size_t kSize = Set.encapsulation_key_size();
  static constexpr std::size_t kCiphertextSize = Set.ciphertext_size();

  // FIPS 203 §7.2: bad_key_size; kem_key_not_reduced if a coefficient is not below q. kernel_unavailable.
  // Variable time in the key, which is public.
  static Result<MlKemEncapsulationKey> create(Bytes encoded, const MlKemKernel* kernel = nullptr);

  BytesOf<kSize> encoded() const { return BytesOf<kSize>(parts_.encoded, kSize); }

  // A fresh secret, and the ciphertext that carries it (FIPS 203 §7.2): random_unavailable. Constant time in
  // the random bytes. Takes less than 16 kB of stack.
  Result<void> encapsulate(Random random, MutBytesOf<kCiphertextSize> ciphertext,
                           Secret<kMlKemSecretSize>& shared) const;
  // The same from a given message (FIPS 203 §6.2): for tests against published vectors, and for callers that
  // draw it themselves. Draw a new message each time, and keep it secret.
  void encapsulate_message(BytesOf<kMlKemSecretSize> message, MutBytesOf<kCiphertextSize> ciphertext,
                           Secret<kMlKemSecretSize>& shared) const;

 private:
  MlKemEncapsulationKey() = default;
  const MlKemKernel* kernel_;
  mlkem::PublicParts<Set.k> parts_;
};

// A key pair. It holds the expanded matrix as well: 5.2, 9.0 and 13.8 kB for ML-KEM-512, -768 and -1024.
template <const MlKemSet& Set>
class MlKemDecapsulationKey {
 public:
  static constexpr std::size_t kSize = Set.decapsulation_key_size();
  static constexpr std::size_t kEncapsulationKeySize = Set.encapsulation_key_size();
  static constexpr std::size_t kCiphertextSize = Set.ciphertext_size();

  // FIPS 203 §7.1: random_unavailable, kernel_unavailable.
  static Result<MlKemDecapsulationKey> generate(Random random, const MlKemKernel* kernel = nullptr);
  // From the seed d || z of FIPS 203 §6.1: bad_key_size, kernel_unavailable.
  static Result<MlKemDecapsulationKey> from_seed(Bytes seed, const MlKemKernel* kernel = nullptr);
  // From the expanded form of FIPS 203 §7.3: bad_key_size; inconsistent_kem_key if the hash in it is not the
  // hash of the encapsulation key in it; kem_key_not_reduced if a coefficient is not below q, which key
  // generation never makes.
  static Result<MlKemDecapsulationKey> create(Bytes expanded, const MlKemKernel* kernel = nullptr);

  BytesOf<kEncapsulationKeySize> encapsulation_key() const {
    return BytesOf<kEncapsulationKeySize>(parts_.encoded, kEncapsulationKeySize);
  }
  // The seed d || z, or null if the key came in expanded form.
  const Secret<kMlKemSeedSize>* seed() const { return has_seed_ ? &secret_.seed : nullptr; }
  // The expanded form of FIPS 203 §6.1.
  void expanded(Secret<kSize>& out) const;

  // The secret that a ciphertext carries (FIPS 203 §7.3): bad_ciphertext_size. A ciphertext that
  // encapsulation cannot have made gives an unpredictable secret, in the same time and without an error
  // (implicit rejection). Takes less than 24 kB of stack.
  Result<void> decapsulate(Bytes ciphertext, Secret<kMlKemSecretSize>& shared) const;

 private:
  MlKemDecapsulationKey() = default;
  const MlKemKernel* kernel_;
  bool has_seed_ = false;
  mlkem::PublicParts<Set.k> parts_;
  mlkem::SecretParts<Set.k> secret_;
};

using MlKem512EncapsulationKey = MlKemEncapsulationKey<kMlKem512>;    // what others encapsulate to
using MlKem768EncapsulationKey = MlKemEncapsulationKey<kMlKem768>;    // what others encapsulate to
using MlKem1024EncapsulationKey = MlKemEncapsulationKey<kMlKem1024>;  // what others encapsulate to
using MlKem512DecapsulationKey = MlKemDecapsulationKey<kMlKem512>;    // a key pair
using MlKem768DecapsulationKey = MlKemDecapsulationKey<kMlKem768>;    // a key pair
using MlKem1024DecapsulationKey = MlKemDecapsulationKey<kMlKem1024>;  // a key pair

extern template class MlKemEncapsulationKey<kMlKem512>;
extern template class MlKemEncapsulationKey<kMlKem768>;
extern template class MlKemEncapsulationKey<kMlKem1024>;
extern template class MlKemDecapsulationKey<kMlKem512>;
extern template class MlKemDecapsulationKey<kMlKem768>;
extern template class MlKemDecapsulationKey<kMlKem1024>;

}  // namespace ashlar::crypto
