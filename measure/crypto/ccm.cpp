// SPDX-License-Identifier: Apache-2.0
// AES-CCM with tags of 16 bytes.
#include "measure/crypto/aead.hpp"

#include <ashlar/crypto/ccm.hpp>

namespace ashlar::measure {

void add_ccm() {
  for (const std::size_t key_size : {16u, 32u}) {
    add_aead(key_size == 16 ? "aes-128-ccm" : "aes-256-ccm", crypto::ccm_kernels(), 12,
             [=](const crypto::CcmKernel& kernel) {
               return must(crypto::AesCcmKey::create(filler(key_size), 16, &kernel));
             });
  }
}

}  // namespace ashlar::measure
