// SPDX-License-Identifier: Apache-2.0
#include "algorithms/names.hpp"

#include <ashlar/crypto/cmac.hpp>
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

namespace ashlar::cli {

std::span<const Named<crypto::HashAlgorithm>> hashes() {
  static constexpr Named<crypto::HashAlgorithm> kRows[] = {
      {"sha1", &crypto::kSha1},
      {"sha224", &crypto::kSha224},
      {"sha256", &crypto::kSha256},
      {"sha384", &crypto::kSha384},
      {"sha512", &crypto::kSha512},
      {"sha512-224", &crypto::kSha512_224},
      {"sha512-256", &crypto::kSha512_256},
      {"sha3-224", &crypto::kSha3_224},
      {"sha3-256", &crypto::kSha3_256},
      {"sha3-384", &crypto::kSha3_384},
      {"sha3-512", &crypto::kSha3_512},
  };
  return kRows;
}

std::span<const Named<crypto::MacAlgorithm>> macs() {
  static constexpr Named<crypto::MacAlgorithm> kRows[] = {
      {"hmac-sha1", &crypto::kHmacSha1},
      {"hmac-sha224", &crypto::kHmacSha224},
      {"hmac-sha256", &crypto::kHmacSha256},
      {"hmac-sha384", &crypto::kHmacSha384},
      {"hmac-sha512", &crypto::kHmacSha512},
      {"hmac-sha512-224", &crypto::kHmacSha512_224},
      {"hmac-sha512-256", &crypto::kHmacSha512_256},
      {"hmac-sha3-224", &crypto::kHmacSha3_224},
      {"hmac-sha3-256", &crypto::kHmacSha3_256},
      {"hmac-sha3-384", &crypto::kHmacSha3_384},
      {"hmac-sha3-512", &crypto::kHmacSha3_512},
      {"aes-128-cmac", &crypto::kAes128Cmac},
      {"aes-192-cmac", &crypto::kAes192Cmac},
      {"aes-256-cmac", &crypto::kAes256Cmac},
  };
  return kRows;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace ashlar::cli
