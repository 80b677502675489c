// SPDX-License-Identifier: Apache-2.0
// Hash functions, and HMAC-SHA256 with its key set up beforehand and in one call.
#include "support/contest.hpp"

#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

namespace ashlar::bench {

namespace {

struct Named {
  const char* name;
  const crypto::HashAlgorithm* algorithm;
};
const Named kHashes[] = {
    {"sha-1", &crypto::kSha1},     {"sha-256", &crypto::kSha256},    {"sha-384", &crypto::kSha384},
    {"sha-512", &crypto::kSha512}, {"sha3-256", &crypto::kSha3_256},
};

void add_hmac(std::size_t size) {
  Group keyed("hmac-sha-256", size);
  Group once("hmac-sha-256 one call", size);
  for (const crypto::HashKernel& kernel : usable(crypto::kSha256.kernels())) {
    keyed.add(kernel.name, [=, &kernel] {
      return repeat([key = crypto::HmacKey(crypto::kSha256, filler(32), &kernel), message = filler(size)] {
        std::uint8_t mac[32];
        return !key.mac(message, mac).empty();
      });
    });
    once.add(kernel.name, [=, &kernel] {
      return repeat([key = filler(32), message = filler(size), &kernel] {
        std::uint8_t mac[32];
        return !crypto::HmacKey(crypto::kSha256, key, &kernel).mac(message, mac).empty();
      });
    });
  }
}

}  // namespace

void add_hashes() {
  for (const Named& hash : kHashes) {
    for (const std::size_t size : kSizes) {
      Group group(hash.name, size);
      for (const crypto::HashKernel& kernel : usable(hash.algorithm->kernels())) {
        group.add(kernel.name, [=, &kernel] {
          return repeat([hash, &kernel, message = filler(size)] {
            std::uint8_t digest[crypto::kMaxDigestSize];
            return !crypto::Hash(*hash.algorithm, &kernel).update(message).finish(digest).empty();
          });
        });
      }
    }
  }
  for (const std::size_t size : kSizes) {
    add_hmac(size);
  }
}

}  // namespace ashlar::bench
