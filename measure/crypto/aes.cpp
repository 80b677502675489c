// SPDX-License-Identifier: Apache-2.0
// AES in CBC and CTR, CBC of several messages side by side, CBC with HMAC, and CMAC.
#include "measure/contest.hpp"

#include <ashlar/crypto/aes_cbc_many.hpp>
#include <ashlar/crypto/cbc_hmac.hpp>
#include <ashlar/crypto/cmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::measure {

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

// Messages of one size under keys of their own, in place. Each has as much room behind it as a record of TLS
// needs. At a distance of a few bytes more than a multiple of 4 KiB they would take a quarter longer: the CPU
// takes the loads of one stream for loads of what it has just stored for another.
void add_cbc_many(const std::string& name, std::size_t key_size, std::size_t messages, std::size_t size) {
  constexpr std::size_t kRoom = 320;
  Group group(name + " encrypt", size, messages);
  for (const crypto::AesCbcManyKernel& kernel : usable(crypto::aes_cbc_many_kernels())) {
    // The portable row needs keys that the portable AES has set up.
    const crypto::AesKernel* const keys_of =
        kernel.required.bits == 0 ? &crypto::aes_kernels().back() : nullptr;
    group.add(kernel.name, [=, &kernel] {
      std::vector<crypto::AesCbcEncryptor> keys;
      for (std::size_t i = 0; i < messages; ++i) {
        keys.push_back(must(crypto::AesCbcEncryptor::create(filler(key_size), keys_of)));
      }
      return repeat([=, &kernel, keys = std::move(keys), ivs = filler(16 * messages),
                     data = filler(messages * (size + kRoom))]() mutable {
        std::vector<crypto::AesCbcStream> streams;
        streams.reserve(messages);
        for (std::size_t i = 0; i < messages; ++i) {
          const MutBytes text = MutBytes(data).subspan(i * (size + kRoom), size);
          streams.push_back({&keys[i], MutBytesOf<16>(ivs.data() + 16 * i, 16), text, text});
        }
        return bool(crypto::aes_cbc_encrypt_many(streams, &kernel));
      });
    });
  }
}

// A record of TLS 1.2 (RFC 5246 §6.2.3.2) in place: MAC, padding, encryption.
void add_cbc_hmac(const std::string& name, const crypto::HashAlgorithm& hash, std::size_t size) {
  Group group(name, size);
  for (const crypto::CbcHmacKernel& kernel : usable(crypto::cbc_hmac_kernels(hash))) {
    group.add(kernel.name, [=, &hash, &kernel] {
      const std::size_t sealed = crypto::CbcHmacSealer::padded_size(size + hash.digest_size);
      return repeat([size,
                     sealer = must(crypto::CbcHmacSealer::create(hash, filler(32), filler(16), &kernel)),
                     record = filler(sealed)]() mutable {
        const std::uint8_t iv[16] = {};
        const std::uint8_t header[13] = {};
        return bool(sealer.mac_then_encrypt(iv, header, Bytes(record).first(size), record));
      });
    });
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
  for (const std::size_t size : kSizes) {
    if (size <= 16384) {
      add_cbc_hmac("aes-128-cbc-hmac-sha-256 seal", crypto::kSha256, size);
      add_cbc_hmac("aes-128-cbc-hmac-sha-1 seal", crypto::kSha1, size);
    }
  }
  for (const std::size_t key_size : {16u, 32u}) {
    const std::string name = key_size == 16 ? "aes-128-" : "aes-256-";
    for (const std::size_t size : kSizes) {
      if (size % 16 == 0) {
        add_cbc(name + "cbc", key_size, size);
      }
      add_ctr(name + "ctr", key_size, size);
      add_cmac(name + "cmac", key_size, size);
    }
    for (const std::size_t size : {64u, 256u, 4096u, 16384u}) {
      add_cbc_many(name + "cbc", key_size, 16, size);
    }
  }
}

}  // namespace ashlar::measure
