// SPDX-License-Identifier: Apache-2.0
// X25519, Ed25519, P-256, P-384, P-521 and FFDHE: secret in the scalar or exponent and in the shared secret.
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/ed25519_many.hpp>
#include <ashlar/crypto/ed448.hpp>
#include <ashlar/crypto/ffdhe.hpp>
#include <ashlar/crypto/hpke.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p256_many.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/p521.hpp>
#include <ashlar/crypto/x25519.hpp>
#include <ashlar/crypto/x25519_many.hpp>
#include <ashlar/crypto/x448.hpp>

#include "cases.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;

// Random bytes that are secret.
static Result<void> fill_secret(void* context, MutBytes out) {
  copy_bytes(out, test::noise(out.size(), (*static_cast<std::uint64_t*>(context))++));
  ct::classify(out);
  return {};
}

CT_CASE("x25519: public key and agreement") {
  const auto scalar = secret(32, 1);
  const crypto::X25519PrivateKey key{BytesOf<32>(scalar.data(), 32)};
  std::uint8_t point[32];
  key.public_key(point);
  open(point);
  Secret<32> shared;
  expect(static_cast<bool>(key.agree(point, shared)));
  open(shared.reveal());
}

CT_CASE("E07 x448: public key and agreement") {
  const auto scalar = secret(crypto::kX448Size, 1);
  const crypto::X448PrivateKey key{BytesOf<crypto::kX448Size>(scalar.data(), crypto::kX448Size)};
  std::uint8_t point[crypto::kX448Size];
  key.public_key(point);
  open(point);
  Secret<crypto::kX448Size> shared;
  expect(key.agree(point, shared).ok());
  open(shared.reveal());
}

CT_CASE("E07 ffdhe: public value and agreement") {
  std::uint64_t seed = 5;
  const auto key = crypto::FfdhePrivateKey::generate(crypto::kFfdhe2048, {fill_secret, &seed});
  expect(key.ok());
  test::Buffer value(crypto::kFfdhe2048.size), shared(crypto::kFfdhe2048.size);
  expect(key->public_value(value).ok());
  open(value);
  expect(key->agree(value, shared).ok());
  open(shared);
}

CT_CASE("hpke: keys, a message and an exported secret") {
  const crypto::HpkeSuite suite = {&crypto::kDhkemX25519HkdfSha256, &crypto::kHpkeHkdfSha256,
                                   &crypto::kHpkeAes128Gcm};
  std::uint64_t seed = 9;
  const crypto::Random random{fill_secret, &seed};
  test::Buffer private_key(32), public_key(32), encapsulated(32);
  expect(crypto::hpke_generate(*suite.kem, random, private_key, public_key).ok());
  auto sender = crypto::HpkeSender::create(suite, public_key, {}, random, encapsulated);
  auto receiver = crypto::HpkeReceiver::create(suite, private_key, encapsulated, {});
  expect(sender.ok() && receiver.ok());
  auto message = secret(100, 1);
  message.resize(116);
  expect(sender->seal({}, Bytes(message).first(100), message).ok());
  open(message);  // it goes over the wire
  expect(receiver->open({}, message, message).ok());
  test::Buffer exported(32);
  expect(receiver->context().export_secret({}, exported).ok());
}

CT_CASE("ed25519: key and signature") {
  const auto seed = secret(32, 3), message = secret(50, 4);
  const auto key = crypto::Ed25519PrivateKey::create(BytesOf<32>(seed.data(), 32));
  const Bytes parts[] = {message};
  std::uint8_t signature[64];
  key.sign(parts, signature);
  open(message);
  open(signature);
  const auto public_key = crypto::Ed25519PublicKey::create(key.public_key());
  expect(public_key.ok() && public_key->verify(parts, signature).ok());
}

CT_CASE("ed448: key and signature") {
  const auto seed = secret(crypto::kEd448KeySize, 3), message = secret(50, 4);
  const auto key =
      crypto::Ed448PrivateKey::create(BytesOf<crypto::kEd448KeySize>(seed.data(), crypto::kEd448KeySize));
  const Bytes parts[] = {message};
  std::uint8_t signature[crypto::kEd448SignatureSize];
  key.sign(parts, signature);
  open(message);
  open(signature);
  const auto public_key = crypto::Ed448PublicKey::create(key.public_key());
  expect(public_key.ok() && public_key->verify(parts, signature).ok());
}

template <class Curve>
static void key_and_agreement() {
  std::uint64_t seed = 7;
  const crypto::Random random{fill_secret, &seed};
  const auto key = crypto::EcPrivateKey<Curve>::generate(random);
  expect(static_cast<bool>(key));
  std::uint8_t point[Curve::kPointSize];
  key->public_key().point(point);
  open(point);
  const auto peer = crypto::EcPublicKey<Curve>::create(point);
  expect(static_cast<bool>(peer));
  Secret<Curve::kBytes> shared;
  expect(static_cast<bool>(key->agree(*peer, shared)));
  open(shared.reveal());
}

template <class Curve>
static void hedged_signature() {
  auto bytes = test::noise(Curve::kBytes, 5);
  bytes[0] &= 1;  // below n on every curve
  const auto scalar = secret(bytes);
  const auto key = crypto::EcPrivateKey<Curve>::create(BytesOf<Curve::kBytes>(scalar.data(), Curve::kBytes));
  expect(static_cast<bool>(key));
  std::uint64_t seed = 13;
  const crypto::Random random{fill_secret, &seed};
  const auto digest = test::noise(48, 6);
  std::uint8_t signature[Curve::kSignatureSize];
  expect(static_cast<bool>(key->sign(digest, &random, signature)));
  open(signature);
  const auto public_key = key->public_key();
  open_value(public_key);
  expect(static_cast<bool>(public_key.verify(digest, signature)));
}

CT_CASE("p-256: key, public key and agreement") {
  key_and_agreement<crypto::P256Curve>();
}
CT_CASE("p-256: ECDSA signature with a hedged nonce") {
  hedged_signature<crypto::P256Curve>();
}
CT_CASE("p-384: key, public key and agreement") {
  key_and_agreement<crypto::P384Curve>();
}
CT_CASE("p-384: ECDSA signature with a hedged nonce") {
  hedged_signature<crypto::P384Curve>();
}
CT_CASE("p-521: key, public key and agreement") {
  key_and_agreement<crypto::P521Curve>();
}
CT_CASE("p-521: ECDSA signature with a hedged nonce") {
  hedged_signature<crypto::P521Curve>();
}

// A row of several lanes that valgrind can run, for what stands around the kernels.
static void fixed_base_one_by_one(std::uint64_t* const* outs, const std::uint64_t* const* scalars) {
  for (std::size_t lane = 0; lane < 3; lane++) {
    crypto::p256_kernels().back().fixed_base(outs[lane], scalars[lane]);
  }
}
static void variable_base_one_by_one(std::uint64_t* const* outs, const std::uint64_t* const* scalars,
                                     const std::uint64_t* const* points) {
  for (std::size_t lane = 0; lane < 3; lane++) {
    crypto::p256_kernels().back().variable_base(outs[lane], scalars[lane], points[lane]);
  }
}

CT_CASE("p-256: keys, agreements and signatures side by side") {
  static const crypto::P256ManyKernel kRow = {
      "one by one", cpu::Features(), 3, fixed_base_one_by_one, variable_base_one_by_one, nullptr, 1, 1, 1};
  std::uint64_t seed = 21;
  const crypto::Random random{fill_secret, &seed};
  const auto a = crypto::P256PrivateKey::generate(random), b = crypto::P256PrivateKey::generate(random);
  expect(a.ok() && b.ok());
  std::uint8_t points[2][crypto::kP256PointSize], signatures[2][crypto::kP256SignatureSize];
  const crypto::P256PublicPoint wanted[] = {{&*a, points[0]}, {&*b, points[1]}};
  expect(crypto::p256_public_points_many(wanted, &kRow).ok());
  open(points[0]);
  open(points[1]);
  const auto of_a = crypto::P256PublicKey::create(points[0]), of_b = crypto::P256PublicKey::create(points[1]);
  expect(of_a.ok() && of_b.ok());
  Secret<32> shared[2];
  crypto::P256Agreement agreements[] = {{&*a, &*of_b, &shared[0]}, {&*b, &*of_a, &shared[1]}};
  expect(crypto::p256_agree_many(agreements, &kRow).ok());
  open(shared[0].reveal());
  open(shared[1].reveal());
  expect(equal_public(shared[0].reveal(), shared[1].reveal()));
  const auto digest = test::noise(32, 6);
  crypto::P256Signing signings[] = {{&*a, digest, signatures[0]}, {&*b, digest, signatures[1]}};
  expect(crypto::p256_sign_many(signings, &random, &kRow).ok());
  open(signatures[0]);
  open(signatures[1]);
  expect(of_a->verify(digest, signatures[0]).ok() && of_b->verify(digest, signatures[1]).ok());
}

static void ed25519_base_one_by_one(std::uint8_t* const* outs, const std::uint8_t* const* scalars) {
  for (std::size_t lane = 0; lane < 3; lane++) {
    crypto::ed25519_kernels().back().base_multiple(outs[lane], scalars[lane]);
  }
}

CT_CASE("ed25519: signatures side by side") {
  static const crypto::Ed25519ManyKernel kRow = {
      "one by one", cpu::Features(), 3, ed25519_base_one_by_one, nullptr, nullptr, 1, 1, 1};
  const auto seed = secret(32, 3), message = secret(50, 4);
  const auto key = crypto::Ed25519PrivateKey::create(BytesOf<32>(seed.data(), 32));
  const Bytes parts[] = {message};
  std::uint8_t signatures[2][64];
  const crypto::Ed25519Signing signings[] = {{&key, parts, signatures[0]}, {&key, parts, signatures[1]}};
  expect(crypto::ed25519_sign_many(signings, &kRow).ok());
  open(message);
  const auto public_key = crypto::Ed25519PublicKey::create(key.public_key());
  for (const auto& signature : signatures) {
    expect(public_key.ok() && public_key->verify(parts, signature).ok());
  }
}

static void x25519_one_by_one(std::uint8_t* const* outs, const std::uint8_t* const* scalars,
                              const std::uint8_t* const* points) {
  for (std::size_t lane = 0; lane < 3; lane++) {
    crypto::x25519_kernels().back().multiply(outs[lane], scalars[lane], points[lane]);
  }
}
static void x25519_base_one_by_one(std::uint8_t* const* outs, const std::uint8_t* const* scalars) {
  for (std::size_t lane = 0; lane < 3; lane++) {
    crypto::x25519_kernels().back().multiply_base(outs[lane], scalars[lane]);
  }
}

CT_CASE("x25519: public keys and agreements side by side") {
  static const crypto::X25519ManyKernel kRow = {"one by one",      cpu::Features(),        3, 1,
                                                x25519_one_by_one, x25519_base_one_by_one, 1};
  const auto scalar = secret(32, 1);
  const crypto::X25519PrivateKey key{BytesOf<32>(scalar.data(), 32)};
  std::uint8_t points[2][32];
  const crypto::X25519PublicKeyBytes keys[] = {{&key, points[0]}, {&key, points[1]}};
  expect(crypto::x25519_public_keys_many(keys, &kRow).ok());
  open(points[0]);
  Secret<32> shared[2];
  crypto::X25519Agreement agreements[] = {{&key, points[0], &shared[0]}, {&key, points[0], &shared[1]}};
  expect(crypto::x25519_agree_many(agreements, &kRow).ok());
  expect(agreements[0].result.ok() && agreements[1].result.ok());
}
