// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/hmac.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/registers.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace {

const HashMany* const kOneOfEach[] = {&kSha1Many, &kSha256Many, &kSha512Many, &kSha3_256Many};

}  // namespace

TEST_CASE("hash: S12 x86 rows leave nothing in the vector registers", "[hash]") {
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  for (const HashMany* many : kOneOfEach) {
    const HashAlgorithm* const algorithm = many->hash;
    const Buffer data = noise(16 * 256, 1);
    alignas(64) std::uint8_t states[kMaxHashLanes * Hash::kStateCapacity] = {};
    std::uint8_t digest[kMaxDigestSize];
    const std::uint8_t* at[kMaxHashLanes];
    for (std::size_t i = 0; i < kMaxHashLanes; ++i) {
      at[i] = data.data() + i;
    }
    test::on_every_row(
        std::string(algorithm->name) + ", registers", algorithm->kernels(), [&](const HashKernel& row) {
          if (row.required.bits == 0) {
            return;
          }
          for (const std::size_t blocks : {1u, 2u, 5u}) {
            CHECK(test::clears_vectors([&] { row.compress(states, data.data(), blocks); }));
          }
          for (const std::size_t size : {0u, 20u, 60u, 100u}) {
            CHECK((row.finish == nullptr ||
                   test::clears_vectors([&] { row.finish(states, data.data(), size, size, digest); })));
          }
        });
    test::on_every_row(std::string(algorithm->name) + " side by side, registers", many->kernels,
                       [&](const HashManyKernel& row) {
                         if (row.compress == nullptr) {
                           return;
                         }
                         for (const std::size_t blocks : {1u, 2u, 5u}) {
                           CHECK(test::clears_vectors([&] { row.compress(states, at, blocks); }));
                         }
                       });
  }
}

TEST_CASE("hash: S12 no row leaves a message or a chaining state on the stack", "[hash]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  const Buffer message = noise(300, 2);
  for (const HashMany* many : kOneOfEach) {
    const HashAlgorithm* const algorithm = many->hash;
    const std::size_t word = algorithm->word_size;
    // The state after the first block, which is HMAC's key, and the digest, which may be a key.
    alignas(64) std::uint8_t state[Hash::kStateCapacity] = {};
    algorithm->init(state);
    algorithm->kernels().back().compress(state, message.data(), 1);
    Buffer secret = test::forms_of({state, algorithm->state_size}, word);
    const Digest whole = digest(*algorithm, message);
    for (const Bytes more : {Bytes(message), whole.bytes()}) {
      const Buffer forms = test::forms_of(more, word);
      secret.insert(secret.end(), forms.begin(), forms.end());
    }

    alignas(64) std::uint8_t states[kMaxHashLanes * Hash::kStateCapacity];
    std::uint8_t digests[20 * kMaxDigestSize];
    test::on_every_row(
        std::string(algorithm->name) + ", dead stack", algorithm->kernels(), [&](const HashKernel& row) {
          CHECK(test::words_left_on_stack(secret, [&] {
                  algorithm->init(states);
                  row.compress(states, message.data(), 1);
                  row.compress(states, message.data(), 2);
                }) == 0);
          CHECK(test::words_left_on_stack(
                    secret, [&] { Hash(*algorithm, &row).update(message).finish(digests); }) == 0);
          CHECK(test::words_left_on_stack(secret, [&] {
                  HmacKey(*algorithm, Bytes(message).first(40), &row).mac(message, digests);
                }) == 0);
        });
    const std::vector<Bytes> messages(20, Bytes(message));
    test::on_every_row(
        std::string(algorithm->name) + " side by side, dead stack", many->kernels,
        [&](const HashManyKernel& row) {
          CHECK(test::words_left_on_stack(secret, [&] { hash_many(*many, messages, digests, &row); }) == 0);
        });
  }
}

TEST_CASE("hash_many: less than 20 kB of stack", "[hash]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames are larger");
  }
  const Buffer message = noise(300, 3);
  const std::vector<Bytes> messages(40, Bytes(message));
  std::uint8_t digests[40 * kMaxDigestSize];
  for (const HashMany* many : kOneOfEach) {
    const HashAlgorithm* const algorithm = many->hash;
    test::on_every_row(std::string(algorithm->name) + " side by side, stack", many->kernels,
                       [&](const HashManyKernel& row) {
                         CHECK(test::stack_used([&] { hash_many(*many, messages, digests, &row); }) <= 20480);
                       });
  }
}
