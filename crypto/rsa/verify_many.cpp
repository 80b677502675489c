// SPDX-License-Identifier: Apache-2.0
// Verifications side by side: each in a lane.
#include "bignum/limbs.hpp"
#include "cpu/choose.hpp"
#include "rsa/encoding.hpp"

#include <ashlar/crypto/rsa_many.hpp>

namespace ashlar::crypto {

using bignum::Limb;

// Verifications that share a call of the kernel: keys of one number of limbs.
class RsaVerificationGroup {
 public:
  static constexpr std::size_t kMaxLimbs = 64;
  static constexpr std::uint64_t kExponent = 65537;

  static bool takes(const RsaPublicKey& key) {
    return key.exponent_ == kExponent && key.limbs_ >= 32 && key.limbs_ <= kMaxLimbs && key.limbs_ % 16 == 0;
  }
  static std::size_t limbs(const RsaPublicKey& key) { return key.limbs_; }

  static void verify_alone(RsaVerification& one) {
    one.result = one.pss != nullptr ? one.key->verify_pss(*one.pss, one.digest, one.signature)
                                    : one.key->verify_pkcs1(*one.hash, one.digest, one.signature);
  }
  [[gnu::noinline]] static void verify(const BignumManyKernel& row, std::span<RsaVerification* const> all);
};

void RsaVerificationGroup::verify(const BignumManyKernel& row, std::span<RsaVerification* const> all) {
  Limb numbers[kMaxBignumLanes][kMaxLimbs], powers[kMaxBignumLanes][kMaxLimbs];
  RsaVerification* lanes[kMaxBignumLanes];
  std::size_t count = 0;
  for (RsaVerification* const one : all) {
    one->result = one->key->signature_number(numbers[count], one->signature);
    if (one->result) {
      lanes[count++] = one;
    }
  }
  if (count == 0) {
    return;
  }
  Limb* results[kMaxBignumLanes];
  const Limb *inputs[kMaxBignumLanes], *moduli[kMaxBignumLanes];
  std::size_t bits[kMaxBignumLanes];
  for (std::size_t lane = 0; lane < row.lanes; lane++) {
    // Lanes without a verification do the first one's again.
    const std::size_t of = lane < count ? lane : 0;
    results[lane] = powers[lane];
    inputs[lane] = numbers[of];
    moduli[lane] = lanes[of]->key->modulus_;
    bits[lane] = lanes[of]->key->bits_;
  }
  if (!row.power_public(results, inputs, kExponent, moduli, bits, lanes[0]->key->limbs_)) {
    __builtin_trap();  // takes() says which sizes there are
  }
  for (std::size_t lane = 0; lane < count; lane++) {
    RsaVerification& one = *lanes[lane];
    std::uint8_t encoded[8 * kMaxLimbs];
    const MutBytes whole(encoded, one.key->size());
    bignum::to_bytes(whole, powers[lane], one.key->limbs_);
    one.result = one.pss != nullptr ? one.key->check_pss(*one.pss, one.digest, whole)
                                    : one.key->check_pkcs1(*one.hash, one.digest, whole);
  }
}

Result<void> rsa_verify_many(std::span<RsaVerification> verifications, const BignumManyKernel* kernel) {
  ASHLAR_TRY(const BignumManyKernel* const row, cpu::choose(bignum_many_kernels(), kernel));
  // A row that was asked for takes any number.
  const std::size_t from = kernel != nullptr ? 1 : row->public_from;
  const auto is_taken = [row](const RsaVerification& one) {
    return row->power_public != nullptr && RsaVerificationGroup::takes(*one.key);
  };
  for (RsaVerification& one : verifications) {
    if (!is_taken(one)) {
      RsaVerificationGroup::verify_alone(one);
    }
  }
  // Size by size, so that keys of different sizes do not end each other's groups.
  for (std::size_t limbs = 32; limbs <= RsaVerificationGroup::kMaxLimbs; limbs += 16) {
    RsaVerification* group[kMaxBignumLanes];
    std::size_t count = 0;
    for (RsaVerification& one : verifications) {
      if (!is_taken(one) || RsaVerificationGroup::limbs(*one.key) != limbs) {
        continue;
      }
      group[count++] = &one;
      if (count == row->lanes) {
        RsaVerificationGroup::verify(*row, group);
        count = 0;
      }
    }
    if (count >= from && count > 0) {
      RsaVerificationGroup::verify(*row, std::span(group).first(count));
      continue;
    }
    for (std::size_t i = 0; i < count; i++) {
      RsaVerificationGroup::verify_alone(*group[i]);
    }
  }
  return {};
}

}  // namespace ashlar::crypto
