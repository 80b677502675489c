// SPDX-License-Identifier: Apache-2.0
// The functions of every row against the definitions of FIPS 204, written out here on plain integers.
#include "mldsa/arithmetic.hpp"

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"

#include <array>
#include <random>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace mldsa_arithmetic_test {
namespace {

using mldsa::Arithmetic;
using mldsa::kN;
using mldsa::kQ;

struct alignas(64) Poly {
  std::int32_t c[kN];
};
using Numbers = std::array<std::int64_t, kN>;

std::int64_t mod(std::int64_t a) {
  return ((a % kQ) + kQ) % kQ;
}
std::int64_t power(std::int64_t base, unsigned exponent) {
  std::int64_t out = 1;
  for (; exponent != 0; --exponent) {
    out = mod(out * base);
  }
  return out;
}
unsigned reversed8(unsigned n) {
  unsigned out = 0;
  for (int i = 0; i < 8; ++i) {
    out = 2 * out | ((n >> i) & 1);
  }
  return out;
}

// f at 1753^(2 BitRev8(i) + 1), for each i (FIPS 204 §7.5).
Numbers transform(const Numbers& f) {
  Numbers out;
  for (unsigned i = 0; i < kN; ++i) {
    const std::int64_t root = power(1753, 2 * reversed8(i) + 1);
    std::int64_t value = 0;
    for (std::size_t j = kN; j-- != 0;) {
      value = mod(value * root + f[j]);
    }
    out[i] = value;
  }
  return out;
}

Numbers multiply(const Numbers& a, const Numbers& b) {
  Numbers out = {};
  for (std::size_t i = 0; i < kN; ++i) {
    for (std::size_t j = 0; j < kN; ++j) {
      const std::int64_t product = mod(a[i] * b[j]);
      out[(i + j) % kN] = mod(out[(i + j) % kN] + (i + j < kN ? product : -product));
    }
  }
  return out;
}

// Coefficients in [-bound, bound]: the edges, alternating, and random ones.
std::vector<Poly> polynomials(std::int32_t bound, int count) {
  std::vector<Poly> out;
  for (const std::int32_t value : {0, 1, -1, bound, -bound, bound - 1}) {
    Poly all, alternating;
    for (std::size_t i = 0; i < kN; ++i) {
      all.c[i] = value;
      alternating.c[i] = i % 2 == 0 ? value : -value;
    }
    out.push_back(all);
    out.push_back(alternating);
  }
  std::mt19937 engine(static_cast<unsigned>(bound));
  for (int n = 0; n < count; ++n) {
    Poly p;
    for (auto& c : p.c) {
      const std::uint32_t r = static_cast<std::uint32_t>(engine());
      c = n % 4 == 3 ? (r % 2 != 0 ? bound : -bound)
                     : static_cast<std::int32_t>(r % static_cast<std::uint32_t>(2 * bound + 1)) - bound;
    }
    out.push_back(p);
  }
  return out;
}

Numbers numbers(const Poly& p) {
  Numbers out;
  for (std::size_t i = 0; i < kN; ++i) {
    out[i] = mod(p.c[i]);
  }
  return out;
}
// From the standard's order to the row's.
Numbers arranged(const Arithmetic& row, const Numbers& a) {
  Poly in, out;
  for (std::size_t i = 0; i < kN; ++i) {
    in.c[i] = static_cast<std::int32_t>(a[i]);
  }
  row.arrange(out.c, in.c);
  return numbers(out);
}
bool within(const Poly& p, std::int64_t bound) {
  return std::all_of(std::begin(p.c), std::end(p.c),
                     [&](std::int32_t c) { return c <= bound && c >= -bound; });
}

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("ML-DSA, arithmetic", mldsa_kernels(),
                     [&](const MlDsaKernel& row) { check(*row.arithmetic); });
}

constexpr std::int64_t kMontgomery = (std::int64_t{1} << 32) % kQ;

}  // namespace

TEST_CASE("mldsa: the transform is the standard's, and its inverse brings everything back", "[mldsa]") {
  on_every_row([](const Arithmetic& row) {
    for (const Poly& p : polynomials(kQ, 20)) {
      Poly t = p;
      row.ntt(t.c);
      REQUIRE(within(t, 9LL * kQ - 1));
      REQUIRE(numbers(t) == arranged(row, transform(numbers(p))));
      for (auto& c : t.c) {
        c = mldsa::reduced(c);
      }
      row.inverse_ntt(t.c);
      REQUIRE(within(t, kQ - 1));
      for (std::size_t i = 0; i < kN; ++i) {
        REQUIRE(mod(t.c[i]) == mod(p.c[i] * kMontgomery));
      }
    }
    for (const Poly& p : polynomials(kQ - 1, 20)) {
      Poly t = p;
      row.inverse_ntt(t.c);
      REQUIRE(within(t, kQ - 1));
      row.ntt(t.c);
      for (std::size_t i = 0; i < kN; ++i) {
        REQUIRE(mod(t.c[i]) == mod(p.c[i] * kMontgomery));
      }
    }
  });
}

TEST_CASE("mldsa: sums of products are those of polynomials", "[mldsa]") {
  on_every_row([](const Arithmetic& row) {
    const auto some = polynomials(kQ, 12);
    for (std::size_t first = 0; first + 14 <= some.size(); first += 3) {
      for (const unsigned count : {1u, 4u, 5u, 7u}) {
        struct alignas(64) {
          std::int32_t c[7 * kN];
        } a, b;
        Numbers expected = {};
        for (unsigned n = 0; n < count; ++n) {
          Poly left = some[first + n], right = some[first + 7 + n];
          const Numbers product = multiply(numbers(left), numbers(right));
          for (std::size_t i = 0; i < kN; ++i) {
            expected[i] = mod(expected[i] + product[i]);
          }
          row.ntt(left.c);
          row.ntt(right.c);
          std::memcpy(a.c + kN * n, left.c, sizeof left);
          std::memcpy(b.c + kN * n, right.c, sizeof right);
        }
        Poly out;
        row.inner_product(out.c, a.c, b.c, count);
        REQUIRE(within(out, kQ - 1));
        row.inverse_ntt(out.c);
        REQUIRE(numbers(out) == expected);
      }
    }
    // At the limits of the factors.
    const auto wide = polynomials(9 * kQ - 1, 4);
    for (const Poly& x : wide) {
      for (const Poly& y : wide) {
        struct alignas(64) {
          std::int32_t c[7 * kN];
        } a, b;
        for (std::size_t n = 0; n < 7; ++n) {
          std::memcpy(a.c + kN * n, x.c, sizeof x);
          std::memcpy(b.c + kN * n, y.c, sizeof y);
        }
        Poly out;
        row.inner_product(out.c, a.c, b.c, 7);
        REQUIRE(within(out, kQ - 1));
        for (std::size_t i = 0; i < kN; ++i) {
          REQUIRE(mod(out.c[i] * kMontgomery) == mod(7 * mod(static_cast<std::int64_t>(x.c[i]) * y.c[i])));
        }
      }
    }
  });
}

TEST_CASE("mldsa: every coefficient decomposes as the standard has it", "[mldsa]") {
  on_every_row([](const Arithmetic& row) {
    for (const std::int32_t gamma2 : {95232, 261888}) {
      for (std::int32_t first = -kQ + 1; first < kQ; first += static_cast<std::int32_t>(kN)) {
        Poly p, high, low;
        for (std::size_t i = 0; i < kN; ++i) {
          p.c[i] = std::min(first + static_cast<std::int32_t>(i), kQ - 1);
        }
        row.decompose(high.c, low.c, p.c, gamma2);
        bool right = true;
        for (std::size_t i = 0; i < kN; ++i) {
          // Algorithm 36.
          const std::int32_t r = p.c[i] < 0 ? p.c[i] + kQ : p.c[i];
          std::int32_t r0 = r % (2 * gamma2);
          r0 = r0 > gamma2 ? r0 - 2 * gamma2 : r0;
          std::int32_t r1 = (r - r0) / (2 * gamma2);
          if (r - r0 == kQ - 1) {
            r1 = 0;
            --r0;
          }
          right = right && high.c[i] == r1 && low.c[i] == r0;
        }
        if (!right) {
          INFO(gamma2 << " near " << first);
          REQUIRE(right);
        }
      }
    }
  });
}

TEST_CASE("mldsa: one coefficient that reaches the bound is seen, wherever it stands", "[mldsa]") {
  on_every_row([](const Arithmetic& row) {
    for (const std::int32_t bound : {3, 95232 - 78, 131072 - 78, 524288 - 196}) {
      for (std::size_t at = 0; at < kN; ++at) {
        for (const std::int32_t sign : {1, -1}) {
          Poly p = {};
          p.c[at] = sign * (bound - 1);
          REQUIRE(row.reaches(p.c, bound) == 0);
          p.c[at] = sign * bound;
          REQUIRE(row.reaches(p.c, bound) == ~std::uint64_t{0});
          p.c[at] = sign * 6283008;
          REQUIRE(row.reaches(p.c, bound) == ~std::uint64_t{0});
        }
      }
    }
  });
}

TEST_CASE("mldsa: rejection keeps what is below q, in order", "[mldsa]") {
  on_every_row([](const Arithmetic& row) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      Buffer bytes = noise(840 + 64, seed);
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (seed % 3 == 1 || (seed % 3 == 2 && i % 5 != 0)) {
          bytes[i] |= 0x7f;
        }
      }
      std::vector<std::int32_t> expected;
      for (std::size_t i = 0; i < 840; i += 3) {
        const std::int32_t value = bytes[i] | bytes[i + 1] << 8 | (bytes[i + 2] & 0x7f) << 16;
        if (value < kQ) {
          expected.push_back(value);
        }
      }
      for (const std::size_t step : {std::size_t{168}, std::size_t{840}}) {
        alignas(64) std::int32_t p[kN + 16];
        unsigned have = 0;
        for (std::size_t at = 0; at < 840 && have < kN; at += step) {
          have = row.sample_uniform(p, have, bytes.data() + at, step);
        }
        REQUIRE(have >= std::min(kN, expected.size()));
        for (std::size_t i = 0; i < std::min(kN, expected.size()); ++i) {
          REQUIRE(p[i] == expected[i]);
        }
      }
    }
  });
}

}  // namespace mldsa_arithmetic_test
