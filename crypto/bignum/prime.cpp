// SPDX-License-Identifier: Apache-2.0
#include "bignum/prime.hpp"

namespace ashlar::crypto::bignum {
namespace {

// Trial division works on products of small primes that fill a limb. Montgomery reduction by one limb gives
// the number modulo the product, times a power of two, which no prime here divides. To test whether prime r
// divides the 64-bit rest, multiply by 1 / r modulo 2^64: exactly multiples of r give at most (2^64 - 1) / r.
constexpr std::size_t kBound = 4096;

struct SmallPrime {
  Limb inverse;
  Limb limit;
};
struct Group {
  Limb product;
  Limb factor;  // -1 / product modulo 2^64
  std::size_t first, end;
};

struct SmallPrimes {
  SmallPrime prime[600] = {};
  Group group[160] = {};
  std::size_t primes = 0;
  std::size_t groups = 0;
};

constexpr Limb inverse_of(Limb odd) {
  Limb inverse = odd;
  for (int i = 0; i < 6; i++) {
    inverse *= 2 - odd * inverse;
  }
  return inverse;
}

constexpr SmallPrime small_prime(Limb value) {
  return {inverse_of(value), ~Limb{0} / value};
}

constexpr SmallPrimes make_small_primes() {
  SmallPrimes table;
  bool composite[kBound] = {};
  Limb product = 1;
  std::size_t first = 0;
  for (std::size_t i = 3; i < kBound; i += 2) {
    if (composite[i]) {
      continue;
    }
    for (std::size_t k = i * i; k < kBound; k += i) {
      composite[k] = true;
    }
    if (product > ~Limb{0} / i) {
      table.group[table.groups++] = {product, 0 - inverse_of(product), first, table.primes};
      product = 1;
      first = table.primes;
    }
    product *= i;
    table.prime[table.primes++] = small_prime(i);
  }
  table.group[table.groups++] = {product, 0 - inverse_of(product), first, table.primes};
  return table;
}

constexpr SmallPrimes kSmallPrimes = make_small_primes();

// number / 2^(64 * limbs) modulo an odd limb, at most that limb.
Limb reduce_to_limb(const Limb* number, std::size_t limbs, Limb modulus, Limb factor) {
  Limb rest = 0;
  for (std::size_t i = 0; i < limbs; i++) {
    Limb carry = rest;
    const Limb digit = (number[i] + rest) * factor;
    (void)ashlar_limb_mul_add(number[i], digit, modulus, &carry);
    rest = carry;
  }
  return rest;
}

ct::Mask divides(const SmallPrime& prime, Limb value) {
  return ~ct::less(prime.limit, value * prime.inverse);
}

struct RoundWorkspace {
  Limb minus_one[kMaxPrimeLimbs];
  Limb exponent[kMaxPrimeLimbs];
  Limb square[kMaxPrimeLimbs];
  Limb one[kMaxPrimeLimbs];
  Limb base[kMaxPrimeLimbs];
  Limb z[kMaxPrimeLimbs];
  Limb other[kMaxPrimeLimbs];
  std::uint8_t bytes[kMaxPrimeLimbs * 8];
  PowerTable table;
  Montgomery::Product product;
  ~RoundWorkspace() { wipe(this, sizeof *this); }
};

// `bits` random bits.
Result<void> random_bits(Limb* number, std::size_t limbs, std::size_t bits, Random random, MutBytes room) {
  const MutBytes bytes = room.first((bits + 7) / 8);
  ASHLAR_CHECK(random.fill(bytes));
  bytes[0] &= static_cast<std::uint8_t>(0xff >> (8 * bytes.size() - bits));
  (void)from_bytes(number, limbs, bytes);
  return {};
}

// How many of the low bits are zero, `most` at most.
Limb trailing_zeros(const Limb* number, std::size_t most) {
  Limb count = 0;
  ct::Mask all_zero = ct::Mask::yes();
  for (std::size_t i = 0; i < most; i++) {
    all_zero &= ~ct::Mask::from_bit((number[i / kLimbBits] >> (i % kLimbBits)) & 1);
    count += all_zero.bit();
  }
  return count;
}

// One round for the base in work.base, in Montgomery's form. With w - 1 = 2^a * m, m odd, w passes if base^m
// = 1 or base^(2^k * m) = -1 for some k < a. a is secret, so the last `tail` bits of the exponent w - 1 are
// taken one at a time, as if each might be one of its trailing zeros.
bool passes(const Montgomery& w, std::size_t bits, std::size_t tail, Limb a, RoundWorkspace& work) {
  power(work.z, work.base, work.exponent, bits - tail, work.one, w, work.table, work.product);
  ct::Mask passed = ct::Mask::no();
  for (std::size_t i = tail; i > 0; i--) {
    // work.z = base^((w - 1) >> i).
    w.from_montgomery(work.other, work.z, work.product);
    const ct::Mask whole = ~ct::less(a, i);  // (w - 1) >> i lost only zeros
    const Limb is_one = ashlar_limbs_equal_limb(work.other, w.limbs, 1);
    const Limb is_minus_one = ashlar_limbs_equal(work.other, work.minus_one, w.limbs);
    passed |= whole & ct::Mask::from_bit(is_minus_one & 1);
    passed |= ct::equal(a, i) & ct::Mask::from_bit(is_one & 1);

    w.square(work.z, work.z, work.product);
    w.multiply(work.other, work.z, work.base, work.product);
    const Limb bit = (work.minus_one[(i - 1) / kLimbBits] >> ((i - 1) % kLimbBits)) & 1;
    ashlar_limbs_select(0 - bit, work.z, work.other, work.z, w.limbs);
  }
  // A composite is thrown away, and every prime passes.
  return passed.declassify();
}

unsigned rounds_for(std::size_t bits) {
  // FIPS 186-5 table B.1, for random candidates: error below 2^-112 for 1024 bits, 2^-128 above.
  return bits <= 1024 ? 5 : 4;
}

}  // namespace

bool has_small_factor(const Limb* number, std::size_t limbs) {
  for (std::size_t g = 0; g < kSmallPrimes.groups; g++) {
    const Group& group = kSmallPrimes.group[g];
    const Limb rest = reduce_to_limb(number, limbs, group.product, group.factor);
    ct::Mask found = ct::Mask::no();
    for (std::size_t i = group.first; i < group.end; i++) {
      found |= divides(kSmallPrimes.prime[i], rest);
    }
    // A number with a small factor is thrown away.
    if (found.declassify()) {
      return true;
    }
  }
  return false;
}

Result<bool> is_probable_prime(const Limb* number, std::size_t limbs, std::size_t bits, unsigned rounds,
                               Random random, const BignumKernel& kernel) {
  if (limbs > kMaxPrimeLimbs || bits < 3) {
    return ErrorCode::invalid_argument;
  }
  RoundWorkspace work;
  const Montgomery w{&kernel, number, ashlar_limb_negated_inverse(number[0]), limbs};
  montgomery_square(work.square, w, bits);
  w.from_montgomery(work.one, work.square, work.product);
  copy(work.minus_one, number, limbs);
  work.minus_one[0] ^= 1;

  // About one prime in 2^32 has more trailing zeros than this. It may be known that this is such a prime.
  std::size_t tail = bits - 1 < 32 ? bits - 1 : 32;
  const ct::Mask many_zeros = ct::is_zero(work.minus_one[0] << 32);
  if (many_zeros.declassify()) {
    tail = bits - 1;
  }
  const Limb a = trailing_zeros(work.minus_one, tail);
  for (std::size_t i = 0; i < limbs; i++) {
    const std::size_t at = i + tail / kLimbBits;
    const std::size_t shift = tail % kLimbBits;
    Limb limb = at < limbs ? work.minus_one[at] >> shift : 0;
    if (shift > 0 && at + 1 < limbs) {
      limb |= work.minus_one[at + 1] << (kLimbBits - shift);
    }
    work.exponent[i] = limb;
  }

  for (unsigned round = 0; round < rounds; round++) {
    for (unsigned attempt = 0;; attempt++) {
      if (attempt == 256) {
        return ErrorCode::random_unavailable;
      }
      ASHLAR_CHECK(random_bits(work.base, limbs, bits, random, work.bytes));
      const Limb below = ashlar_limbs_less(work.base, work.minus_one, limbs);
      const Limb trivial =
          ashlar_limbs_equal_limb(work.base, limbs, 0) | ashlar_limbs_equal_limb(work.base, limbs, 1);
      // A base out of range is thrown away.
      if (ct::Mask::from_bit(below & ~trivial & 1).declassify()) {
        break;
      }
    }
    w.multiply(work.base, work.base, work.square, work.product);
    if (!passes(w, bits, tail, a, work)) {
      return false;
    }
  }
  return true;
}

Result<void> generate_prime(Limb* prime, std::size_t bits, std::uint64_t exponent, const Limb* other,
                            Random random, const BignumKernel& kernel, const PrimeProgress& progress) {
  const std::size_t limbs = limbs_for(bits);
  if (bits % 512 != 0 || limbs > kMaxPrimeLimbs) {
    return ErrorCode::invalid_argument;
  }
  const Limb exponent_factor = ashlar_limb_negated_inverse(exponent);
  SecretLimbs<kMaxPrimeLimbs> work;
  SecretBuffer<kMaxPrimeLimbs * 8> bytes;
  bytes.resize(bits / 8);
  const unsigned most = static_cast<unsigned>(bits) * (other == nullptr ? 10 : 20);
  unsigned candidates = 0;
  // Half of the drawn numbers are large enough. A broken generator must not keep this loop running.
  for (unsigned drawn = 0; drawn < 4 * most && candidates < most; drawn++) {
    ASHLAR_CHECK(random_bits(prime, limbs, bits, random, bytes.reveal_mut()));
    prime[0] |= 1;
    prime[limbs - 1] |= Limb{1} << 63;
    // sqrt(2) * 2^63, rounded up: candidates below are too small. These, and all that are refused from here
    // on, are thrown away whole. They tell nothing about the one that is kept.
    if (ct::less(prime[limbs - 1], 0xb504f333f9de6485).declassify()) {
      continue;
    }
    progress.candidate(progress.context, ++candidates);
    if (has_small_factor(prime, limbs)) {
      continue;
    }
    prime[0] ^= 1;
    const Limb rest = reduce_to_limb(prime, limbs, exponent, exponent_factor);
    prime[0] ^= 1;
    // The rest is at most the exponent. The exponent divides if the rest is zero or the exponent itself.
    if ((ct::is_zero(rest) | ct::equal(rest, exponent)).declassify()) {
      continue;
    }
    if (other != nullptr) {
      // |p - q| > 2^(bits - 100): in both p - q and q - p, one of the top 100 bits is set.
      const Limb less = 0 - ashlar_limbs_sub(work, prime, other, limbs);
      SecretLimbs<kMaxPrimeLimbs> negated;
      (void)ashlar_limbs_sub(negated, other, prime, limbs);
      ashlar_limbs_select(less, work, negated, work, limbs);
      const Limb top = work[limbs - 1] | (work[limbs - 2] >> 28);
      if (ct::is_zero(top).declassify()) {
        continue;
      }
    }
    ASHLAR_TRY(const bool passed, is_probable_prime(prime, limbs, bits, rounds_for(bits), random, kernel));
    if (passed) {
      return {};
    }
  }
  wipe(prime, limbs * sizeof(Limb));
  return ErrorCode::key_generation_failed;
}

}  // namespace ashlar::crypto::bignum
