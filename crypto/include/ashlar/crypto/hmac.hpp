// SPDX-License-Identifier: Apache-2.0
// HMAC over any hash (RFC 2104, FIPS 198-1), by itself and as a Mac. The key object holds the states after
// the two padded keys, so a short message costs two compressions.
#pragma once

#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/mac.hpp>

namespace ashlar::crypto {

class HmacKey {  // one key of HMAC, its pads absorbed
 public:
  // A key of any length (longer than a block: hashed first). Constant time in the key; its length is public.
  // kernel: a row of algorithm.kernels(), or null for the best one this CPU can run.
  HmacKey(const HashAlgorithm& algorithm, Bytes key, const HashKernel* kernel = nullptr);
  HmacKey(const HmacKey&) = default;
  HmacKey& operator=(const HmacKey&) = default;
  ~HmacKey();

  std::size_t size() const { return algorithm_->digest_size; }
  const HashAlgorithm& algorithm() const { return *algorithm_; }

  // The MAC of one message given in parts, into the first size() bytes of `mac`, which must have room.
  // Returns those bytes.
  MutBytes mac(std::span<const Bytes> message, MutBytes mac) const;
  MutBytes mac(Bytes message, MutBytes mac) const {
    return this->mac(std::span<const Bytes>(&message, 1), mac);
  }
  // The MAC of `prefix` followed by the first `size` bytes of `data`. `size` is secret and lies between
  // min_size and data.size(). The compressions and the memory accesses do not depend on it. TLS 1.2's CBC
  // suites need this: they must check the MAC before they can trust the padding behind the message. `prefix`
  // must be shorter than a block of the hash.
  MutBytes mac_secret_size(Bytes prefix, Bytes data, std::size_t min_size, std::uint64_t size,
                           MutBytes mac) const;

 private:
  friend class Hmac;
  friend class CbcHmacSealer;
  Hash after_pad(const std::uint8_t* state) const {
    return Hash(*algorithm_, *kernel_, state, algorithm_->block_size);
  }

  // The states after the block of the padded key.
  alignas(64) std::uint8_t inner_[Hash::kStateCapacity];
  alignas(64) std::uint8_t outer_[Hash::kStateCapacity];
  const HashAlgorithm* algorithm_;
  const HashKernel* kernel_;
};

// A MAC being computed. The key must outlive it.
class Hmac {
 public:
  explicit Hmac(const HmacKey& key) : key_(&key), hash_(key.after_pad(key.inner_)) {}
  Hmac& update(Bytes data) {  // absorbs data; any split gives the same code
    hash_.update(data);
    return *this;
  }
  // Writes key.size() bytes, returns them, and starts again. To compare MACs use ct::equal.
  MutBytes finish(MutBytes mac);

 private:
  const HmacKey* key_;
  Hash hash_;
};

extern const MacAlgorithm kHmacSha1;        // HMAC-SHA-1
extern const MacAlgorithm kHmacSha224;      // HMAC-SHA-224
extern const MacAlgorithm kHmacSha256;      // HMAC-SHA-256
extern const MacAlgorithm kHmacSha384;      // HMAC-SHA-384
extern const MacAlgorithm kHmacSha512;      // HMAC-SHA-512
extern const MacAlgorithm kHmacSha512_224;  // HMAC-SHA-512/224
extern const MacAlgorithm kHmacSha512_256;  // HMAC-SHA-512/256
extern const MacAlgorithm kHmacSha3_224;    // HMAC-SHA3-224
extern const MacAlgorithm kHmacSha3_256;    // HMAC-SHA3-256
extern const MacAlgorithm kHmacSha3_384;    // HMAC-SHA3-384
extern const MacAlgorithm kHmacSha3_512;    // HMAC-SHA3-512

}  // namespace ashlar::crypto
