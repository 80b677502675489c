// SPDX-License-Identifier: Apache-2.0
// Properties of every curve: tables, multiplications, encodings, ECDSA, ECDH.
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/p521.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "crypto/ec/slow.hpp"
#include "crypto/rows.hpp"
#include "ec/operations.hpp"
#include "ec/private_key.hpp"
#include "support/bytes.hpp"

#include <array>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;
using test::slow::Number;

namespace curves_test {
namespace {

struct RfcVector {
  const HashAlgorithm& hash;
  const char* message;
  const char* r;
  const char* s;
};

// RFC 6979 §A.2.5; the nonces are in ecdsa_test.cpp, with those of other hashes.
const RfcVector kRfcP256[] = {
    {kSha256, "sample", "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
     "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
};
// §A.2.6
const RfcVector kRfcP384[] = {
    {kSha224, "sample",
     "42356E76B55A6D9B4631C865445DBE54E056D3B3431766D0509244793C3F9366450F76EE3DE43F5A125333A6BE060122",
     "9DA0C81787064021E78DF658F2FBB0B042BF304665DB721F077A4298B095E4834C082C03D83028EFBF93A3C23940CA8D"},
    {kSha256, "sample",
     "21B13D1E013C7FA1392D03C5F99AF8B30C570C6F98D4EA8E354B63A21D3DAA33BDE1E888E63355D92FA2B3C36D8FB2CD",
     "F3AA443FB107745BF4BD77CB3891674632068A10CA67E3D45DB2266FA7D1FEEBEFDC63ECCD1AC42EC0CB8668A4FA0AB0"},
    {kSha384, "sample",
     "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46",
     "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8"},
    {kSha512, "sample",
     "ED0959D5880AB2D869AE7F6C2915C6D60F96507F9CB3E047C0046861DA4A799CFE30F35CC900056D7C99CD7882433709",
     "512C8CCEEE3890A84058CE1E22DBC2198F42323CE8ACA9135329F03C068E5112DC7CC3EF3446DEFCEB01A45C2667FDD5"},
    {kSha224, "test",
     "E8C9D0B6EA72A0E7837FEA1D14A1A9557F29FAA45D3E7EE888FC5BF954B5E62464A9A817C47FF78B8C11066B24080E72",
     "07041D4A7A0379AC7232FF72E6F77B6DDB8F09B16CCE0EC3286B2BD43FA8C6141C53EA5ABEF0D8231077A04540A96B66"},
    {kSha256, "test",
     "6D6DEFAC9AB64DABAFE36C6BF510352A4CC27001263638E5B16D9BB51D451559F918EEDAF2293BE5B475CC8F0188636B",
     "2D46F3BECBCC523D5F1A1256BF0C9B024D879BA9E838144C8BA6BAEB4B53B47D51AB373F9845C0514EEFB14024787265"},
    {kSha384, "test",
     "8203B63D3C853E8D77227FB377BCF7B7B772E97892A80F36AB775D509D7A5FEB0542A7F0812998DA8F1DD3CA3CF023DB",
     "DDD0760448D42D8A43AF45AF836FCE4DE8BE06B485E9B61B827C2F13173923E06A739F040649A667BF3B828246BAA5A5"},
    {kSha512, "test",
     "A0D5D090C9980FAF3C2CE57B7AE951D31977DD11C775D314AF55F76C676447D06FB6495CD21B4B6E340FC236584FB277",
     "976984E59B4C77B0E8E4460DCA3D9F20E07B9BB1F63BEEFAF576F6B2E8B224634A2092CD3792E0159AD9CEE37659C736"},
};
// §A.2.7
const RfcVector kRfcP521[] = {
    {kSha512, "sample",
     "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606ADD152B534931D7"
     "D4E8455CC91F9B15BF05EC36E377FA",
     "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C37FF0777B1A20"
     "F8CCB1DCCC43997F1EE0E44DA4A67A"},
};

struct OnP256 {
  using Tag = P256Curve;
  using Data = ec::P256;
  static test::slow::Curve slow() { return test::slow::Curve::p256(); }
  static auto rows() { return p256_kernels(); }
  static std::span<const RfcVector> vectors() { return kRfcP256; }
  static constexpr const char* kName = "P-256";
  static constexpr const char* kRfcKey = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";
};
struct OnP384 {
  using Tag = P384Curve;
  using Data = ec::P384;
  static test::slow::Curve slow() { return test::slow::Curve::p384(); }
  static auto rows() { return p384_kernels(); }
  static std::span<const RfcVector> vectors() { return kRfcP384; }
  static constexpr const char* kName = "P-384";
  static constexpr const char* kRfcKey =
      "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5";
};
struct OnP521 {
  using Tag = P521Curve;
  using Data = ec::P521;
  static test::slow::Curve slow() { return test::slow::Curve::p521(); }
  static auto rows() { return p521_kernels(); }
  static std::span<const RfcVector> vectors() { return kRfcP521; }
  static constexpr const char* kName = "P-521";
  static constexpr const char* kRfcKey =
      "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D16FCC1466F6"
      "D8FBEC67DB89EC0C08B0E996B83538";
};
void append(Buffer& to, const Buffer& from) {
  to.insert(to.end(), from.begin(), from.end());
}

#define ON_EVERY_CURVE OnP256, OnP384, OnP521

template <class On>
struct Types {
  using Tag = typename On::Tag;
  using Public = EcPublicKey<Tag>;
  using Private = EcPrivateKey<Tag>;
  static constexpr std::size_t kBytes = Tag::kBytes;

  static Private key_of(const Number& d, const EcKernel<Tag>* row = nullptr) {
    const Buffer scalar = d.to_bytes(kBytes);
    auto key = Private::create(BytesOf<kBytes>(scalar.data(), kBytes), row);
    REQUIRE(key.ok());
    return std::move(*key);
  }
  static Private rfc_key(const EcKernel<Tag>* row = nullptr) {
    return key_of(Number::from_bytes(unhex(On::kRfcKey)), row);
  }
  static Buffer point_of(const Public& key) {
    Buffer point(Tag::kPointSize);
    key.point(MutBytesOf<Tag::kPointSize>(point.data(), Tag::kPointSize));
    return point;
  }
  static Number number_below(const Number& n, std::uint64_t seed) {
    return test::slow::reduce(Number::from_bytes(noise(kBytes, seed)), n);
  }
  template <class Check>
  static void on_every_row(Check check) {
    test::on_every_row(On::kName, On::rows(), check);
  }
};

// Scalars at edges of windows, carries and the range: digits at one place of a comb, alone, negative, and
// just below n. n - 34 is the only multiple of P-256's base point, and
// n - 18 the only scalar of P-521, whose last addition doubles.
template <class On>
std::vector<Number> edge_scalars(const Number& n) {
  constexpr unsigned kBits = On::Tag::kBits, kStep = ec::BaseTable<typename On::Data>::kWidth *
                                                     ec::BaseTable<typename On::Data>::kApart;
  std::vector<Number> scalars;
  for (const std::uint32_t small : {1u, 2u, 9u, 15u, 16u, 17u, 18u, 31u, 32u, 33u, 34u}) {
    scalars.push_back(Number(small));
    scalars.push_back(n - Number(small));
  }
  for (unsigned bit = kStep; bit < kBits; bit += std::max(kStep, kBits / 8 / kStep * kStep)) {
    scalars.push_back(Number::power_of_two(bit) + Number(13));
    scalars.push_back(n - Number::power_of_two(bit));
    scalars.push_back(n - Number::power_of_two(bit) - Number(13));
  }
  scalars.push_back(Number::power_of_two(kBits - 1));
  scalars.push_back(n.half());
  scalars.push_back(n.half() + Number(1));
  for (std::uint64_t seed = 0; seed < 6; seed++) {
    scalars.push_back(Types<On>::number_below(n, seed));
  }
  return scalars;
}

}  // namespace

TEMPLATE_TEST_CASE("curves: their numbers are what SP 800-186 says", "[ec]", ON_EVERY_CURVE) {
  using Data = typename TestType::Data;
  const auto curve = TestType::slow();
  CHECK(Number::from_limbs(Data::Prime::kValue.v, Data::kLimbs) == curve.p);
  CHECK(Number::from_limbs(Data::Order::kValue.v, Data::kLimbs) == curve.n);
  CHECK(Number::from_limbs(Data::kB.v, Data::kLimbs) == curve.b);
  CHECK(Number::from_limbs(Data::kGeneratorX.v, Data::kLimbs) == curve.g->first);
  CHECK(Number::from_limbs(Data::kGeneratorY.v, Data::kLimbs) == curve.g->second);
  CHECK(curve.contains(*curve.g));
  CHECK(!curve.multiply_point(curve.n, curve.g));
}

TEMPLATE_TEST_CASE("curves: every entry of a table is the multiple it stands for", "[ec]", ON_EVERY_CURVE) {
  using Data = typename TestType::Data;
  using Table = ec::BaseTable<Data>;
  constexpr std::size_t kLimbs = Data::kLimbs;
  const auto curve = TestType::slow();
  const Number inverse =
      test::slow::invert(test::slow::reduce(Number::power_of_two(64 * kLimbs), curve.p), curve.p);
  const auto require_entry = [&](const std::uint64_t* entry, const test::slow::Point& expected) {
    const test::slow::Coordinates found = {
        test::slow::multiply(Number::from_limbs(entry, kLimbs), inverse, curve.p),
        test::slow::multiply(Number::from_limbs(entry + kLimbs, kLimbs), inverse, curve.p)};
    REQUIRE(found == *expected);
  };
  test::slow::Point base = curve.g;
  for (const auto& row : Table::kEntries) {
    test::slow::Point expected;
    for (const auto& entry : row) {
      expected = curve.add_points(expected, base);
      require_entry(entry, expected);
    }
    for (unsigned i = 0; i < Table::kWidth * Table::kApart; i++) {
      base = curve.add_points(base, base);
    }
  }
  const test::slow::Point twice = curve.add_points(curve.g, curve.g);
  test::slow::Point odd = curve.g;
  for (const auto& entry : ec::OddMultiples<Data>::kEntries) {
    require_entry(entry, odd);
    odd = curve.add_points(odd, twice);
  }
}

TEMPLATE_TEST_CASE("curves: every row multiplies points as slow arithmetic does", "[ec]", ON_EVERY_CURVE) {
  using T = Types<TestType>;
  const auto curve = TestType::slow();
  const test::slow::Point q = curve.multiply_point(Number::from_bytes(noise(T::kBytes - 2, 99)), curve.g);
  for (const Number& k : edge_scalars<TestType>(curve.n)) {
    INFO("k = " << test::hex(k.to_bytes(T::kBytes)));
    const Buffer of_base = curve.encode(curve.multiply_point(k, curve.g));
    const Buffer of_q = curve.multiply_point(k, q)->first.to_bytes(T::kBytes);
    T::on_every_row([&](const auto& row) {
      const auto key = T::key_of(k, &row);
      CHECK_BYTES(T::point_of(key.public_key()), of_base);
      Secret<T::kBytes> shared;
      REQUIRE(key.agree(*T::Public::create(curve.encode(q)), shared).ok());
      CHECK_BYTES(shared.reveal(), of_q);
    });
  }
}

TEMPLATE_TEST_CASE("curves: private keys are in [1, n - 1]", "[ec]", ON_EVERY_CURVE) {
  using T = Types<TestType>;
  const auto curve = TestType::slow();
  for (const Number& bad :
       {Number(0), curve.n, curve.n + Number(1), curve.p, Number::power_of_two(8 * T::kBytes) - Number(1)}) {
    const Buffer scalar = bad.to_bytes(T::kBytes);
    const auto key = T::Private::create(BytesOf<T::kBytes>(scalar.data(), T::kBytes));
    REQUIRE(!key.ok());
    CHECK(key.error() == ErrorCode::scalar_out_of_range);
  }
}

TEMPLATE_TEST_CASE("curves: key generation throws scalars out of range away and takes the next", "[ec]",
                   ON_EVERY_CURVE) {
  using T = Types<TestType>;
  // Gives n, zeros, then noise; counts.
  struct Source {
    int calls = 0;
    static Result<void> fill(void* context, MutBytes out) {
      const int call = static_cast<Source*>(context)->calls++;
      copy_bytes(out, call == 0   ? TestType::slow().n.to_bytes(T::kBytes)
                      : call == 1 ? Buffer(T::kBytes)
                                  : noise(T::kBytes, 4));
      return {};
    }
    static Result<void> zeros(void*, MutBytes out) {
      wipe(out);
      return {};
    }
    static Result<void> fail(void*, MutBytes) { return ErrorCode::random_unavailable; }
  } source;
  const auto key = T::Private::generate({Source::fill, &source});
  REQUIRE(key.ok());
  CHECK(source.calls == 3);
  // Bits above the curve's size are cut off.
  Buffer expected = noise(T::kBytes, 4);
  expected[0] &= static_cast<std::uint8_t>(0xff >> (8 * T::kBytes - TestType::Tag::kBits));
  CHECK_BYTES(key->reveal(), expected);
  CHECK(T::Private::generate({Source::fail, nullptr}).error() == ErrorCode::random_unavailable);
  CHECK(T::Private::generate({Source::zeros, nullptr}).error() == ErrorCode::random_unavailable);
}

TEMPLATE_TEST_CASE("curves: RFC 6979's signatures come out of every row", "[ec]", ON_EVERY_CURVE) {
  using T = Types<TestType>;
  T::on_every_row([](const auto& row) {
    const auto key = T::rfc_key(&row);
    for (const RfcVector& vector : TestType::vectors()) {
      INFO(vector.hash.name << " " << vector.message);
      const Digest hashed = digest(vector.hash, bytes_of(vector.message));
      std::array<std::uint8_t, TestType::Tag::kSignatureSize> signature;
      REQUIRE(key.sign(hashed.bytes(), nullptr, signature, &vector.hash).ok());
      CHECK_BYTES(signature, unhex(std::string(vector.r) + vector.s));
      CHECK(key.public_key().verify(hashed.bytes(), signature).ok());
      if (&vector.hash == &ec::nonce_hash<typename TestType::Tag>()) {
        REQUIRE(key.sign(hashed.bytes(), nullptr, signature).ok());
        CHECK_BYTES(signature, unhex(std::string(vector.r) + vector.s));
      }
    }
  });
}

TEMPLATE_TEST_CASE("E02 curves: nonces are hedged: randomness changes them, its failure is told", "[ec]",
                   ON_EVERY_CURVE) {
  using T = Types<TestType>;
  const auto key = T::rfc_key();
  const Digest hashed = digest(kSha384, bytes_of("sample"));
  struct Source {
    std::uint64_t calls = 0;
    static Result<void> fill(void* context, MutBytes out) {
      copy_bytes(out, noise(out.size(), static_cast<Source*>(context)->calls++));
      return {};
    }
    static Result<void> fail(void*, MutBytes) { return ErrorCode::random_unavailable; }
  } source;
  const Random random = {Source::fill, &source}, broken = {Source::fail, nullptr};
  std::array<std::uint8_t, TestType::Tag::kSignatureSize> first, second;
  REQUIRE(key.sign(hashed.bytes(), &random, first).ok());
  REQUIRE(key.sign_and_verify(hashed.bytes(), &random, second).ok());
  CHECK(test::hex(first) != test::hex(second));
  CHECK(key.public_key().verify(hashed.bytes(), first).ok());
  CHECK(key.public_key().verify(hashed.bytes(), second).ok());
  CHECK(key.sign(hashed.bytes(), &broken, first).error() == ErrorCode::random_unavailable);
}

TEMPLATE_TEST_CASE("curves: signatures of slow arithmetic verify on every row, changed ones do not", "[ec]",
                   ON_EVERY_CURVE) {
  using T = Types<TestType>;
  constexpr std::size_t kSize = TestType::Tag::kSignatureSize;
  const auto curve = TestType::slow();
  const Number d = T::number_below(curve.n, 1);
  const Buffer point = curve.encode(curve.multiply_point(d, curve.g));
  for (const std::size_t size : {std::size_t{0}, std::size_t{20}, T::kBytes, T::kBytes + 6}) {
    const Buffer hashed = noise(size, size);
    // The leftmost bits of a digest that is longer than n.
    Number leftmost = Number::from_bytes(Bytes(hashed).first(std::min(size, T::kBytes)));
    for (std::size_t i = TestType::Tag::kBits; i < 8 * T::kBytes && size >= T::kBytes; i++) {
      leftmost = leftmost.half();
    }
    const Number e = test::slow::reduce(leftmost, curve.n);
    const Number k = T::number_below(curve.n, 50 + size);
    const Number r = test::slow::reduce(curve.multiply_point(k, curve.g)->first, curve.n);
    const Number s =
        test::slow::multiply(test::slow::invert(k, curve.n),
                             test::slow::add(e, test::slow::multiply(r, d, curve.n), curve.n), curve.n);
    Buffer signature = r.to_bytes(T::kBytes);
    append(signature, s.to_bytes(T::kBytes));
    T::on_every_row([&](const auto& row) {
      const auto key = T::Public::create(point, &row);
      REQUIRE(key.ok());
      CHECK_BYTES(T::point_of(*key), point);
      CHECK(key->verify(hashed, BytesOf<kSize>(signature.data(), kSize)).ok());
      for (std::size_t bit = 0; bit < 8 * kSize; bit += 61) {
        Buffer other = signature;
        other[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
        CHECK(!key->verify(hashed, BytesOf<kSize>(other.data(), kSize)).ok());
      }
      if (size > 0) {
        Buffer other = hashed;
        other[0] ^= 1;
        CHECK(key->verify(other, BytesOf<kSize>(signature.data(), kSize)).error() ==
              ErrorCode::bad_signature);
      }
    });
  }
}

TEMPLATE_TEST_CASE("curves: both sides of a key agreement get the same x", "[ec]", ON_EVERY_CURVE) {
  using T = Types<TestType>;
  const auto curve = TestType::slow();
  T::on_every_row([&](const auto& row) {
    for (std::uint64_t seed = 0; seed < 5; seed++) {
      const Number a = T::number_below(curve.n, 10 * seed), b = T::number_below(curve.n, 10 * seed + 1);
      const auto alice = T::key_of(a, &row), bob = T::key_of(b, &row);
      Secret<T::kBytes> first, second;
      REQUIRE(alice.agree(bob.public_key(), first).ok());
      REQUIRE(bob.agree(alice.public_key(), second).ok());
      CHECK_BYTES(first.reveal(), second.reveal());
      const Number product = test::slow::multiply(a, b, curve.n);
      CHECK_BYTES(first.reveal(), curve.multiply_point(product, curve.g)->first.to_bytes(T::kBytes));
    }
  });
}

TEMPLATE_TEST_CASE("E03 curves: verification's sum is right where points meet, are opposite or vanish",
                   "[ec]", ON_EVERY_CURVE) {
  using T = Types<TestType>;
  using Limbs = ec::Limbs<TestType::Tag::kLimbs>;
  const auto curve = TestType::slow();
  const Number montgomery = test::slow::reduce(Number::power_of_two(64 * TestType::Tag::kLimbs), curve.p);
  // Q = d G with small d, so that u G and v Q meet during the computation and at the end.
  for (const std::uint32_t d : {1u, 2u, 16u, 17u, 33u}) {
    const auto q = curve.multiply_point(Number(d), curve.g);
    const auto x = test::slow::multiply(q->first, montgomery, curve.p).template to_limbs<Limbs>();
    const auto y = test::slow::multiply(q->second, montgomery, curve.p).template to_limbs<Limbs>();
    std::uint64_t point[2 * TestType::Tag::kLimbs];
    std::copy(std::begin(y.v), std::end(y.v), std::copy(std::begin(x.v), std::end(x.v), point));
    const Number big = T::number_below(curve.n, d);
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
    for (const auto& [u, v] : scalars) {
      const auto sum = curve.multiply_point(
          test::slow::add(u, test::slow::multiply(v, Number(d), curve.n), curve.n), curve.g);
      const Number r = sum ? test::slow::reduce(sum->first, curve.n) : Number(0);
      INFO("d = " << d << ", u = " << test::hex(u.to_bytes(T::kBytes))
                  << ", v = " << test::hex(v.to_bytes(T::kBytes)));
      const auto lu = u.template to_limbs<Limbs>(), lv = v.template to_limbs<Limbs>(),
                 lr = r.template to_limbs<Limbs>(),
                 other = test::slow::add(r, Number(1), curve.n).template to_limbs<Limbs>();
      T::on_every_row([&](const auto& row) {
        CHECK(row.verify(lu.v, lv.v, point, lr.v) == sum.has_value());
        CHECK(!row.verify(lu.v, lv.v, point, other.v));
      });
    }
  }
}

TEMPLATE_TEST_CASE("E03 curves: public keys are points of the curve with coordinates below p", "[ec]",
                   ON_EVERY_CURVE) {
  using T = Types<TestType>;
  const auto curve = TestType::slow();
  const Buffer good = curve.encode(curve.g);
  CHECK(T::Public::create(good).ok());
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, T::kBytes, T::kBytes + 1, 2 * T::kBytes, 2 * T::kBytes + 2}) {
    Buffer cut = good;
    cut.resize(size);
    CHECK(T::Public::create(cut).error() == ErrorCode::bad_point_encoding);
  }
  for (const int form : {0, 2, 3, 5, 6, 7}) {
    Buffer other = good;
    other[0] = static_cast<std::uint8_t>(form);
    CHECK(T::Public::create(other).error() == ErrorCode::bad_point_encoding);
  }
  for (const std::size_t bit : {std::size_t{15}, 8 * T::kBytes, 8 * T::kBytes + 15, 16 * T::kBytes + 7}) {
    Buffer off = good;
    off[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    CHECK(T::Public::create(off).error() == ErrorCode::point_not_on_curve);
  }
  // (0, 0), which some use for infinity; an x above p.
  Buffer zero(good.size());
  zero[0] = 4;
  CHECK(T::Public::create(zero).error() == ErrorCode::point_not_on_curve);
  Buffer high = good;
  std::fill_n(high.begin() + 1, T::kBytes, std::uint8_t{0xff});
  CHECK(T::Public::create(high).error() == ErrorCode::point_not_on_curve);
}

TEMPLATE_TEST_CASE("curves: compressed points are read", "[ec]", ON_EVERY_CURVE) {
  using T = Types<TestType>;
  const auto curve = TestType::slow();
  for (std::uint64_t seed = 0; seed < 8; seed++) {
    const auto q = curve.multiply_point(T::number_below(curve.n, seed), curve.g);
    for (const Number& y : {q->second, curve.p - q->second}) {
      Buffer compressed = {static_cast<std::uint8_t>(y.is_odd() ? 3 : 2)};
      append(compressed, q->first.to_bytes(T::kBytes));
      const auto key = T::Public::create(compressed);
      REQUIRE(key.ok());
      CHECK_BYTES(T::point_of(*key), curve.encode(test::slow::Coordinates(q->first, y)));
      // x + p, if it fits, is not another encoding of x.
      if (q->first + curve.p < Number::power_of_two(8 * T::kBytes)) {
        Buffer above = {compressed[0]};
        append(above, (q->first + curve.p).to_bytes(T::kBytes));
        CHECK(T::Public::create(above).error() == ErrorCode::point_not_on_curve);
      }
    }
  }
  // Half of all x have no y.
  int points = 0;
  for (std::uint64_t seed = 0; seed < 40; seed++) {
    const Number x = T::number_below(curve.p, seed + 100);
    Buffer compressed = {2};
    append(compressed, x.to_bytes(T::kBytes));
    const auto key = T::Public::create(compressed);
    CHECK((key.ok() || key.error() == ErrorCode::point_not_on_curve));
    points += key.ok() ? 1 : 0;
  }
  CHECK((points > 5 && points < 35));
}

TEMPLATE_TEST_CASE("curves: verifying takes the functions of the rows that private keys take", "[ec]",
                   ON_EVERY_CURVE) {
  const auto rows = TestType::rows();
  const auto parts = ec::verifiers<typename TestType::Tag>();
  REQUIRE(parts.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); i++) {
    CHECK(parts[i].required.bits == rows[i].required.bits);
    CHECK(parts[i].name == rows[i].name);
    CHECK(parts[i].verify == rows[i].verify);
  }
}

}  // namespace curves_test
