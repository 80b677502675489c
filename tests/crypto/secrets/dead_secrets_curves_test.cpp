// SPDX-License-Identifier: Apache-2.0
// After each call on a key of a curve or of FFDHE neither the stack below nor the vector registers hold the
// key, the nonce of a signature or the shared secret.
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/ed25519_many.hpp>
#include <ashlar/crypto/ed448.hpp>
#include <ashlar/crypto/ffdhe.hpp>
#include <ashlar/crypto/hpke.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p256_many.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/p521.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>
#include <ashlar/crypto/x25519.hpp>
#include <ashlar/crypto/x25519_many.hpp>
#include <ashlar/crypto/x448.hpp>

#include "catch.hpp"
#include "crypto/secrets/left.hpp"
#include "ec/nonce.hpp"
#include "ed25519/scalar.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::append;
using test::Buffer;
using test::left;
using test::noise;

namespace {

// A number as big-endian bytes, and as limbs. Each begins at a word, since words are what is looked for.
void append_number(Buffer& to, Bytes number) {
  const auto to_words = [&to] { to.resize((to.size() + 7) / 8 * 8); };
  to_words();
  append(to, number);
  to_words();
  to.insert(to.end(), number.rbegin(), number.rend());
  to_words();
}

template <class Curve>
void check_curve(const char* name, std::span<const EcKernel<Curve>> rows, const HashAlgorithm& hash) {
  test::on_every_row(std::string(name) + ", secrets", rows, [&](const EcKernel<Curve>& row) {
    using Private = EcPrivateKey<Curve>;
    Buffer scalar = noise(Curve::kBytes, 1);
    scalar[0] = static_cast<std::uint8_t>(scalar[0] & (Curve::kBits % 8 == 0 ? 0x7f : 0));
    const BytesOf<Curve::kBytes> given(scalar.data(), scalar.size());
    const auto key = Private::create(given, &row);
    REQUIRE(key.ok());
    const auto peer = key->public_key();
    Buffer secrets;
    append_number(secrets, scalar);
    CHECK(left(secrets, [&] { (void)Private::create(given, &row).ok(); }) == 0);
    CHECK(left(secrets, [&] { (void)key->public_key(); }) == 0);

    Secret<Curve::kBytes> shared;
    REQUIRE(key->agree(peer, shared).ok());
    Buffer agreed = secrets;
    append_number(agreed, shared.reveal());
    CHECK(left(agreed, [&] { (void)key->agree(peer, shared).ok(); }) == 0);

    // A digest that is below the order.
    Buffer digest = noise(hash.digest_size, 2), padded(Curve::kBytes);
    digest[0] &= 0x7f;
    std::copy(digest.begin(), digest.end(), padded.end() - static_cast<std::ptrdiff_t>(digest.size()));
    ec::NonceGenerator nonces(hash, scalar, padded, {});
    ec::Limbs<Curve::kLimbs> nonce;
    nonces.template next<typename ec::DataOf<Curve>::Type>(nonce);
    std::uint8_t bytes[Curve::kBytes];
    ec::store_big_endian<Curve>(bytes, nonce);
    append_number(secrets, bytes);
    std::uint8_t signature[Curve::kSignatureSize];
    CHECK(left(secrets, [&] { (void)key->sign(digest, nullptr, signature).ok(); }) == 0);
  });
}

Buffer clamped(Buffer scalar) {
  scalar[0] &= 248;
  scalar[31] = static_cast<std::uint8_t>((scalar[31] & 127) | 64);
  return scalar;
}

}  // namespace

TEST_CASE("secrets: S12 P-256, P-384 and P-521", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  check_curve<P256Curve>("P-256", p256_kernels(), kSha256);
  check_curve<P384Curve>("P-384", p384_kernels(), kSha384);
  check_curve<P521Curve>("P-521", p521_kernels(), kSha512);
}

TEST_CASE("secrets: S12 X25519", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("X25519, secrets", x25519_kernels(), [](const X25519Kernel& row) {
    const Buffer scalar = noise(32, 1), point = noise(32, 2);
    const BytesOf<32> given(scalar.data(), 32), peer(point.data(), 32);
    const X25519PrivateKey key(given, &row);
    Buffer secrets = scalar;
    append(secrets, clamped(scalar));
    std::uint8_t out[32];
    CHECK(left(secrets, [&] { X25519PrivateKey(given, &row).public_key(out); }) == 0);
    Secret<32> shared;
    REQUIRE(key.agree(peer, shared).ok());
    append(secrets, shared.reveal());
    CHECK(left(secrets, [&] { (void)key.agree(peer, shared).ok(); }) == 0);
  });
}

TEST_CASE("secrets: S12 Ed25519", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("Ed25519, secrets", ed25519_kernels(), [](const Ed25519Kernel& row) {
    const Buffer seed = noise(32, 1), message = noise(40, 2);
    const BytesOf<32> given(seed.data(), 32);
    const auto key = Ed25519PrivateKey::create(given, &row);
    const Buffer expanded = test::buffer_of(digest(kSha512, seed).bytes());
    Buffer secrets = seed;
    append(secrets, expanded);
    append(secrets, clamped(Buffer(expanded.begin(), expanded.begin() + 32)));
    CHECK(left(secrets, [&] { (void)Ed25519PrivateKey::create(given, &row); }) == 0);
    // The nonce, before it is reduced and after.
    Buffer prefixed(expanded.begin() + 32, expanded.end());
    append(prefixed, message);
    const Buffer wide = test::buffer_of(digest(kSha512, prefixed).bytes());
    ed25519::Scalar nonce;
    ed25519::reduce_wide(nonce, wide.data());
    ec::FieldTools<ed25519::Scalars>::leave(nonce, nonce);
    std::uint8_t bytes[32], signature[64];
    ed25519::store_scalar(bytes, nonce);
    append(secrets, wide);
    append(secrets, bytes);
    const Bytes parts[] = {message};
    CHECK(left(secrets, [&] { key.sign(parts, signature); }) == 0);
  });
}

TEST_CASE("secrets: S12 Ed25519 side by side", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("Ed25519 side by side, secrets", ed25519_many_kernels(),
                     [](const Ed25519ManyKernel& row) {
                       constexpr std::size_t kCount = 8;
                       const Buffer seed = noise(32, 1), message = noise(40, 2);
                       const auto key = Ed25519PrivateKey::create(BytesOf<32>(seed.data(), 32));
                       const Buffer expanded = test::buffer_of(digest(kSha512, seed).bytes());
                       Buffer secrets = seed;
                       append(secrets, expanded);
                       append(secrets, clamped(Buffer(expanded.begin(), expanded.begin() + 32)));
                       Buffer prefixed(expanded.begin() + 32, expanded.end());
                       append(prefixed, message);
                       const Buffer wide = test::buffer_of(digest(kSha512, prefixed).bytes());
                       ed25519::Scalar nonce;
                       ed25519::reduce_wide(nonce, wide.data());
                       ec::FieldTools<ed25519::Scalars>::leave(nonce, nonce);
                       std::uint8_t bytes[32], signatures[kCount][64];
                       ed25519::store_scalar(bytes, nonce);
                       append(secrets, wide);
                       append(secrets, bytes);
                       const Bytes parts[] = {message};
                       std::vector<Ed25519Signing> signings;
                       for (auto& signature : signatures) {
                         signings.push_back({&key, parts, signature});
                       }
                       CHECK(left(secrets, [&] { (void)ed25519_sign_many(signings, &row).ok(); }) == 0);
                     });
}

TEST_CASE("secrets: S12 Ed448", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  const Buffer seed = noise(kEd448KeySize, 1), message = noise(40, 2);
  const BytesOf<kEd448KeySize> given(seed.data(), kEd448KeySize);
  const auto key = Ed448PrivateKey::create(given);
  const auto shake = [](std::initializer_list<Bytes> parts) {
    Shake hash(256);
    for (const Bytes part : parts) {
      hash.update(part);
    }
    Buffer out(kEd448SignatureSize);
    hash.squeeze(out);
    return out;
  };
  const Buffer expanded = shake({seed});
  // Words are what is looked for, so each secret begins at one.
  Buffer secrets(seed.begin(), seed.begin() + 56);
  append(secrets, Bytes(expanded).first(112));
  CHECK(left(secrets, [&] { (void)Ed448PrivateKey::create(given); }) == 0);
  append(secrets, Bytes(expanded).subspan(57, 56));
  const Buffer domain = test::unhex("53 69 67 45 64 34 34 38 00 00");
  append(secrets, Bytes(shake({domain, Bytes(expanded).last(57), message})).first(112));
  const Bytes parts[] = {message};
  std::uint8_t signature[kEd448SignatureSize];
  CHECK(left(secrets, [&] { key.sign(parts, signature); }) == 0);
}

TEST_CASE("secrets: S12 FFDHE", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("FFDHE, secrets", bignum_kernels(), [](const BignumKernel& row) {
    for (const FfdheGroup& group : {kFfdhe2048, kFfdhe4096}) {
      INFO(group.name);
      const Buffer exponent = noise(group.exponent_size, 1), peer = noise(group.size, 2);
      const auto key = FfdhePrivateKey::create(group, exponent, &row);
      REQUIRE(key.ok());
      Buffer secrets, value(group.size), shared(group.size);
      append_number(secrets, exponent);
      CHECK(left(secrets, [&] { (void)FfdhePrivateKey::create(group, exponent, &row).ok(); }) == 0);
      CHECK(left(secrets, [&] { (void)key->public_value(value).ok(); }) == 0);
      REQUIRE(key->agree(peer, shared).ok());
      append_number(secrets, shared);
      CHECK(left(secrets, [&] { (void)key->agree(peer, shared).ok(); }) == 0);
    }
  });
}

TEST_CASE("secrets: S12 X25519 side by side", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("X25519 side by side, secrets", x25519_many_kernels(), [](const X25519ManyKernel& row) {
    const Buffer scalar = noise(32, 1), point = noise(32, 2);
    const BytesOf<32> given(scalar.data(), 32), peer(point.data(), 32);
    const X25519PrivateKey key(given);
    Secret<32> shared[5];
    X25519Agreement agreements[5] = {{&key, peer, &shared[0]},
                                     {&key, peer, &shared[1]},
                                     {&key, peer, &shared[2]},
                                     {&key, peer, &shared[3]},
                                     {&key, peer, &shared[4]}};
    REQUIRE(x25519_agree_many(agreements, &row).ok());
    Buffer secrets = scalar;
    append(secrets, clamped(scalar));
    append(secrets, shared[0].reveal());
    CHECK(left(secrets, [&] { (void)x25519_agree_many(agreements, &row).ok(); }) == 0);
    std::uint8_t bytes[5][32];
    const X25519PublicKeyBytes keys[5] = {
        {&key, bytes[0]}, {&key, bytes[1]}, {&key, bytes[2]}, {&key, bytes[3]}, {&key, bytes[4]}};
    CHECK(left(secrets, [&] { (void)x25519_public_keys_many(keys, &row).ok(); }) == 0);
  });
}

TEST_CASE("secrets: S12 P-256 side by side", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("P-256 side by side, secrets", p256_many_kernels(), [](const P256ManyKernel& row) {
    constexpr std::size_t kCount = 8;
    Buffer scalar = noise(32, 1), digest = noise(32, 2);
    scalar[0] &= 0x7f;
    digest[0] &= 0x7f;
    const auto key = P256PrivateKey::create(BytesOf<32>(scalar.data(), 32));
    REQUIRE(key.ok());
    const auto peer = key->public_key();
    Buffer secrets;
    append_number(secrets, scalar);
    std::uint8_t points[kCount][kP256PointSize], signatures[kCount][64];
    std::vector<P256PublicPoint> wanted;
    std::vector<P256Agreement> agreements;
    std::vector<P256Signing> signings;
    Secret<32> shared[kCount];
    for (std::size_t i = 0; i < kCount; i++) {
      wanted.push_back({&*key, points[i]});
      agreements.push_back({&*key, &peer, &shared[i]});
      signings.push_back({&*key, digest, signatures[i]});
    }
    CHECK(left(secrets, [&] { (void)p256_public_points_many(wanted, &row).ok(); }) == 0);
    REQUIRE(p256_agree_many(agreements, &row).ok());
    Buffer agreed = secrets;
    append_number(agreed, shared[0].reveal());
    CHECK(left(agreed, [&] { (void)p256_agree_many(agreements, &row).ok(); }) == 0);
    ec::NonceGenerator nonces(kSha256, scalar, digest, {});
    ec::Limbs<4> nonce;
    nonces.next<ec::P256>(nonce);
    std::uint8_t bytes[32];
    ec::store_big_endian<ec::P256>(bytes, nonce);
    append_number(secrets, bytes);
    CHECK(left(secrets, [&] { (void)p256_sign_many(signings, nullptr, &row).ok(); }) == 0);
  });
}

TEST_CASE("secrets: S12 HPKE", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  for (const HpkeKem* const kem : {&kDhkemX25519HkdfSha256, &kDhkemP256HkdfSha256}) {
    INFO(kem->name);
    const HpkeSuite suite = {kem, &kHpkeHkdfSha256, &kHpkeChaCha20Poly1305};
    DeterministicRandom random(std::uint64_t{1});
    Buffer private_key(kem->private_size), public_key(kem->public_size), encapsulated(kem->public_size);
    REQUIRE(hpke_generate(*kem, random.random(), private_key, public_key).ok());
    REQUIRE(HpkeSender::create(suite, public_key, {}, random.random(), encapsulated).ok());
    Buffer secrets, shared(kem->shared_size);
    append_number(secrets, private_key);
    REQUIRE(kem->agree(private_key, encapsulated, shared).ok());
    append_number(secrets, shared);
    CHECK(left(secrets, [&] { (void)HpkeReceiver::create(suite, private_key, encapsulated, {}).ok(); }) == 0);
    auto receiver = HpkeReceiver::create(suite, private_key, encapsulated, {});
    REQUIRE(receiver.ok());
    Buffer exported(32);
    REQUIRE(receiver->context().export_secret({}, exported).ok());
    append(secrets, exported);
    CHECK(left(secrets, [&] { (void)receiver->context().export_secret({}, exported).ok(); }) == 0);
  }
}

TEST_CASE("secrets: S12 X448", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  const Buffer scalar = noise(kX448Size, 1), point = noise(kX448Size, 2);
  const BytesOf<kX448Size> given(scalar.data(), kX448Size), peer(point.data(), kX448Size);
  const X448PrivateKey key(given);
  Buffer secrets = scalar, bytes = scalar;
  bytes[0] &= 252;
  bytes[kX448Size - 1] |= 128;
  append(secrets, bytes);
  std::uint8_t out[kX448Size];
  CHECK(left(secrets, [&] { key.public_key(out); }) == 0);
  Secret<kX448Size> shared;
  REQUIRE(key.agree(peer, shared).ok());
  append(secrets, shared.reveal());
  CHECK(left(secrets, [&] { (void)key.agree(peer, shared).ok(); }) == 0);
}
