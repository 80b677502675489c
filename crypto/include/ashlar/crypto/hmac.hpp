// SPDX-License-Identifier: Apache-2.0
// HMAC over any hash (RFC 2104, FIPS 198-1). The key object holds the inner and outer states, so that a short
// message costs two compressions.
#pragma once

#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

class HmacKey {
 public:
  // A key of any length (longer than a block: hashed first). Constant time in the key; its length is public.
  HmacKey(const HashAlgorithm& algorithm, Bytes key, const HashKernel* kernel = nullptr);

  std::size_t size() const { return inner_.digest_size(); }
  const HashAlgorithm& algorithm() const { return inner_.algorithm(); }

  // The MAC of one message given in parts, into the first size() bytes of `mac`, which must have room.
  // Returns those bytes.
  MutBytes mac(std::span<const Bytes> message, MutBytes mac) const;
  MutBytes mac(Bytes message, MutBytes mac) const {
    return this->mac(std::span<const Bytes>(&message, 1), mac);
  }
  // The MAC of `prefix` followed by the first `size` bytes of `data`, where `size` is secret and lies between
  // min_size and data.size(): which compressions are made and which memory is touched does not depend on it.
  // For a MAC that must be checked before the padding behind the message may be believed (TLS 1.2's CBC
  // suites). `prefix` is shorter than a block of the hash.
  MutBytes mac_secret_size(Bytes prefix, Bytes data, std::size_t min_size, std::uint64_t size,
                           MutBytes mac) const;

 private:
  friend class Hmac;
  Hash inner_;
  Hash outer_;
};

// A MAC being computed. The key must outlive it.
class Hmac {
 public:
  explicit Hmac(const HmacKey& key) : key_(&key), hash_(key.inner_) {}
  Hmac& update(Bytes data) {
    hash_.update(data);
    return *this;
  }
  // Writes key.size() bytes, starts afresh, returns those bytes. To compare MACs use ct::equal.
  MutBytes finish(MutBytes mac);

 private:
  const HmacKey* key_;
  Hash hash_;
};

}  // namespace ashlar::crypto
