// SPDX-License-Identifier: Apache-2.0
// AES-GCM, GMAC and AES-GCM-SIV.
#include "measure/crypto/aead.hpp"

#include <ashlar/crypto/gcm_siv.hpp>
#include <ashlar/crypto/gmac.hpp>

namespace ashlar::measure {

void add_gcm() {
  for (const std::size_t key_size : {16u, 32u}) {
    const std::string name = key_size == 16 ? "aes-128-gcm" : "aes-256-gcm";
    add_aead(name, crypto::gcm_kernels(), 12, [=](const crypto::GcmKernel& kernel) {
      return must(crypto::AesGcmKey::create(filler(key_size), &kernel));
    });
    for (const std::size_t size : kSizes) {
      Group group(key_size == 16 ? "aes-128-gmac" : "aes-256-gmac", size);
      for (const crypto::GcmKernel& kernel : usable(crypto::gcm_kernels())) {
        group.add(kernel.name, [=, &kernel] {
          return repeat([key = must(crypto::AesGmacKey::create(filler(key_size), &kernel)),
                         nonce = filler(12), message = filler(size)] {
            std::uint8_t mac[16];
            return bool(key.mac(nonce, message, mac));
          });
        });
      }
    }
    // Every message includes a new set of round keys and a new H.
    add_aead(name + "-siv", crypto::gcm_siv_kernels(), 12, [=](const crypto::GcmSivKernel& kernel) {
      return must(crypto::AesGcmSivKey::create(filler(key_size), &kernel));
    });
    Group group(name + " key");
    for (const crypto::GcmKernel& kernel : usable(crypto::gcm_kernels())) {
      group.add(kernel.name, [=, &kernel] {
        return repeat(
            [key = filler(key_size), &kernel] { return bool(crypto::AesGcmKey::create(key, &kernel)); });
      });
    }
  }
}

}  // namespace ashlar::measure
