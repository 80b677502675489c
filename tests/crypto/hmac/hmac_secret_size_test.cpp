// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test;

TEST_CASE("S09 hmac: a secret size gives the MAC of the bytes up to it, for every size and bound",
          "[crypto][hmac]") {
  const Buffer secret = noise(32, 7);
  const Buffer prefix = noise(13, 8);
  for (const HashAlgorithm* const algorithm : {&kSha1, &kSha256, &kSha384, &kSha512}) {
    on_every_row("HMAC-" + std::string(algorithm->name) + " of a secret size", algorithm->kernels(),
                 [&](const HashKernel& kernel) {
                   const HmacKey key(*algorithm, secret, &kernel);
                   for (const std::size_t max : {0u, 1u, 15u, 42u, 43u, 50u, 51u, 52u, 64u, 100u, 115u, 116u,
                                                 117u, 179u, 255u, 256u, 400u}) {
                     const Buffer data = noise(max, max + 1);
                     for (const std::size_t min : {std::size_t{0}, max / 2, max > 255 ? max - 255 : 0, max}) {
                       const std::size_t step = max > 150 ? 7 : 1;
                       for (std::size_t size = min; size <= max; size += step) {
                         std::uint8_t expected[kMaxDigestSize], actual[kMaxDigestSize];
                         const Bytes parts[] = {prefix, Bytes(data).first(size)};
                         const MutBytes wanted = key.mac(parts, expected);
                         const MutBytes got = key.mac_secret_size(prefix, data, min, size, actual);
                         INFO("size " << size << " between " << min << " and " << max);
                         REQUIRE_BYTES(got, wanted);
                       }
                     }
                   }
                 });
  }
}
