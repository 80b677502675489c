// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/pbkdf2.hpp>

#include "cpu/forget.hpp"

namespace ashlar::crypto {

Result<void> pbkdf2(const HashAlgorithm& hash, Bytes passphrase, Bytes salt, std::uint32_t iterations,
                    MutBytes out) {
  const ForgetVectors forget;
  if (iterations == 0 || iterations > kMaxPbkdf2Iterations) {
    return ErrorCode::invalid_argument;
  }
  if (out.size() / hash.digest_size >= 0xffffffff) {
    return ErrorCode::length_overflow;
  }
  const HmacKey key(hash, passphrase);
  std::uint8_t u[kMaxDigestSize];
  std::uint8_t sum[kMaxDigestSize];
  for (std::uint32_t index = 1; !out.empty(); ++index) {
    std::uint8_t number[4];
    store_be32(number, index);
    const Bytes first[] = {salt, number};
    const std::size_t size = key.mac(first, u).size();
    copy_bytes(sum, {u, size});
    for (std::uint32_t i = 1; i < iterations; ++i) {
      key.mac(Bytes(u, size), u);
      for (std::size_t k = 0; k < size; ++k) {
        sum[k] = static_cast<std::uint8_t>(sum[k] ^ u[k]);
      }
    }
    const std::size_t n = out.size() < size ? out.size() : size;
    copy_bytes(out, {sum, n});
    out = out.subspan(n);
  }
  wipe(u, sizeof u);
  wipe(sum, sizeof sum);
  return {};
}

}  // namespace ashlar::crypto
