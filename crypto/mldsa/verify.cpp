// SPDX-License-Identifier: Apache-2.0
// Verification. Everything here is public.
#include <ashlar/crypto/sha3.hpp>

#include "mldsa/dsa.hpp"
#include "mldsa/encoding.hpp"
#include "mldsa/expand.hpp"
#include "sha3/polynomials.hpp"

namespace ashlar::crypto::mldsa {
namespace {

// UseHint (Algorithm 40) on Decompose's parts, in place of high.
void use_hint(std::int32_t* high, const std::int32_t* low, const std::uint8_t* hint, const MlDsaSet& set) {
  const std::int32_t m = set.gamma2_divisor == 88 ? 44 : 16;
  for (std::size_t i = 0; i < kN; ++i) {
    if (((hint[i / 8] >> (i % 8)) & 1) != 0) {
      const std::int32_t next = low[i] > 0 ? high[i] + 1 : high[i] - 1;
      high[i] = next == m ? 0 : next < 0 ? m - 1 : next;
    }
  }
}

}  // namespace

bool verify(const Arithmetic& arithmetic, const MlDsaSet& set, std::int32_t* matrix, Bytes key,
            const Message& message, Bytes signature) {
  if (signature.size() != set.signature_size()) {
    return false;
  }
  const std::size_t w1_size = std::size_t{32} * set.w1_bits(),
                    z_size = std::size_t{32} * (1 + set.gamma1_bits);
  const Bytes commitment = signature.first(set.commitment_size);
  const std::uint8_t* const encoded_z = signature.data() + set.commitment_size;
  std::uint8_t hint[kN / 8 * kMaxK];
  if (!unpack_hint(hint, encoded_z + z_size * set.l, set)) {
    return false;
  }
  alignas(64) std::int32_t z[kN * kMaxL];
  for (unsigned i = 0; i < set.l; ++i) {
    unpack(z + kN * i, encoded_z + z_size * i, set.gamma1(), 1 + set.gamma1_bits);
    if (arithmetic.reaches(z + kN * i, set.gamma1() - static_cast<std::int32_t>(set.beta())) != 0) {
      return false;
    }
    arithmetic.ntt(z + kN * i);
  }
  std::uint8_t mu[64];
  if (message.mu != nullptr) {
    std::memcpy(mu, message.mu, 64);
    expand_matrix(arithmetic, matrix, set, key, nullptr);
  } else {
    std::uint8_t hash[64];
    expand_matrix(arithmetic, matrix, set, key, hash);
    representative(mu, hash, message.context, message.message);
  }
  alignas(64) std::int32_t challenge[kN], t[kN], w[kN], low[kN];
  sample_in_ball(challenge, set, commitment);
  arithmetic.ntt(challenge);
  std::uint8_t w1[32 * 6 * kMaxK];
  for (unsigned r = 0; r < set.k; ++r) {
    sha3::BitReader reader(key.data() + 32 + 320 * r, 10);
    for (std::int32_t& c : t) {
      c = static_cast<std::int32_t>(reader.next() << kD);
    }
    arithmetic.ntt(t);
    arithmetic.inner_product(low, challenge, t, 1);
    arithmetic.inner_product(w, matrix + kN * set.l * r, z, set.l);
    subtract(w, low);
    arithmetic.inverse_ntt(w);
    arithmetic.decompose(t, low, w, set.gamma2());
    use_hint(t, low, hint + kN / 8 * r, set);
    pack_simple(w1 + w1_size * r, t, set.w1_bits());
  }
  std::uint8_t again[64];
  const MutBytes computed = MutBytes(again).first(set.commitment_size);
  Shake(256).update(mu).update(Bytes(w1).first(w1_size * set.k)).squeeze(computed);
  return equal_public(computed, commitment);
}

}  // namespace ashlar::crypto::mldsa
