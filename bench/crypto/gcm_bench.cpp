// SPDX-License-Identifier: Apache-2.0
// AES-GCM per kernel, direction and size, with the additional data of a TLS record.
#include "support/measure.hpp"
#include "support/openssl.hpp"

#include <ashlar/crypto/gcm.hpp>

namespace ashlar::bench {

void add_gcm() {
  for (const std::size_t key_size : {16u, 32u}) {
    for (const bool open : {false, true}) {
      const std::string group =
          std::string(key_size == 16 ? "aes-128-gcm " : "aes-256-gcm ") + (open ? "open/" : "seal/");
      for (const std::size_t size : kSizes) {
        const std::string tail = "/" + std::to_string(size);
        for (const auto& kernel : crypto::gcm_kernels()) {
          if (!cpu::features().contains(kernel.required)) {
            continue;
          }
          add(group + std::string(kernel.name) + tail, [=, &kernel](benchmark::State& state) {
            const auto key = must(crypto::AesGcmKey::create(filler(key_size), &kernel));
            const auto nonce = filler(12);
            const auto aad = filler(13);
            const Bytes aad_parts[] = {aad};
            const auto plaintext = filler(size);
            std::vector<std::uint8_t> sealed(size);
            std::vector<std::uint8_t> opened(size);
            std::uint8_t tag[16];
            const auto seal_once = [&] {
              if (!key.seal(nonce, aad_parts, plaintext, sealed, tag)) {
                state.SkipWithError("refused");
              }
            };
            if (!open) {
              measure(state, size, seal_once);
              return;
            }
            seal_once();
            measure(state, size, [&] {
              if (!key.open(nonce, aad_parts, sealed, tag, opened)) {
                state.SkipWithError("refused");
              }
            });
          });
        }
        ADD_OPENSSL(
            group, tail,
            openssl::aead(state, key_size == 16 ? "AES-128-GCM" : "AES-256-GCM", key_size, size, open));
      }
    }
  }
}

}  // namespace ashlar::bench
