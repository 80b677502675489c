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
