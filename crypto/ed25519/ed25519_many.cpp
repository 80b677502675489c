// SPDX-License-Identifier: Apache-2.0
// Operations of Ed25519 side by side, without the arithmetic on points.
#include "ed25519/many.hpp"

#include "cpu/choose.hpp"
#include "cpu/dead_stack.hpp"
#include "cpu/groups.hpp"
#include "ed25519/kernels.hpp"
#include "ed25519/signing.hpp"

#include <ashlar/crypto/ed25519_many.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

namespace {

// What lies below the functions of a group on the stack: the kernels and their points.
using WipeAfter = WipeBelow<16384>;

constexpr Ed25519ManyKernel kKernels[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    {"x86-ifma",
     cpu::Features(cpu::Feature::avx2, cpu::Feature::avx512f, cpu::Feature::avx512vl, cpu::Feature::avx512dq,
                   cpu::Feature::avx512_ifma, cpu::Feature::bmi2),
     8, ed25519::base_multiple_eight, ed25519::decode_negated_eight, ed25519::sum_eight, 4, 3, 5},
#endif
    {"portable", cpu::Features(), 1, nullptr, nullptr, nullptr, 1, 1, 1},
};

}  // namespace

// The groups: what private and public keys show to them alone. Lanes without an operation do the first one's
// again.
class Ed25519Group {
 public:
  explicit Ed25519Group(const Ed25519ManyKernel& row) : row_(row) {}

  [[gnu::noinline]] void sign(std::span<const Ed25519Signing> all) const;
  void decode(std::span<Ed25519Decoding> all) const;
  void verify(std::span<Ed25519Verification> all) const;

 private:
  static std::size_t of_lane(std::size_t lane, std::size_t count) { return lane < count ? lane : 0; }

  const Ed25519ManyKernel& row_;
};

void Ed25519Group::sign(std::span<const Ed25519Signing> all) const {
  struct {
    ed25519::SigningScalars scalars[kMaxEd25519Lanes];
    std::uint8_t nonces[kMaxEd25519Lanes][32], unused[32];
  } secret;
  std::uint8_t* outs[kMaxEd25519Lanes];
  const std::uint8_t* scalars[kMaxEd25519Lanes];
  for (std::size_t lane = 0; lane < row_.lanes; lane++) {
    const Ed25519Signing& one = all[of_lane(lane, all.size())];
    if (lane < all.size()) {
      ed25519::make_nonce(secret.nonces[lane], secret.scalars[lane], one.key->expanded_.reveal(),
                          one.message);
    }
    outs[lane] = lane < all.size() ? one.signature.data() : secret.unused;
    scalars[lane] = secret.nonces[of_lane(lane, all.size())];
  }
  row_.base_multiple(outs, scalars);
  for (std::size_t lane = 0; lane < all.size(); lane++) {
    const Ed25519Signing& one = all[lane];
    ed25519::finish_signature(one.signature, secret.scalars[lane], one.key->expanded_.reveal(),
                              one.key->public_, one.message);
  }
  wipe_by_call(&secret, sizeof secret);
}

void Ed25519Group::decode(std::span<Ed25519Decoding> all) const {
  std::uint64_t points[kMaxEd25519Lanes][8];
  std::uint64_t* outs[kMaxEd25519Lanes];
  const std::uint8_t* encoded[kMaxEd25519Lanes];
  for (std::size_t lane = 0; lane < row_.lanes; lane++) {
    outs[lane] = points[lane];
    encoded[lane] = all[of_lane(lane, all.size())].encoded.data();
  }
  const unsigned found = row_.decode_negated(outs, encoded);
  const auto sum = cpu::best(ed25519::verifiers()).sum;
  for (std::size_t lane = 0; lane < all.size(); lane++) {
    if ((found >> lane & 1) == 0) {
      all[lane].key = ErrorCode::point_not_on_curve;
      continue;
    }
    Ed25519PublicKey key;
    key.sum_ = sum;
    std::memcpy(key.negated_, points[lane], sizeof key.negated_);
    copy_bytes(key.bytes_, all[lane].encoded);
    all[lane].key = key;
  }
}

void Ed25519Group::verify(std::span<Ed25519Verification> all) const {
  std::uint8_t sums[kMaxEd25519Lanes][32], ks[kMaxEd25519Lanes][32];
  std::size_t lanes[kMaxEd25519Lanes];  // which operation each lane does
  std::size_t count = 0;
  for (std::size_t i = 0; i < all.size(); i++) {
    all[i].result = ErrorCode::bad_signature;
    if (ed25519::challenge(ks[count], all[i].signature, all[i].key->bytes_, all[i].message)) {
      lanes[count++] = i;
    }
  }
  if (count == 0) {
    return;
  }
  std::uint8_t* outs[kMaxEd25519Lanes];
  const std::uint8_t *s[kMaxEd25519Lanes], *k[kMaxEd25519Lanes];
  const std::uint64_t* points[kMaxEd25519Lanes];
  for (std::size_t lane = 0; lane < row_.lanes; lane++) {
    const Ed25519Verification& one = all[lanes[of_lane(lane, count)]];
    outs[lane] = sums[lane];
    s[lane] = one.signature.data() + 32;
    k[lane] = ks[of_lane(lane, count)];
    points[lane] = one.key->negated_;
  }
  row_.sum(outs, s, k, points);
  for (std::size_t lane = 0; lane < count; lane++) {
    Ed25519Verification& one = all[lanes[lane]];
    if (equal_public(sums[lane], one.signature.first<32>())) {
      one.result = {};
    }
  }
}

std::span<const Ed25519ManyKernel> ed25519_many_kernels() {
  return kKernels;
}

Result<void> ed25519_sign_many(std::span<const Ed25519Signing> signings, const Ed25519ManyKernel* kernel) {
  ASHLAR_TRY(const Ed25519ManyKernel* const row, cpu::choose(ed25519_many_kernels(), kernel));
  // A row that the caller chose takes any number.
  in_groups(
      signings, row->lanes, kernel != nullptr ? 1 : row->base_multiple_from,
      [&](std::span<const Ed25519Signing> group) {
        const WipeAfter wipe_after;
        Ed25519Group(*row).sign(group);
      },
      [](const Ed25519Signing& one) { one.key->sign(one.message, one.signature); });
  return {};
}

Result<void> ed25519_public_keys_many(std::span<Ed25519Decoding> keys, const Ed25519ManyKernel* kernel) {
  ASHLAR_TRY(const Ed25519ManyKernel* const row, cpu::choose(ed25519_many_kernels(), kernel));
  in_groups(
      keys, row->lanes, kernel != nullptr ? 1 : row->decode_from,
      [&](std::span<Ed25519Decoding> group) { Ed25519Group(*row).decode(group); },
      [](Ed25519Decoding& one) { one.key = Ed25519PublicKey::create(one.encoded); });
  return {};
}

Result<void> ed25519_verify_many(std::span<Ed25519Verification> verifications,
                                 const Ed25519ManyKernel* kernel) {
  ASHLAR_TRY(const Ed25519ManyKernel* const row, cpu::choose(ed25519_many_kernels(), kernel));
  in_groups(
      verifications, row->lanes, kernel != nullptr ? 1 : row->sum_from,
      [&](std::span<Ed25519Verification> group) { Ed25519Group(*row).verify(group); },
      [](Ed25519Verification& one) { one.result = one.key->verify(one.message, one.signature); });
  return {};
}

}  // namespace ashlar::crypto
