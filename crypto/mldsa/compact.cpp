// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/mldsa_compact.hpp>

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "cpu/choose.hpp"
#include "cpu/forget.hpp"
#include "mldsa/dsa.hpp"

namespace ashlar::crypto {
namespace {

// What signing needs, for one call.
template <const MlDsaSet& Set>
struct Expanded {
  Expanded() = default;
  Expanded(const Expanded&) = delete;
  Expanded& operator=(const Expanded&) = delete;
  ~Expanded() { wipe(vectors, sizeof vectors); }

  alignas(64) std::int32_t matrix[Set.k * Set.l * mldsa::kN];
  alignas(64) std::int32_t vectors[(Set.l + 2 * Set.k) * mldsa::kN];
  Secret<Set.private_key_size()> encoded;
  std::uint8_t public_key[Set.public_key_size()];

  mldsa::Private parts() { return {matrix, vectors, public_key, encoded.reveal_mut()}; }
  // From what a key keeps. All ones if an expanded form's parts do not fit each other.
  std::uint64_t fill(const MlDsaKernel& kernel, const MlDsaCompactKey<Set>& key) {
    if (key.has_seed()) {
      mldsa::make_keys(*kernel.arithmetic, Set, key.reveal().template first<kMlDsaSeedSize>(), parts());
      return 0;
    }
    copy_bytes(encoded.reveal_mut(), key.reveal());
    return mldsa::read_private(*kernel.arithmetic, Set, parts());
  }
};

Result<void> check_size(Bytes found, std::size_t wanted) {
  return found.size() == wanted
             ? Result<void>()
             : Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(found.size())};
}

}  // namespace

void mldsa_representative(MutBytesOf<kMlDsaMuSize> mu, Bytes public_key, std::span<const Bytes> message) {
  std::uint8_t hash[64];
  Shake(256).update(public_key).squeeze(hash);
  const std::uint8_t head[2] = {0, 0};  // not hashed before, and no context
  Shake shake(256);
  shake.update(hash).update(head);
  for (const Bytes part : message) {
    shake.update(part);
  }
  shake.squeeze(mu);
}

template <const MlDsaSet& Set>
Result<MlDsaCompactKey<Set>> MlDsaCompactKey<Set>::generate(Random random, const MlDsaKernel* kernel) {
  const ForgetVectors forget;
  Secret<kMlDsaSeedSize> seed;
  ASHLAR_CHECK(random.fill(seed.reveal_mut()));
  return create(seed.reveal(), {}, kernel);
}

template <const MlDsaSet& Set>
Result<MlDsaCompactKey<Set>> MlDsaCompactKey<Set>::create(Bytes seed, Bytes form, const MlDsaKernel* kernel) {
  const bool has_seed = !seed.empty() || form.empty();
  if (has_seed) {
    ASHLAR_CHECK(check_size(seed, kMlDsaSeedSize));
  }
  if (!form.empty()) {
    ASHLAR_CHECK(check_size(form, kExpandedSize));
  }
  const ForgetVectors forget;
  Result<MlDsaCompactKey> key = MlDsaCompactKey();
  ASHLAR_TRY(key->kernel_, cpu::choose(mldsa_kernels(), kernel));
  key->has_seed_ = has_seed;
  copy_bytes(key->secret_.reveal_mut(), has_seed ? seed : form);
  Expanded<Set> expanded;
  const std::uint64_t bad = expanded.fill(*key->kernel_, *key);
  const ct::Mask fits = form.empty() ? ct::Mask::yes() : ct::equal(expanded.encoded.reveal(), form);
  // It is public whether a key is refused.
  if (!(ct::is_zero(bad) & fits).declassify()) {
    return ErrorCode::inconsistent_dsa_key;
  }
  copy_bytes(key->public_key_, expanded.public_key);
  return key;
}

template <const MlDsaSet& Set>
Result<void> MlDsaCompactKey<Set>::sign(std::span<const Bytes> message, const Random* random,
                                        MutBytesOf<kSignatureSize> signature) const {
  const ForgetVectors forget;
  Secret<32> drawn;
  if (random != nullptr) {
    ASHLAR_CHECK(random->fill(drawn.reveal_mut()));
  }
  std::uint8_t mu[kMlDsaMuSize];
  mldsa_representative(mu, public_key_, message);
  Expanded<Set> expanded;
  // The parts of a form fitted each other when the key was read.
  (void)expanded.fill(*kernel_, *this);
  return mldsa::sign(*kernel_->arithmetic, Set,
                     {expanded.matrix, expanded.vectors, expanded.encoded.reveal()}, mu, drawn.reveal(),
                     signature);
}

template class MlDsaCompactKey<kMlDsa44>;
template class MlDsaCompactKey<kMlDsa65>;
template class MlDsaCompactKey<kMlDsa87>;

}  // namespace ashlar::crypto
