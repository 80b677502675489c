// SPDX-License-Identifier: Apache-2.0
// Signatures side by side: each is good, and what is wrong with one stays with it.
#include "catch.hpp"
#include "support/bytes.hpp"

#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/sign_many.hpp>

#include <deque>
#include <vector>

using namespace ashlar;
using namespace ashlar::test;

namespace {

struct Kind {
  const x509::PrivateKeyKind* kind;
  std::size_t bits;
  const x509::SignatureAlgorithm* algorithm;
};
constexpr Kind kKinds[] = {
    {&x509::kRsaPrivate, 2048, &x509::kRsaPkcs1Sha256},      {&x509::kP256Private, 256, &x509::kEcdsaSha256},
    {&x509::kEd25519Private, 255, &x509::kEd25519Signature}, {&x509::kP384Private, 384, &x509::kEcdsaSha384},
    {&x509::kRsaPrivate, 2048, &x509::kRsaPssSha256},
};

// Signatures of a message each, with keys that take turns.
struct Work {
  crypto::DeterministicRandom seeded{std::uint64_t{77}};
  std::vector<x509::PrivateKey> keys;
  std::deque<Buffer> messages, outs;
  std::deque<Bytes> parts;
  std::deque<crypto::Digest> digests;
  std::vector<x509::Signing> signings;

  Work() {
    for (const Kind& each : kKinds) {
      keys.push_back(*x509::PrivateKey::generate(*each.kind, each.bits, seeded.random()));
    }
  }
  void add(std::size_t kind) {
    messages.push_back(Buffer(10 + signings.size(), static_cast<std::uint8_t>(signings.size())));
    outs.push_back(Buffer(keys[kind].kind().max_signature_size));
    parts.push_back(messages.back());
    const x509::SignatureAlgorithm& algorithm = *kKinds[kind].algorithm;
    digests.push_back(algorithm.hash != nullptr ? crypto::digest(*algorithm.hash, messages.back())
                                                : crypto::Digest{});
    signings.push_back({&keys[kind], &algorithm, {{&parts.back(), 1}, digests.back().bytes()}, outs.back()});
  }
  void sign() { x509::sign_many(signings, seeded.random()); }
  bool good(std::size_t i) const {
    const x509::Signing& one = signings[i];
    return one.result && one.key->public_key().verify(*one.algorithm, one.input, *one.result).ok();
  }
};

}  // namespace

TEST_CASE("signatures side by side are good, for any number and mixture of keys") {
  Work work;
  for (const std::size_t count : {1u, 2u, 7u, 8u, 9u, 23u}) {
    work.signings.clear();
    for (std::size_t i = 0; i < count; ++i) {
      work.add(i * i % std::size(kKinds));
    }
    work.sign();
    for (std::size_t i = 0; i < count; ++i) {
      INFO(count << " signatures, number " << i);
      CHECK(work.good(i));
    }
  }
  work.signings.clear();
  work.sign();  // none at all
}

TEST_CASE("eight of one kind are signed side by side, each its own message") {
  for (std::size_t kind = 0; kind < std::size(kKinds); ++kind) {
    Work work;
    for (std::size_t i = 0; i < 8; ++i) {
      work.add(kind);
    }
    work.sign();
    for (std::size_t i = 0; i < 8; ++i) {
      CHECK(work.good(i));
    }
    // Each signature is of its message and of no other.
    CHECK_FALSE(work.keys[kind].public_key().verify(*kKinds[kind].algorithm, work.signings[1].input,
                                                    *work.signings[0].result));
  }
}

TEST_CASE("what is wrong with one signature is its own result") {
  Work work;
  for (std::size_t i = 0; i < 20; ++i) {
    work.add(i % std::size(kKinds));
  }
  work.signings[0].out = work.signings[0].out.first(255);  // RSA
  work.signings[1].out = work.signings[1].out.first(8);    // ECDSA
  work.signings[2].out = work.signings[2].out.first(63);   // Ed25519
  work.signings[5].input.digest = work.signings[5].input.digest.first(31);
  work.signings[6].algorithm = &x509::kRsaPkcs1Sha256;
  work.sign();
  for (std::size_t i = 0; i < work.signings.size(); ++i) {
    INFO("number " << i);
    CHECK(work.good(i) == (i != 0 && i != 1 && i != 2 && i != 5 && i != 6));
  }
  for (const std::size_t i : {0u, 1u, 2u}) {
    CHECK(work.signings[i].result.error() == ErrorCode::buffer_too_small);
  }
  CHECK(work.signings[5].result.error() == ErrorCode::invalid_argument);
  CHECK(work.signings[6].result.error() == ErrorCode::signature_algorithm_mismatch);
}
