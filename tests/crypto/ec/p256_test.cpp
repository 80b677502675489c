// SPDX-License-Identifier: Apache-2.0
// P-256's points: the table, the multiplications of every row, encodings, ECDH.
#include <ashlar/crypto/p256.hpp>

#include "catch.hpp"
#include "crypto/ec/slow.hpp"
#include "crypto/rows.hpp"
#include "ec/p256_operations.hpp"
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

// A point of a kernel as coordinates, out of Montgomery form.
test::slow::Coordinates coordinates(const std::uint64_t* limbs, const test::slow::Curve& curve) {
  static const Number inverse =
      test::slow::invert(test::slow::reduce(Number::power_of_two(256), curve.p), curve.p);
  return {test::slow::multiply(Number::from_limbs(limbs, 4), inverse, curve.p),
          test::slow::multiply(Number::from_limbs(limbs + 4, 4), inverse, curve.p)};
}

// Scalars at which windows, carries and the ends of the range meet.
std::vector<Number> edge_scalars(const Number& n) {
  std::vector<Number> scalars;
  for (std::uint32_t small = 1; small <= 34; small += small < 18 ? 1 : 5) {
    scalars.push_back(Number(small));
    scalars.push_back(n - Number(small));
  }
  for (unsigned bit = 5; bit < 256; bit += 45) {
    scalars.push_back(Number::power_of_two(bit));
    scalars.push_back(Number::power_of_two(bit) - Number(1));
    scalars.push_back(n - Number::power_of_two(bit));
  }
  scalars.push_back(Number::power_of_two(255));
  scalars.push_back(n.half());
  scalars.push_back(n.half() + Number(1));
  for (std::uint64_t seed = 0; seed < 10; seed++) {
    scalars.push_back(test::slow::reduce(Number::from_bytes(noise(32, seed)), n));
  }
  return scalars;
}

}  // namespace

TEST_CASE("p256: the curve's numbers are what SP 800-186 says", "[ec]") {
  const auto curve = test::slow::Curve::p256();
  CHECK(Number::from_limbs(ec::P256::Prime::kValue.v, 4) == curve.p);
  CHECK(Number::from_limbs(ec::P256::Order::kValue.v, 4) == curve.n);
  CHECK(Number::from_limbs(ec::P256::kB.v, 4) == curve.b);
  CHECK(Number::from_limbs(ec::P256::kGeneratorX.v, 4) == curve.g->first);
  CHECK(Number::from_limbs(ec::P256::kGeneratorY.v, 4) == curve.g->second);
  CHECK(curve.contains(*curve.g));
  CHECK(!curve.multiply_point(curve.n, curve.g));
}

TEST_CASE("p256: every entry of the base point's table is the multiple it stands for", "[ec]") {
  const auto curve = test::slow::Curve::p256();
  test::slow::Point base = curve.g;
  for (std::size_t window = 0; window < 52; window++) {
    test::slow::Point expected;
    for (std::size_t entry = 0; entry < 16; entry++) {
      expected = curve.add_points(expected, base);
      INFO("window " << window << ", entry " << entry);
      REQUIRE(coordinates(ec::kP256BaseTable[window][entry], curve) == *expected);
    }
    base = curve.add_points(expected, expected);
  }
}

TEST_CASE("p256: every row multiplies points as slow arithmetic does", "[ec]") {
  const auto curve = test::slow::Curve::p256();
  const test::slow::Point q = curve.multiply_point(Number::from_bytes(noise(30, 99)), curve.g);
  std::uint64_t point[8];
  {
    const auto r = test::slow::reduce(Number::power_of_two(256), curve.p);
    const auto x = test::slow::multiply(q->first, r, curve.p).to_limbs<ec::Limbs<4>>();
    const auto y = test::slow::multiply(q->second, r, curve.p).to_limbs<ec::Limbs<4>>();
    std::copy(x.v, x.v + 4, point);
    std::copy(y.v, y.v + 4, point + 4);
  }
  for (const Number& k : edge_scalars(curve.n)) {
    const auto limbs = k.to_limbs<ec::Limbs<4>>();
    const auto base_multiple = curve.multiply_point(k, curve.g);
    const auto multiple = curve.multiply_point(k, q);
    INFO("k = " << test::hex(k.to_bytes(32)));
    on_every_row([&](const P256Kernel& row) {
      std::uint64_t out[8];
      row.fixed_base(out, limbs.v);
      CHECK(coordinates(out, curve) == *base_multiple);
      row.variable_base(out, limbs.v, point);
      CHECK(coordinates(out, curve) == *multiple);
    });
  }
}

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

TEST_CASE("E03 p256: public keys are points of the curve with coordinates below p, uncompressed", "[ec]") {
  const auto curve = test::slow::Curve::p256();
  const Buffer good = curve.encode(curve.g);
  auto key = P256PublicKey::create(good);
  REQUIRE(key.ok());
  std::uint8_t out[kP256PointSize];
  key->point(out);
  CHECK_BYTES(out, good);

  const auto refused = [](const Buffer& point) { return P256PublicKey::create(point).error(); };
  for (const std::size_t size : {0u, 1u, 33u, 64u, 66u}) {
    Buffer cut = good;
    cut.resize(size);
    CHECK(refused(cut) == ErrorCode::bad_point_encoding);
  }
  for (const int form : {0, 2, 3, 5, 6, 7}) {
    Buffer other = good;
    other[0] = static_cast<std::uint8_t>(form);
    CHECK(refused(other) == ErrorCode::bad_point_encoding);
  }
  Buffer compressed(good.begin(), good.begin() + 33);
  compressed[0] = 3;
  CHECK(refused(compressed) == ErrorCode::bad_point_encoding);
  for (const std::size_t bit : {8u, 100u, 263u, 264u, 400u, 519u}) {
    Buffer off = good;
    off[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    CHECK(refused(off) == ErrorCode::point_not_on_curve);
  }
  // (0, 0), which some write for infinity; and x + p for the one point whose x is small enough.
  Buffer zero(65);
  zero[0] = 4;
  CHECK(refused(zero) == ErrorCode::point_not_on_curve);
  const Number small_x(5);  // 5^3 - 15 + b is a square modulo p: y below
  const Number square = test::slow::add(Number(110), curve.b, curve.p);
  // p = 3 mod 4: the root of a square is its power (p + 1) / 4.
  Number y(1);
  const Number exponent = (curve.p + Number(1)).half().half();
  for (std::size_t i = exponent.bits(); i-- > 0;) {
    y = test::slow::multiply(y, y, curve.p);
    if (exponent.bit(i)) {
      y = test::slow::multiply(y, square, curve.p);
    }
  }
  REQUIRE(curve.contains({small_x, y}));
  CHECK(P256PublicKey::create(curve.encode(test::slow::Coordinates(small_x, y))).ok());
  CHECK(refused(curve.encode(test::slow::Coordinates(small_x + curve.p, y))) ==
        ErrorCode::point_not_on_curve);
}

TEST_CASE("p256: private keys are in [1, n - 1]", "[ec]") {
  const auto curve = test::slow::Curve::p256();
  const auto create = [](const Number& d) {
    const Buffer bytes = d.to_bytes(32);
    return P256PrivateKey::create(BytesOf<32>(bytes.data(), 32));
  };
  for (const Number& bad :
       {Number(0), curve.n, curve.n + Number(1), curve.p, Number::power_of_two(256) - Number(1)}) {
    const auto key = create(bad);
    REQUIRE(!key.ok());
    CHECK(key.error() == ErrorCode::scalar_out_of_range);
  }
  for (const Number& good : {Number(1), Number(2), curve.n - Number(1), curve.n - Number(2)}) {
    const auto key = create(good);
    REQUIRE(key.ok());
    std::uint8_t point[kP256PointSize];
    key->public_key().point(point);
    CHECK_BYTES(point, curve.encode(curve.multiply_point(good, curve.g)));
  }
}

TEST_CASE("p256: key generation throws scalars out of range away and takes the next", "[ec]") {
  // Gives n, then 0, then noise; counts.
  struct Source {
    int calls = 0;
    static Result<void> fill(void* context, MutBytes out) {
      switch (static_cast<Source*>(context)->calls++) {
        case 0:
          copy_bytes(out, unhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));
          break;
        case 1:
          copy_bytes(out, Buffer(32));
          break;
        default:
          copy_bytes(out, noise(32, 4));
      }
      return {};
    }
    static Result<void> zeros(void*, MutBytes out) {
      wipe(out);
      return {};
    }
    static Result<void> fail(void*, MutBytes) { return ErrorCode::random_unavailable; }
  } source;
  const auto key = P256PrivateKey::generate({Source::fill, &source});
  REQUIRE(key.ok());
  CHECK(source.calls == 3);
  CHECK_BYTES(key->reveal(), noise(32, 4));
  CHECK(P256PrivateKey::generate({Source::fail, nullptr}).error() == ErrorCode::random_unavailable);
  CHECK(P256PrivateKey::generate({Source::zeros, nullptr}).error() == ErrorCode::random_unavailable);
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

TEST_CASE("p-256: verifying takes the functions of the rows that private keys take") {
  const auto rows = crypto::p256_kernels();
  const auto parts = crypto::ec::p256_verifiers();
  REQUIRE(parts.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); i++) {
    CHECK(parts[i].required.bits == rows[i].required.bits);
    CHECK(parts[i].name == rows[i].name);
    CHECK(parts[i].verify == rows[i].verify);
  }
}
