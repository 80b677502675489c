// SPDX-License-Identifier: Apache-2.0
// P-384: the comb's table, multiplications, encodings, ECDSA, ECDH.
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "crypto/ec/slow.hpp"
#include "ec/curves.hpp"
#include "ec/p384_table.hpp"
#include "support/bytes.hpp"

#include <array>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;
using test::slow::Number;

namespace {

// RFC 6979 §A.2.6
constexpr const char* kRfcKey =
    "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8"
    "96D5724E4C70A825F872C9EA60D2EDF5";
constexpr const char* kRfcPoint =
    "04"
    "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13"
    "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720";
struct RfcVector {
  const HashAlgorithm& hash;
  const char* message;
  const char* r;
  const char* s;
};
const RfcVector kRfcVectors[] = {
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

P384PrivateKey key_of(const Number& d) {
  const Buffer scalar = d.to_bytes(48);
  auto key = P384PrivateKey::create(BytesOf<48>(scalar.data(), 48));
  REQUIRE(key.ok());
  return std::move(*key);
}
P384PrivateKey rfc_key() {
  return key_of(Number::from_bytes(unhex(kRfcKey)));
}
Buffer point_of(const P384PrivateKey& key) {
  Buffer point(kP384PointSize);
  key.public_key().point(MutBytesOf<kP384PointSize>(point.data(), kP384PointSize));
  return point;
}

// Scalars at which windows, carries and the ends of the range meet.
std::vector<Number> edge_scalars(const Number& n) {
  std::vector<Number> scalars;
  for (std::uint32_t small = 1; small <= 34; small += small < 18 ? 1 : 5) {
    scalars.push_back(Number(small));
    scalars.push_back(n - Number(small));
  }
  // 40 bits lie between two rows of the comb: digits at one place of it, alone, negative, and just below n.
  for (unsigned bit = 5; bit < 384; bit += 35) {
    scalars.push_back(Number::power_of_two(bit));
    scalars.push_back(Number::power_of_two(bit) - Number(1));
    scalars.push_back(n - Number::power_of_two(bit));
  }
  for (unsigned bit = 40; bit < 384; bit += 40) {
    scalars.push_back(Number::power_of_two(bit) + Number(13));
    scalars.push_back(n - Number::power_of_two(bit));
    scalars.push_back(n - Number::power_of_two(bit) - Number(13));
  }
  scalars.push_back(Number::power_of_two(383));
  scalars.push_back(n.half());
  scalars.push_back(n.half() + Number(1));
  for (std::uint64_t seed = 0; seed < 10; seed++) {
    scalars.push_back(test::slow::reduce(Number::from_bytes(noise(48, seed)), n));
  }
  return scalars;
}

}  // namespace

TEST_CASE("p384: the curve's numbers are what SP 800-186 says", "[ec]") {
  const auto curve = test::slow::Curve::p384();
  CHECK(Number::from_limbs(ec::P384::Prime::kValue.v, 6) == curve.p);
  CHECK(Number::from_limbs(ec::P384::Order::kValue.v, 6) == curve.n);
  CHECK(Number::from_limbs(ec::P384::kB.v, 6) == curve.b);
  CHECK(Number::from_limbs(ec::P384::kGeneratorX.v, 6) == curve.g->first);
  CHECK(Number::from_limbs(ec::P384::kGeneratorY.v, 6) == curve.g->second);
  CHECK(!curve.multiply_point(curve.n, curve.g));
}

TEST_CASE("p384: every entry of the comb is the multiple it stands for", "[ec]") {
  const auto curve = test::slow::Curve::p384();
  const Number inverse = test::slow::invert(test::slow::reduce(Number::power_of_two(384), curve.p), curve.p);
  test::slow::Point base = curve.g;
  for (const auto& row : ec::kP384BaseTable) {
    test::slow::Point expected;
    for (const auto& entry : row) {
      expected = curve.add_points(expected, base);
      const test::slow::Coordinates found = {
          test::slow::multiply(Number::from_limbs(entry, 6), inverse, curve.p),
          test::slow::multiply(Number::from_limbs(entry + 6, 6), inverse, curve.p)};
      REQUIRE(found == *expected);
    }
    for (unsigned i = 0; i < 5 * ec::kP384CombApart; i++) {
      base = curve.add_points(base, base);
    }
  }
}

TEST_CASE("p384: points are multiplied as slow arithmetic does it", "[ec]") {
  const auto curve = test::slow::Curve::p384();
  const test::slow::Point q = curve.multiply_point(Number::from_bytes(noise(46, 99)), curve.g);
  const auto peer = P384PublicKey::create(curve.encode(q));
  REQUIRE(peer.ok());
  for (const Number& k : edge_scalars(curve.n)) {
    INFO("k = " << test::hex(k.to_bytes(48)));
    const P384PrivateKey key = key_of(k);
    CHECK_BYTES(point_of(key), curve.encode(curve.multiply_point(k, curve.g)));
    Secret<48> shared;
    REQUIRE(key.agree(*peer, shared).ok());
    CHECK_BYTES(shared.reveal(), curve.multiply_point(k, q)->first.to_bytes(48));
  }
}

TEST_CASE("p384: private keys are in [1, n - 1]", "[ec]") {
  const auto curve = test::slow::Curve::p384();
  for (const Number& bad :
       {Number(0), curve.n, curve.n + Number(1), curve.p, Number::power_of_two(384) - Number(1)}) {
    const Buffer scalar = bad.to_bytes(48);
    const auto key = P384PrivateKey::create(BytesOf<48>(scalar.data(), 48));
    REQUIRE(!key.ok());
    CHECK(key.error() == ErrorCode::scalar_out_of_range);
  }
}

TEST_CASE("p384: key generation throws scalars out of range away and takes the next", "[ec]") {
  // Gives zeros, then noise; counts.
  struct Source {
    int calls = 0;
    static Result<void> fill(void* context, MutBytes out) {
      copy_bytes(out, static_cast<Source*>(context)->calls++ == 0 ? Buffer(48) : noise(48, 4));
      return {};
    }
    static Result<void> zeros(void*, MutBytes out) {
      wipe(out);
      return {};
    }
    static Result<void> fail(void*, MutBytes) { return ErrorCode::random_unavailable; }
  } source;
  const auto key = P384PrivateKey::generate({Source::fill, &source});
  REQUIRE(key.ok());
  CHECK(source.calls == 2);
  CHECK_BYTES(key->reveal(), noise(48, 4));
  CHECK(P384PrivateKey::generate({Source::fail, nullptr}).error() == ErrorCode::random_unavailable);
  CHECK(P384PrivateKey::generate({Source::zeros, nullptr}).error() == ErrorCode::random_unavailable);
}

TEST_CASE("p384: RFC 6979's signatures come out", "[ec]") {
  const P384PrivateKey key = rfc_key();
  CHECK_BYTES(point_of(key), unhex(kRfcPoint));
  for (const RfcVector& vector : kRfcVectors) {
    INFO(vector.hash.name << " " << vector.message);
    const Digest hashed = digest(vector.hash, bytes_of(vector.message));
    std::array<std::uint8_t, kP384SignatureSize> signature;
    REQUIRE(key.sign(hashed.bytes(), nullptr, signature, &vector.hash).ok());
    CHECK_BYTES(signature, unhex(std::string(vector.r) + vector.s));
    CHECK(key.public_key().verify(hashed.bytes(), signature).ok());
    if (&vector.hash == &kSha384) {
      REQUIRE(key.sign(hashed.bytes(), nullptr, signature).ok());
      CHECK_BYTES(signature, unhex(std::string(vector.r) + vector.s));
    }
  }
}

TEST_CASE("E02 p384: nonces are hedged: randomness changes them, its failure is told", "[ec]") {
  const P384PrivateKey key = rfc_key();
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
  std::array<std::uint8_t, kP384SignatureSize> first, second;
  REQUIRE(key.sign(hashed.bytes(), &random, first).ok());
  REQUIRE(key.sign_and_verify(hashed.bytes(), &random, second).ok());
  CHECK(test::hex(first) != test::hex(second));
  CHECK(key.public_key().verify(hashed.bytes(), first).ok());
  CHECK(key.public_key().verify(hashed.bytes(), second).ok());
  CHECK(key.sign(hashed.bytes(), &broken, first).error() == ErrorCode::random_unavailable);
}

TEST_CASE("p384: signatures of slow arithmetic verify, changed ones do not", "[ec]") {
  const auto curve = test::slow::Curve::p384();
  CHECK(curve.contains(*curve.g));
  const Number d = test::slow::reduce(Number::from_bytes(noise(48, 1)), curve.n);
  const auto q = curve.multiply_point(d, curve.g);
  auto key = P384PublicKey::create(curve.encode(q));
  REQUIRE(key.ok());
  std::uint8_t out[kP384PointSize];
  key->point(out);
  CHECK_BYTES(out, curve.encode(q));
  for (const std::size_t size : {0u, 20u, 32u, 48u, 64u}) {
    const Buffer hashed = noise(size, size);
    const Number e =
        test::slow::reduce(Number::from_bytes(Bytes(hashed).first(std::min<std::size_t>(size, 48))), curve.n);
    const Number k = test::slow::reduce(Number::from_bytes(noise(48, 50 + size)), curve.n);
    const Number r = test::slow::reduce(curve.multiply_point(k, curve.g)->first, curve.n);
    const Number s =
        test::slow::multiply(test::slow::invert(k, curve.n),
                             test::slow::add(e, test::slow::multiply(r, d, curve.n), curve.n), curve.n);
    Buffer signature = r.to_bytes(48);
    for (const std::uint8_t b : s.to_bytes(48)) {
      signature.push_back(b);
    }
    REQUIRE(key->verify(hashed, BytesOf<96>(signature.data(), 96)).ok());
    for (std::size_t bit = 0; bit < 768; bit += 61) {
      Buffer other = signature;
      other[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
      CHECK(!key->verify(hashed, BytesOf<96>(other.data(), 96)).ok());
    }
    if (size > 0) {
      Buffer other = hashed;
      other[0] ^= 1;
      CHECK(key->verify(other, BytesOf<96>(signature.data(), 96)).error() == ErrorCode::bad_signature);
    }
  }
}

TEST_CASE("E03 p384: public keys are points of the curve with coordinates below p, uncompressed", "[ec]") {
  const auto curve = test::slow::Curve::p384();
  const Buffer good = curve.encode(curve.g);
  CHECK(P384PublicKey::create(good).ok());
  for (const std::size_t size : {0u, 1u, 49u, 96u, 98u}) {
    Buffer cut = good;
    cut.resize(size);
    CHECK(P384PublicKey::create(cut).error() == ErrorCode::bad_point_encoding);
  }
  for (const std::size_t bit : {8u, 391u, 392u, 775u}) {
    Buffer off = good;
    off[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    CHECK(P384PublicKey::create(off).error() == ErrorCode::point_not_on_curve);
  }
  Buffer high = good;
  std::fill(high.begin() + 1, high.begin() + 49, std::uint8_t{0xff});
  CHECK(P384PublicKey::create(high).error() == ErrorCode::point_not_on_curve);
}
