// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/rsa_many.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "crypto/rows.hpp"
#include "crypto/rsa/access.hpp"
#include "crypto/rsa/keys.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

namespace rsa_sign_many_test {
namespace {

struct Batch {
  std::vector<Buffer> digests, signatures;
  std::vector<RsaSigning> signings;

  Batch(std::vector<const RsaPrivateKey*> keys, bool pss = false) {
    for (std::size_t i = 0; i < keys.size(); i++) {
      digests.push_back(test::buffer_of(digest(kSha256, test::noise(i, i)).bytes()));
      signatures.emplace_back(keys[i]->size());
    }
    for (std::size_t i = 0; i < keys.size(); i++) {
      signings.push_back({keys[i], &kSha256, digests[i], signatures[i], pss});
    }
  }
  // Whether each is the signature that the key alone makes, or with PSS one that verifies.
  bool right(std::size_t i) const {
    const RsaSigning& one = signings[i];
    if (!one.result.ok() || one.result->data() != signatures[i].data() ||
        one.result->size() != one.key->size()) {
      return false;
    }
    if (one.pss) {
      return one.key->public_key().verify_pss(kSha256, digests[i], signatures[i]).ok();
    }
    Buffer alone(one.key->size());
    return one.key->sign_pkcs1(kSha256, digests[i], system_random(), alone).ok() && alone == signatures[i];
  }
};

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("RSA side by side", bignum_many_kernels(), check);
}

}  // namespace

TEST_CASE("rsa: any number of signatures side by side are those that each key makes alone") {
  const RsaPrivateKey first = test::rsa_key(test::kRsa2048), second = test::rsa_key(test::kRsa2048);
  on_every_row([&](const BignumManyKernel& row) {
    for (std::size_t count = 0; count <= 9; count++) {
      for (const bool pss : {false, true}) {
        INFO(count << " signatures, " << (pss ? "PSS" : "PKCS#1"));
        std::vector<const RsaPrivateKey*> keys;
        for (std::size_t i = 0; i < count; i++) {
          keys.push_back(i % 3 == 0 ? &first : &second);
        }
        Batch batch(keys, pss);
        REQUIRE(rsa_sign_many(batch.signings, system_random(), &row).ok());
        for (std::size_t i = 0; i < count; i++) {
          CHECK(batch.right(i));
        }
      }
    }
  });
}

TEST_CASE("rsa: keys of other sizes and rows may stand among the signatures") {
  const RsaPrivateKey small = test::rsa_key(test::kRsa2048), large = test::rsa_key(test::kRsa4096);
  const RsaPrivateKey portable = test::rsa_key(test::kRsa2048, &bignum_kernels().back());
  Batch batch({&small, &large, &portable, &small, &portable, &large, &small});
  REQUIRE(rsa_sign_many(batch.signings, system_random()).ok());
  for (std::size_t i = 0; i < batch.signings.size(); i++) {
    CHECK(batch.right(i));
  }
}

TEST_CASE("R05 rsa: a fault in one lane lets no signature out of that lane, and touches no other") {
  const RsaPrivateKey good = test::rsa_key(test::kRsa2048);
  on_every_row([&](const BignumManyKernel& row) {
    for (std::size_t which = 0; which < 8; which++) {
      RsaPrivateKey faulty = test::rsa_key(test::kRsa2048);
      auto parts = RsaTestAccess::parts(faulty);
      const auto& part = parts[which];
      // What only a signature alone uses does not show here.
      part.limbs[0] ^= 4;
      INFO(part.name);
      Batch batch({&good, &faulty, &good, &good});
      REQUIRE(rsa_sign_many(batch.signings, system_random(), &row).ok());
      CHECK((!batch.signings[1].result.ok() || batch.right(1) ||
             good.public_key().verify_pkcs1(kSha256, batch.digests[1], batch.signatures[1]).ok()));
      if (!batch.signings[1].result.ok()) {
        CHECK(batch.signings[1].result.error() == ErrorCode::signing_fault);
        CHECK_BYTES(batch.signatures[1], Buffer(good.size()));
      }
      for (const std::size_t other : {0u, 2u, 3u}) {
        CHECK(batch.right(other));
      }
    }
  });
}

TEST_CASE("rsa: what cannot be signed is refused in its place") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  on_every_row([&](const BignumManyKernel& row) {
    Batch batch({&key, &key, &key, &key});
    batch.signings[0].digest = batch.signings[0].digest.first(31);
    batch.signings[2].signature = batch.signings[2].signature.first(255);
    REQUIRE(rsa_sign_many(batch.signings, system_random(), &row).ok());
    CHECK(batch.signings[0].result.error() == ErrorCode::invalid_argument);
    CHECK(batch.signings[2].result.error() == ErrorCode::buffer_too_small);
    CHECK(batch.right(1));
    CHECK(batch.right(3));
  });
  Batch none({&key, &key, &key, &key});
  const Random broken{[](void*, MutBytes) -> Result<void> { return ErrorCode::random_unavailable; }, nullptr};
  REQUIRE(rsa_sign_many(none.signings, broken).ok());
  for (const RsaSigning& one : none.signings) {
    CHECK(one.result.error() == ErrorCode::random_unavailable);
  }
}

TEST_CASE("S02 rsa: a masked row of several signatures is refused") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048, &bignum_kernels().back());
  cpu::set_mask(cpu::Features());
  for (const BignumManyKernel& row : bignum_many_kernels()) {
    Batch batch({&key});
    const auto result = rsa_sign_many(batch.signings, system_random(), &row);
    CHECK(result.ok() == (row.required.bits == 0));
    if (!result) {
      CHECK(result.error() == ErrorCode::kernel_unavailable);
    }
  }
  cpu::clear_mask();
}

}  // namespace rsa_sign_many_test
