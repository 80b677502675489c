// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/sha3.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"
#include "support/registers.hpp"
#include "support/sanitiser.hpp"
#include "support/skip.hpp"

#include <algorithm>
#include <vector>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

namespace sha3_test {
namespace {

const HashAlgorithm* const kAll[] = {&kSha3_224, &kSha3_256, &kSha3_384, &kSha3_512};

Buffer hash_with(const HashAlgorithm& algorithm, const HashKernel* kernel, Bytes message) {
  Buffer out(algorithm.digest_size);
  Hash(algorithm, kernel).update(message).finish(out);
  return out;
}

Buffer shake(unsigned security, Bytes message, std::size_t size, const KeccakKernel* kernel = nullptr) {
  Buffer out(size);
  Shake(security, kernel).update(message).squeeze(out);
  return out;
}

}  // namespace

TEST_CASE("sha3: NIST's example answers come out of every row", "[sha3]") {
  const char* const empty[] = {
      "6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7",
      "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
      "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2ac3713831264adb47fb6bd1e058d5f004",
      "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a615b2123af1f5f94c11e3e9402c3ac558f50019"
      "9d95b6d"
      "3e301758586281dcd26"};
  const char* const abc[] = {
      "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
      "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
      "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
      "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b"
      "4cf408d"
      "5a56592f8274eec53f0"};
  for (int i = 0; i < 4; ++i) {
    test::on_every_row(std::string(kAll[i]->name), kAll[i]->kernels(), [&](const HashKernel& row) {
      CHECK_BYTES(hash_with(*kAll[i], &row, {}), empty[i]);
      CHECK_BYTES(hash_with(*kAll[i], &row, bytes_of("abc")), abc[i]);
    });
  }
  // 1600 bits of a3, from NIST's examples.
  CHECK_BYTES(hash_with(kSha3_256, nullptr, Buffer(200, 0xa3)),
              "79f38adec5c20307a98ef76e8324afbfd46cfd81b22e3973c65fa1bd9de31787");
}

TEST_CASE("shake: NIST's example answers come out of every row, however the output is taken", "[sha3]") {
  test::on_every_row("Keccak", keccak_kernels(), [](const KeccakKernel& row) {
    CHECK_BYTES(shake(128, {}, 32, &row), "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
    CHECK_BYTES(shake(256, {}, 32, &row), "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f");
    CHECK_BYTES(shake(128, Buffer(200, 0xa3), 16, &row), "131ab8d2b594946b9c81333f9bb6e0ce");
    CHECK_BYTES(shake(256, Buffer(200, 0xa3), 16, &row), "cd8a920ed141aa0407a22d59288652e9");
  });
  const Buffer whole = shake(128, bytes_of("abc"), 700);
  Shake stepwise(128);
  stepwise.update(bytes_of("a")).update(bytes_of("bc"));
  Buffer out(700);
  for (std::size_t at = 0; at < out.size(); at += 7) {
    stepwise.squeeze(MutBytes(out).subspan(at, 7));
  }
  CHECK_BYTES(out, whole);
}

TEST_CASE("shake: S10 every row agrees with the portable one, however input and output are split", "[sha3]") {
  const Buffer data = test::noise(1100, 8);
  test::on_every_row("Keccak split", keccak_kernels(), [&](const KeccakKernel& row) {
    for (const unsigned security : {128u, 256u}) {
      for (std::size_t size = 0; size <= data.size(); size += size < 400 ? 1 : 13) {
        const Bytes message = Bytes(data).first(size);
        const Buffer expected = shake(security, message, size, &keccak_kernels().back());
        REQUIRE_BYTES(shake(security, message, size, &row), expected);
        Shake stepwise(security, &row);
        Buffer out(size);
        for (std::size_t at = 0, step = 1; at < size; at += step, ++step) {
          stepwise.update(message.subspan(at, std::min(step, size - at)));
        }
        for (std::size_t at = 0, step = 1; at < size; at += step, step = 2 * step + 1) {
          stepwise.squeeze(MutBytes(out).subspan(at, std::min(step, size - at)));
        }
        REQUIRE_BYTES(out, expected);
      }
    }
  });
}

TEST_CASE("sha3: S10 every row agrees with the portable one and reads nothing outside", "[sha3]") {
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size <= 1100; ++size) {
    sizes.push_back(size);
  }
  for (const std::size_t size : {4096u, 16384u}) {
    for (std::size_t around = size - 4; around <= size + 4; ++around) {
      sizes.push_back(around);
    }
  }
  const Buffer data = test::noise(16388 + 64, 7);
  test::Guarded memory(16388), outputs(kMaxDigestSize);
  for (const HashAlgorithm* algorithm : kAll) {
    test::on_every_row(std::string(algorithm->name), algorithm->kernels(), [&](const HashKernel& row) {
      for (const std::size_t size : sizes) {
        const Bytes message = Bytes(data).subspan(size % 64, size);
        const Buffer expected = hash_with(*algorithm, &algorithm->kernels().back(), message);
        REQUIRE_BYTES(hash_with(*algorithm, &row, memory.at_end(message)), expected);
        REQUIRE_BYTES(digest(*algorithm, message, &row).bytes(), expected);
        const MutBytes out = outputs.at_end(algorithm->digest_size);
        Hash split(*algorithm, &row);
        split.update(message.first(size / 3)).update(message.subspan(size / 3)).finish(out);
        REQUIRE_BYTES(out, expected);
      }
    });
  }
}

TEST_CASE("sha3: S12 x86 rows of the permutation leave nothing in the vector registers", "[sha3]") {
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  std::uint64_t lanes[25] = {1, 2, 3};
  test::on_every_row("Keccak, registers", keccak_kernels(), [&](const KeccakKernel& row) {
    CHECK((row.required.bits == 0 || test::clears_vectors([&] { row.permute(lanes); })));
  });
}

}  // namespace sha3_test
