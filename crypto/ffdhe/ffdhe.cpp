// SPDX-License-Identifier: Apache-2.0
#include "bignum/montgomery.hpp"
#include "cpu/dead_stack.hpp"

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/ffdhe.hpp>

namespace ashlar::crypto {

using bignum::Limb;

namespace {

constexpr std::size_t kMaxLimbs = kFfdheMaxSize / 8;
constexpr std::size_t kExponentLimbs = (kFfdheMaxExponentSize + 7) / 8;

// The memory that an exponentiation works in: some 20 KiB, wiped at the end.
struct Workspace {
  Limb exponent[kExponentLimbs];
  Limb result[kMaxLimbs];
  Limb one[kMaxLimbs];
  Limb base[kMaxLimbs];
  bignum::PowerTable table;
  bignum::Montgomery::Product product;

  Workspace() = default;
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() { wipe_by_call(this, sizeof *this); }
};

// out = base^exponent modulo the group's prime, for a base below it.
void power(MutBytes out, const FfdheGroup& group, const BignumKernel& kernel, const Limb* base,
           Bytes exponent) {
  // Wipes what the kernels leave. It covers this frame too, since the wipe may be a tail call.
  const WipeBelow<sizeof(Workspace) + 5120> wipe_below;
  Workspace work;
  const std::size_t limbs = group.size / 8, bits = 8 * group.size, exponent_bits = 8 * exponent.size();
  (void)bignum::from_bytes(work.exponent, kExponentLimbs, exponent);
  if (kernel.powers == nullptr || !kernel.powers->power_secret(work.result, base, work.exponent,
                                                               exponent_bits, group.prime, limbs, bits)) {
    const bignum::Montgomery n{&kernel, group.prime, ashlar_limb_negated_inverse(group.prime[0]), limbs};
    bignum::set(work.one, 1, limbs);
    bignum::shift_modulo(work.one, work.one, bits, group.prime, limbs, bits);
    bignum::shift_modulo(work.base, base, bits, group.prime, limbs, bits);
    bignum::power(work.result, work.base, work.exponent, exponent_bits, work.one, n, work.table,
                  work.product);
    n.from_montgomery(work.result, work.result, work.product);
  }
  bignum::to_bytes(out, work.result, limbs);
}

}  // namespace

Result<FfdhePrivateKey> FfdhePrivateKey::create(const FfdheGroup& group, Bytes exponent,
                                                const BignumKernel* kernel) {
  // Copying leaves parts of the exponent in registers.
  const WipeBelow<1024> wipe_below;
  if (exponent.size() != group.exponent_size) {
    return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(exponent.size())};
  }
  if (kernel != nullptr && !cpu::features().contains(kernel->required)) {
    return ErrorCode::kernel_unavailable;
  }
  std::uint8_t any = 0;
  for (const std::uint8_t byte : exponent) {
    any |= byte;
  }
  // Whether a key is valid is public.
  if (ct::is_zero(any).declassify()) {
    return ErrorCode::scalar_out_of_range;
  }
  FfdhePrivateKey key;
  key.group_ = &group;
  key.kernel_ = kernel != nullptr ? kernel : &cpu::best(bignum_kernels());
  copy_bytes(key.exponent_.reveal_mut().first(exponent.size()), exponent);
  return key;
}

Result<FfdhePrivateKey> FfdhePrivateKey::generate(const FfdheGroup& group, Random random,
                                                  const BignumKernel* kernel) {
  Secret<kFfdheMaxExponentSize> exponent;
  const MutBytes bytes = exponent.reveal_mut().first(group.exponent_size);
  ASHLAR_CHECK(random.fill(bytes));
  bytes[0] |= 0x80;
  return create(group, bytes, kernel);
}

Result<void> FfdhePrivateKey::public_value(MutBytes out) const {
  if (out.size() != group_->size) {
    return ErrorCode::invalid_argument;
  }
  Limb base[kMaxLimbs] = {2};
  power(out, *group_, *kernel_, base, reveal());
  // A public value is public by its purpose.
  ct::declassify(out);
  return {};
}

// The order of every accepted value is (p - 1) / 2 or twice that, and exponents are shorter. So the secret is
// never 1 or p - 1.
Result<void> FfdhePrivateKey::agree(Bytes peer, MutBytes shared) const {
  if (shared.size() != group_->size) {
    return ErrorCode::invalid_argument;
  }
  if (peer.size() != group_->size) {
    return Error{ErrorCode::bad_dh_public_value, Place::none, static_cast<std::uint32_t>(peer.size())};
  }
  const std::size_t limbs = group_->size / 8;
  Limb base[kMaxLimbs], least[kMaxLimbs], end[kMaxLimbs];
  (void)bignum::from_bytes(base, limbs, peer);
  bignum::set(least, 2, limbs);
  bignum::copy(end, group_->prime, limbs);
  end[0] -= 1;  // the prime is odd
  if ((ashlar_limbs_less(base, least, limbs) | ~ashlar_limbs_less(base, end, limbs)) != 0) {
    return Error{ErrorCode::bad_dh_public_value, Place::none, static_cast<std::uint32_t>(peer.size())};
  }
  power(shared, *group_, *kernel_, base, reveal());
  return {};
}

}  // namespace ashlar::crypto
