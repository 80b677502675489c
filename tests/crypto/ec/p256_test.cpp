// SPDX-License-Identifier: Apache-2.0
// P-256: verification's sum where points meet, and ECDH from both sides. The rest is in curves_test.cpp.
#include <ashlar/crypto/p256.hpp>

#include "catch.hpp"
#include "crypto/ec/slow.hpp"
#include "crypto/rows.hpp"
#include "ec/curves.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;
using test::slow::Number;

namespace {

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("P-256", p256_kernels(), check);
}

}  // namespace

TEST_CASE("E03 p256: verification's sum is right where points meet, are opposite or vanish", "[ec]") {
  const auto curve = test::slow::Curve::p256();
  // Q = d G with small d, so that u G and v Q meet on the way and at the end.
  for (const std::uint32_t d : {1u, 2u, 16u, 17u, 33u}) {
    const auto q = curve.multiply_point(Number(d), curve.g);
    auto key = P256PublicKey::create(curve.encode(q));
    REQUIRE(key.ok());
    const auto r256 = test::slow::reduce(Number::power_of_two(256), curve.p);
    std::uint64_t point[8];
    const auto x = test::slow::multiply(q->first, r256, curve.p).to_limbs<ec::Limbs<4>>();
    const auto y = test::slow::multiply(q->second, r256, curve.p).to_limbs<ec::Limbs<4>>();
    std::copy(x.v, x.v + 4, point);
    std::copy(y.v, y.v + 4, point + 4);
    const Number big = test::slow::reduce(Number::from_bytes(noise(32, d)), curve.n);
    // u = 0, v = 0, u = v d (a doubling at the end), u = -v d (infinity), and others.
    const std::pair<Number, Number> scalars[] = {
        {Number(0), Number(1)},
        {Number(0), big},
        {Number(1), Number(0)},
        {big, Number(0)},
        {Number(d), Number(1)},
        {test::slow::multiply(big, Number(d), curve.n), big},
        {curve.n - Number(d), Number(1)},
        {curve.n - test::slow::multiply(big, Number(d), curve.n), big},
        {Number(1), Number(1)},
        {curve.n - Number(1), curve.n - Number(1)},
        {big, curve.n - big},
        {Number(0), Number(0)},
    };
    for (const auto& pair : scalars) {
      const Number &u = pair.first, &v = pair.second;
      const auto sum = curve.add_points(curve.multiply_point(u, curve.g), curve.multiply_point(v, q));
      const Number r = sum ? test::slow::reduce(sum->first, curve.n) : Number(0);
      INFO("d = " << d << ", u = " << test::hex(u.to_bytes(32)) << ", v = " << test::hex(v.to_bytes(32)));
      on_every_row([&](const P256Kernel& row) {
        const auto lu = u.to_limbs<ec::Limbs<4>>(), lv = v.to_limbs<ec::Limbs<4>>(),
                   lr = r.to_limbs<ec::Limbs<4>>();
        const auto other = test::slow::add(r, Number(1), curve.n).to_limbs<ec::Limbs<4>>();
        CHECK(row.verify(lu.v, lv.v, point, lr.v) == sum.has_value());
        CHECK(!row.verify(lu.v, lv.v, point, other.v));
      });
    }
  }
}

TEST_CASE("p256: both sides of a key agreement get the same x", "[ec]") {
  const auto curve = test::slow::Curve::p256();
  on_every_row([&](const P256Kernel& row) {
    for (std::uint64_t seed = 0; seed < 5; seed++) {
      const Buffer a = noise(32, 10 * seed), b = noise(32, 10 * seed + 1);
      auto alice = P256PrivateKey::create(BytesOf<32>(a.data(), 32), &row);
      auto bob = P256PrivateKey::create(BytesOf<32>(b.data(), 32), &row);
      REQUIRE((alice.ok() && bob.ok()));
      Secret<32> first, second;
      REQUIRE(alice->agree(bob->public_key(), first).ok());
      REQUIRE(bob->agree(alice->public_key(), second).ok());
      CHECK_BYTES(first.reveal(), second.reveal());
      const Number product = test::slow::multiply(Number::from_bytes(a), Number::from_bytes(b), curve.n);
      CHECK_BYTES(first.reveal(), curve.multiply_point(product, curve.g)->first.to_bytes(32));
    }
  });
}
