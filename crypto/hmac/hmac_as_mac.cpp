// SPDX-License-Identifier: Apache-2.0
// HMAC with each hash function as a MacAlgorithm.
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "cpu/choose.hpp"
#include "mac/erased.hpp"

namespace ashlar::crypto {
namespace {

template <const HashAlgorithm& Hash>
Result<HmacKey> create(Bytes key, std::string_view kernel) {
  ASHLAR_TRY(const HashKernel* const row, cpu::choose_by_name(Hash.kernels(), kernel));
  return HmacKey(Hash, key, row);
}

template <const HashAlgorithm& Hash>
constexpr MacAlgorithm hmac(std::string_view name, std::size_t size) {
  return ErasedMac<HmacKey, Hmac>::algorithm<create<Hash>>(name, 0, size);
}

}  // namespace

constexpr MacAlgorithm kHmacSha1 = hmac<kSha1>("HMAC-SHA-1", 20);
constexpr MacAlgorithm kHmacSha224 = hmac<kSha224>("HMAC-SHA-224", 28);
constexpr MacAlgorithm kHmacSha256 = hmac<kSha256>("HMAC-SHA-256", 32);
constexpr MacAlgorithm kHmacSha384 = hmac<kSha384>("HMAC-SHA-384", 48);
constexpr MacAlgorithm kHmacSha512 = hmac<kSha512>("HMAC-SHA-512", 64);
constexpr MacAlgorithm kHmacSha512_224 = hmac<kSha512_224>("HMAC-SHA-512/224", 28);
constexpr MacAlgorithm kHmacSha512_256 = hmac<kSha512_256>("HMAC-SHA-512/256", 32);
constexpr MacAlgorithm kHmacSha3_224 = hmac<kSha3_224>("HMAC-SHA3-224", 28);
constexpr MacAlgorithm kHmacSha3_256 = hmac<kSha3_256>("HMAC-SHA3-256", 32);
constexpr MacAlgorithm kHmacSha3_384 = hmac<kSha3_384>("HMAC-SHA3-384", 48);
constexpr MacAlgorithm kHmacSha3_512 = hmac<kSha3_512>("HMAC-SHA3-512", 64);

}  // namespace ashlar::crypto
