// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/rsa_many.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "bignum/limbs.hpp"

#include <ashlar/base/endian.hpp>
#include "crypto/rows.hpp"
#include "crypto/rsa/keys.hpp"
#include "support/stack.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

namespace rsa_verify_many_test {
namespace {

struct Keys {
  RsaPrivateKey k2048 = test::rsa_key(test::kRsa2048), k3072 = test::rsa_key(test::kRsa3072),
                k4096 = test::rsa_key(test::kRsa4096);
};
const Keys& keys() {
  static const Keys all;
  return all;
}

constexpr RsaPssParameters kPss = {&kSha384};

struct Signed {
  const RsaPublicKey* key;
  bool pss;
  Buffer digest, signature;
};
Signed some_signature(const RsaPrivateKey& key, std::uint64_t seed, bool pss) {
  Signed out = {&key.public_key(), pss, test::noise(pss ? 48 : 32, seed), Buffer(key.size())};
  REQUIRE((pss ? key.sign_pss(kSha384, out.digest, system_random(), out.signature)
               : key.sign_pkcs1(kSha256, out.digest, system_random(), out.signature))
              .ok());
  return out;
}

// Each result is that of the key alone.
void check(const std::vector<Signed>& all, const BignumManyKernel* row) {
  std::vector<RsaVerification> verifications;
  for (const Signed& one : all) {
    verifications.push_back(
        {one.key, &kSha256, one.digest, one.signature, one.pss ? &kPss : nullptr, ErrorCode::signing_fault});
  }
  REQUIRE(rsa_verify_many(verifications, row).ok());
  for (std::size_t i = 0; i < all.size(); i++) {
    INFO(i);
    const Signed& one = all[i];
    const Result<void> alone = one.pss ? one.key->verify_pss(kPss, one.digest, one.signature)
                                       : one.key->verify_pkcs1(kSha256, one.digest, one.signature);
    REQUIRE(alone.ok() == verifications[i].result.ok());
    if (!alone) {
      REQUIRE(verifications[i].result.error() == alone.error().code);
    }
  }
}

template <class Check>
void on_every_row(Check body) {
  test::on_every_row("RSA verified side by side", bignum_many_kernels(), body);
}

}  // namespace

TEST_CASE("rsa: any number of verifications side by side give what each alone gives") {
  std::vector<Signed> of[3];
  const RsaPrivateKey* const sizes[] = {&keys().k2048, &keys().k3072, &keys().k4096};
  for (std::size_t size = 0; size < 3; size++) {
    for (std::uint64_t i = 0; i < 17; i++) {
      of[size].push_back(some_signature(*sizes[size], i, i % 3 == 2));
      if (i % 4 == 1) {
        of[size][i].signature[(i * 29) % of[size][i].signature.size()] ^= 0x10;
      } else if (i % 8 == 3) {
        of[size][i].digest[i] ^= 1;
      }
    }
  }
  on_every_row([&](const BignumManyKernel& row) {
    for (const auto& all : of) {
      for (std::size_t count = 0; count <= all.size(); count++) {
        INFO(count << " verifications");
        const std::vector<Signed> some(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
        check(some, &row);
        check(some, nullptr);
      }
    }
    // All sizes mixed.
    std::vector<Signed> mixed;
    for (std::size_t i = 0; i < 27; i++) {
      mixed.push_back(of[i % 3][i % 17]);
    }
    check(mixed, &row);
    check(mixed, nullptr);
  });
}

TEST_CASE("R01 rsa: signatures that are no number below the modulus stay in their lane") {
  on_every_row([](const BignumManyKernel& row) {
    for (std::size_t bad = 0; bad < 8; bad++) {
      std::vector<Signed> all;
      for (std::uint64_t i = 0; i < 8; i++) {
        all.push_back(some_signature(keys().k2048, i, false));
      }
      Signed& one = all[bad];
      if (bad % 4 == 0) {
        one.signature.pop_back();
      } else if (bad % 4 == 1) {
        one.signature.clear();
      } else if (bad % 4 == 2) {
        (void)one.key->modulus(one.signature);
      } else {
        std::fill(one.signature.begin(), one.signature.end(), std::uint8_t{0xff});
      }
      check(all, &row);
    }
    std::vector<Signed> all;
    for (const std::uint8_t number : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}}) {
      all.push_back(some_signature(keys().k2048, number, false));
      all.back().signature = Buffer(256);
      all.back().signature.back() = number;
    }
    check(all, &row);
  });
}

TEST_CASE("rsa: powers side by side with other exponents, and numbers at the edges") {
  on_every_row([](const BignumManyKernel& row) {
    if (row.power_public == nullptr) {
      return;
    }
    for (const RsaPrivateKey* const key : {&keys().k2048, &keys().k3072, &keys().k4096}) {
      const std::size_t limbs = key->size() / 8;
      Buffer modulus(key->size());
      (void)key->public_key().modulus(modulus);
      std::vector<std::uint64_t> n(limbs), numbers[kMaxBignumLanes], results[kMaxBignumLanes],
          one_by_one(limbs);
      for (std::size_t i = 0; i < limbs; i++) {
        n[i] = load_be64(modulus.data() + modulus.size() - 8 * (i + 1));
      }
      std::uint64_t* outs[kMaxBignumLanes];
      const std::uint64_t *in[kMaxBignumLanes], *moduli[kMaxBignumLanes];
      std::size_t bits[kMaxBignumLanes];
      for (std::size_t lane = 0; lane < row.lanes; lane++) {
        numbers[lane].resize(limbs);
        results[lane].resize(limbs);
        if (lane < 2) {
          numbers[lane][0] = lane;
        } else if (lane < 4) {
          numbers[lane] = n;
          numbers[lane][0] -= lane - 1;  // n - 1, n - 2
        } else if (lane == 4) {
          std::fill(numbers[lane].begin(), numbers[lane].end() - 1, ~std::uint64_t{0});
        } else {
          for (std::size_t i = 0; i < limbs; i++) {
            numbers[lane][i] = load_be64(test::noise(8, 100 * lane + i).data()) >> (i + 1 == limbs ? 1 : 0);
          }
        }
        outs[lane] = results[lane].data();
        in[lane] = numbers[lane].data();
        moduli[lane] = n.data();
        bits[lane] = 64 * limbs;
      }
      for (const std::uint64_t exponent : {3u, 5u, 65537u, 0xfffffffbu}) {
        REQUIRE(row.power_public(outs, in, exponent, moduli, bits, limbs));
        Buffer e(8);
        store_be64(e.data(), exponent);
        const auto public_key = RsaPublicKey::create(modulus, e, &bignum_kernels().back());
        REQUIRE(public_key.ok());
        for (std::size_t lane = 0; lane < row.lanes; lane++) {
          INFO(lane);
          // Square and multiply with the portable row.
          const BignumKernel& portable = bignum_kernels().back();
          std::vector<std::uint64_t> product(2 * limbs), x = numbers[lane];
          const std::uint64_t factor = ashlar_limb_negated_inverse(n[0]);
          // In plain form: each product is reduced twice, the second time by R^2.
          std::vector<std::uint64_t> square_of_r(limbs), unit(limbs);
          unit[0] = 1;
          bignum::shift_modulo(square_of_r.data(), unit.data(), 128 * limbs, n.data(), limbs, bits[lane]);
          const auto times = [&](std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
            portable.multiply(product.data(), a.data(), b.data(), limbs);
            std::vector<std::uint64_t> reduced(limbs);
            portable.reduce(reduced.data(), product.data(), n.data(), factor, limbs);
            portable.multiply(product.data(), reduced.data(), square_of_r.data(), limbs);
            portable.reduce(a.data(), product.data(), n.data(), factor, limbs);
          };
          unsigned bit = 63;
          while ((exponent >> bit) == 0) {
            bit--;
          }
          while (bit-- > 0) {
            const std::vector<std::uint64_t> same = x;
            times(x, same);
            if ((exponent >> bit & 1) != 0) {
              times(x, numbers[lane]);
            }
          }
          ashlar_limbs_reduce_once(x.data(), 0, n.data(), limbs);
          REQUIRE(x == results[lane]);
        }
      }
      CHECK_FALSE(row.power_public(outs, in, 3, moduli, bits, 24));
    }
  });
}

TEST_CASE("rsa: verifications side by side use less than 64 KiB of stack") {
  static constexpr std::size_t kMost = test::kFramesHoldCopies ? 1 << 19 : 1 << 16;
  const Signed one = some_signature(keys().k4096, 1, true);
  RsaVerification verifications[] = {{one.key, nullptr, one.digest, one.signature, &kPss}};
  const BignumManyKernel& row = cpu::best(bignum_many_kernels());
  const std::size_t used = test::stack_used([&] { (void)rsa_verify_many(verifications, &row).ok(); });
  INFO(used << " bytes");
  CHECK(used < kMost);
  CHECK(verifications[0].result.ok());
}

TEST_CASE("S02 rsa: a masked row of several verifications is refused") {
  const Signed one = some_signature(keys().k2048, 1, false);
  cpu::set_mask(cpu::Features());
  for (const BignumManyKernel& row : bignum_many_kernels()) {
    RsaVerification verifications[] = {{one.key, &kSha256, one.digest, one.signature}};
    const auto result = rsa_verify_many(verifications, &row);
    CHECK(result.ok() == (row.required.bits == 0));
    if (!result) {
      CHECK(result.error() == ErrorCode::kernel_unavailable);
    }
  }
  cpu::clear_mask();
}

}  // namespace rsa_verify_many_test
