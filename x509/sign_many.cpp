// SPDX-License-Identifier: Apache-2.0
// Signatures of one kind side by side: one row for each kind that crypto has such a call for.
#include <ashlar/x509/sign_many.hpp>

#include <ashlar/crypto/ed25519_many.hpp>
#include <ashlar/crypto/p256_many.hpp>
#include <ashlar/crypto/rsa_many.hpp>
#include <ashlar/x509/oids.hpp>

#include <array>

#include "algorithms.hpp"
#include "key_kinds/ec.hpp"

namespace ashlar::x509 {

namespace {

constexpr std::size_t kMost = 8;  // at once
using Group = std::span<Signing* const>;

// Lanes that are not used repeat the first, and are not handed on.
template <class Lane>
auto lanes_of(Group group, const Lane& lane) {
  const auto at = [&](std::size_t i) { return lane(i, *group[i < group.size() ? i : 0]); };
  return std::array{at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)};
}

// A mistake in the call itself, of which there is none here, is every lane's error.
void fail_all(Group group, const Result<void>& called) {
  if (!called) {
    for (Signing* const one : group) {
      one->result = called.error();
    }
  }
}

void sign_rsa(Group group, crypto::Random random) {
  auto lanes = lanes_of(group, [](std::size_t, const Signing& one) {
    return crypto::RsaSigning{&KeyStorage::get<crypto::RsaPrivateKey>(*one.key),
                              one.algorithm->hash,
                              one.input.digest,
                              one.out,
                              oids::kRsaPss.is(one.algorithm->oid),
                              MutBytes()};
  });
  const auto called = crypto::rsa_sign_many(std::span(lanes).first(group.size()), random);
  for (std::size_t i = 0; i < group.size(); i++) {
    const Result<MutBytes>& made = lanes[i].result;
    group[i]->result = made ? Result<Bytes>(Bytes(*made)) : Result<Bytes>(made.error());
  }
  fail_all(group, called);
}

void sign_p256(Group group, crypto::Random random) {
  std::uint8_t numbers[kMost][crypto::kP256SignatureSize];
  auto lanes = lanes_of(group, [&](std::size_t i, const Signing& one) {
    return crypto::P256Signing{
        &KeyStorage::get<crypto::P256PrivateKey>(*one.key), one.input.digest, numbers[i], {}};
  });
  const auto called = crypto::p256_sign_many(std::span(lanes).first(group.size()), &random);
  for (std::size_t i = 0; i < group.size(); i++) {
    const Result<void>& made = lanes[i].result;
    group[i]->result = made ? write_ecdsa_signature(numbers[i], group[i]->out) : Result<Bytes>(made.error());
  }
  fail_all(group, called);
}

void sign_ed25519(Group group, crypto::Random) {
  constexpr std::size_t kSize = crypto::kEd25519SignatureSize;
  const auto lanes = lanes_of(group, [](std::size_t, const Signing& one) {
    return crypto::Ed25519Signing{&KeyStorage::get<crypto::Ed25519PrivateKey>(*one.key), one.input.message,
                                  one.out.first<kSize>()};
  });
  const auto called = crypto::ed25519_sign_many(std::span(lanes).first(group.size()));
  for (Signing* const one : group) {
    one->result = Bytes(one->out.first(kSize));
  }
  fail_all(group, called);
}

struct Row {
  const PrivateKeyKind* kind;
  std::size_t out_size;  // what `out` must have at least; 0: the call looks itself
  void (*sign)(Group group, crypto::Random random);
};
constexpr Row kRows[] = {
    {&kRsaPrivate, 0, sign_rsa},
    {&kRsaPssPrivate, 0, sign_rsa},
    {&kP256Private, 0, sign_p256},
    {&kEd25519Private, crypto::kEd25519SignatureSize, sign_ed25519},
};

const Row* row_of(const PrivateKeyKind& kind) {
  for (const Row& row : kRows) {
    if (row.kind == &kind) {
      return &row;
    }
  }
  return nullptr;
}

// What PrivateKey::sign checks before its row is asked, and what that row checks.
Result<void> check(const Row& row, const Signing& one) {
  if (!one.algorithm->fits(one.key->kind()) ||
      (one.key->kind().parameters != nullptr && !one.key->public_key().allows(*one.algorithm))) {
    return ErrorCode::signature_algorithm_mismatch;
  }
  if (one.out.size() < row.out_size) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(one.out.size())};
  }
  return check_input(*one.algorithm, one.input);
}

}  // namespace

void sign_many(std::span<Signing> signings, crypto::Random random) {
  for (const Row& row : kRows) {
    Signing* group[kMost];
    std::size_t count = 0;
    const auto flush = [&] {
      if (count != 0) {
        row.sign(Group(group, count), random);
      }
      count = 0;
    };
    for (Signing& one : signings) {
      if (&one.key->private_kind() != row.kind) {
        continue;
      }
      if (const Result<void> good = check(row, one); !good) {
        one.result = good.error();
        continue;
      }
      group[count++] = &one;
      if (count == kMost) {
        flush();
      }
    }
    flush();
  }
  for (Signing& one : signings) {
    if (row_of(one.key->private_kind()) == nullptr) {
      one.result = one.key->sign(*one.algorithm, one.input, random, one.out);
    }
  }
}

}  // namespace ashlar::x509
