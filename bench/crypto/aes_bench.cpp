// SPDX-License-Identifier: Apache-2.0
// AES in CBC and CTR, and CMAC.
#include "support/contest.hpp"

#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/cmac.hpp>

namespace ashlar::bench {

namespace {

// One pass over whole blocks under a key set up beforehand.
template <class Mode>
Work cbc(std::size_t key_size, std::size_t size, const crypto::AesKernel& kernel,
         Result<void> (Mode::*pass)(MutBytesOf<16>, Bytes, MutBytes) const) {
  return repeat([mode = must(Mode::create(filler(key_size), &kernel)), in = filler(size), out = filler(size),
                 pass]() mutable {
    std::uint8_t iv[16] = {};
    return bool((mode.*pass)(MutBytesOf<16>(iv), in, out));
  });
}

void add_cbc(const std::string& name, std::size_t key_size, std::size_t size) {
  Group encrypt(name + " encrypt", size);
  Group decrypt(name + " decrypt", size);
  for (const crypto::AesKernel& kernel : usable(crypto::aes_kernels())) {
    encrypt.add(kernel.name,
                [=, &kernel] { return cbc(key_size, size, kernel, &crypto::AesCbcEncryptor::encrypt); });
    decrypt.add(kernel.name,
                [=, &kernel] { return cbc(key_size, size, kernel, &crypto::AesCbcDecryptor::decrypt); });
  }
}

void add_ctr(const std::string& name, std::size_t key_size, std::size_t size) {
  Group group(name, size);
  for (const crypto::AesKernel& kernel : usable(crypto::aes_kernels())) {
    group.add(kernel.name, [=, &kernel] {
      const std::uint8_t counter[16] = {};
      return repeat([ctr = must(crypto::AesCtr::create(filler(key_size), counter, &kernel)),
                     in = filler(size), out = filler(size)]() mutable { return bool(ctr.apply(in, out)); });
    });
  }
}

void add_cmac(const std::string& name, std::size_t key_size, std::size_t size) {
  Group group(name, size);
  for (const crypto::CmacKernel& kernel : usable(crypto::cmac_kernels())) {
    group.add(kernel.name, [=, &kernel] {
      return repeat(
          [key = must(crypto::AesCmacKey::create(filler(key_size), &kernel)), message = filler(size)] {
            std::uint8_t mac[crypto::kCmacSize];
            return !key.mac(message, mac).empty();
          });
    });
  }
}

}  // namespace

void add_aes() {
  for (const std::size_t key_size : {16u, 32u}) {
    const std::string name = key_size == 16 ? "aes-128-" : "aes-256-";
    for (const std::size_t size : kSizes) {
      if (size % 16 == 0) {
        add_cbc(name + "cbc", key_size, size);
      }
      add_ctr(name + "ctr", key_size, size);
      add_cmac(name + "cmac", key_size, size);
    }
  }
}

}  // namespace ashlar::bench
