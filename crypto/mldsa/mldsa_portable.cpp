// SPDX-License-Identifier: Apache-2.0
// ML-DSA's polynomials on plain integers, in the standard's order. No division: reductions are Montgomery's,
// and Decompose multiplies by reciprocals that are exact over the whole range.
#include "mldsa/constants.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::crypto::mldsa {
namespace {

// a 2^-32 modulo q, |result| < q, for |a| < 2^31 q.
inline std::int32_t montgomery(std::int64_t a) {
  const auto t =
      static_cast<std::int32_t>(static_cast<std::uint32_t>(a) * static_cast<std::uint32_t>(kQInverse));
  return static_cast<std::int32_t>((a - std::int64_t{t} * kQ) >> 32);
}
inline std::int32_t product(std::int32_t a, std::int32_t b) {
  return montgomery(std::int64_t{a} * b);
}

void ntt(std::int32_t* p) {
  unsigned i = 1;
  for (std::size_t len = 128; len >= 1; len /= 2) {
    for (std::size_t start = 0; start < kN; start += 2 * len, ++i) {
      const std::int32_t z = kZetas.forward[i];
      for (std::size_t j = start; j < start + len; ++j) {
        const std::int32_t t = product(z, p[j + len]);
        p[j + len] = p[j] - t;
        p[j] = p[j] + t;
      }
    }
  }
}

void inverse_ntt(std::int32_t* p) {
  // A sum of two to the eighth is below 256 q < 2^31.
  for (std::size_t len = 1; len <= 128; len *= 2) {
    auto i = static_cast<unsigned>(128 / len);
    for (std::size_t start = 0; start < kN; start += 2 * len, ++i) {
      const std::int32_t z = kZetas.inverse[i];
      for (std::size_t j = start; j < start + len; ++j) {
        const std::int32_t a = p[j], b = p[j + len];
        p[j] = a + b;
        p[j + len] = product(z, a - b);
      }
    }
  }
  for (std::size_t j = 0; j < kN; ++j) {
    p[j] = product(kScale, p[j]);
  }
}

void inner_product(std::int32_t* out, const std::int32_t* a, const std::int32_t* b, unsigned count) {
  for (std::size_t i = 0; i < kN; ++i) {
    // Seven products of 81 q^2 are below 2^31 * 2^25 q; each is reduced so that any count fits.
    std::int32_t sum = 0;
    for (unsigned n = 0; n < count; ++n) {
      sum += product(a[kN * n + i], b[kN * n + i]);
    }
    // In (-q, q) for any count.
    sum = reduced(sum);
    out[i] = sum;
  }
}

void arrange(std::int32_t* out, const std::int32_t* in) {
  std::memcpy(out, in, kN * sizeof *in);
}

void decompose(std::int32_t* high, std::int32_t* low, const std::int32_t* p, std::int32_t gamma2) {
  for (std::size_t i = 0; i < kN; ++i) {
    const std::int32_t a = canonical(p[i]);
    // a / (2 gamma2) rounded, by multiplication of a / 128 rounded up; m becomes 0.
    std::int32_t a1 = (a + 127) >> 7;
    if (gamma2 == 261888) {
      a1 = ((a1 * 1025 + (1 << 21)) >> 22) & 15;
    } else {
      a1 = (a1 * 11275 + (1 << 23)) >> 24;
      a1 &= ~((43 - a1) >> 31);
    }
    std::int32_t a0 = a - a1 * 2 * gamma2;
    a0 -= ((kQ / 2 - a0) >> 31) & kQ;
    high[i] = a1;
    low[i] = a0;
  }
}

std::uint64_t reaches(const std::int32_t* p, std::int32_t bound) {
  std::int32_t below = -1;  // its sign says whether all were
  for (std::size_t i = 0; i < kN; ++i) {
    const std::int32_t sign = p[i] >> 31;
    below &= ((p[i] ^ sign) - sign) - bound;
  }
  return ct::barrier(~static_cast<std::uint64_t>(std::int64_t{below} >> 31));
}

unsigned sample_uniform(std::int32_t* p, unsigned have, const std::uint8_t* bytes, std::size_t size) {
  for (; size != 0 && have < kN; bytes += 3, size -= 3) {
    const std::int32_t value = bytes[0] | bytes[1] << 8 | (bytes[2] & 0x7f) << 16;
    if (value < kQ) {
      p[have++] = value;
    }
  }
  return have;
}

void permute_one(std::uint64_t* state) {
  sha3::one_sponge().permute(state);
}

}  // namespace

constexpr Arithmetic kPortable = {ntt,     inverse_ntt,    inner_product,    arrange,         decompose,
                                  reaches, sample_uniform, {1, permute_one}, {1, permute_one}};

}  // namespace ashlar::crypto::mldsa
