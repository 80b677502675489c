// SPDX-License-Identifier: Apache-2.0
// ChaCha20-Poly1305 per kernel.
#include "support/measure.hpp"
#include "support/openssl.hpp"

#include <ashlar/crypto/chacha20poly1305.hpp>

namespace ashlar::bench {

void add_chacha() {
  for (const std::size_t size : kSizes) {
    const std::string tail = "/" + std::to_string(size);
    for (const auto& kernel : crypto::chacha_kernels()) {
      if (!cpu::features().contains(kernel.required)) {
        continue;
      }
      add("chacha20-poly1305 seal/" + std::string(kernel.name) + tail, [=, &kernel](benchmark::State& state) {
        const auto key = must(crypto::ChaCha20Poly1305Key::create(filler(32), &kernel));
        const auto nonce = filler(12);
        const auto aad = filler(13);
        const Bytes aad_parts[] = {aad};
        const auto plaintext = filler(size);
        std::vector<std::uint8_t> sealed(size);
        std::uint8_t tag[16];
        measure(state, size, [&] {
          if (!key.seal(nonce, aad_parts, plaintext, sealed, tag)) {
            state.SkipWithError("refused");
          }
        });
      });
    }
    ADD_OPENSSL(std::string("chacha20-poly1305 seal/"), tail,
                openssl::aead(state, "ChaCha20-Poly1305", 32, size, false));
  }
}

}  // namespace ashlar::bench
