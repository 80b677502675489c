// SPDX-License-Identifier: Apache-2.0
// What private keys of any curve share: the range of scalars, and ECDSA's arithmetic modulo the order
// (FIPS 186-5 §6.4.1). Constant time in the scalar and the nonce.
#pragma once

#include "ec/ecdsa.hpp"
#include "ec/nonce.hpp"

#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto::ec {

// scalar_out_of_range unless 1 <= scalar < n. Reveals nothing else about a scalar in range.
template <class Curve>
[[gnu::noinline]] Result<void> check_private_scalar(BytesOf<Curve::kBytes> scalar) {
  auto value = load_big_endian<Curve>(scalar.data());
  const ct::Mask in_range = in_scalar_range<Curve>(value);
  wipe(&value, sizeof value);
  if (!in_range.declassify()) {
    return ErrorCode::scalar_out_of_range;
  }
  return {};
}

// Signs a digest. x_of_multiple(x, k) writes the x coordinate of k times the base point, big-endian. As many
// fresh random bytes as the order has are mixed into the nonce, or none without `random`.
template <class Curve, class XOfMultiple>
[[gnu::noinline]] Result<void> sign(MutBytesOf<Curve::kSignatureSize> signature,
                                    BytesOf<Curve::kBytes> scalar, Bytes digest,
                                    const HashAlgorithm& nonce_hash, const Random* random,
                                    const XOfMultiple& x_of_multiple) {
  constexpr std::size_t kLimbs = Curve::kLimbs;
  constexpr std::size_t kBytes = Curve::kBytes;
  using Order = PortableField<typename Curve::Order>;
  using Tools = FieldTools<Order>;
  Secret<kBytes> extra;
  if (random != nullptr) {
    ASHLAR_CHECK(random->fill(extra.reveal_mut()));
  }
  const Limbs<kLimbs> e = digest_to_scalar<Curve>(digest);
  std::uint8_t reduced_digest[kBytes];
  store_big_endian<Curve>(reduced_digest, e);
  NonceGenerator nonces(nonce_hash, scalar, reduced_digest,
                        random != nullptr ? Bytes(extra.reveal()) : Bytes());
  struct {
    Limbs<kLimbs> d, k, inverse, s;
  } secret;
  secret.d = load_big_endian<Curve>(scalar.data());
  Tools::enter(secret.d, secret.d);
  Limbs<kLimbs> r;
  for (;;) {
    nonces.next<Curve>(secret.k);
    x_of_multiple(signature.data(), secret.k);
    r = load_big_endian<Curve>(signature.data());
    ashlar_limbs_reduce_once(r.v, 0, Curve::Order::kValue.v, kLimbs);
    // s = (e + r d) / k. The factors R of Montgomery form cancel: r d R / R, then the inverse of k R.
    Order::multiply(secret.s, r, secret.d);
    Order::add(secret.s, secret.s, e);
    Tools::enter(secret.k, secret.k);
    Tools::invert(secret.inverse, secret.k);
    Order::multiply(secret.s, secret.s, secret.inverse);
    // Reveals only that a candidate gives an r or s of zero, and such a candidate is not used.
    if (!(is_zero(r) | is_zero(secret.s)).declassify()) {
      break;
    }
  }
  store_big_endian<Curve>(signature.data(), r);
  store_big_endian<Curve>(signature.data() + kBytes, secret.s);
  wipe(&secret, sizeof secret);
  // A signature is public.
  ct::declassify(signature);
  return {};
}

}  // namespace ashlar::crypto::ec
