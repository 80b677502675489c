// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/mldsa.hpp>

#include <ashlar/base/ct.hpp>

#include "cpu/choose.hpp"
#include "cpu/forget.hpp"
#include "mldsa/dsa.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;

constexpr MlDsaKernel kKernels[] = {
#if ASHLAR_X86_KERNELS
    {"avx512",
     cpu::Features(Feature::avx2, Feature::avx512f, Feature::avx512vl, Feature::avx512bw,
                   Feature::avx512_vbmi, Feature::prefers_zmm),
     &mldsa::kAvx512},
    {"avx2-keccak-avx512vl", cpu::Features(Feature::avx2, Feature::avx512f, Feature::avx512vl),
     &mldsa::kAvx2TernaryKeccak},
    {"avx2", cpu::Features(Feature::avx2), &mldsa::kAvx2},
#endif
    {"portable", cpu::Features(), &mldsa::kPortable},
};

Error wrong_size(ErrorCode code, Bytes found) {
  return {code, Place::none, static_cast<std::uint32_t>(found.size())};
}

}  // namespace

std::span<const MlDsaKernel> mldsa_kernels() {
  return kKernels;
}

template <const MlDsaSet& Set>
Result<MlDsaPublicKey<Set>> MlDsaPublicKey<Set>::create(Bytes encoded, const MlDsaKernel* kernel) {
  if (encoded.size() != kSize) {
    return wrong_size(ErrorCode::bad_key_size, encoded);
  }
  MlDsaPublicKey key;
  ASHLAR_TRY(key.kernel_, cpu::choose(mldsa_kernels(), kernel));
  copy_bytes(key.encoded_, encoded);
  return key;
}

template <const MlDsaSet& Set>
Result<void> MlDsaPublicKey<Set>::verify(Bytes message, Bytes signature, Bytes context) const {
  if (context.size() > kMlDsaMaxContextSize) {
    return ErrorCode::invalid_argument;
  }
  alignas(64) std::int32_t matrix[Set.k * Set.l * mldsa::kN];
  if (!mldsa::verify(*kernel_->arithmetic, Set, matrix, encoded_, {nullptr, context, message}, signature)) {
    return ErrorCode::bad_signature;
  }
  return {};
}

template <const MlDsaSet& Set>
Result<void> MlDsaPublicKey<Set>::verify_mu(BytesOf<kMlDsaMuSize> mu, Bytes signature) const {
  alignas(64) std::int32_t matrix[Set.k * Set.l * mldsa::kN];
  if (!mldsa::verify(*kernel_->arithmetic, Set, matrix, encoded_, {mu.data(), {}, {}}, signature)) {
    return ErrorCode::bad_signature;
  }
  return {};
}

template <const MlDsaSet& Set>
Result<MlDsaPrivateKey<Set>> MlDsaPrivateKey<Set>::from_seed(Bytes seed, const MlDsaKernel* kernel) {
  if (seed.size() != kMlDsaSeedSize) {
    return wrong_size(ErrorCode::bad_key_size, seed);
  }
  const ForgetVectors forget;
  MlDsaPrivateKey key;
  ASHLAR_TRY(key.kernel_, cpu::choose(mldsa_kernels(), kernel));
  copy_bytes(key.seed_.reveal_mut(), seed);
  key.has_seed_ = true;
  mldsa::make_keys(*key.kernel_->arithmetic, Set, seed.first<32>(),
                   {key.matrix_, key.vectors_.at, key.encoded_, key.secret_.reveal_mut()});
  return key;
}

template <const MlDsaSet& Set>
Result<MlDsaPrivateKey<Set>> MlDsaPrivateKey<Set>::generate(Random random, const MlDsaKernel* kernel) {
  const ForgetVectors forget;
  Secret<kMlDsaSeedSize> seed;
  ASHLAR_CHECK(random.fill(seed.reveal_mut()));
  return from_seed(seed.reveal(), kernel);
}

template <const MlDsaSet& Set>
Result<MlDsaPrivateKey<Set>> MlDsaPrivateKey<Set>::create(Bytes expanded, const MlDsaKernel* kernel) {
  if (expanded.size() != kSize) {
    return wrong_size(ErrorCode::bad_key_size, expanded);
  }
  const ForgetVectors forget;
  MlDsaPrivateKey key;
  ASHLAR_TRY(key.kernel_, cpu::choose(mldsa_kernels(), kernel));
  copy_bytes(key.secret_.reveal_mut(), expanded);
  const std::uint64_t bad = mldsa::read_private(
      *key.kernel_->arithmetic, Set, {key.matrix_, key.vectors_.at, key.encoded_, key.secret_.reveal_mut()});
  // It is public whether a key is refused.
  if (!ct::is_zero(bad).declassify()) {
    return ErrorCode::inconsistent_dsa_key;
  }
  return key;
}

template <const MlDsaSet& Set>
Result<void> MlDsaPrivateKey<Set>::sign(Bytes message, const Random* random,
                                        MutBytesOf<kSignatureSize> signature, Bytes context) const {
  if (context.size() > kMlDsaMaxContextSize) {
    return ErrorCode::invalid_argument;
  }
  std::uint8_t mu[kMlDsaMuSize];
  mldsa::representative(mu, secret_.reveal().subspan(mldsa::kAtHash, 64), context, message);
  return sign_mu(mu, random, signature);
}

template <const MlDsaSet& Set>
Result<void> MlDsaPrivateKey<Set>::sign_mu(BytesOf<kMlDsaMuSize> mu, const Random* random,
                                           MutBytesOf<kSignatureSize> signature) const {
  Secret<32> drawn;
  if (random != nullptr) {
    ASHLAR_CHECK(random->fill(drawn.reveal_mut()));
  }
  return mldsa::sign(*kernel_->arithmetic, Set, {matrix_, vectors_.at, secret_.reveal()}, mu, drawn.reveal(),
                     signature);
}

template class MlDsaPublicKey<kMlDsa44>;
template class MlDsaPublicKey<kMlDsa65>;
template class MlDsaPublicKey<kMlDsa87>;
template class MlDsaPrivateKey<kMlDsa44>;
template class MlDsaPrivateKey<kMlDsa65>;
template class MlDsaPrivateKey<kMlDsa87>;

}  // namespace ashlar::crypto
