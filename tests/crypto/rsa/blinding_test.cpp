// SPDX-License-Identifier: Apache-2.0
// What private operations work on, seen by a kernel that writes down its operands. That a key's blinding
// changes from call to call says nothing of whether it is used.
#include "catch.hpp"
#include "crypto/rsa/keys.hpp"

#include <ashlar/crypto/sha2.hpp>

#include <set>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

namespace {

using Operands = std::set<std::vector<std::uint64_t>>;
Operands* heard = nullptr;

const BignumKernel& portable() {
  return bignum_kernels().back();
}

// The numbers modulo one prime of a key of 2048 bits.
constexpr std::size_t kHalf = 16;

const BignumKernel kSpy = {
    "spy",
    {},
    [](std::uint64_t* product, const std::uint64_t* a, const std::uint64_t* b, std::size_t limbs) {
      portable().multiply(product, a, b, limbs);
    },
    [](std::uint64_t* product, const std::uint64_t* a, std::size_t limbs) {
      if (heard != nullptr && limbs == kHalf) {
        heard->insert({a, a + limbs});
      }
      portable().square(product, a, limbs);
    },
    [](std::uint64_t* result, std::uint64_t* value, const std::uint64_t* modulus, std::uint64_t factor,
       std::size_t limbs) { portable().reduce(result, value, modulus, factor, limbs); }};

// What is squared while `work` runs.
template <class Work>
Operands squared(const Work& work) {
  Operands operands;
  heard = &operands;
  work();
  heard = nullptr;
  return operands;
}

std::size_t common(const Operands& a, const Operands& b) {
  std::size_t count = 0;
  for (const auto& each : a) {
    count += b.count(each);
  }
  return count;
}

}  // namespace

TEST_CASE("R05 rsa: no operand of a private operation is one of another's, though the result is the same") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048, &kSpy);
  const Digest digest = crypto::digest(kSha256, bytes_of("the same message"));
  DeterministicRandom generator(std::uint64_t{1});
  Buffer signatures[3];
  Operands operands[3];
  for (int i = 0; i < 3; ++i) {
    signatures[i].resize(key.size());
    operands[i] = squared(
        [&] { REQUIRE(key.sign_pkcs1(kSha256, digest.bytes(), generator.random(), signatures[i]).ok()); });
    // Each exponent has 1024 bits, and nearly every one is a squaring.
    CHECK(operands[i].size() > 1500);
  }
  CHECK(signatures[0] == signatures[1]);
  CHECK(signatures[0] == signatures[2]);
  for (int i = 0; i < 3; ++i) {
    CHECK(common(operands[i], operands[(i + 1) % 3]) < 16);
  }
}

TEST_CASE("R05 rsa: no operand of a decryption is one of another's") {
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048, &kSpy);
  DeterministicRandom generator(std::uint64_t{2});
  Buffer premaster(48, 7), ciphertext(key.size());
  premaster[0] = premaster[1] = 3;
  REQUIRE(key.public_key().encrypt_pkcs1(generator.random(), premaster, ciphertext).ok());
  const auto decrypt = [&] {
    return squared([&] {
      Secret<48> out;
      REQUIRE(key.decrypt_premaster(generator.random(), ciphertext, 0x0303, out).ok());
      CHECK_BYTES(out.reveal(), premaster);
    });
  };
  const Operands first = decrypt(), second = decrypt();
  CHECK(first.size() > 1500);
  CHECK(common(first, second) < 16);
}
