// SPDX-License-Identifier: Apache-2.0
// SHA-256 and SHA-384 per kernel and message size.
#include "support/measure.hpp"
#include "support/openssl.hpp"

#include <ashlar/crypto/sha2.hpp>

namespace ashlar::bench {

void add_sha2() {
  for (const auto* algorithm : {&crypto::kSha256, &crypto::kSha384}) {
    const std::string group = algorithm == &crypto::kSha256 ? "sha-256/" : "sha-384/";
    for (const std::size_t size : kSizes) {
      const std::string tail = "/" + std::to_string(size);
      for (const auto& kernel : algorithm->kernels()) {
        if (!cpu::features().contains(kernel.required)) {
          continue;
        }
        add(group + std::string(kernel.name) + tail, [algorithm, &kernel, size](benchmark::State& state) {
          const auto message = filler(size);
          std::uint8_t digest[crypto::kMaxDigestSize];
          measure(state, size, [&] {
            crypto::Hash(*algorithm, &kernel).update(message).finish(digest);
            benchmark::DoNotOptimize(digest);
          });
        });
      }
      const char* name = algorithm == &crypto::kSha256 ? "SHA256" : "SHA384";
      ADD_OPENSSL(group, tail, openssl::digest(state, name, size));
    }
  }
}

}  // namespace ashlar::bench
