// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/x448.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;

namespace x448_test {
namespace {

BytesOf<kX448Size> fixed(const Buffer& bytes) {
  REQUIRE(bytes.size() == kX448Size);
  return BytesOf<kX448Size>(bytes.data(), kX448Size);
}

Buffer multiply(const Buffer& scalar, const Buffer& point) {
  Secret<kX448Size> shared;
  (void)X448PrivateKey(fixed(scalar)).agree(fixed(point), shared).ok();
  return test::buffer_of(shared.reveal());
}

// p = 2^448 - 2^224 - 1 plus a small number, which may be negative.
Buffer prime_plus(int offset) {
  Buffer out(kX448Size, 0xff);
  out[28] = 0xfe;
  int carry = offset;
  for (std::size_t i = 0; carry != 0 && i < out.size(); i++) {
    carry += out[i];
    out[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  return out;
}

}  // namespace

TEST_CASE("x448: RFC 7748's vectors") {
  // §5.2
  CHECK_BYTES(
      multiply(unhex("3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121700a779c984c24f8cdd78fbf"
                     "f44943eba368f54b29259a4f1c600ad3"),
               unhex("06fce640fa3487bfda5f6cf2d5263f8aad88334cbd07437f020f08f9814dc031ddbdc38c19c6da25"
                     "83fa5429db94ada18aa7a7fb4ef8a086")),
      unhex("ce3e4ff95a60dc6697da1db1d85e6afbdf79b50a2412d7546d5f239fe14fbaadeb445fc66a01b0779d98223961"
            "111e21766282f73dd96b6f"));
  CHECK_BYTES(
      multiply(unhex("203d494428b8399352665ddca42f9de8fef600908e0d461cb021f8c538345dd77c3e4806e25f46d3"
                     "315c44e0a5b4371282dd2c8d5be3095f"),
               unhex("0fbcc2f993cd56d3305b0b7d9e55d4c1a8fb5dbb52f8e9a1e9b6201b165d015894e56c4d3570bee5"
                     "2fe205e28a78b91cdfbde71ce8d157db")),
      unhex("884a02576239ff7a2f2f63b2db6a9ff37047ac13568e1e30fe63c4a7ad1b3ee3a5700df34321d62077e63633c5"
            "75c1c954514e99da7c179d"));
  Buffer k(kX448Size), u(kX448Size);
  k[0] = u[0] = 5;
  CHECK_BYTES(
      multiply(k, u),
      unhex("3f482c8a9f19b01e6c46ee9711d9dc14fd4bf67af30765c2ae2b846a4d23a8cd0db897086239492caf350b51f8"
            "33868b9bc2b3bca9cf4113"));
}

TEST_CASE("x448: RFC 7748's key agreement") {
  // §6.2
  const X448PrivateKey alice(fixed(
      unhex("9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab"
            "1d9ac2d8c0a598726b")));
  const X448PrivateKey bob(fixed(
      unhex("1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d6927c120bb5ee8972b0d3e21374c9c921b09d1"
            "b0366f10b65173992d")));
  std::uint8_t alice_public[kX448Size], bob_public[kX448Size];
  alice.public_key(alice_public);
  bob.public_key(bob_public);
  CHECK_BYTES(
      alice_public,
      unhex("9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88"
            "120d53177f80e532c41fa0"));
  CHECK_BYTES(
      bob_public,
      unhex("3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57a"
            "ec3dae07bdc1c67bf33609"));
  Secret<kX448Size> one, other;
  REQUIRE(alice.agree(bob_public, one).ok());
  REQUIRE(bob.agree(alice_public, other).ok());
  CHECK_BYTES(
      one.reveal(),
      unhex("07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c244030"
            "85d59a449a5037514a879d"));
  CHECK_BYTES(one.reveal(), other.reveal());
}

TEST_CASE("x448: scalars are clamped, and generated keys differ") {
  const Buffer scalar = noise(kX448Size, 1), point = noise(kX448Size, 2);
  const Buffer expected = multiply(scalar, point);
  for (const std::size_t bit : {0u, 1u, 447u}) {
    Buffer other = scalar;
    other[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    CHECK_BYTES(multiply(other, point), expected);
  }
  Buffer other = scalar;
  other[0] ^= 4;
  CHECK(multiply(other, point) != expected);
  DeterministicRandom random(std::uint64_t{1});
  std::uint8_t one[kX448Size], two[kX448Size];
  X448PrivateKey::generate(random.random())->public_key(one);
  X448PrivateKey::generate(random.random())->public_key(two);
  CHECK(test::hex(one) != test::hex(two));
}

TEST_CASE("E04 x448: non-canonical points are taken, and results are below p") {
  const Buffer scalar = noise(kX448Size, 3);
  for (int small = 2; small < 30; small++) {
    Buffer canonical(kX448Size);
    canonical[0] = static_cast<std::uint8_t>(small);
    CHECK_BYTES(multiply(scalar, prime_plus(small)), multiply(scalar, canonical));
  }
}

TEST_CASE("E04 x448: points of small order give all_zero_shared_secret") {
  const Buffer scalar = noise(kX448Size, 4);
  Buffer zero(kX448Size), one(kX448Size);
  one[0] = 1;
  for (const Buffer& point : {zero, one, prime_plus(-1), prime_plus(0), prime_plus(1)}) {
    Secret<kX448Size> shared;
    const auto result = X448PrivateKey(fixed(scalar)).agree(fixed(point), shared);
    REQUIRE(!result.ok());
    CHECK(result.error() == ErrorCode::all_zero_shared_secret);
  }
}

}  // namespace x448_test
