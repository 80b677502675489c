// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/sha1.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

namespace sha1_test {
namespace {

Buffer hash_with(const HashKernel* kernel, Bytes message) {
  Buffer out(20);
  Hash(kSha1, kernel).update(message).finish(out);
  return out;
}

}  // namespace

TEST_CASE("sha1: the published answers come out of every row", "[sha1]") {
  test::on_every_row("SHA-1", kSha1.kernels(), [](const HashKernel& row) {
    CHECK_BYTES(hash_with(&row, {}), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK_BYTES(hash_with(&row, bytes_of("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK_BYTES(hash_with(&row, bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    CHECK_BYTES(hash_with(&row, Buffer(1000000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  });
}

TEST_CASE(
    "sha1: S10 every row agrees with the portable one at every length to 1100 and reads nothing outside",
    "[sha1]") {
  test::Guarded memory(1200);
  const Buffer data = test::noise(1100, 7);
  test::on_every_row("SHA-1", kSha1.kernels(), [&](const HashKernel& row) {
    for (std::size_t size = 0; size <= data.size(); ++size) {
      const Bytes message = Bytes(data).first(size);
      const Buffer expected = hash_with(&kSha1.kernels().back(), message);
      REQUIRE_BYTES(hash_with(&row, memory.at_end(message)), expected);
      REQUIRE_BYTES(hash_with(&row, memory.at_start(message)), expected);
    }
  });
}

}  // namespace sha1_test
