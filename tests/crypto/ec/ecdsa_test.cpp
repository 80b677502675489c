// SPDX-License-Identifier: Apache-2.0
// ECDSA on P-256, and tests that hold for P-384 too.
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "crypto/ec/slow.hpp"
#include "crypto/rows.hpp"
#include "ec/nonce.hpp"
#include "support/bytes.hpp"

#include <array>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::buffer_of;
using test::noise;
using test::unhex;
using test::slow::Number;

namespace ecdsa_test {
namespace {

// RFC 6979 §A.2.5
constexpr const char* kRfcKey = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";
constexpr const char* kRfcPoint =
    "04"
    "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
    "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
struct RfcVector {
  const HashAlgorithm& hash;
  const char* message;
  const char* k;
  const char* r;
  const char* s;
};
const RfcVector kRfcVectors[] = {
    {kSha224, "sample", "103F90EE9DC52E5E7FB5132B7033C63066D194321491862059967C715985D473",
     "53B2FFF5D1752B2C689DF257C04C40A587FABABB3F6FC2702F1343AF7CA9AA3F",
     "B9AFB64FDC03DC1A131C7D2386D11E349F070AA432A4ACC918BEA988BF75C74C"},
    {kSha256, "sample", "A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60",
     "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
     "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
    {kSha384, "sample", "09F634B188CEFD98E7EC88B1AA9852D734D0BC272F7D2A47DECC6EBEB375AAD4",
     "0EAFEA039B20E9B42309FB1D89E213057CBF973DC0CFC8F129EDDDC800EF7719",
     "4861F0491E6998B9455193E34E7B0D284DDD7149A74B95B9261F13ABDE940954"},
    {kSha512, "sample", "5FA81C63109BADB88C1F367B47DA606DA28CAD69AA22C4FE6AD7DF73A7173AA5",
     "8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00",
     "2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE"},
    {kSha224, "test", "669F4426F2688B8BE0DB3A6BD1989BDAEFFF84B649EEB84F3DD26080F667FAA7",
     "C37EDB6F0AE79D47C3C27E962FA269BB4F441770357E114EE511F662EC34A692",
     "C820053A05791E521FCAAD6042D40AEA1D6B1A540138558F47D0719800E18F2D"},
    {kSha256, "test", "D16B6AE827F17175E040871A1C7EC3500192C4C92677336EC2537ACAEE0008E0",
     "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
     "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"},
    {kSha384, "test", "16AEFFA357260B04B1DD199693960740066C1A8F3E8EDD79070AA914D361B3B8",
     "83910E8B48BB0C74244EBDF7F07A1C5413D61472BD941EF3920E623FBCCEBEB6",
     "8DDBEC54CF8CD5874883841D712142A56A8D0F218F5003CB0296B6B509619F2C"},
    {kSha512, "test", "6915D11632ACA3C40D5D51C08DAF9C555933819548784480E93499000D9F0B7F",
     "461D93F31B6540894788FD206C07CFA0CC35F46FA3C91816FFF1040AD1581A04",
     "39AF9F15DE0DB8D97E72719C74820D304CE5226E32DEDAE67519E840D1194E55"},
};

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("P-256", p256_kernels(), check);
}

P256PrivateKey rfc_key(const P256Kernel* row = nullptr) {
  const Buffer scalar = unhex(kRfcKey);
  auto key = P256PrivateKey::create(BytesOf<32>(scalar.data(), 32), row);
  REQUIRE(key.ok());
  return std::move(*key);
}

// A random source that counts. The same start gives the same bytes.
struct Counting {
  std::uint64_t calls = 0;
  static Result<void> fill(void* context, MutBytes out) {
    copy_bytes(out, noise(out.size(), static_cast<Counting*>(context)->calls++));
    return {};
  }
  static Result<void> fail(void*, MutBytes) { return ErrorCode::random_unavailable; }
  Random random() { return {fill, this}; }
};

using Signature = std::array<std::uint8_t, kP256SignatureSize>;

}  // namespace

TEST_CASE("ecdsa: RFC 6979's nonces and signatures come out of every row", "[ec]") {
  on_every_row([](const P256Kernel& row) {
    const P256PrivateKey key = rfc_key(&row);
    std::uint8_t point[kP256PointSize];
    key.public_key().point(point);
    CHECK_BYTES(point, unhex(kRfcPoint));
    for (const RfcVector& vector : kRfcVectors) {
      INFO(vector.hash.name << " " << vector.message);
      const Digest hashed = digest(vector.hash, bytes_of(vector.message));
      Signature signature;
      REQUIRE(key.sign(hashed.bytes(), nullptr, signature, &vector.hash).ok());
      CHECK_BYTES(signature, unhex(std::string(vector.r) + vector.s));
      CHECK(key.public_key().verify(hashed.bytes(), signature).ok());
      // bits2octets (§2.3.4) of the digest, for the nonce only.
      const auto curve = test::slow::Curve::p256();
      const Bytes leftmost = hashed.bytes().first(std::min<std::size_t>(hashed.size, 32));
      const Buffer octets = test::slow::reduce(Number::from_bytes(leftmost), curve.n).to_bytes(32);
      ec::NonceGenerator nonces(vector.hash, key.reveal(), octets, {});
      ec::Limbs<4> k;
      nonces.next<ec::P256>(k);
      CHECK(Number::from_limbs(k.v, 4) == Number::from_hex(vector.k));
    }
  });
}

TEST_CASE("ecdsa: signatures of slow arithmetic verify, and ours by it", "[ec]") {
  const auto curve = test::slow::Curve::p256();
  Counting source;
  for (unsigned seed = 0; seed < 8; seed++) {
    const Buffer scalar = noise(32, 100 + seed), hashed = noise(seed == 0 ? 0 : 8 * seed, seed);
    auto key = P256PrivateKey::create(BytesOf<32>(scalar.data(), 32));
    REQUIRE(key.ok());
    const Number d = Number::from_bytes(scalar);
    const Number e = test::slow::reduce(
        Number::from_bytes(Bytes(hashed).first(std::min<std::size_t>(hashed.size(), 32))), curve.n);

    Signature signature;
    const Random random = source.random();
    REQUIRE(key->sign(hashed, &random, signature).ok());
    const Number r = Number::from_bytes(Bytes(signature).first(32)),
                 s = Number::from_bytes(Bytes(signature).subspan(32));
    const Number w = test::slow::invert(s, curve.n);
    const auto sum = curve.add_points(
        curve.multiply_point(test::slow::multiply(e, w, curve.n), curve.g),
        curve.multiply_point(test::slow::multiply(test::slow::multiply(r, w, curve.n), d, curve.n), curve.g));
    REQUIRE(sum);
    CHECK(test::slow::reduce(sum->first, curve.n) == r);

    const Number k = test::slow::reduce(Number::from_bytes(noise(32, 200 + seed)), curve.n);
    const Number r2 = test::slow::reduce(curve.multiply_point(k, curve.g)->first, curve.n);
    const Number s2 =
        test::slow::multiply(test::slow::invert(k, curve.n),
                             test::slow::add(e, test::slow::multiply(r2, d, curve.n), curve.n), curve.n);
    Buffer slow = r2.to_bytes(32);
    for (const std::uint8_t b : s2.to_bytes(32)) {
      slow.push_back(b);
    }
    CHECK(key->public_key().verify(hashed, BytesOf<64>(slow.data(), 64)).ok());
  }
}

TEST_CASE("ecdsa: a changed digest, signature or key is refused by every row", "[ec]") {
  on_every_row([](const P256Kernel& row) {
    const P256PrivateKey key = rfc_key(&row);
    const Digest hashed = digest(kSha256, bytes_of("message"));
    Signature signature;
    REQUIRE(key.sign(hashed.bytes(), nullptr, signature).ok());
    const P256PublicKey verifier = key.public_key();
    REQUIRE(verifier.verify(hashed.bytes(), signature).ok());
    for (std::size_t bit = 0; bit < 512; bit += 7) {
      Signature other = signature;
      other[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
      CHECK(!verifier.verify(hashed.bytes(), other).ok());
    }
    for (std::size_t bit = 0; bit < 256; bit += 13) {
      Buffer other(hashed.bytes().begin(), hashed.bytes().end());
      other[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
      CHECK(verifier.verify(other, signature).error() == ErrorCode::bad_signature);
    }
    const Buffer scalar = noise(32, 6);
    auto stranger = P256PrivateKey::create(BytesOf<32>(scalar.data(), 32), &row);
    REQUIRE(stranger.ok());
    CHECK(!stranger->public_key().verify(hashed.bytes(), signature).ok());
  });
}

TEST_CASE("E01 ecdsa: r and s outside [1, n - 1] are refused", "[ec]") {
  const auto check = [](const auto& verifier, const auto& curve, auto size) {
    const std::size_t half = size() / 2;
    const Number zero(0), one(1), top = Number::power_of_two(static_cast<unsigned>(8 * half)) - Number(1);
    for (const Number& r : {zero, one, curve.n - one, curve.n, curve.n + one, curve.p, top}) {
      for (const Number& s : {zero, one, curve.n - one, curve.n, curve.n + one, top}) {
        // Several digests, and above all zero: with it, (0, 0) passes if the range is not
        // checked.
        for (const Buffer& hashed : {Buffer(half), noise(half, 1)}) {
          Buffer signature = r.to_bytes(half);
          for (const std::uint8_t b : s.to_bytes(half)) {
            signature.push_back(b);
          }
          const auto verdict = verifier.verify(hashed, BytesOf<size()>(signature.data(), size()));
          REQUIRE(!verdict.ok());
          CHECK(verdict.error() == ErrorCode::bad_signature);
        }
      }
    }
  };
  const auto curve = test::slow::Curve::p256();
  check(*P256PublicKey::create(curve.encode(curve.multiply_point(Number(7), curve.g))), curve,
        std::integral_constant<std::size_t, kP256SignatureSize>());
  const auto larger = test::slow::Curve::p384();
  check(*P384PublicKey::create(larger.encode(larger.multiply_point(Number(7), larger.g))), larger,
        std::integral_constant<std::size_t, kP384SignatureSize>());
}

TEST_CASE("E02 ecdsa: nonces are hedged: randomness changes them, the same randomness does not", "[ec]") {
  const P256PrivateKey key = rfc_key();
  const Digest hashed = digest(kSha256, bytes_of("sample"));
  Signature plain, first, second, again;
  REQUIRE(key.sign(hashed.bytes(), nullptr, plain).ok());
  Counting source;
  const Random random = source.random();
  REQUIRE(key.sign(hashed.bytes(), &random, first).ok());
  REQUIRE(key.sign(hashed.bytes(), &random, second).ok());
  CHECK(source.calls == 2);
  Counting same;
  const Random repeated = same.random();
  REQUIRE(key.sign(hashed.bytes(), &repeated, again).ok());
  CHECK(test::hex(plain) != test::hex(first));
  CHECK(test::hex(first) != test::hex(second));
  CHECK_BYTES(again, first);
  for (const Signature& signature : {plain, first, second}) {
    CHECK(key.public_key().verify(hashed.bytes(), signature).ok());
  }
  // Broken randomness (always zero) still gives different nonces for different messages and keys.
  const Random zeros = {[](void*, MutBytes out) -> Result<void> {
                          wipe(out);
                          return {};
                        },
                        nullptr};
  Signature a, b;
  REQUIRE(key.sign(hashed.bytes(), &zeros, a).ok());
  REQUIRE(key.sign(digest(kSha256, bytes_of("other")).bytes(), &zeros, b).ok());
  CHECK(test::hex(Bytes(a).first(32)) != test::hex(Bytes(b).first(32)));
  // Failing randomness is an error and not ignored.
  const Random broken = {Counting::fail, nullptr};
  CHECK(key.sign(hashed.bytes(), &broken, a).error() == ErrorCode::random_unavailable);
}

TEST_CASE("E02 ecdsa: the top and bottom bits of 20000 nonces show no bias", "[ec]") {
  const P256PrivateKey key = rfc_key();
  constexpr int kNonces = 20000;
  std::array<int, 256> top{}, bottom{};
  for (int i = 0; i < kNonces; i++) {
    std::uint8_t hashed[32] = {};
    hashed[30] = static_cast<std::uint8_t>(i >> 8);
    hashed[31] = static_cast<std::uint8_t>(i);
    ec::NonceGenerator nonces(kSha256, key.reveal(), hashed, {});
    ec::Limbs<4> k;
    nonces.next<ec::P256>(k);
    top[static_cast<std::size_t>(k.v[3] >> 56)]++;
    bottom[static_cast<std::size_t>(k.v[0] & 255)]++;
  }
  for (const auto& counts : {top, bottom}) {
    double chi_squared = 0;
    for (const int count : counts) {
      const double expected = kNonces / 256.0;
      chi_squared += (count - expected) * (count - expected) / expected;
    }
    // 255 degrees of freedom: mean 255, deviation 22.6. A nonce of 248 bits would give above five million.
    CHECK(chi_squared < 370);
    CHECK(chi_squared > 150);
  }
}

TEST_CASE("E02 ecdsa: a candidate out of range is thrown away for the next of the sequence", "[ec]") {
  // No feasible input makes RFC 6979 give such a nonce on P-256 (2^-32). So this tests the sequence itself:
  // each call gives a new candidate in range, the same for the same inputs.
  const Buffer scalar = noise(32, 1), hashed = noise(32, 2);
  ec::NonceGenerator one(kSha256, scalar, hashed, {});
  ec::NonceGenerator two(kSha256, scalar, hashed, {});
  std::vector<std::string> seen;
  for (int i = 0; i < 10; i++) {
    ec::Limbs<4> a, b;
    one.next<ec::P256>(a);
    two.next<ec::P256>(b);
    CHECK(Number::from_limbs(a.v, 4) == Number::from_limbs(b.v, 4));
    CHECK(Number::from_limbs(a.v, 4) < test::slow::Curve::p256().n);
    seen.push_back(test::hex(Number::from_limbs(a.v, 4).to_bytes(32)));
  }
  std::sort(seen.begin(), seen.end());
  CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
}

TEST_CASE("E06 ecdsa: verification before release passes good signatures and holds back bad ones", "[ec]") {
  const Digest hashed = digest(kSha256, bytes_of("sample"));
  Signature signature;
  Counting source;
  const Random random = source.random();
  REQUIRE(rfc_key().sign_and_verify(hashed.bytes(), &random, signature).ok());
  CHECK(rfc_key().public_key().verify(hashed.bytes(), signature).ok());

  // A row with a fault: for some nonces it multiplies by the nonce plus one.
  static const P256Kernel& sound = p256_kernels().back();
  static int calls;
  calls = 0;
  P256Kernel faulty = sound;
  faulty.fixed_base = [](std::uint64_t out[8], const std::uint64_t k[4]) {
    std::uint64_t other[4] = {k[0] ^ (calls++ == 0 ? 4u : 0u), k[1], k[2], k[3]};
    sound.fixed_base(out, other);
  };
  const P256PrivateKey key = rfc_key(&faulty);
  const auto held = key.sign_and_verify(hashed.bytes(), nullptr, signature);
  REQUIRE(!held.ok());
  CHECK(held.error() == ErrorCode::signing_fault);
  CHECK_BYTES(signature, Buffer(64));
  // sign does not verify by default, and the fault gets out. The option exists to prevent that.
  calls = 0;
  REQUIRE(key.sign(hashed.bytes(), nullptr, signature).ok());
  CHECK(!rfc_key().public_key().verify(hashed.bytes(), signature).ok());
}

}  // namespace ecdsa_test
