// SPDX-License-Identifier: Apache-2.0
// Hash functions on one message and on several side by side. HMAC-SHA256 with its key set up beforehand, and
// in one call.
#include "measure/contest.hpp"

#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

namespace ashlar::measure {

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

// Messages of one size side by side. The first row is the kernel that hash_many chooses for that number.
void add_many(const char* name, const crypto::HashMany& many, std::size_t messages, std::size_t size) {
  Group group(name, size, messages);
  const auto add = [&](std::string_view row, const crypto::HashManyKernel* kernel) {
    group.add(row, [=, &many] {
      return repeat([=, data = filler(messages * size),
                     digests = std::vector<std::uint8_t>(messages * many.hash->digest_size)]() mutable {
        Bytes parts[crypto::kMaxHashLanes];
        for (std::size_t i = 0; i < messages; ++i) {
          parts[i] = Bytes(data).subspan(i * size, size);
        }
        crypto::hash_many(many, std::span(parts, messages), digests, kernel);
        return true;
      });
    });
  };
  add("chosen", nullptr);
  for (const crypto::HashManyKernel& kernel : usable(many.kernels)) {
    if (kernel.lanes <= messages) {
      add(kernel.name, &kernel);
    }
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
            return crypto::digest(*hash.algorithm, message, &kernel).size != 0;
          });
        });
      }
    }
  }
  for (const std::size_t size : {64u, 256u, 1350u, 16384u}) {
    for (const std::size_t messages : {2u, 8u, 16u}) {
      add_many("sha-256", crypto::kSha256Many, messages, size);
    }
    for (const std::size_t messages : {4u, 8u}) {
      add_many("sha-512", crypto::kSha512Many, messages, size);
      add_many("sha3-256", crypto::kSha3_256Many, messages, size);
    }
  }
  for (const std::size_t size : kSizes) {
    add_hmac(size);
  }
}

}  // namespace ashlar::measure
