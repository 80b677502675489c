// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "crypto/ed25519/slow_edwards.hpp"
#include "crypto/rows.hpp"
#include "ed25519/base_table.hpp"
#include "ed25519/kernels.hpp"
#include "ed25519/scalar.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;
using test::slow::Edwards;
using test::slow::Number;

namespace ed25519_test {
namespace {

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("Ed25519", ed25519_kernels(), check);
}
BytesOf<32> of32(const Buffer& bytes) {
  return BytesOf<32>(bytes.data(), 32);
}
Result<void> verify(const Buffer& key, const Buffer& message, Bytes signature, const Ed25519Kernel& row) {
  ASHLAR_TRY(const Ed25519PublicKey public_key, Ed25519PublicKey::create(of32(key), &row));
  const Bytes parts[] = {message};
  return public_key.verify(parts, signature.first<64>());
}

// Encodings of the eight points of small order.
constexpr const char* kSmallOrder[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",  // 1
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // 2
    "0000000000000000000000000000000000000000000000000000000000000000",  // 4
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  // 8
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
};

}  // namespace

TEST_CASE("ed25519: RFC 8032's vectors come out of every row", "[ed25519]") {
  struct Vector {
    const char *seed, *key, *message, *signature;
  };
  // §7.1: tests 1, 2, 3 and SHA(abc)
  static constexpr Vector kVectors[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
       "d25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
       "387b2eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
       "4a7c15e9716ed28dc027beceea1ec40a"},
      {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
       "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
       "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
       "454d4423643ce80e2a9ac94fa54ca49f",
       "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
       "3dca179c138ac17ad9bef1177331a704"},
  };
  on_every_row([](const Ed25519Kernel& row) {
    for (const Vector& vector : kVectors) {
      const Buffer seed = unhex(vector.seed), message = unhex(vector.message);
      const auto key = Ed25519PrivateKey::create(of32(seed), &row);
      CHECK_BYTES(key.public_key(), unhex(vector.key));
      std::uint8_t signature[64];
      // The same in parts as in one piece.
      const Bytes whole[] = {message};
      const Bytes parts[] = {
          Bytes(message).first(message.size() / 2), {}, Bytes(message).subspan(message.size() / 2)};
      key.sign(whole, signature);
      CHECK_BYTES(signature, unhex(vector.signature));
      key.sign(parts, signature);
      CHECK_BYTES(signature, unhex(vector.signature));
      const auto public_key = Ed25519PublicKey::create(key.public_key(), &row);
      REQUIRE(public_key.ok());
      CHECK(public_key->verify(parts, signature).ok());
    }
  });
}

TEST_CASE("ed25519: every entry of the base point's table is the multiple it stands for", "[ed25519]") {
  const Edwards curve;
  const Number half = test::slow::invert(Number(2), curve.p);
  const auto times = [&](const Number& a, const Number& b) { return test::slow::multiply(a, b, curve.p); };
  Edwards::Point base = curve.b;
  for (std::size_t row = 0; row < 32; row++) {
    Edwards::Point point = base;
    for (std::size_t entry = 0; entry < 8; entry++) {
      const std::uint64_t* const words = ed25519::kBaseTable[row][entry];
      const auto& [x, y] = point;
      INFO("row " << row << ", entry " << entry);
      REQUIRE(Number::from_limbs(words, 4) == times(test::slow::add(y, x, curve.p), half));
      REQUIRE(Number::from_limbs(words + 4, 4) == times(test::slow::subtract(y, x, curve.p), half));
      REQUIRE(Number::from_limbs(words + 8, 4) == times(curve.d, times(x, y)));
      REQUIRE(words[8] <= ~std::uint64_t{0} - 18);  // so that pick() can negate word by word
      if (entry < 7) {
        point = curve.add(point, base);
      }
    }
    for (int i = 0; i < 5; i++) {
      point = curve.add(point, point);  // 8 times to 256 times
    }
    base = point;
  }
}

TEST_CASE("ed25519: every row multiplies the base point as slow arithmetic does", "[ed25519]") {
  const Edwards curve;
  std::vector<Buffer> scalars;
  for (int i = 0; i < 20; i++) {
    scalars.push_back(noise(32, static_cast<std::uint64_t>(i)));
    scalars.back()[31] &= 0x7f;
  }
  for (int low = 0; low < 18; low++) {
    scalars.push_back(Buffer(32));
    scalars.back()[0] = static_cast<std::uint8_t>(low);
  }
  for (const int fill : {0x77, 0x88, 0x80, 0x08, 0xff}) {
    scalars.push_back(Buffer(32, static_cast<std::uint8_t>(fill)));
    scalars.back()[31] &= 0x7f;
  }
  // The order, and around it.
  for (int offset = -2; offset <= 2; offset++) {
    scalars.push_back(unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"));
    scalars.back()[0] = static_cast<std::uint8_t>(scalars.back()[0] + offset);
  }
  for (const Buffer& k : scalars) {
    const Buffer expected = curve.encode(curve.multiply(k, curve.b));
    on_every_row([&](const Ed25519Kernel& row) {
      Buffer out(32);
      row.base_multiple(out.data(), k.data());
      CHECK_BYTES(out, expected);
    });
  }
}

TEST_CASE("ed25519: every row adds multiples as slow arithmetic does, of points of any order", "[ed25519]") {
  const Edwards curve;
  std::vector<Edwards::Point> points = {curve.b, curve.multiply(noise(31, 5), curve.b)};
  for (const char* text : kSmallOrder) {
    points.push_back(*curve.decode(unhex(text)));
  }
  // Of mixed order.
  points.push_back(curve.add(points[1], points[6]));
  for (std::size_t i = 0; i < points.size(); i++) {
    for (std::uint64_t seed = 0; seed < 4; seed++) {
      Buffer s = noise(32, 10 * i + seed), k = noise(32, 10 * i + seed + 1000);
      s[31] &= 0x0f;
      k[31] &= 0x0f;
      if (seed == 2) {
        s = Buffer(32);
        k = Buffer(32);
        s[0] = k[0] = static_cast<std::uint8_t>(i);
      } else if (seed == 3) {
        s = k;
      }
      const Buffer expected =
          curve.encode(curve.add(curve.multiply(s, curve.b), curve.multiply(k, points[i])));
      const Buffer encoded = curve.encode(points[i]);
      on_every_row([&](const Ed25519Kernel& row) {
        std::uint64_t point[8];
        REQUIRE(row.decode_negated(point, encoded.data()));
        // The opposite of the negated point.
        const Number x = Number::from_limbs(point, 4);
        const auto limbs = test::slow::subtract(Number(0), x, curve.p).to_limbs<ec::Limbs<4>>();
        std::copy(limbs.v, limbs.v + 4, point);
        CHECK(Number::from_limbs(point, 4) == points[i].first);
        CHECK(Number::from_limbs(point + 4, 4) == points[i].second);
        Buffer out(32);
        row.sum(out.data(), s.data(), k.data(), point);
        CHECK_BYTES(out, expected);
      });
    }
  }
}

TEST_CASE("ed25519: a public key must be the one encoding of a point", "[ed25519]") {
  const Edwards curve;
  on_every_row([&](const Ed25519Kernel& row) {
    for (const char* text : kSmallOrder) {
      CHECK(Ed25519PublicKey::create(of32(unhex(text)), &row).ok());
    }
    for (const char* text : {
             // y of p and above, which stand for 0 to 18
             "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
             "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
             "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
             "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
             "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
             "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
             // x = 0 with a sign
             "0100000000000000000000000000000000000000000000000000000000000080",
             "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
         }) {
      const auto key = Ed25519PublicKey::create(of32(unhex(text)), &row);
      REQUIRE(!key.ok());
      CHECK(key.error() == ErrorCode::point_not_on_curve);
    }
    // Half of all y have no x.
    int points = 0;
    for (std::uint64_t seed = 0; seed < 60; seed++) {
      Buffer bytes = noise(32, seed);
      bytes[31] &= 0xbf;
      const bool ours = Ed25519PublicKey::create(of32(bytes), &row).ok();
      CHECK(ours == curve.decode(bytes).has_value());
      points += ours ? 1 : 0;
    }
    CHECK((points > 10 && points < 50));
  });
}

TEST_CASE("ed25519: S must be below the order, and every bit counts", "[ed25519]") {
  const Buffer seed = noise(32, 1), message = noise(40, 2);
  on_every_row([&](const Ed25519Kernel& row) {
    const auto key = Ed25519PrivateKey::create(of32(seed), &row);
    const Buffer public_key = test::buffer_of(key.public_key());
    std::uint8_t signature[64];
    const Bytes parts[] = {message};
    key.sign(parts, signature);
    REQUIRE(verify(public_key, message, signature, row).ok());
    for (std::size_t bit = 0; bit < 512; bit += 3) {
      signature[bit / 8] = static_cast<std::uint8_t>(signature[bit / 8] ^ (1 << (bit % 8)));
      const auto verdict = verify(public_key, message, signature, row);
      CHECK((!verdict.ok() && verdict.error() == ErrorCode::bad_signature));
      signature[bit / 8] = static_cast<std::uint8_t>(signature[bit / 8] ^ (1 << (bit % 8)));
    }
    Buffer other = message;
    other[7] ^= 1;
    CHECK(!verify(public_key, other, signature, row).ok());
    // S + L would also verify if it were accepted.
    const Buffer order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; i++) {
      carry += unsigned{signature[32 + i]} + order[i];
      signature[32 + i] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    CHECK(!verify(public_key, message, signature, row).ok());
  });
}

TEST_CASE("ed25519: verification is without the cofactor, on keys of small and of mixed order", "[ed25519]") {
  const Edwards curve;
  const auto challenge_modulo_8 = [](Bytes r, Bytes key, Bytes message) {
    std::uint8_t hashed[64], k[32];
    Hash(kSha512).update(r).update(key).update(message).finish(hashed);
    ed25519::Scalar scalar;
    ed25519::reduce_wide(scalar, hashed);
    ec::FieldTools<ed25519::Scalars>::leave(scalar, scalar);
    ed25519::store_scalar(k, scalar);
    return k[0] % 8;
  };
  on_every_row([&](const Ed25519Kernel& row) {
    // A = a point of order 8: S B = R + k A for R = S B exactly if 8 divides k.
    const Buffer small = unhex(kSmallOrder[4]);
    Buffer signature(64);
    signature[32] = 9;
    const Buffer multiple =
        curve.encode(curve.multiply(Buffer(signature.begin() + 32, signature.end()), curve.b));
    std::copy(multiple.begin(), multiple.end(), signature.begin());
    int accepted = 0;
    for (std::uint64_t seed = 0; seed < 40; seed++) {
      const Buffer message = noise(8, seed);
      const bool holds = challenge_modulo_8(multiple, small, message) == 0;
      CHECK(verify(small, message, signature, row).ok() == holds);
      accepted += holds ? 1 : 0;
      // The neutral point as a key: every signature of this form verifies.
      CHECK(verify(unhex(kSmallOrder[0]), message, signature, row).ok());
    }
    CHECK(accepted > 0);
    // A key with an added component of order 8.
    const auto key = Ed25519PrivateKey::create(of32(noise(32, 3)), &row);
    const Buffer mixed = curve.encode(
        curve.add(*curve.decode(test::buffer_of(key.public_key())), *curve.decode(unhex(kSmallOrder[4]))));
    std::uint8_t expanded[64];
    Hash(kSha512).update(noise(32, 3)).finish(expanded);
    x25519::clamp(expanded, expanded);
    for (std::uint64_t seed = 0; seed < 40; seed++) {
      const Buffer message = noise(8, seed), nonce = noise(24, seed + 100);
      std::uint8_t r[32] = {}, hashed[64];
      copy_bytes(r, nonce);
      row.base_multiple(signature.data(), r);
      Hash(kSha512).update(Bytes(signature).first(32)).update(mixed).update(message).finish(hashed);
      ed25519::Scalar s;
      ed25519::reduce_wide(s, hashed);
      ed25519::Scalars::multiply(s, ed25519::load_scalar(expanded), s);
      ed25519::Scalars::add(s, s, ed25519::load_scalar(r));
      ed25519::store_scalar(signature.data() + 32, s);
      CHECK(verify(mixed, message, signature, row).ok() ==
            (challenge_modulo_8(Bytes(signature).first(32), mixed, message) == 0));
    }
  });
}

TEST_CASE("ed25519: R must be the one encoding of its point", "[ed25519]") {
  // With S = 0 and the neutral point as a key, R is the neutral point. Its other encodings are refused.
  const Buffer neutral = unhex(kSmallOrder[0]);
  on_every_row([&](const Ed25519Kernel& row) {
    Buffer signature(64);
    signature[0] = 1;
    CHECK(verify(neutral, noise(3, 1), signature, row).ok());
    signature[31] = 0x80;
    CHECK(!verify(neutral, noise(3, 1), signature, row).ok());
    const Buffer other = unhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    std::copy(other.begin(), other.end(), signature.begin());
    CHECK(!verify(neutral, noise(3, 1), signature, row).ok());
  });
}

TEST_CASE("ed25519: numbers modulo the order agree with slow arithmetic", "[ed25519]") {
  const Number order = Number::from_limbs(ed25519::Order::kValue.v, 4);
  std::vector<Buffer> wide = {Buffer(64), Buffer(64, 0xff)};
  for (std::uint64_t seed = 0; seed < 50; seed++) {
    wide.push_back(noise(64, seed));
  }
  for (Buffer& bytes : wide) {
    ed25519::Scalar out, plain;
    ed25519::reduce_wide(out, bytes.data());
    ec::FieldTools<ed25519::Scalars>::leave(plain, out);
    // The plain factor may be any number of 256 bits.
    ed25519::Scalar product;
    ed25519::Scalars::multiply(product, ed25519::load_scalar(bytes.data()), out);
    std::reverse(bytes.begin(), bytes.end());
    const auto modulo = [&](Number value) {
      // Bit by bit: the order is far below a power of 2^32.
      Number rest;
      for (std::size_t i = value.bits(); i-- > 0;) {
        rest = rest + rest + Number(value.bit(i) ? 1 : 0);
        rest = rest < order ? rest : rest - order;
      }
      return rest;
    };
    const Number reduced = modulo(Number::from_bytes(bytes));
    CHECK(Number::from_limbs(plain.v, 4) == reduced);
    const Number factor = modulo(Number::from_bytes(Bytes(bytes).subspan(32)));
    Number expected;
    for (std::size_t i = factor.bits(); i-- > 0;) {
      expected = expected + expected + (factor.bit(i) ? reduced : Number(0));
      while (!(expected < order)) {
        expected = expected - order;
      }
    }
    CHECK(Number::from_limbs(product.v, 4) == expected);
  }
}

TEST_CASE("ed25519: generated keys come from the random source and its failure is passed on", "[ed25519]") {
  struct Source {
    static Result<void> good(void*, MutBytes out) {
      copy_bytes(out, noise(out.size(), 5));
      return {};
    }
    static Result<void> bad(void*, MutBytes) { return ErrorCode::random_unavailable; }
  };
  const auto key = Ed25519PrivateKey::generate({Source::good, nullptr});
  REQUIRE(key.ok());
  CHECK_BYTES(key->reveal(), noise(32, 5));
  CHECK_BYTES(key->public_key(), Ed25519PrivateKey::create(of32(noise(32, 5))).public_key());
  CHECK(Ed25519PrivateKey::generate({Source::bad, nullptr}).error() == ErrorCode::random_unavailable);
}

TEST_CASE("ed25519: verifiers are parts of the rows", "[ed25519]") {
  const auto rows = ed25519_kernels();
  const auto verifiers = ed25519::verifiers();
  REQUIRE(rows.size() == verifiers.size());
  for (std::size_t i = 0; i < rows.size(); i++) {
    CHECK(rows[i].name == verifiers[i].name);
    CHECK(rows[i].required.bits == verifiers[i].required.bits);
    CHECK(rows[i].decode_negated == verifiers[i].decode_negated);
    CHECK(rows[i].sum == verifiers[i].sum);
  }
}

}  // namespace ed25519_test
