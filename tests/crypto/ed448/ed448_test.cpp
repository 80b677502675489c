// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/ed448.hpp>

#include "catch.hpp"
#include "crypto/ec/slow.hpp"
#include "ed448/group.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;
using test::slow::Number;

namespace ed448_test {
namespace {

BytesOf<kEd448KeySize> of57(const Buffer& bytes) {
  return BytesOf<kEd448KeySize>(bytes.data(), kEd448KeySize);
}
Result<void> verify(const Buffer& key, const Buffer& message, const Buffer& signature) {
  ASHLAR_TRY(const Ed448PublicKey public_key, Ed448PublicKey::create(of57(key)));
  const Bytes parts[] = {message};
  return public_key.verify(parts, BytesOf<kEd448SignatureSize>(signature.data(), signature.size()));
}
Buffer sign(const Ed448PrivateKey& key, const Buffer& message) {
  Buffer out(kEd448SignatureSize);
  const Bytes parts[] = {message};
  key.sign(parts, MutBytesOf<kEd448SignatureSize>(out.data(), out.size()));
  return out;
}

const Number kPrime = Number::from_limbs(x448::Prime::kValue.v, 7);
const Number kL = Number::from_limbs(ed448::Order::kValue.v, 7);

// Points with slow arithmetic, affine.
struct SlowPoint {
  Number x, y;
};
SlowPoint add(const SlowPoint& a, const SlowPoint& b) {
  using namespace test::slow;
  const Number& p = kPrime;
  const Number xx = multiply(a.x, b.x, p), yy = multiply(a.y, b.y, p);
  const Number d = subtract(Number(0), Number(39081), p);
  const Number product = multiply(d, multiply(xx, yy, p), p);
  const Number cross = add(multiply(a.x, b.y, p), multiply(a.y, b.x, p), p);
  return {multiply(cross, invert(add(Number(1), product, p), p), p),
          multiply(subtract(yy, xx, p), invert(subtract(Number(1), product, p), p), p)};
}
Number plain(const std::uint64_t* limbs) {
  x448::Element value;
  std::memcpy(value.v, limbs, sizeof value.v);
  return Number::from_limbs(x448::Field::reduced(value).v, 7);
}

}  // namespace

TEST_CASE("ed448: RFC 8032's vectors", "[ed448]") {
  struct Vector {
    const char *seed, *key, *message, *signature;
  };
  // §7.4: blank, 1 octet, 11 octets
  static constexpr Vector kVectors[] = {
      {"6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7"
       "549a20098f95b",
       "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1"
       "abeafe8256180",
       "",
       "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2fd7a22ddd47d7828c59"
       "bd0a21bfd3980"
       "ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4dbb61149f05a7363268c71d95"
       "808ff2e652600"},
      {"c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021"
       "e954e0a12274e",
       "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c23516"
       "0627b4c3a9480",
       "03",
       "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf"
       "037ab7cd77980"
       "5e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d2344"
       "41cf807c03a00"},
      {"cd23d24f714274e744343237b93290f511f6425f98e64459ff203e8985083ffdf60500553abc0e05cd02184bdb89c4ccd67e1"
       "87951267eb328",
       "dcea9e78f35a1bf3499a831b10b86c90aac01cd84b67a0109b55a36e9328b1e365fce161d71ce7131a543ea4cb5f7e9f1d8b0"
       "0696447001400",
       "0c3e544074ec63b0265e0c",
       "1f0a8888ce25e8d458a21130879b840a9089d999aaba039eaf3e3afa090a09d389dba82c4ff2ae8ac5cdfb7c55e94d5d961a2"
       "9fe0109941e00"
       "b8dbdeea6d3b051068df7254c0cdc129cbe62db2dc957dbb47b51fd3f213fb8698f064774250a5028961c9bf8ffd973fe5d5c"
       "206492b140e00"},
  };
  for (const Vector& vector : kVectors) {
    INFO(vector.message);
    const Buffer message = unhex(vector.message), signature = unhex(vector.signature);
    const auto key = Ed448PrivateKey::create(of57(unhex(vector.seed)));
    CHECK_BYTES(key.public_key(), unhex(vector.key));
    CHECK_BYTES(sign(key, message), signature);
    CHECK(verify(unhex(vector.key), message, signature).ok());
  }
}

TEST_CASE("ed448: every entry of the base point's table, with slow arithmetic", "[ed448]") {
  SlowPoint base = {
      Number::from_hex(
          "4f1970c66bed0ded221d15a622bf36da9e146570470f1767ea6de324a3d3a46412ae1af72ab66511433b80e1"
          "8b00938e2626a82bc70cc05e"),
      Number::from_hex(
          "693f46716eb6bc248876203756c9c7624bea73736ca3984087789c1e05a0c2d73ad3ff1ce67c39c4fdbd132c"
          "4ed7c8ad9808795bf230fa14")};
  for (unsigned row = 0; row < ed448::kRows; row++) {
    SlowPoint point = base;
    for (unsigned j = 0; j < 8; j++) {
      INFO(row << " " << j);
      REQUIRE(plain(ed448::kBaseTable[row][j]) == point.x);
      REQUIRE(plain(ed448::kBaseTable[row][j] + 8) == point.y);
      point = add(point, base);
    }
    for (int i = 0; i < 16 && row + 1 < ed448::kRows; i++) {
      base = add(base, base);
    }
  }
}

TEST_CASE("ed448: a changed signature, message or key is refused", "[ed448]") {
  for (std::uint64_t seed = 0; seed < 12; seed++) {
    const auto key = Ed448PrivateKey::create(of57(noise(kEd448KeySize, seed)));
    const Buffer encoded = test::buffer_of(key.public_key()), message = noise(20 * seed, seed + 50);
    const Buffer signature = sign(key, message);
    CHECK(sign(key, message) == signature);
    REQUIRE(verify(encoded, message, signature).ok());
    for (std::size_t i = seed; i < signature.size(); i += 12) {
      Buffer other = signature;
      other[i] ^= static_cast<std::uint8_t>(1u << (seed % 8));
      CHECK(verify(encoded, message, other).error() == ErrorCode::bad_signature);
    }
    Buffer longer = message;
    longer.push_back(0);
    CHECK_FALSE(verify(encoded, longer, signature).ok());
    const auto stranger = Ed448PrivateKey::create(of57(noise(kEd448KeySize, 100 + seed)));
    CHECK_FALSE(verify(test::buffer_of(stranger.public_key()), message, signature).ok());
    // In parts.
    const Bytes parts[] = {
        Bytes(message).first(message.size() / 3), {}, Bytes(message).subspan(message.size() / 3)};
    Buffer again(kEd448SignatureSize);
    key.sign(parts, MutBytesOf<kEd448SignatureSize>(again.data(), again.size()));
    CHECK(again == signature);
  }
}

TEST_CASE("E05 ed448: S of the order and above is refused", "[ed448]") {
  const auto key = Ed448PrivateKey::create(of57(noise(kEd448KeySize, 1)));
  const Buffer encoded = test::buffer_of(key.public_key()), message = noise(9, 2);
  const Buffer signature = sign(key, message);
  Buffer reversed(signature.rbegin(), signature.rbegin() + 57);
  const Buffer beyond = (Number::from_bytes(reversed) + kL).to_bytes(57);
  Buffer malleable = signature;
  std::copy(beyond.rbegin(), beyond.rend(), malleable.begin() + 57);
  CHECK(verify(encoded, message, malleable).error() == ErrorCode::bad_signature);
  for (const Number& s : {kL, kL - Number(1), Number(0)}) {
    const Buffer bytes = s.to_bytes(57);
    std::copy(bytes.rbegin(), bytes.rend(), malleable.begin() + 57);
    CHECK_FALSE(verify(encoded, message, malleable).ok());
  }
  malleable = signature;
  malleable[113] = 0x80;
  CHECK_FALSE(verify(encoded, message, malleable).ok());
}

TEST_CASE("ed448: points of small order, and encodings that are not canonical or of no point", "[ed448]") {
  const auto encoded = [](const Number& y, std::uint8_t top) {
    const Buffer big = y.to_bytes(56);
    Buffer out(big.rbegin(), big.rend());
    out.push_back(top);
    return out;
  };
  const auto is_point = [](const Buffer& bytes) { return Ed448PublicKey::create(of57(bytes)).ok(); };
  // (0, 1), (0, -1), (1, 0) and (-1, 0).
  CHECK(is_point(encoded(Number(1), 0)));
  CHECK(is_point(encoded(kPrime - Number(1), 0)));
  CHECK(is_point(encoded(Number(0), 0)));
  CHECK(is_point(encoded(Number(0), 0x80)));
  // x = 0 has no sign; y must be below p; the other bits of the last byte are zero.
  CHECK_FALSE(is_point(encoded(Number(1), 0x80)));
  CHECK_FALSE(is_point(encoded(kPrime - Number(1), 0x80)));
  CHECK_FALSE(is_point(encoded(kPrime, 0)));
  CHECK_FALSE(is_point(encoded(kPrime + Number(1), 0)));
  CHECK_FALSE(is_point(encoded(Number(1), 1)));
  CHECK_FALSE(is_point(encoded(Number(1), 0x40)));
  // Half of all y have no point.
  int points = 0;
  for (std::uint64_t seed = 0; seed < 64; seed++) {
    Buffer bytes = noise(kEd448KeySize, seed);
    bytes[56] &= 0x80;
    points += is_point(bytes) ? 1 : 0;
  }
  CHECK(points > 16);
  CHECK(points < 48);
  // The neutral point as key: R = S B for any message, here S = 0.
  Buffer signature(kEd448SignatureSize);
  signature[0] = 1;
  CHECK(verify(encoded(Number(1), 0), noise(5, 5), signature).ok());
}

}  // namespace ed448_test
