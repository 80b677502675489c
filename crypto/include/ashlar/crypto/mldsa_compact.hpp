// SPDX-License-Identifier: Apache-2.0
// ML-DSA private keys as small as they are in files: what follows from them is computed again for each
// signature. Keys in certificates and in TLS are kept so; MlDsaPrivateKey is for who signs much with one key.
#pragma once

#include <ashlar/crypto/mldsa.hpp>

namespace ashlar::crypto {

// mu, the representative of a message given in parts (FIPS 204 §6.2, step 6, pure ML-DSA without a context).
// Constant time in the message.
void mldsa_representative(MutBytesOf<kMlDsaMuSize> mu, Bytes public_key, std::span<const Bytes> message);

// A key pair: the seed, or the expanded form if the seed is not known, and the public key. 4, 6 and 8 kB for
// ML-DSA-44, -65 and -87. Constant time as MlDsaPrivateKey is. Each call first computes the whole key, which
// costs two thirds to nine tenths of what the signature itself does.
template <const MlDsaSet& Set>
class MlDsaCompactKey {
 public:
  static constexpr std::size_t kExpandedSize = Set.private_key_size();
  static constexpr std::size_t kPublicKeySize = Set.public_key_size();
  static constexpr std::size_t kSignatureSize = Set.signature_size();

  // random_unavailable, kernel_unavailable
  static Result<MlDsaCompactKey> generate(Random random, const MlDsaKernel* kernel = nullptr);
  // From the seed of FIPS 204 §6.1, from the form of §7.2, or from both; what is empty is not there.
  // bad_key_size, kernel_unavailable; inconsistent_dsa_key if the form's parts, or the form and the seed, do
  // not belong together.
  static Result<MlDsaCompactKey> create(Bytes seed, Bytes expanded, const MlDsaKernel* kernel = nullptr);

  BytesOf<kPublicKeySize> public_key() const { return BytesOf<kPublicKeySize>(public_key_, kPublicKeySize); }
  bool has_seed() const { return has_seed_; }
  // The seed; the expanded form if there is none.
  Bytes reveal() const { return secret_.reveal().first(has_seed_ ? kMlDsaSeedSize : kExpandedSize); }

  // FIPS 204 §5.2 (pure ML-DSA without a context), hedged with 32 bytes of `random`, or deterministic if it
  // is null: random_unavailable, signing_fault.
  Result<void> sign(std::span<const Bytes> message, const Random* random,
                    MutBytesOf<kSignatureSize> signature) const;

 private:
  MlDsaCompactKey() = default;
  const MlDsaKernel* kernel_ = nullptr;
  bool has_seed_ = false;
  Secret<kExpandedSize> secret_;
  std::uint8_t public_key_[kPublicKeySize] = {};
};

using MlDsa44CompactKey = MlDsaCompactKey<kMlDsa44>;  // a key pair
using MlDsa65CompactKey = MlDsaCompactKey<kMlDsa65>;  // a key pair
using MlDsa87CompactKey = MlDsaCompactKey<kMlDsa87>;  // a key pair

extern template class MlDsaCompactKey<kMlDsa44>;
extern template class MlDsaCompactKey<kMlDsa65>;
extern template class MlDsaCompactKey<kMlDsa87>;

}  // namespace ashlar::crypto
