// SPDX-License-Identifier: Apache-2.0
// The functions of every row against the definitions of FIPS 203, written out here on plain integers.
#include "mlkem/arithmetic.hpp"

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"

#include <array>
#include <random>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace mlkem_arithmetic_test {
namespace {

using mlkem::Arithmetic;
using mlkem::kN;
using mlkem::kQ;

struct alignas(64) Poly {
  std::int16_t c[kN];
};
struct alignas(64) Prepared {
  std::int16_t c[2 * kN * 4];
};
using Numbers = std::array<int, kN>;

int mod(long long a) {
  return static_cast<int>(((a % kQ) + kQ) % kQ);
}
int power(int base, unsigned exponent) {
  int out = 1;
  for (; exponent != 0; --exponent) {
    out = mod(out * base);
  }
  return out;
}
unsigned reversed7(unsigned n) {
  unsigned out = 0;
  for (int i = 0; i < 7; ++i) {
    out = 2 * out | ((n >> i) & 1);
  }
  return out;
}

// The residue of f modulo X^2 - zeta^(2 BitRev7(i) + 1), for each i (FIPS 203 §4.3).
Numbers transform(const Numbers& f) {
  Numbers out;
  for (unsigned i = 0; i < 128; ++i) {
    const int root = power(17, 2 * reversed7(i) + 1);
    long long even = 0, odd = 0;
    for (int j = 127; j >= 0; --j) {
      even = mod(even * root + f[static_cast<std::size_t>(2 * j)]);
      odd = mod(odd * root + f[static_cast<std::size_t>(2 * j + 1)]);
    }
    out[2 * i] = static_cast<int>(even);
    out[2 * i + 1] = static_cast<int>(odd);
  }
  return out;
}

// Modulo X^256 + 1, schoolbook.
Numbers multiply(const Numbers& a, const Numbers& b) {
  std::array<long long, kN> out = {};
  for (std::size_t i = 0; i < kN; ++i) {
    for (std::size_t j = 0; j < kN; ++j) {
      const long long product = static_cast<long long>(a[i]) * b[j];
      out[(i + j) % kN] += i + j < kN ? product : -product;
    }
  }
  Numbers reduced;
  for (std::size_t i = 0; i < kN; ++i) {
    reduced[i] = mod(out[i]);
  }
  return reduced;
}

// Polynomials with coefficients in [-bound, bound]: zero, the edges, alternating, and random ones.
std::vector<Poly> polynomials(int bound, int count) {
  std::vector<Poly> out;
  for (const int value : {0, 1, -1, bound, -bound, bound - 1, kQ - 1, 1 - kQ, kQ / 2, kQ / 2 + 1}) {
    if (value > bound || value < -bound) {
      continue;
    }
    Poly all, alternating;
    for (std::size_t i = 0; i < kN; ++i) {
      all.c[i] = static_cast<std::int16_t>(value);
      alternating.c[i] = static_cast<std::int16_t>(i % 2 == 0 ? value : -value);
    }
    out.push_back(all);
    out.push_back(alternating);
  }
  std::mt19937 engine(static_cast<unsigned>(bound));
  for (int n = 0; n < count; ++n) {
    Poly p;
    for (auto& c : p.c) {
      const unsigned r = static_cast<unsigned>(engine());
      // Sometimes an edge case.
      c = static_cast<std::int16_t>(n % 4 == 3
                                        ? (r % 2 != 0 ? bound : -bound)
                                        : static_cast<int>(r % static_cast<unsigned>(2 * bound + 1)) - bound);
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
bool within(const Poly& p, int bound) {
  return std::all_of(std::begin(p.c), std::end(p.c),
                     [&](std::int16_t c) { return c <= bound && c >= -bound; });
}

// The coefficients of a polynomial of the domain, in the standard's order.
Numbers packed(const Arithmetic& row, const Poly& p) {
  std::uint8_t bytes[384];
  row.pack(bytes, p.c);
  Numbers out;
  for (std::size_t i = 0; i < kN; i += 2) {
    const std::uint8_t* const at = bytes + i / 2 * 3;
    out[i] = at[0] | (at[1] & 15) << 8;
    out[i + 1] = at[1] >> 4 | at[2] << 4;
  }
  return out;
}

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("ML-KEM, arithmetic", mlkem_kernels(),
                     [&](const MlKemKernel& row) { check(*row.arithmetic); });
}

// ByteEncode_d, bit by bit.
Buffer encoded(const std::vector<unsigned>& values, unsigned d) {
  Buffer out(kN * d / 8);
  for (std::size_t i = 0; i < kN * d; ++i) {
    out[i / 8] |= static_cast<std::uint8_t>(((values[i / d] >> (i % d)) & 1) << (i % 8));
  }
  return out;
}

}  // namespace

TEST_CASE("mlkem: the transform is the standard's, and its inverse brings everything back", "[mlkem]") {
  on_every_row([](const Arithmetic& row) {
    for (const Poly& p : polynomials(kQ, 40)) {
      Poly t = p;
      row.ntt(t.c);
      REQUIRE(within(t, kQ - 1));
      REQUIRE(packed(row, t) == transform(numbers(p)));
      row.inverse_ntt(t.c);
      REQUIRE(within(t, kQ - 1));
      REQUIRE(numbers(t) == numbers(p));
    }
    // The inverse accepts larger values than the transform gives.
    for (const Poly& p : polynomials(2 * kQ, 40)) {
      Poly t = p;
      row.inverse_ntt(t.c);
      REQUIRE(within(t, kQ - 1));
      row.ntt(t.c);
      REQUIRE(packed(row, t) == packed(row, p));
    }
  });
}

TEST_CASE("mlkem: sums of products are those of polynomials", "[mlkem]") {
  on_every_row([](const Arithmetic& row) {
    const auto some = polynomials(kQ, 12);
    for (std::size_t first = 0; first + 8 <= some.size(); ++first) {
      for (unsigned k = 1; k <= 4; ++k) {
        struct alignas(64) {
          std::int16_t c[8 * kN];
        } a;
        Prepared prepared;
        Numbers expected = {};
        for (unsigned i = 0; i < k; ++i) {
          const Poly& left = some[first + i];
          const Poly& right = some[first + 4 + i];
          const Numbers product = multiply(numbers(left), numbers(right));
          for (std::size_t j = 0; j < kN; ++j) {
            expected[j] = mod(expected[j] + product[j]);
          }
          Poly l = left, r = right;
          row.ntt(l.c);
          row.ntt(r.c);
          std::memcpy(a.c + 2 * kN * i, l.c, sizeof l);
          row.prepare(prepared.c + 2 * kN * i, r.c);
        }
        Poly out;
        row.inner_product(out.c, a.c, 2 * kN, prepared.c, k);
        REQUIRE(within(out, 2 * kQ));
        row.inverse_ntt(out.c);
        REQUIRE(numbers(out) == expected);
      }
    }
  });
}

TEST_CASE("mlkem: products at the edges of what their factors may be", "[mlkem]") {
  on_every_row([](const Arithmetic& row) {
    const auto wide = polynomials(2 * kQ, 8), wider = polynomials(8 * kQ, 8);
    for (std::size_t n = 0; n < wide.size() && n < wider.size(); ++n) {
      struct alignas(64) {
        std::int16_t c[4 * kN];
      } a;
      Prepared prepared;
      for (std::size_t i = 0; i < 4; ++i) {
        std::memcpy(a.c + kN * i, wide[n].c, sizeof wide[n]);
        row.prepare(prepared.c + 2 * kN * i, wider[n].c);
      }
      Poly out;
      row.inner_product(out.c, a.c, kN, prepared.c, 4);
      REQUIRE(within(out, 2 * kQ));
      const Numbers x = packed(row, wide[n]), got = packed(row, out);
      // Too large for pack, so it is reduced first.
      Poly small = wider[n];
      for (auto& c : small.c) {
        c = static_cast<std::int16_t>(mod(c));
      }
      const Numbers y = packed(row, small);
      for (unsigned i = 0; i < 128; ++i) {
        const int root = power(17, 2 * reversed7(i) + 1);
        const auto e = 2 * i, o = 2 * i + 1;
        REQUIRE(got[e] == mod(4LL * (x[e] * y[e] + mod(x[o] * y[o]) * root)));
        REQUIRE(got[o] == mod(4LL * (x[e] * y[o] + x[o] * y[e])));
      }
    }
  });
}

TEST_CASE("E08 mlkem: 12-bit coefficients are packed canonically, and refused from q up", "[mlkem]") {
  on_every_row([](const Arithmetic& row) {
    for (const Poly& p : polynomials(4 * kQ, 30)) {
      Buffer bytes(384 + 64, 0xa5);
      Poly arranged, back;
      row.arrange(arranged.c, p.c);
      row.pack(bytes.data(), arranged.c);
      REQUIRE(std::count(bytes.end() - 64, bytes.end(), 0xa5) == 64);
      bytes.resize(384);
      std::vector<unsigned> values;
      for (const std::int16_t c : p.c) {
        values.push_back(static_cast<unsigned>(mod(c)));
      }
      REQUIRE_BYTES(bytes, encoded(values, 12));
      REQUIRE(row.unpack(back.c, bytes.data()) == 0);
      REQUIRE(within(back, kQ - 1));
      REQUIRE(packed(row, back) == packed(row, arranged));
    }
    // Each coefficient with each value.
    for (unsigned value = 0; value < 4096; ++value) {
      std::vector<unsigned> values(kN, 3328);
      values[value % kN] = value;
      Poly p;
      REQUIRE(row.unpack(p.c, encoded(values, 12).data()) == (value < 3329 ? 0 : ~std::uint64_t{0}));
    }
  });
}

TEST_CASE("E08 mlkem: compression and decompression of every coefficient are the standard's", "[mlkem]") {
  on_every_row([](const Arithmetic& row) {
    for (const unsigned d : {1u, 4u, 5u, 10u, 11u}) {
      INFO("d = " << d);
      // Every representative in [-4 q, 4 q].
      for (int first = -4 * kQ; first <= 4 * kQ; first += static_cast<int>(kN)) {
        Poly p;
        std::vector<unsigned> values;
        for (std::size_t i = 0; i < kN; ++i) {
          const int c = std::min(first + static_cast<int>(i), 4 * kQ);
          p.c[i] = static_cast<std::int16_t>(c);
          // Round half up of 2^d / q x, modulo 2^d.
          values.push_back(static_cast<unsigned>((((2LL * mod(c)) << d) + kQ) / (2 * kQ)) & ((1u << d) - 1));
        }
        // Nothing past the end is written.
        Buffer out(32 * d + 64, 0xa5);
        row.compress(out.data(), p.c, d);
        REQUIRE_BYTES(Bytes(out).first(32 * d), encoded(values, d));
        REQUIRE(std::count(out.end() - 64, out.end(), 0xa5) == 64);
      }
      for (unsigned first = 0; first < 1u << d; first += kN) {
        std::vector<unsigned> values;
        for (unsigned i = 0; i < kN; ++i) {
          values.push_back((first + i) & ((1u << d) - 1));
        }
        // A buffer of exactly this size.
        const Buffer in = encoded(values, d);
        const std::unique_ptr<std::uint8_t[]> exact(new std::uint8_t[in.size()]);
        std::copy(in.begin(), in.end(), exact.get());
        Poly p;
        row.decompress(p.c, exact.get(), d);
        for (std::size_t i = 0; i < kN; ++i) {
          REQUIRE(p.c[i] == static_cast<int>((2 * values[i] * kQ + (1u << d)) >> (d + 1)));
        }
      }
    }
  });
}

TEST_CASE("mlkem: noise is the difference of two sums of bits", "[mlkem]") {
  on_every_row([](const Arithmetic& row) {
    for (const unsigned eta : {2u, 3u}) {
      for (std::uint64_t seed = 0; seed < 40; ++seed) {
        Buffer bytes = noise(64 * eta, seed);
        if (seed < 2) {
          std::fill(bytes.begin(), bytes.end(), static_cast<std::uint8_t>(seed == 0 ? 0 : 0xff));
        }
        const auto bit = [&](std::size_t i) { return (bytes[i / 8] >> (i % 8)) & 1; };
        Poly p;
        row.sample_noise(p.c, bytes.data(), eta);
        for (std::size_t i = 0; i < kN; ++i) {
          int expected = 0;
          for (std::size_t j = 0; j < eta; ++j) {
            expected += bit(2 * i * eta + j) - bit(2 * i * eta + eta + j);
          }
          REQUIRE(p.c[i] == expected);
        }
      }
    }
  });
}

TEST_CASE("mlkem: rejection keeps what is below q, in order, however it is cut", "[mlkem]") {
  on_every_row([](const Arithmetic& row) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      // Candidates of all sizes, and streams with nearly all or nearly no candidates kept.
      Buffer bytes = noise(504 + mlkem::kSampleSlack, seed);
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (seed % 4 == 1 || (seed % 4 == 2 && i % 7 != 0)) {
          bytes[i] = 0xff;
        } else if (seed % 4 == 3) {
          bytes[i] &= 0x7b;
        }
      }
      std::vector<int> expected;
      for (std::size_t i = 0; i < 504; i += 3) {
        for (const int value : {bytes[i] | (bytes[i + 1] & 15) << 8, bytes[i + 1] >> 4 | bytes[i + 2] << 4}) {
          if (value < kQ) {
            expected.push_back(value);
          }
        }
      }
      for (const std::size_t step : {std::size_t{24}, std::size_t{168}, std::size_t{504}}) {
        alignas(64) std::int16_t p[mlkem::kSampleSpace];
        unsigned have = 0;
        for (std::size_t at = 0; at < 504 && have < kN; at += step) {
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

}  // namespace mlkem_arithmetic_test
