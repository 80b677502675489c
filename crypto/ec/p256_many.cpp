// SPDX-License-Identifier: Apache-2.0
// Operations on P-256 side by side, without the arithmetic on points. Inverses modulo the order are computed
// with one inversion for all lanes (Montgomery's trick).
#include "ec/p256_many.hpp"

#include "cpu/choose.hpp"
#include "cpu/dead_stack.hpp"
#include "cpu/groups.hpp"
#include "ec/public_key.hpp"
#include "ec/signing.hpp"

#include <ashlar/crypto/p256_many.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

namespace {

using Curve = ec::P256;
using Order = ec::PortableField<Curve::Order>;
using OrderTools = ec::FieldTools<Order>;
using Scalar = ec::Limbs<4>;
using PointLimbs = std::uint64_t[8];

// What lies below the functions of a group on the stack: the kernels and their tables.
using WipeAfter = WipeBelow<49152>;

constexpr P256ManyKernel kKernels[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    {"x86-ifma",
     cpu::Features(cpu::Feature::avx2, cpu::Feature::avx512f, cpu::Feature::avx512vl, cpu::Feature::avx512dq,
                   cpu::Feature::avx512_ifma, cpu::Feature::bmi2, cpu::Feature::adx),
     8, ec::p256_fixed_base_eight, ec::p256_variable_base_eight, ec::p256_verify_eight, 5, 3, 4},
#endif
    {"portable", cpu::Features(), 1, nullptr, nullptr, nullptr, 1, 1, 1},
};

// out[i] = 1 / a[i] in Montgomery form modulo the order, for numbers other than zero. `products` is the
// caller's to wipe.
void invert_all(std::span<Scalar> out, std::span<const Scalar> a, Scalar* products) {
  products[0] = a[0];
  for (std::size_t i = 1; i < a.size(); i++) {
    Order::multiply(products[i], products[i - 1], a[i]);
  }
  Scalar inverse;
  OrderTools::invert(inverse, products[a.size() - 1]);
  for (std::size_t i = a.size(); i-- > 1;) {
    Order::multiply(out[i], inverse, products[i - 1]);
    Order::multiply(inverse, inverse, a[i]);
  }
  out[0] = inverse;
  wipe(&inverse, sizeof inverse);
}

}  // namespace

// The groups: what private and public keys show to them alone.
class P256Group {
 public:
  explicit P256Group(const P256ManyKernel& row) : row_(row) {}

  [[gnu::noinline]] void points(std::span<const P256PublicPoint> all) const;
  [[gnu::noinline]] void agree(std::span<P256Agreement> all) const;
  [[gnu::noinline]] void sign(std::span<P256Signing> all, const Random* random) const;
  [[gnu::noinline]] void verify(std::span<P256Verification> all) const;

 private:
  // Lanes without an operation do the first one's again.
  std::size_t of_lane(std::size_t lane, std::size_t count) const { return lane < count ? lane : 0; }

  const P256ManyKernel& row_;
};

void P256Group::points(std::span<const P256PublicPoint> all) const {
  struct {
    Scalar k[kMaxP256Lanes];
    PointLimbs point[kMaxP256Lanes];
  } s;
  std::uint64_t* outs[kMaxP256Lanes];
  const std::uint64_t* scalars[kMaxP256Lanes];
  for (std::size_t lane = 0; lane < row_.lanes; lane++) {
    s.k[lane] = ec::load_big_endian<Curve>(all[of_lane(lane, all.size())].key->scalar_.reveal().data());
    scalars[lane] = s.k[lane].v;
    outs[lane] = s.point[lane];
  }
  row_.fixed_base(outs, scalars);
  for (std::size_t lane = 0; lane < all.size(); lane++) {
    // A public key is public by its purpose.
    ct::declassify(s.point[lane], sizeof s.point[lane]);
    all[lane].point[0] = 4;
    ec::store_coordinate<Curve>(all[lane].point.data() + 1, s.point[lane]);
    ec::store_coordinate<Curve>(all[lane].point.data() + 1 + Curve::kBytes, s.point[lane] + Curve::kLimbs);
  }
  wipe_by_call(&s, sizeof s);
}

void P256Group::agree(std::span<P256Agreement> all) const {
  struct {
    Scalar k[kMaxP256Lanes];
    PointLimbs point[kMaxP256Lanes];
  } s;
  std::uint64_t* outs[kMaxP256Lanes];
  const std::uint64_t* scalars[kMaxP256Lanes];
  const std::uint64_t* peers[kMaxP256Lanes];
  for (std::size_t lane = 0; lane < row_.lanes; lane++) {
    const P256Agreement& one = all[of_lane(lane, all.size())];
    s.k[lane] = ec::load_big_endian<Curve>(one.key->scalar_.reveal().data());
    scalars[lane] = s.k[lane].v;
    outs[lane] = s.point[lane];
    peers[lane] = one.peer->point_;
  }
  row_.variable_base(outs, scalars, peers);
  for (std::size_t lane = 0; lane < all.size(); lane++) {
    ec::store_coordinate<Curve>(all[lane].shared->reveal_mut().data(), s.point[lane]);
    all[lane].result = {};
  }
  wipe_by_call(&s, sizeof s);
}

void P256Group::sign(std::span<P256Signing> all, const Random* random) const {
  struct {
    Scalar k[kMaxP256Lanes], nonce[kMaxP256Lanes], inverse[kMaxP256Lanes], products[kMaxP256Lanes], d, s;
    PointLimbs point[kMaxP256Lanes];
  } secret;
  Scalar e[kMaxP256Lanes];
  std::size_t lanes[kMaxP256Lanes];  // which operation each lane does
  std::size_t count = 0;
  for (std::size_t i = 0; i < all.size(); i++) {
    P256Signing& one = all[i];
    Secret<Curve::kBytes> extra;
    if (random != nullptr) {
      one.result = random->fill(extra.reveal_mut());
      if (!one.result) {
        continue;
      }
    }
    one.result = {};
    e[count] = ec::digest_to_scalar<Curve>(one.digest);
    std::uint8_t reduced_digest[Curve::kBytes];
    ec::store_big_endian<Curve>(reduced_digest, e[count]);
    ec::NonceGenerator nonces(kSha256, one.key->scalar_.reveal(), reduced_digest,
                              random != nullptr ? Bytes(extra.reveal()) : Bytes());
    nonces.next<Curve>(secret.nonce[count]);
    lanes[count++] = i;
  }
  if (count == 0) {
    return;
  }
  std::uint64_t* outs[kMaxP256Lanes];
  const std::uint64_t* scalars[kMaxP256Lanes];
  for (std::size_t lane = 0; lane < row_.lanes; lane++) {
    scalars[lane] = secret.nonce[of_lane(lane, count)].v;
    outs[lane] = secret.point[lane];
  }
  row_.fixed_base(outs, scalars);
  for (std::size_t lane = 0; lane < count; lane++) {
    OrderTools::enter(secret.k[lane], secret.nonce[lane]);
  }
  invert_all({secret.inverse, count}, {secret.k, count}, secret.products);
  for (std::size_t lane = 0; lane < count; lane++) {
    P256Signing& one = all[lanes[lane]];
    ec::store_coordinate<Curve>(one.signature.data(), secret.point[lane]);
    Scalar r = ec::load_big_endian<Curve>(one.signature.data());
    ashlar_limbs_reduce_once(r.v, 0, Curve::Order::kValue.v, Curve::kLimbs);
    // s = (e + r d) / k, as ec::sign.
    secret.d = ec::load_big_endian<Curve>(one.key->scalar_.reveal().data());
    OrderTools::enter(secret.d, secret.d);
    Order::multiply(secret.s, r, secret.d);
    Order::add(secret.s, secret.s, e[lane]);
    Order::multiply(secret.s, secret.s, secret.inverse[lane]);
    // Reveals only that a candidate gives an r or s of zero, and such a candidate is not used.
    if ((ec::is_zero(r) | ec::is_zero(secret.s)).declassify()) {
      one.result = one.key->sign(one.digest, random, one.signature);
      continue;
    }
    ec::store_big_endian<Curve>(one.signature.data(), r);
    ec::store_big_endian<Curve>(one.signature.data() + Curve::kBytes, secret.s);
    // A signature is public.
    ct::declassify(one.signature);
  }
  wipe_by_call(&secret, sizeof secret);
}

void P256Group::verify(std::span<P256Verification> all) const {
  Scalar s[kMaxP256Lanes], inverse[kMaxP256Lanes], products[kMaxP256Lanes];
  ec::VerificationScalars<Curve::kLimbs> scalars[kMaxP256Lanes];
  std::size_t lanes[kMaxP256Lanes];  // which operation each lane does
  std::size_t count = 0;
  for (std::size_t i = 0; i < all.size(); i++) {
    all[i].result = {};
    if (ec::signature_numbers<Curve>(scalars[count].r, s[count], all[i].signature)) {
      OrderTools::enter(s[count], s[count]);
      lanes[count++] = i;
    } else {
      all[i].result = ErrorCode::bad_signature;
    }
  }
  if (count == 0) {
    return;
  }
  invert_all({inverse, count}, {s, count}, products);
  const std::uint64_t *us[kMaxP256Lanes], *vs[kMaxP256Lanes], *points[kMaxP256Lanes], *rs[kMaxP256Lanes];
  for (std::size_t lane = 0; lane < row_.lanes; lane++) {
    auto& one = scalars[of_lane(lane, count)];
    const P256Verification& verification = all[lanes[of_lane(lane, count)]];
    if (lane < count) {
      Order::multiply(one.u, ec::digest_to_scalar<Curve>(verification.digest), inverse[lane]);
      Order::multiply(one.v, one.r, inverse[lane]);
    }
    us[lane] = one.u.v, vs[lane] = one.v.v, rs[lane] = one.r.v, points[lane] = verification.key->point_;
  }
  const unsigned valid = row_.verify(us, vs, points, rs);
  for (std::size_t lane = 0; lane < count; lane++) {
    if ((valid >> lane & 1) == 0) {
      all[lanes[lane]].result = ErrorCode::bad_signature;
    }
  }
}

std::span<const P256ManyKernel> p256_many_kernels() {
  return kKernels;
}

Result<void> p256_public_points_many(std::span<const P256PublicPoint> points, const P256ManyKernel* kernel) {
  ASHLAR_TRY(const P256ManyKernel* const row, cpu::choose(p256_many_kernels(), kernel));
  // A row that the caller chose takes any number.
  in_groups(
      points, row->lanes, kernel != nullptr ? 1 : row->fixed_base_from,
      [&](std::span<const P256PublicPoint> group) {
        const WipeAfter wipe_after;
        P256Group(*row).points(group);
      },
      [](const P256PublicPoint& one) { one.key->public_key().point(one.point); });
  return {};
}

Result<void> p256_agree_many(std::span<P256Agreement> agreements, const P256ManyKernel* kernel) {
  ASHLAR_TRY(const P256ManyKernel* const row, cpu::choose(p256_many_kernels(), kernel));
  in_groups(
      agreements, row->lanes, kernel != nullptr ? 1 : row->variable_base_from,
      [&](std::span<P256Agreement> group) {
        const WipeAfter wipe_after;
        P256Group(*row).agree(group);
      },
      [](P256Agreement& one) { one.result = one.key->agree(*one.peer, *one.shared); });
  return {};
}

Result<void> p256_sign_many(std::span<P256Signing> signings, const Random* random,
                            const P256ManyKernel* kernel) {
  ASHLAR_TRY(const P256ManyKernel* const row, cpu::choose(p256_many_kernels(), kernel));
  in_groups(
      signings, row->lanes, kernel != nullptr ? 1 : row->fixed_base_from,
      [&](std::span<P256Signing> group) {
        const WipeAfter wipe_after;
        P256Group(*row).sign(group, random);
      },
      [&](P256Signing& one) { one.result = one.key->sign(one.digest, random, one.signature); });
  return {};
}

Result<void> p256_verify_many(std::span<P256Verification> verifications, const P256ManyKernel* kernel) {
  ASHLAR_TRY(const P256ManyKernel* const row, cpu::choose(p256_many_kernels(), kernel));
  in_groups(
      verifications, row->lanes, kernel != nullptr ? 1 : row->verify_from,
      [&](std::span<P256Verification> group) { P256Group(*row).verify(group); },
      [](P256Verification& one) { one.result = one.key->verify(one.digest, one.signature); });
  return {};
}

}  // namespace ashlar::crypto
