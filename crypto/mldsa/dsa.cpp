// SPDX-License-Identifier: Apache-2.0
#include "mldsa/dsa.hpp"

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "mldsa/encoding.hpp"
#include "mldsa/expand.hpp"
#include "sha3/polynomials.hpp"

namespace ashlar::crypto::mldsa {
namespace {

// More stack than anything called here uses, except for arrays that those functions wipe themselves. They do
// not wipe what they spill.
constexpr std::size_t kSpills = 10240;

template <std::size_t Count>
using Polynomials = sha3::Polynomials<std::int32_t, Count>;

// Power2Round (Algorithm 35): a becomes the low part, high gets the other.
void power_2_round(std::int32_t* high, std::int32_t* a) {
  for (std::size_t i = 0; i < kN; ++i) {
    const std::int32_t r = canonical(a[i]);
    high[i] = (r + (1 << (kD - 1)) - 1) >> kD;
    a[i] = r - (high[i] << kD);
  }
}

// MakeHint (Algorithm 39) from Decompose's parts; low includes the added number. 1 where the addition changes
// the high part. Returns the number of ones.
std::uint32_t make_hint(std::int32_t* hint, const std::int32_t* high, const std::int32_t* low,
                        std::int32_t gamma2) {
  std::uint32_t ones = 0;
  for (std::size_t i = 0; i < kN; ++i) {
    const std::int32_t above = (gamma2 - low[i]) >> 31, below = (low[i] + gamma2) >> 31;
    // At -gamma2 the high part stays only if it is 0.
    const std::uint64_t edge =
        (ct::equal(static_cast<std::uint32_t>(low[i]), static_cast<std::uint32_t>(-gamma2)) &
         ~ct::is_zero(static_cast<std::uint32_t>(high[i])))
            .bit();
    hint[i] = static_cast<std::int32_t>((static_cast<std::uint32_t>(above | below) | edge) & 1);
    ones += static_cast<std::uint32_t>(hint[i]);
  }
  return ones;
}

// From the sampled s1, s2 in `vectors`: writes t1 into the public key, t0 behind s2, all three in the domain,
// and t0 packed into `t0`. `key.matrix` must be filled.
void finish_keys(const Arithmetic& arithmetic, const MlDsaSet& set, const Private& key, std::uint8_t* t0) {
  std::int32_t* const s1 = key.vectors;
  std::int32_t* const s2 = s1 + kN * set.l;
  std::int32_t* const low = s2 + kN * set.k;
  Polynomials<1> high;
  for (unsigned i = 0; i < set.l; ++i) {
    arithmetic.ntt(s1 + kN * i);
  }
  for (unsigned r = 0; r < set.k; ++r) {
    std::int32_t* const t = low + kN * r;
    arithmetic.inner_product(t, key.matrix + kN * set.l * r, s1, set.l);
    arithmetic.inverse_ntt(t);
    add(t, s2 + kN * r);
    power_2_round(high[0], t);
    pack_simple(key.public_key.data() + 32 + 320 * r, high[0], 10);
    pack(t0 + 416 * r, t, 1 << (kD - 1), kD);
    arithmetic.ntt(t);
    arithmetic.ntt(s2 + kN * r);
  }
}

std::size_t vectors_size(const MlDsaSet& set) {
  return std::size_t{32} * set.eta_bits() * (set.l + set.k);
}

void hash_of_key(MutBytes out, Bytes public_key) {
  Shake(256).update(public_key).squeeze(out);
}

}  // namespace

void make_keys(const Arithmetic& arithmetic, const MlDsaSet& set, BytesOf<32> seed, const Private& key) {
  const WipeBelow<kSpills> wipe_below;
  Secret<128> seeds;  // rho, rho', K
  const std::uint8_t shape[2] = {static_cast<std::uint8_t>(set.k), static_cast<std::uint8_t>(set.l)};
  Shake(256).update(seed).update(shape).squeeze(seeds.reveal_mut());
  // rho is published in the public key.
  ct::declassify(seeds.reveal().first(32));
  copy_bytes(key.public_key, seeds.reveal().first(32));
  copy_bytes(key.encoded, seeds.reveal().first(32));
  copy_bytes(key.encoded.subspan(kAtKey), seeds.reveal().last(32));
  expand_matrix(arithmetic, key.matrix, set, key.public_key, nullptr);
  expand_secret(arithmetic, key.vectors, set, seeds.reveal().subspan<32, 64>(), set.l + set.k);
  for (unsigned i = 0; i < set.l + set.k; ++i) {
    pack(key.encoded.data() + kAtVectors + std::size_t{32} * set.eta_bits() * i, key.vectors + kN * i,
         static_cast<std::int32_t>(set.eta), set.eta_bits());
  }
  finish_keys(arithmetic, set, key, key.encoded.data() + kAtVectors + vectors_size(set));
  // The public key is public by its purpose.
  ct::declassify(key.public_key);
  hash_of_key(key.encoded.subspan(kAtHash, 64), key.public_key);
}

std::uint64_t read_private(const Arithmetic& arithmetic, const MlDsaSet& set, const Private& key) {
  const WipeBelow<kSpills> wipe_below;
  // As in the public key.
  ct::declassify(key.encoded.first(32));
  copy_bytes(key.public_key, key.encoded.first(32));
  expand_matrix(arithmetic, key.matrix, set, key.public_key, nullptr);
  const auto eta = static_cast<std::int32_t>(set.eta);
  std::uint64_t bad = 0;
  for (unsigned i = 0; i < set.l + set.k; ++i) {
    unpack(key.vectors + kN * i, key.encoded.data() + kAtVectors + std::size_t{32} * set.eta_bits() * i, eta,
           set.eta_bits());
    bad |= arithmetic.reaches(key.vectors + kN * i, eta + 1);
  }
  SecretBuffer<416 * kMaxK> t0;
  t0.resize(416 * set.k);
  finish_keys(arithmetic, set, key, t0.reveal_mut().data());
  std::uint8_t hash[64];
  ct::declassify(key.public_key);  // the public key of this private key
  hash_of_key(hash, key.public_key);
  const ct::Mask fits = ct::equal(hash, key.encoded.subspan(kAtHash, 64)) &
                        ct::equal(t0.reveal(), key.encoded.subspan(kAtVectors + vectors_size(set)));
  return bad | ~fits.bits();
}

void representative(MutBytesOf<64> mu, Bytes hash, Bytes context, Bytes message) {
  const std::uint8_t head[2] = {0, static_cast<std::uint8_t>(context.size())};
  Shake(256).update(hash).update(head).update(context).update(message).squeeze(mu);
}

Result<void> sign(const Arithmetic& arithmetic, const MlDsaSet& set, const ConstPrivate& key, BytesOf<64> mu,
                  BytesOf<32> random, MutBytes signature) {
  const WipeBelow<kSpills> wipe_below;
  const std::int32_t* const s1 = key.vectors;
  const std::int32_t* const s2 = s1 + kN * set.l;
  const std::int32_t* const t0 = s2 + kN * set.k;
  const auto beta = static_cast<std::int32_t>(set.beta());
  const std::int32_t gamma1 = set.gamma1(), gamma2 = set.gamma2();
  const std::size_t w1_size = std::size_t{32} * set.w1_bits(),
                    z_size = std::size_t{32} * (1 + set.gamma1_bits);

  Secret<64> seed;
  Shake(256).update(key.encoded.subspan(kAtKey, 32)).update(random).update(mu).squeeze(seed.reveal_mut());
  Polynomials<kMaxL> y, y_transformed;
  Polynomials<kMaxK> high, low;
  Polynomials<2> work;  // the challenge and its products
  SecretBuffer<32 * 6 * kMaxK> w1;
  w1.resize(w1_size * set.k);
  const MutBytes commitment = signature.first(set.commitment_size);

  // Kappa is two bytes (Appendix C).
  for (unsigned attempt = 0; attempt < 814; ++attempt) {
    expand_mask(arithmetic, y[0], set, seed.reveal(), attempt * set.l);
    for (unsigned i = 0; i < set.l; ++i) {
      std::memcpy(y_transformed[i], y[i], sizeof(std::int32_t) * kN);
      arithmetic.ntt(y_transformed[i]);
    }
    for (unsigned r = 0; r < set.k; ++r) {
      arithmetic.inner_product(work[0], key.matrix + kN * set.l * r, y_transformed[0], set.l);
      arithmetic.inverse_ntt(work[0]);
      arithmetic.decompose(high[r], low[r], work[0], gamma2);
      pack_simple(w1.reveal_mut().data() + w1_size * r, high[r], set.w1_bits());
    }
    Shake(256).update(mu).update(w1.reveal()).squeeze(commitment);
    // The challenge of an attempt tells nothing, even if the attempt is thrown away (FIPS 204 §3.6.1).
    ct::declassify(commitment);
    sample_in_ball(work[0], set, commitment);
    arithmetic.ntt(work[0]);

    bool thrown_away = false;
    for (unsigned i = 0; i < set.l && !thrown_away; ++i) {
      arithmetic.inner_product(work[1], work[0], s1 + kN * i, 1);
      arithmetic.inverse_ntt(work[1]);
      add(y[i], work[1]);
      // A rejection is public, but nothing of the attempt leaves. So it is with the next three.
      thrown_away = !ct::is_zero(arithmetic.reaches(y[i], gamma1 - beta)).declassify();
    }
    for (unsigned r = 0; r < set.k && !thrown_away; ++r) {
      arithmetic.inner_product(work[1], work[0], s2 + kN * r, 1);
      arithmetic.inverse_ntt(work[1]);
      subtract(low[r], work[1]);
      thrown_away = !ct::is_zero(arithmetic.reaches(low[r], gamma2 - beta)).declassify();
    }
    std::uint32_t ones = 0;
    for (unsigned r = 0; r < set.k && !thrown_away; ++r) {
      arithmetic.inner_product(work[1], work[0], t0 + kN * r, 1);
      arithmetic.inverse_ntt(work[1]);
      for (std::size_t i = 0; i < kN; ++i) {
        work[1][i] = reduced(work[1][i]);
      }
      thrown_away = !ct::is_zero(arithmetic.reaches(work[1], gamma2)).declassify();
      add(low[r], work[1]);
      ones += make_hint(low[r], high[r], low[r], gamma2);
    }
    if (thrown_away || !(ct::less(ones, set.omega + 1)).declassify()) {
      continue;
    }
    for (unsigned i = 0; i < set.l; ++i) {
      pack(signature.data() + set.commitment_size + z_size * i, y[i], gamma1, 1 + set.gamma1_bits);
    }
    // The signature is public.
    ct::declassify(low.at, sizeof low.at);
    pack_hint(signature.data() + set.commitment_size + z_size * set.l, low[0], set);
    ct::declassify(signature);
    return {};
  }
  wipe(signature);
  return ErrorCode::signing_fault;
}

}  // namespace ashlar::crypto::mldsa
