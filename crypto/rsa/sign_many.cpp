// SPDX-License-Identifier: Apache-2.0
// Signatures side by side: both powers of each in two lanes.
#include "rsa/private_key.hpp"

#include <ashlar/crypto/rsa_many.hpp>

namespace ashlar::crypto {

using bignum::Limb;

// Signatures that share a call of the kernel.
class RsaSigningGroup {
 public:
  static constexpr std::size_t kMost = kMaxBignumLanes / 2;

  // Whether the kernel takes this key's primes.
  static bool takes(const RsaPrivateKey& key) { return key.half_limbs_ == kPrimeLimbs; }

  // A function of its own: who signs alone does without its workspaces.
  [[gnu::noinline]] static void sign(const BignumManyKernel& row, std::span<RsaSigning* const> signings,
                                     Random random);
  static void sign_alone(RsaSigning& one, Random random) {
    one.result = one.pss ? one.key->sign_pss(*one.hash, one.digest, random, one.signature)
                         : one.key->sign_pkcs1(*one.hash, one.digest, random, one.signature);
  }

 private:
  static constexpr std::size_t kPrimeLimbs = 16;

  using Workspace = RsaPrivateKey::Workspace;
  static Result<void> begin(const RsaSigning& one, Random random, Workspace& work);
  static Result<void> finish(const RsaSigning& one, Workspace& work);
  static void powers(const BignumManyKernel& row, std::span<RsaSigning* const> signings, Workspace* works);
};

Result<void> RsaSigningGroup::begin(const RsaSigning& one, Random random, Workspace& work) {
  const RsaPrivateKey& key = *one.key;
  if (one.signature.size() < key.size()) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(one.signature.size())};
  }
  ASHLAR_CHECK(key.encode(*one.hash, one.digest, one.pss, random, work));
  (void)bignum::from_bytes(work.input, key.public_.limbs_, {work.encoded, key.size()});
  ASHLAR_CHECK(key.begin_operation(random, work));
  key.reduce_masked(work);
  return {};
}

// Wipes what began and the powers left too, since that lies no deeper.
[[gnu::noinline]] Result<void> RsaSigningGroup::finish(const RsaSigning& one, Workspace& work) {
  const WipeSpills wipe_spills;
  return one.key->finish_operation(work);
}

// work.m1 and work.m2 of each signature that is under way; the lanes that are left do the first one's again.
void RsaSigningGroup::powers(const BignumManyKernel& row, std::span<RsaSigning* const> signings,
                             Workspace* works) {
  Limb* results[kMaxBignumLanes];
  const Limb* bases[kMaxBignumLanes];
  const Limb* exponents[kMaxBignumLanes];
  const Limb* moduli[kMaxBignumLanes];
  std::size_t modulus_bits[kMaxBignumLanes], bits = 0, lanes = 0;
  bignum::SecretLimbs<kPrimeLimbs> unused;
  for (std::size_t i = 0; i < signings.size(); i++) {
    if (!signings[i]->result.ok()) {
      continue;
    }
    const RsaPrivateKey& key = *signings[i]->key;
    Workspace& work = works[i];
    results[lanes] = work.m1, results[lanes + 1] = work.m2;
    bases[lanes] = work.base, bases[lanes + 1] = work.h;
    exponents[lanes] = key.p_.exponent, exponents[lanes + 1] = key.q_.exponent;
    moduli[lanes] = key.p_.modulus, moduli[lanes + 1] = key.q_.modulus;
    modulus_bits[lanes] = key.p_.bits, modulus_bits[lanes + 1] = key.q_.bits;
    bits = key.longer_prime() > bits ? key.longer_prime() : bits;
    lanes += 2;
  }
  if (lanes == 0) {
    return;
  }
  for (std::size_t lane = lanes; lane < row.lanes; lane++) {
    results[lane] = unused;
    bases[lane] = bases[0];
    exponents[lane] = exponents[0];
    moduli[lane] = moduli[0];
    modulus_bits[lane] = modulus_bits[0];
  }
  if (!row.power(results, bases, exponents, moduli, modulus_bits, kPrimeLimbs, 64 * kPrimeLimbs, bits)) {
    __builtin_trap();  // takes() says which sizes there are
  }
}

void RsaSigningGroup::sign(const BignumManyKernel& row, std::span<RsaSigning* const> signings,
                           Random random) {
  Workspace works[kMost];
  for (std::size_t i = 0; i < signings.size(); i++) {
    RsaSigning& one = *signings[i];
    const Result<void> begun = begin(one, random, works[i]);
    one.result = begun ? Result<MutBytes>(MutBytes()) : Result<MutBytes>(begun.error());
  }
  powers(row, signings, works);
  for (std::size_t i = 0; i < signings.size(); i++) {
    RsaSigning& one = *signings[i];
    if (one.result.ok()) {
      const Result<void> finished = finish(one, works[i]);
      one.result = finished ? Result<MutBytes>(one.key->write_signature(works[i], one.signature))
                            : Result<MutBytes>(finished.error());
    }
  }
}

Result<void> rsa_sign_many(std::span<RsaSigning> signings, Random random, const BignumManyKernel* kernel) {
  if (kernel != nullptr && !cpu::features().contains(kernel->required)) {
    return ErrorCode::kernel_unavailable;
  }
  const BignumManyKernel& row = kernel != nullptr ? *kernel : cpu::best(bignum_many_kernels());
  // A row that was asked for takes any number.
  const std::size_t from = kernel != nullptr ? 1 : row.from / 2;
  RsaSigning* group[RsaSigningGroup::kMost];
  std::size_t count = 0;
  for (RsaSigning& one : signings) {
    if (row.power == nullptr || !RsaSigningGroup::takes(*one.key)) {
      RsaSigningGroup::sign_alone(one, random);
      continue;
    }
    group[count++] = &one;
    if (count == RsaSigningGroup::kMost) {
      RsaSigningGroup::sign(row, group, random);
      count = 0;
    }
  }
  if (count >= from && count > 0) {
    RsaSigningGroup::sign(row, std::span(group).first(count), random);
    return {};
  }
  for (std::size_t i = 0; i < count; i++) {
    RsaSigningGroup::sign_alone(*group[i], random);
  }
  return {};
}

}  // namespace ashlar::crypto
