// SPDX-License-Identifier: Apache-2.0
// Private keys: their parts, and the operation on numbers that everything else uses.
#include "rsa/private_key.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::crypto {

using bignum::Limb;
using bignum::Montgomery;

RsaPrivateKey::RsaPrivateKey(RsaPrivateKey&& other) noexcept {
  take(other);
}

RsaPrivateKey& RsaPrivateKey::operator=(RsaPrivateKey&& other) noexcept {
  if (this != &other) {
    take(other);
  }
  return *this;
}

RsaPrivateKey::~RsaPrivateKey() {
  wipe_secrets();
}

void RsaPrivateKey::wipe_secrets() {
  wipe(&p_, sizeof p_);
  wipe(&q_, sizeof q_);
  wipe(coefficient_, sizeof coefficient_);
  wipe(private_exponent_, sizeof private_exponent_);
  wipe(pair_, sizeof pair_);
  wipe(blinding_, sizeof blinding_);
  blinding_uses_.store(0, std::memory_order_relaxed);
}

void RsaPrivateKey::take(RsaPrivateKey& other) {
  public_ = other.public_;
  p_ = other.p_;
  q_ = other.q_;
  std::memcpy(coefficient_, other.coefficient_, sizeof coefficient_);
  std::memcpy(private_exponent_, other.private_exponent_, sizeof private_exponent_);
  std::memcpy(pair_, other.pair_, sizeof pair_);
  has_pair_ = other.has_pair_;
  half_limbs_ = other.half_limbs_;
  // It belongs to the key that was here before.
  wipe(blinding_, sizeof blinding_);
  blinding_uses_.store(0, std::memory_order_relaxed);
  other.wipe_secrets();
}

Result<RsaPrivateKey> RsaPrivateKey::create(const RsaComponents& parts, const BignumKernel* kernel) {
  const WipeSpills wipe_spills;
  RsaPrivateKey key;
  ASHLAR_TRY(key.public_, RsaPublicKey::create(parts.modulus, parts.public_exponent, kernel));
  const ct::Mask fit = bignum::from_bytes(key.p_.modulus, kHalfLimbs, parts.prime1) &
                       bignum::from_bytes(key.q_.modulus, kHalfLimbs, parts.prime2) &
                       bignum::from_bytes(key.p_.exponent, kHalfLimbs, parts.exponent1) &
                       bignum::from_bytes(key.q_.exponent, kHalfLimbs, parts.exponent2) &
                       bignum::from_bytes(key.coefficient_, kHalfLimbs, parts.coefficient) &
                       bignum::from_bytes(key.private_exponent_, 2 * kHalfLimbs, parts.private_exponent);
  // It is public that a key is refused, here and below.
  if (!fit.declassify() || !key.consistent()) {
    return ErrorCode::inconsistent_rsa_key;
  }
  return key;
}

// Computes what follows from the primes. False if they are not the factors of the modulus.
bool RsaPrivateKey::set_up_primes() {
  bignum::SecretLimbs<2 * kHalfLimbs> product;
  public_.kernel_->multiply(product, p_.modulus, q_.modulus, kHalfLimbs);
  Limb good = ashlar_limbs_equal(product, public_.modulus_, 2 * kHalfLimbs);
  for (Prime* prime : {&p_, &q_}) {
    // The sizes of the primes are public, also if they are not half of the modulus.
    Limb bits = bignum::secret_bits(prime->modulus, kHalfLimbs);
    ct::declassify(&bits, sizeof bits);
    prime->bits = static_cast<std::size_t>(bits);
    good &= ~ashlar_ct_lt(bits, public_.bits_ / 4);
  }
  if (!ct::Mask::from_bit(good & 1).declassify()) {
    return false;
  }
  half_limbs_ = bignum::limbs_for(longer_prime());
  // Their product is odd, so both are odd.
  for (Prime* prime : {&p_, &q_}) {
    prime->montgomery_factor = ashlar_limb_negated_inverse(prime->modulus[0]);
    bignum::montgomery_square(prime->montgomery_square, under(*prime), prime->bits);
    bignum::shift_modulo(prime->convert, prime->montgomery_square, half_limbs_ * bignum::kLimbBits,
                         prime->modulus, half_limbs_, prime->bits);
  }
  // Only primes of about the same size are done side by side.
  const bool alike = bignum::limbs_for(p_.bits) == bignum::limbs_for(q_.bits);
  if (const BignumPowers* const powers = public_.kernel_->powers; powers != nullptr && alike) {
    const Limb* const moduli[] = {p_.modulus, q_.modulus};
    const std::size_t sizes[] = {p_.bits, q_.bits};
    has_pair_ = powers->prepare_pair(pair_, moduli, half_limbs_, sizes, half_limbs_ * bignum::kLimbBits);
  }
  return true;
}

Montgomery RsaPrivateKey::under_modulus() const {
  return {public_.kernel_, public_.modulus_, ashlar_limb_negated_inverse(public_.modulus_[0]),
          public_.limbs_};
}

Montgomery RsaPrivateKey::under(const Prime& prime) const {
  return {public_.kernel_, prime.modulus, prime.montgomery_factor, half_limbs_};
}

// RFC 8017 §3.2: n = pq, e * dP = 1 mod p - 1, e * dQ = 1 mod q - 1, q * qInv = 1 mod p; and e * d = 1 modulo
// both. Every number must be below its modulus. Also fills in what follows from the primes.
[[gnu::noinline]] bool RsaPrivateKey::consistent() {
  if (!set_up_primes()) {
    return false;
  }
  const std::size_t limbs = half_limbs_;
  Limb good = ashlar_limbs_less(private_exponent_, public_.modulus_, 2 * kHalfLimbs) &
              ashlar_limbs_less(coefficient_, p_.modulus, kHalfLimbs);
  bignum::SecretLimbs<2 * kHalfLimbs + 1> multiple;
  bignum::SecretLimbs<kHalfLimbs> minus_one, rest;
  for (const Prime* prime : {&p_, &q_}) {
    bignum::copy(minus_one, prime->modulus, kHalfLimbs);
    minus_one[0] ^= 1;
    good &= ashlar_limbs_less(prime->exponent, minus_one, kHalfLimbs);
    const std::pair<const Limb*, std::size_t> exponents[] = {{prime->exponent, kHalfLimbs},
                                                             {private_exponent_, 2 * kHalfLimbs}};
    for (const auto& [exponent, size] : exponents) {
      bignum::set(multiple, 0, size);
      multiple[size] = ashlar_limbs_mul_add(multiple, exponent, size, public_.exponent_);
      bignum::divide(nullptr, rest, multiple, size + 1, minus_one, limbs);
      good &= ashlar_limbs_equal_limb(rest, limbs, 1);
    }
  }
  // (q * R) * qInv / R = q * qInv modulo p.
  const Montgomery p = under(p_);
  Montgomery::Product work;
  p.multiply(rest, q_.modulus, p_.montgomery_square, work);
  p.multiply(rest, rest, coefficient_, work);
  p.reduce_fully(rest);
  good &= ashlar_limbs_equal_limb(rest, limbs, 1);
  return ct::Mask::from_bit(good & 1).declassify();
}

RsaComponents RsaPrivateKey::components(MutBytes storage) const {
  const auto write = [&storage](const Limb* number, std::size_t limbs, std::size_t size) {
    const MutBytes bytes = storage.first(size);
    storage = storage.subspan(size);
    bignum::to_bytes(bytes, number, limbs);
    return Bytes(bytes);
  };
  const std::size_t p_size = (p_.bits + 7) / 8, q_size = (q_.bits + 7) / 8;
  const std::size_t exponent_size = (bignum::public_bits(&public_.exponent_, 1) + 7) / 8;
  RsaComponents parts;
  parts.modulus = write(public_.modulus_, public_.limbs_, size());
  parts.public_exponent = write(&public_.exponent_, 1, exponent_size);
  parts.private_exponent = write(private_exponent_, 2 * kHalfLimbs, size());
  parts.prime1 = write(p_.modulus, kHalfLimbs, p_size);
  parts.prime2 = write(q_.modulus, kHalfLimbs, q_size);
  parts.exponent1 = write(p_.exponent, kHalfLimbs, p_size);
  parts.exponent2 = write(q_.exponent, kHalfLimbs, q_size);
  parts.coefficient = write(coefficient_, kHalfLimbs, p_size);
  return parts;
}

// After this many squarings a new blinding is drawn.
static constexpr std::uint32_t kBlindingUses = 32;
// A thread is reading or writing the key's blinding.
static constexpr std::uint32_t kBlindingBusy = ~std::uint32_t{0};

// work.blind and work.unblind from the key, if no other thread uses them. False if a new r is needed. Both
// always come from the same operation, or both are new. No thread waits: the second one draws a new r.
bool RsaPrivateKey::reuse_blinding(Workspace& work) const {
  std::uint32_t uses = blinding_uses_.load(std::memory_order_relaxed);
  if (uses == 0 || uses >= kBlindingUses ||
      !blinding_uses_.compare_exchange_strong(uses, kBlindingBusy, std::memory_order_acquire)) {
    return false;
  }
  const Montgomery n = under_modulus();
  n.square(blinding_[0], blinding_[0], work.product);
  n.square(blinding_[1], blinding_[1], work.product);
  bignum::copy(work.blind, blinding_[0], n.limbs);
  bignum::copy(work.unblind, blinding_[1], n.limbs);
  blinding_uses_.store(uses + 1, std::memory_order_release);
  return true;
}

// Makes a blinding from the number r in work.blind; false if r has no inverse.
bool RsaPrivateKey::new_blinding(Workspace& work) const {
  const Montgomery n = under_modulus();
  // The inverse of r / R is R / r.
  n.from_montgomery(work.unblind, work.blind, work.product);
  // About one number in 2^1000 has no inverse. It is thrown away.
  if (!bignum::invert(work.unblind, work.unblind, public_.modulus_, n.limbs).declassify()) {
    return false;
  }
  public_.power(work.output, work.blind);
  bignum::shift_modulo(work.blind, work.output, n.limbs * bignum::kLimbBits, public_.modulus_, n.limbs,
                       public_.bits_);
  std::uint32_t uses = blinding_uses_.load(std::memory_order_relaxed);
  if (uses != kBlindingBusy &&
      blinding_uses_.compare_exchange_strong(uses, kBlindingBusy, std::memory_order_acquire)) {
    bignum::copy(blinding_[0], work.blind, n.limbs);
    bignum::copy(blinding_[1], work.unblind, n.limbs);
    blinding_uses_.store(1, std::memory_order_release);
  }
  return true;
}

// r^e and 1 / r in Montgomery's form, for a number r that is random or the square of the last r. A random
// number from 1 to n - 1 is drawn in any case, so that later output of the generator does not depend on
// earlier uses of the key.
Result<void> RsaPrivateKey::draw_blinding(Random random, Workspace& work) const {
  const std::size_t limbs = public_.limbs_;
  const MutBytes bytes = {work.encoded, size()};
  for (int attempt = 0; attempt < 256; attempt++) {
    ASHLAR_CHECK(random.fill(bytes));
    bytes[0] &= static_cast<std::uint8_t>(0xff >> (8 * size() - public_.bits_));
    (void)bignum::from_bytes(work.blind, limbs, bytes);
    // A number out of range is thrown away.
    if (ct::Mask::from_bit(ashlar_limbs_less(work.blind, public_.modulus_, limbs) & 1).declassify() &&
        (reuse_blinding(work) || new_blinding(work))) {
      return {};
    }
  }
  return ErrorCode::random_unavailable;
}

// result = work.masked^(d mod p - 1) modulo p, below p.
void RsaPrivateKey::prime_power(const Prime& prime, Limb* result, Workspace& work) const {
  const Montgomery p = under(prime);
  bignum::copy(work.product, work.masked, 2 * half_limbs_);
  p.kernel->reduce(work.base, work.product, p.n, p.factor, p.limbs);
  // This is divided by R. Multiplied by R twice, it is in Montgomery's form.
  p.multiply(work.base, work.base, prime.convert, work.product);
  p.from_montgomery(work.one, prime.montgomery_square, work.product);
  bignum::power(result, work.base, prime.exponent, prime.bits, work.one, p, work.table, work.product);
  p.from_montgomery(result, result, work.product);
}

// work.base and work.h = work.masked divided by R, modulo each prime.
void RsaPrivateKey::reduce_masked(Workspace& work) const {
  for (const auto& [prime, base] : {std::pair{&p_, work.base}, std::pair{&q_, work.h}}) {
    bignum::copy(work.product, work.masked, 2 * half_limbs_);
    public_.kernel_->reduce(base, work.product, prime->modulus, prime->montgomery_factor, half_limbs_);
  }
}

// The powers for both primes, into work.m1 and work.m2.
[[gnu::noinline]] void RsaPrivateKey::prime_powers(Workspace& work) const {
  if (!has_pair_) {
    prime_power(p_, work.m1, work);
    prime_power(q_, work.m2, work);
    return;
  }
  reduce_masked(work);
  Limb* const results[] = {work.m1, work.m2};
  const Limb* const bases[] = {work.base, work.h};
  const Limb* const exponents[] = {p_.exponent, q_.exponent};
  const Limb* const moduli[] = {p_.modulus, q_.modulus};
  public_.kernel_->powers->power_pair(results, bases, exponents, moduli, pair_, half_limbs_, longer_prime());
}

// work.output = work.input^d modulo n, for an input below n: by the Chinese remainder theorem (RFC 8017
// §5.1.2), on a blinded input, and checked with the public exponent. signing_fault if the check fails: with
// a single wrong bit in one half of the computation, anyone who sees the answer could compute the factors of
// n.
Result<void> RsaPrivateKey::private_operation(Random random, Workspace& work) const {
  const WipeSpills wipe_spills;
  ASHLAR_CHECK(begin_operation(random, work));
  prime_powers(work);
  return finish_operation(work);
}

// What comes before the powers: work.masked = input * r^e.
[[gnu::noinline]] Result<void> RsaPrivateKey::begin_operation(Random random, Workspace& work) const {
  ASHLAR_CHECK(draw_blinding(random, work));
  std::memset(work.masked, 0, sizeof work.masked);
  under_modulus().multiply(work.masked, work.input, work.blind, work.product);
  return {};
}

// What comes after them, from work.m1 and work.m2 on.
[[gnu::noinline]] Result<void> RsaPrivateKey::finish_operation(Workspace& work) const {
  const std::size_t limbs = public_.limbs_;
  const Montgomery n = under_modulus();
  // h = (m1 - m2) * qInv modulo p, output = m2 + h * q.
  const Montgomery p = under(p_);
  const std::size_t half = half_limbs_;
  p.multiply(work.h, work.m2, p_.montgomery_square, work.product);
  p.from_montgomery(work.h, work.h, work.product);
  const Limb borrow = ashlar_limbs_sub(work.h, work.m1, work.h, half);
  (void)ashlar_limbs_add_masked(0 - borrow, work.h, p_.modulus, half);
  p.multiply(work.h, work.h, p_.montgomery_square, work.product);
  p.multiply(work.h, work.h, coefficient_, work.product);
  p.reduce_fully(work.h);
  p.kernel->multiply(work.masked, work.h, q_.modulus, half);
  const Limb carry = ashlar_limbs_add(work.masked, work.masked, work.m2, half);
  (void)ashlar_limbs_add_limb(work.masked + half, half, carry);

  n.multiply(work.output, work.masked, work.unblind, work.product);
  n.reduce_fully(work.output);

  public_.power(work.masked, work.output);
  const Limb right = ashlar_limbs_equal(work.masked, work.input, limbs) &
                     ashlar_limbs_less(work.output, public_.modulus_, limbs);
  // It is public whether the machine made a mistake.
  if (!ct::Mask::from_bit(right & 1).declassify()) {
    wipe(work.output, sizeof work.output);
    // The blinding is not used again either, because it may be the cause.
    std::uint32_t uses = blinding_uses_.load(std::memory_order_relaxed);
    if (uses != kBlindingBusy) {
      (void)blinding_uses_.compare_exchange_strong(uses, 0, std::memory_order_relaxed);
    }
    return ErrorCode::signing_fault;
  }
  return {};
}

}  // namespace ashlar::crypto
