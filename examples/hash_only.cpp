// SPDX-License-Identifier: Apache-2.0
// SHA-256 of standard input, with only the crypto library: no TLS, no certificates, no heap.
//
//   c++ -std=c++20 -O2 hash_only.cpp -o hash_only $(pkg-config --cflags --libs ashlar-crypto)
#include <ashlar/crypto/sha2.hpp>

#include <cstdio>

int main() {
  ashlar::crypto::Hash hash(ashlar::crypto::kSha256);
  std::uint8_t piece[4096];
  for (std::size_t count; (count = std::fread(piece, 1, sizeof piece, stdin)) > 0;) {
    hash.update({piece, count});
  }
  if (std::ferror(stdin) != 0) {
    std::perror("hash_only");
    return 1;
  }
  std::uint8_t digest[ashlar::crypto::kMaxDigestSize];
  for (const std::uint8_t byte : hash.finish(digest)) {
    std::printf("%02x", byte);
  }
  std::printf("\n");
  return 0;
}
