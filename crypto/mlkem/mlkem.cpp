// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/mlkem.hpp>

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "cpu/choose.hpp"
#include "cpu/forget.hpp"
#include "mlkem/kem.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;

constexpr MlKemKernel kKernels[] = {
#if ASHLAR_X86_KERNELS
    {"avx512",
     cpu::Features(Feature::avx2, Feature::avx512f, Feature::avx512vl, Feature::avx512bw,
                   Feature::avx512_vbmi, Feature::avx512_vbmi2, Feature::prefers_zmm),
     &mlkem::kAvx512},
    {"avx2-keccak-avx512vl", cpu::Features(Feature::avx2, Feature::avx512f, Feature::avx512vl),
     &mlkem::kAvx2TernaryKeccak},
    {"avx2", cpu::Features(Feature::avx2), &mlkem::kAvx2},
#endif
    {"portable", cpu::Features(), &mlkem::kPortable},
};

Error wrong_size(ErrorCode code, Bytes found) {
  return {code, Place::none, static_cast<std::uint32_t>(found.size())};
}

template <unsigned K>
mlkem::Public view(mlkem::PublicParts<K>& parts) {
  return {parts.matrix, parts.vector, parts.encoded, parts.hash};
}
template <unsigned K>
mlkem::ConstPublic view(const mlkem::PublicParts<K>& parts) {
  return {parts.matrix, parts.vector, parts.hash};
}

}  // namespace

std::span<const MlKemKernel> mlkem_kernels() {
  return kKernels;
}

template <const MlKemSet& Set>
Result<MlKemEncapsulationKey<Set>> MlKemEncapsulationKey<Set>::create(Bytes encoded,
                                                                      const MlKemKernel* kernel) {
  if (encoded.size() != kSize) {
    return wrong_size(ErrorCode::bad_key_size, encoded);
  }
  MlKemEncapsulationKey key;
  ASHLAR_TRY(key.kernel_, cpu::choose(mlkem_kernels(), kernel));
  copy_bytes(key.parts_.encoded, encoded);
  if (mlkem::read_public(*key.kernel_->arithmetic, Set, view(key.parts_)) != 0) {
    return ErrorCode::kem_key_not_reduced;
  }
  return key;
}

template <const MlKemSet& Set>
void MlKemEncapsulationKey<Set>::encapsulate_message(BytesOf<kMlKemSecretSize> message,
                                                     MutBytesOf<kCiphertextSize> ciphertext,
                                                     Secret<kMlKemSecretSize>& shared) const {
  mlkem::encapsulate(*kernel_->arithmetic, Set, view(parts_), message, ciphertext, shared.reveal_mut());
}

template <const MlKemSet& Set>
Result<void> MlKemEncapsulationKey<Set>::encapsulate(Random random, MutBytesOf<kCiphertextSize> ciphertext,
                                                     Secret<kMlKemSecretSize>& shared) const {
  const ForgetVectors forget;
  Secret<kMlKemSecretSize> message;
  ASHLAR_CHECK(random.fill(message.reveal_mut()));
  encapsulate_message(message.reveal(), ciphertext, shared);
  return {};
}

template <const MlKemSet& Set>
Result<MlKemDecapsulationKey<Set>> MlKemDecapsulationKey<Set>::from_seed(Bytes seed,
                                                                         const MlKemKernel* kernel) {
  if (seed.size() != kMlKemSeedSize) {
    return wrong_size(ErrorCode::bad_key_size, seed);
  }
  const ForgetVectors forget;
  MlKemDecapsulationKey key;
  ASHLAR_TRY(key.kernel_, cpu::choose(mlkem_kernels(), kernel));
  copy_bytes(key.secret_.seed.reveal_mut(), seed);
  key.has_seed_ = true;
  mlkem::make_keys(*key.kernel_->arithmetic, Set, seed.first<32>(), view(key.parts_), key.secret_.vector);
  return key;
}

template <const MlKemSet& Set>
Result<MlKemDecapsulationKey<Set>> MlKemDecapsulationKey<Set>::generate(Random random,
                                                                        const MlKemKernel* kernel) {
  const ForgetVectors forget;
  Secret<kMlKemSeedSize> seed;
  ASHLAR_CHECK(random.fill(seed.reveal_mut()));
  return from_seed(seed.reveal(), kernel);
}

template <const MlKemSet& Set>
Result<MlKemDecapsulationKey<Set>> MlKemDecapsulationKey<Set>::create(Bytes expanded,
                                                                      const MlKemKernel* kernel) {
  if (expanded.size() != kSize) {
    return wrong_size(ErrorCode::bad_key_size, expanded);
  }
  const ForgetVectors forget;
  MlKemDecapsulationKey key;
  ASHLAR_TRY(key.kernel_, cpu::choose(mlkem_kernels(), kernel));
  const mlkem::Arithmetic& arithmetic = *key.kernel_->arithmetic;
  // dk || ek || H(ek) || z (FIPS 203 Algorithm 16).
  const Bytes vector = expanded.first(384 * Set.k);
  const Bytes encoded = expanded.subspan(vector.size(), kEncapsulationKeySize);
  const Bytes rest = expanded.subspan(vector.size() + encoded.size());
  copy_bytes(key.parts_.encoded, encoded);
  // The encapsulation key is public, also inside this key.
  ct::declassify(key.parts_.encoded);
  std::uint64_t bad = mlkem::read_public(arithmetic, Set, view(key.parts_));
  for (unsigned i = 0; i < Set.k; ++i) {
    bad |= arithmetic.unpack(key.secret_.vector + mlkem::kN * i, vector.data() + 384 * i);
  }
  // It is public whether a key is refused.
  if (!ct::equal(key.parts_.hash, rest.first(32)).declassify()) {
    return ErrorCode::inconsistent_kem_key;
  }
  if (!ct::is_zero(bad).declassify()) {
    return ErrorCode::kem_key_not_reduced;
  }
  copy_bytes(key.secret_.seed.reveal_mut().template last<32>(), rest.last(32));
  return key;
}

template <const MlKemSet& Set>
void MlKemDecapsulationKey<Set>::expanded(Secret<kSize>& out) const {
  const ForgetVectors forget;
  std::uint8_t* to = out.reveal_mut().data();
  for (unsigned i = 0; i < Set.k; ++i, to += 384) {
    kernel_->arithmetic->pack(to, secret_.vector + mlkem::kN * i);
  }
  std::memcpy(to, parts_.encoded, kEncapsulationKeySize);
  std::memcpy(to + kEncapsulationKeySize, parts_.hash, 32);
  std::memcpy(to + kEncapsulationKeySize + 32, secret_.seed.reveal().data() + 32, 32);
}

template <const MlKemSet& Set>
Result<void> MlKemDecapsulationKey<Set>::decapsulate(Bytes ciphertext,
                                                     Secret<kMlKemSecretSize>& shared) const {
  if (ciphertext.size() != kCiphertextSize) {
    return wrong_size(ErrorCode::bad_ciphertext_size, ciphertext);
  }
  mlkem::decapsulate(*kernel_->arithmetic, Set, view(parts_), secret_.vector,
                     secret_.seed.reveal().template last<32>(), ciphertext, shared.reveal_mut());
  return {};
}

template class MlKemEncapsulationKey<kMlKem512>;
template class MlKemEncapsulationKey<kMlKem768>;
template class MlKemEncapsulationKey<kMlKem1024>;
template class MlKemDecapsulationKey<kMlKem512>;
template class MlKemDecapsulationKey<kMlKem768>;
template class MlKemDecapsulationKey<kMlKem1024>;

}  // namespace ashlar::crypto
