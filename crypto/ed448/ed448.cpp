// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/ed448.hpp>

#include "cpu/dead_stack.hpp"
#include "ed448/group.hpp"

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/sha3.hpp>

namespace ashlar::crypto {

namespace {

using ed448::Scalar;
using ed448::Scalars;
using ScalarTools = ec::FieldTools<Scalars>;

constexpr std::size_t kHashSize = 114;

// More stack than anything below the functions of a key uses. Code with secrets has its own frame, so that
// all of it lies below.
using WipeAfter = WipeBelow<8192>;

// SHAKE256 of dom4 and the parts (RFC 8032 §5.2.6), as a number modulo L in Montgomery form.
[[gnu::noinline]] void hash_to_scalar(Scalar& out, Bytes first, Bytes second,
                                      std::span<const Bytes> message) {
  static constexpr std::uint8_t kDomain[] = {'S', 'i', 'g', 'E', 'd', '4', '4', '8', 0, 0};
  struct {
    std::uint8_t digest[kHashSize + 6];
    Scalar low, high, top, fourth;
  } s = {};
  Shake hash(256);
  hash.update(kDomain).update(first).update(second);
  for (const Bytes part : message) {
    hash.update(part);
  }
  hash.squeeze(MutBytes(s.digest).first(kHashSize));
  s.low = x448::load_number(s.digest);
  s.high = x448::load_number(s.digest + x448::kBytes);
  s.top.v[0] = load_le64(s.digest + 2 * x448::kBytes);
  // One factor may be any number below R. The parts times R^2, R^3 and R^4, over R.
  Scalars::multiply(s.low, s.low, Scalars::kSquare);
  Scalars::multiply(s.high, s.high, Scalars::kCube);
  Scalars::multiply(s.fourth, Scalars::kCube, Scalars::kSquare);
  Scalars::multiply(s.top, s.top, s.fourth);
  Scalars::add(out, s.low, s.high);
  Scalars::add(out, out, s.top);
  wipe(&s, sizeof s);
}

// The multiple of the base point, encoded.
[[gnu::noinline]] void encoded_multiple(std::uint8_t* out, const Scalar& k) {
  ed448::Point point;
  ed448::base_multiple(point, k);
  ed448::encode(out, point);
  wipe(&point, sizeof point);
}

// The secret scalar modulo L, in Montgomery form.
void load_secret(Scalar& out, const std::uint8_t* clamped) {
  out = x448::load_number(clamped);
  Scalars::multiply(out, out, Scalars::kSquare);
}

[[gnu::noinline]] void expand(MutBytesOf<kHashSize> expanded, std::uint8_t* public_key,
                              BytesOf<kEd448KeySize> seed) {
  Shake(256).update(seed).squeeze(expanded);
  expanded[0] &= 252;
  expanded[55] |= 128;
  expanded[56] = 0;
  Scalar a;
  load_secret(a, expanded.data());
  ScalarTools::leave(a, a);
  encoded_multiple(public_key, a);
  wipe(&a, sizeof a);
}

[[gnu::noinline]] void sign(MutBytesOf<kEd448SignatureSize> signature, BytesOf<kHashSize> expanded,
                            Bytes public_key, std::span<const Bytes> message) {
  struct {
    Scalar a, r, plain, s;
  } secret;
  hash_to_scalar(secret.r, expanded.last<kEd448KeySize>(), {}, message);
  ScalarTools::leave(secret.plain, secret.r);
  encoded_multiple(signature.data(), secret.plain);
  const MutBytes point = signature.first<kEd448KeySize>();
  // R is public: it is a part of the signature.
  ct::declassify(point);
  // S = r + k a.
  hash_to_scalar(secret.s, point, public_key, message);
  load_secret(secret.a, expanded.data());
  Scalars::multiply(secret.s, secret.s, secret.a);
  Scalars::add(secret.s, secret.s, secret.r);
  ScalarTools::leave(secret.s, secret.s);
  x448::store_number(signature.data() + kEd448KeySize, secret.s);
  signature[kEd448SignatureSize - 1] = 0;
  wipe(&secret, sizeof secret);
  // A signature is public.
  ct::declassify(signature);
}

}  // namespace

Result<Ed448PublicKey> Ed448PublicKey::create(BytesOf<kEd448KeySize> encoded) {
  Ed448PublicKey key;
  ed448::Affine point;
  if (!ed448::decode_negated(point, encoded.data())) {
    return ErrorCode::point_not_on_curve;
  }
  std::memcpy(key.negated_, &point, sizeof key.negated_);
  copy_bytes(key.bytes_, encoded);
  return key;
}

Result<void> Ed448PublicKey::verify(std::span<const Bytes> message,
                                    BytesOf<kEd448SignatureSize> signature) const {
  const Scalar s = x448::load_number(signature.data() + kEd448KeySize);
  // Public, like everything here.
  if (signature[kEd448SignatureSize - 1] != 0 || !ec::less(s, ed448::Order::kValue).declassify()) {
    return ErrorCode::bad_signature;
  }
  Scalar k;
  hash_to_scalar(k, signature.first<kEd448KeySize>(), bytes_, message);
  ScalarTools::leave(k, k);
  ed448::Affine negated;
  std::memcpy(&negated, negated_, sizeof negated);
  ed448::Point sum;
  ed448::sum_public(sum, s, k, negated);
  std::uint8_t r[kEd448KeySize];
  ed448::encode(r, sum);
  if (!equal_public(r, signature.first<kEd448KeySize>())) {
    return ErrorCode::bad_signature;
  }
  return {};
}

Ed448PrivateKey Ed448PrivateKey::create(BytesOf<kEd448KeySize> seed) {
  const WipeAfter wipe_after;
  Ed448PrivateKey key;
  key.seed_ = Secret<kEd448KeySize>(seed);
  expand(key.expanded_.reveal_mut(), key.public_, seed);
  // A public key is public by its purpose.
  ct::declassify(key.public_);
  return key;
}

Result<Ed448PrivateKey> Ed448PrivateKey::generate(Random random) {
  const WipeAfter wipe_after;
  Secret<kEd448KeySize> seed;
  ASHLAR_CHECK(random.fill(seed.reveal_mut()));
  return create(seed.reveal());
}

void Ed448PrivateKey::sign(std::span<const Bytes> message, MutBytesOf<kEd448SignatureSize> signature) const {
  const WipeAfter wipe_after;
  crypto::sign(signature, expanded_.reveal(), public_, message);
}

}  // namespace ashlar::crypto
