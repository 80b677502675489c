// SPDX-License-Identifier: Apache-2.0
// ML-KEM's polynomials on plain integers, in the standard's order. No division: reductions are Montgomery's
// and Barrett's, and compression multiplies by a reciprocal that is exact over the whole range.
#include "mlkem/constants.hpp"
#include "sha3/bits.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::crypto::mlkem {
namespace {

using sha3::BitReader;
using sha3::BitWriter;

// a 2^-16 modulo q, |result| < q, for |a| < 2^15 q; at most |a| / 2^16 + q / 2 for larger a.
inline std::int16_t reduced(std::int32_t a) {
  const auto t =
      static_cast<std::int16_t>(static_cast<std::uint32_t>(a) * static_cast<std::uint16_t>(kQInverse));
  return static_cast<std::int16_t>((a - t * kQ) >> 16);
}
inline std::int16_t product(std::int16_t a, std::int16_t b) {
  return reduced(std::int32_t{a} * b);
}
// a modulo q, |result| <= q / 2.
inline std::int16_t centre(std::int16_t a) {
  // 20159 is 2^26 / q, rounded.
  const std::int32_t quotient = (20159 * a + (1 << 25)) >> 26;
  return static_cast<std::int16_t>(a - quotient * kQ);
}
// 0 <= result < q.
inline std::uint16_t canonical(std::int16_t a) {
  const std::int16_t c = centre(a);
  return static_cast<std::uint16_t>(c + ((c >> 15) & kQ));
}

struct Zetas {
  std::int16_t forward[128], inverse[128], pair[128];
};
constexpr Zetas zetas() {
  Zetas out = {};
  for (unsigned i = 0; i < 128; ++i) {
    out.forward[i] = zeta(i);
    out.inverse[i] = inverse_zeta(i);
    // With one more factor, for the product that is reduced only once (prepare).
    out.pair[i] = montgomery(pair_root(i) * 65536);
  }
  return out;
}
constexpr Zetas kZetas = zetas();

void ntt(std::int16_t* p) {
  unsigned i = 1;
  for (std::size_t len = 128; len >= 2; len /= 2) {
    for (std::size_t start = 0; start < kN; start += 2 * len, ++i) {
      const std::int16_t z = kZetas.forward[i];
      for (std::size_t j = start; j < start + len; ++j) {
        const std::int16_t t = product(z, p[j + len]);
        p[j + len] = static_cast<std::int16_t>(p[j] - t);
        p[j] = static_cast<std::int16_t>(p[j] + t);
      }
    }
  }
  for (std::size_t j = 0; j < kN; ++j) {
    p[j] = centre(p[j]);
  }
}

void inverse_ntt(std::int16_t* p) {
  for (std::size_t len = 2; len <= 128; len *= 2) {
    unsigned i = static_cast<unsigned>(128 / len);
    for (std::size_t start = 0; start < kN; start += 2 * len, ++i) {
      const std::int16_t z = kZetas.inverse[i];
      for (std::size_t j = start; j < start + len; ++j) {
        const std::int16_t sum = static_cast<std::int16_t>(p[j] + p[j + len]);
        const std::int16_t difference = static_cast<std::int16_t>(p[j] - p[j + len]);
        p[j] = centre(sum);
        p[j + len] = product(z, difference);
      }
    }
  }
  constexpr std::int16_t kFactor = montgomery(kScale);
  for (std::size_t j = 0; j < kN; ++j) {
    p[j] = product(kFactor, p[j]);
  }
}

// For each pair b0, b1 with root g: b0 2^16, b1 g 2^16 for the even coefficient of a product, and then b1
// 2^16, b0 2^16 for the odd one. One reduction at the end removes the factor.
void prepare(std::int16_t* prepared, const std::int16_t* p) {
  constexpr std::int16_t kTwice = montgomery(65536);
  for (std::size_t i = 0; i < kN; i += 2) {
    const std::int16_t even = product(p[i], kTwice);
    prepared[i] = prepared[kN + i + 1] = even;
    prepared[i + 1] = product(p[i + 1], kZetas.pair[i / 2]);
    prepared[kN + i] = product(p[i + 1], kTwice);
  }
}

void inner_product(std::int16_t* out, const std::int16_t* a, std::size_t stride, const std::int16_t* prepared,
                   unsigned k) {
  std::int32_t sum[kN];
  for (unsigned n = 0; n < k; ++n) {
    for (std::size_t i = 0; i < kN; i += 2) {
      const std::int32_t a0 = a[i], a1 = a[i + 1];
      const std::int32_t even = a0 * prepared[i] + a1 * prepared[i + 1];
      const std::int32_t odd = a0 * prepared[kN + i] + a1 * prepared[kN + i + 1];
      sum[i] = n == 0 ? even : sum[i] + even;
      sum[i + 1] = n == 0 ? odd : sum[i + 1] + odd;
    }
    a += stride;
    prepared += 2 * kN;
  }
  for (std::size_t i = 0; i < kN; ++i) {
    out[i] = reduced(sum[i]);
  }
  wipe(sum, sizeof sum);
}

void pack(std::uint8_t* out, const std::int16_t* p) {
  BitWriter writer(out, 12);
  for (std::size_t i = 0; i < kN; ++i) {
    writer.put(canonical(p[i]));
  }
}

std::uint64_t unpack(std::int16_t* p, const std::uint8_t* in) {
  BitReader reader(in, 12);
  std::int32_t below = -1;  // its sign says whether all were below q
  for (std::size_t i = 0; i < kN; ++i) {
    const auto value = static_cast<std::int32_t>(reader.next());
    below &= value - kQ;
    p[i] = static_cast<std::int16_t>(value);
  }
  return ~static_cast<std::uint64_t>(std::int64_t{below} >> 31);
}

void compress(std::uint8_t* out, const std::int16_t* p, unsigned d) {
  // (2^d x + q/2) / q by a multiplication with 2^36 / q rounded up: the error is below 2^23 * 2^-36, and
  // every quotient is at least 1 / q below the next whole number.
  constexpr std::uint64_t kReciprocal = ((std::uint64_t{1} << 36) + kQ - 1) / kQ;
  BitWriter writer(out, d);
  for (std::size_t i = 0; i < kN; ++i) {
    const std::uint64_t scaled = (std::uint64_t{canonical(p[i])} << d) + kQ / 2;
    writer.put(static_cast<std::uint32_t>((scaled * kReciprocal) >> 36) & ((1u << d) - 1));
  }
}

void decompress(std::int16_t* p, const std::uint8_t* in, unsigned d) {
  BitReader reader(in, d);
  for (std::size_t i = 0; i < kN; ++i) {
    // Hidden from clang, which may otherwise branch on a message bit to choose between 0 and (q + 1) / 2.
    const auto value = static_cast<std::uint32_t>(ct::barrier(reader.next()));
    p[i] = static_cast<std::int16_t>((value * kQ + (1u << (d - 1))) >> d);
  }
}

void sample_noise(std::int16_t* p, const std::uint8_t* bytes, unsigned eta) {
  // 2 eta bits to a coefficient: the sum of the first half minus the sum of the second half.
  BitReader reader(bytes, 2 * eta);
  for (std::size_t i = 0; i < kN; ++i) {
    const std::uint32_t bits = reader.next();
    std::int32_t sum = 0;
    for (unsigned j = 0; j < eta; ++j) {
      sum += static_cast<std::int32_t>((bits >> j) & 1) - static_cast<std::int32_t>((bits >> (j + eta)) & 1);
    }
    p[i] = static_cast<std::int16_t>(sum);
  }
}

unsigned sample_uniform(std::int16_t* p, unsigned have, const std::uint8_t* bytes, std::size_t size) {
  for (; size != 0 && have < kN; bytes += 3, size -= 3) {
    const unsigned first = bytes[0] | (bytes[1] & 15u) << 8;
    const unsigned second = static_cast<unsigned>(bytes[1] >> 4 | bytes[2] << 4);
    p[have] = static_cast<std::int16_t>(first);
    have += first < kQ ? 1 : 0;
    p[have] = static_cast<std::int16_t>(second);
    have += second < kQ ? 1 : 0;
  }
  return have;
}

void arrange(std::int16_t* out, const std::int16_t* in) {
  std::memcpy(out, in, kN * sizeof *in);
}

void permute_one(std::uint64_t* state) {
  sha3::one_sponge().permute(state);
}

}  // namespace

constexpr Arithmetic kPortable = {ntt,     inverse_ntt,      prepare,         inner_product, pack,
                                  unpack,  compress,         decompress,      sample_noise,  sample_uniform,
                                  arrange, {1, permute_one}, {1, permute_one}};

}  // namespace ashlar::crypto::mlkem
