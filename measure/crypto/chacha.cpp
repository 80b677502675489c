// SPDX-License-Identifier: Apache-2.0
// ChaCha20-Poly1305, and XChaCha20-Poly1305, which a longer nonce selects.
#include "measure/crypto/aead.hpp"

#include <ashlar/crypto/chacha20poly1305.hpp>

namespace ashlar::measure {

void add_chacha() {
  for (const std::size_t nonce_size : {12u, 24u}) {
    add_aead(nonce_size == 12 ? "chacha20-poly1305" : "xchacha20-poly1305", crypto::chacha_kernels(),
             nonce_size, [](const crypto::ChaChaKernel& kernel) {
               return must(crypto::ChaCha20Poly1305Key::create(filler(32), &kernel));
             });
  }
}

}  // namespace ashlar::measure
