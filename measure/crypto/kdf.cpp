// SPDX-License-Identifier: Apache-2.0
// Keys from passphrases: PBKDF2 as PKCS #8 files use it, scrypt with 16 MiB.
#include "measure/contest.hpp"

#include <ashlar/crypto/pbkdf2.hpp>
#include <ashlar/crypto/scrypt.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::measure {

void add_kdf() {
  Group("pbkdf2-sha-256 of 2048 rounds").add("ashlar", [] {
    return repeat([passphrase = filler(20), salt = filler(16)] {
      std::uint8_t key[32];
      return bool(crypto::pbkdf2(crypto::kSha256, passphrase, salt, 2048, key));
    });
  });
  Group scrypt("scrypt in 16 MiB");
  for (const crypto::ScryptKernel& kernel : usable(crypto::scrypt_kernels())) {
    scrypt.add(kernel.name, [&kernel] {
      static constexpr crypto::ScryptCost kCost{.n = 1 << 14, .r = 8, .p = 1};
      const std::size_t size = must(crypto::scrypt_workspace_size(kCost));
      return repeat(
          [&kernel, passphrase = filler(20), salt = filler(16), workspace = filler(size)]() mutable {
            std::uint8_t key[32];
            return bool(crypto::scrypt(passphrase, salt, kCost, workspace, key, &kernel));
          });
    });
  }
}

}  // namespace ashlar::measure
