// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/x25519.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;

namespace x25519_test {
namespace {

Buffer multiply(const X25519Kernel& row, Bytes scalar, Bytes point) {
  Buffer out(32);
  row.multiply(out.data(), scalar.data(), point.data());
  return out;
}

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("X25519", x25519_kernels(), check);
}

// Bytes of 2^255 - 19 plus a small number.
Buffer prime_plus(int offset) {
  Buffer out(32, 0xff);
  out[31] = 0x7f;
  out[0] = static_cast<std::uint8_t>(0xed + offset);
  return out;
}

}  // namespace

TEST_CASE("x25519: RFC 7748's vectors come out of every row", "[x25519]") {
  on_every_row([](const X25519Kernel& row) {
    // §5.2
    CHECK_BYTES(multiply(row, unhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
                         unhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")),
                unhex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
    CHECK_BYTES(multiply(row, unhex("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"),
                         unhex("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493")),
                unhex("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"));
    Buffer k(32), u(32);
    k[0] = u[0] = 9;
    for (int i = 1; i <= 1000; i++) {
      u = multiply(row, k, u);
      std::swap(k, u);
      if (i == 1) {
        CHECK_BYTES(k, unhex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
      }
    }
    CHECK_BYTES(k, unhex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
  });
}

TEST_CASE("x25519: RFC 7748's key agreement", "[x25519]") {
  on_every_row([](const X25519Kernel& row) {
    // §6.1
    const Buffer a = unhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    const Buffer b = unhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    const X25519PrivateKey alice(BytesOf<32>(a.data(), 32), &row), bob(BytesOf<32>(b.data(), 32), &row);
    std::uint8_t alice_public[32], bob_public[32];
    alice.public_key(alice_public);
    bob.public_key(bob_public);
    CHECK_BYTES(alice_public, unhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
    CHECK_BYTES(bob_public, unhex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    Secret<32> first, second;
    REQUIRE(alice.agree(bob_public, first).ok());
    REQUIRE(bob.agree(alice_public, second).ok());
    CHECK_BYTES(first.reveal(), unhex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
    CHECK_BYTES(second.reveal(), first.reveal());
  });
}

TEST_CASE("x25519: every row gives what the portable one gives", "[x25519]") {
  const X25519Kernel& portable = x25519_kernels().back();
  on_every_row([&](const X25519Kernel& row) {
    for (std::uint64_t seed = 0; seed < 200; seed++) {
      const Buffer scalar = noise(32, 2 * seed), point = noise(32, 2 * seed + 1);
      REQUIRE_BYTES(multiply(row, scalar, point), multiply(portable, scalar, point));
    }
    // Points and scalars of long runs of equal bits.
    for (int ones = 0; ones <= 256; ones += 3) {
      Buffer runs(32);
      for (int i = 0; i < ones; i++) {
        runs[static_cast<std::size_t>(i / 8)] |= static_cast<std::uint8_t>(1 << (i % 8));
      }
      REQUIRE_BYTES(multiply(row, runs, noise(32, 7)), multiply(portable, runs, noise(32, 7)));
      REQUIRE_BYTES(multiply(row, noise(32, 8), runs), multiply(portable, noise(32, 8), runs));
    }
  });
}

TEST_CASE("x25519: every row multiplies the base point as it does any point", "[x25519]") {
  Buffer nine(32);
  nine[0] = 9;
  on_every_row([&](const X25519Kernel& row) {
    const auto agree = [&](const Buffer& scalar) {
      Buffer out(32);
      row.multiply_base(out.data(), scalar.data());
      REQUIRE_BYTES(out, multiply(row, scalar, nine));
    };
    for (std::uint64_t seed = 0; seed < 200; seed++) {
      agree(noise(32, seed));
    }
    // Digits of 0, 8 and -8, and runs of equal bits.
    for (const int fill : {0, 0x08, 0x80, 0x77, 0x88, 0xff}) {
      agree(Buffer(32, static_cast<std::uint8_t>(fill)));
    }
    for (int ones = 0; ones <= 256; ones += 3) {
      Buffer runs(32);
      for (int i = 0; i < ones; i++) {
        runs[static_cast<std::size_t>(i / 8)] |= static_cast<std::uint8_t>(1 << (i % 8));
      }
      agree(runs);
    }
  });
}

TEST_CASE("x25519: the top bit of a point is ignored and scalars are clamped", "[x25519]") {
  on_every_row([](const X25519Kernel& row) {
    const Buffer scalar = noise(32, 1), point = noise(32, 2);
    const Buffer expected = multiply(row, scalar, point);
    Buffer flipped = point;
    flipped[31] ^= 0x80;
    CHECK_BYTES(multiply(row, scalar, flipped), expected);
    for (const int bit : {0, 1, 2, 254, 255}) {
      Buffer other = scalar;
      other[static_cast<std::size_t>(bit / 8)] ^= static_cast<std::uint8_t>(1 << (bit % 8));
      CHECK_BYTES(multiply(row, other, point), expected);
    }
  });
}

TEST_CASE("E04 x25519: non-canonical points are taken and results are fully reduced", "[x25519]") {
  on_every_row([](const X25519Kernel& row) {
    const Buffer scalar = noise(32, 3);
    // p + 2 to p + 18 = 2^255 - 1 mean 2 to 18.
    for (int small = 2; small <= 18; small++) {
      Buffer canonical(32);
      canonical[0] = static_cast<std::uint8_t>(small);
      const Buffer expected = multiply(row, scalar, canonical);
      REQUIRE_BYTES(multiply(row, scalar, prime_plus(small)), expected);
      // Below p: not all upper bits are ones, or the lowest byte is below 0xed.
      Buffer reduced = expected;
      CHECK((reduced[31] & 0x80) == 0);
    }
  });
}

TEST_CASE("E04 x25519: points of small order give all_zero_shared_secret", "[x25519]") {
  // Of order 1, 2, 4 and 8 on the curve and its twist, and their non-canonical forms (RFC 7748 §6.1).
  static constexpr const char* kPoints[] = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  };
  on_every_row([&](const X25519Kernel& row) {
    for (const char* point : kPoints) {
      for (const bool top_bit : {false, true}) {
        Buffer peer = unhex(point);
        if (top_bit) {
          peer[31] |= 0x80;
        }
        const Buffer scalar = noise(32, 4);
        Secret<32> shared;
        const auto agreed = X25519PrivateKey(BytesOf<32>(scalar.data(), 32), &row)
                                .agree(BytesOf<32>(peer.data(), 32), shared);
        REQUIRE(!agreed.ok());
        CHECK(agreed.error() == ErrorCode::all_zero_shared_secret);
      }
    }
  });
}

TEST_CASE("x25519: generated keys come from the random source and its failure is passed on", "[x25519]") {
  struct Source {
    static Result<void> good(void*, MutBytes out) {
      copy_bytes(out, noise(out.size(), 5));
      return {};
    }
    static Result<void> bad(void*, MutBytes) { return ErrorCode::random_unavailable; }
  };
  auto key = X25519PrivateKey::generate({Source::good, nullptr});
  REQUIRE(key.ok());
  std::uint8_t generated[32], expected[32];
  key->public_key(generated);
  X25519PrivateKey(BytesOf<32>(noise(32, 5).data(), 32)).public_key(expected);
  CHECK_BYTES(generated, expected);
  CHECK(X25519PrivateKey::generate({Source::bad, nullptr}).error() == ErrorCode::random_unavailable);
}

}  // namespace x25519_test
