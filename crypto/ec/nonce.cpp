// SPDX-License-Identifier: Apache-2.0
#include "ec/nonce.hpp"

#include "ec/curves.hpp"

#include <ashlar/crypto/hmac.hpp>

namespace ashlar::crypto::ec {

NonceGenerator::NonceGenerator(const HashAlgorithm& hash, BytesOf<32> scalar, BytesOf<32> digest, Bytes extra)
    : hash_(&hash) {
  key_.resize(hash.digest_size);  // step c: zeros
  value_.resize(hash.digest_size);
  std::memset(value_.reveal_mut().data(), 1, value_.size());  // step b: ones
  const Bytes parts[] = {scalar, digest, extra};
  update(0, parts);  // steps d and e
  update(1, parts);  // steps f and g
}

void NonceGenerator::update(std::uint8_t separator, std::span<const Bytes> parts) {
  {
    const HmacKey key(*hash_, key_.reveal());
    Hmac mac(key);
    mac.update(value_.reveal()).update(Bytes(&separator, 1));
    for (const Bytes part : parts) {
      mac.update(part);
    }
    mac.finish(key_.reveal_mut());
  }
  HmacKey(*hash_, key_.reveal()).mac(value_.reveal(), value_.reveal_mut());
}

void NonceGenerator::next(Limbs<4>& k) {
  for (;;) {
    if (used_) {
      update(0, {});  // step h.3: the last candidate was thrown away
    }
    used_ = true;
    Secret<32> candidate;
    const HmacKey key(*hash_, key_.reveal());
    for (std::size_t filled = 0; filled < 32;) {
      key.mac(value_.reveal(), value_.reveal_mut());
      const std::size_t size = value_.size() < 32 - filled ? value_.size() : 32 - filled;
      std::memcpy(candidate.reveal_mut().data() + filled, value_.reveal().data(), size);
      filled += size;
    }
    k = load_big_endian<4>(candidate.reveal().data());
    // That a candidate is out of range is told of those only that nobody uses.
    if ((less(k, P256::Order::kValue) & ~is_zero(k)).declassify()) {
      return;
    }
  }
}

}  // namespace ashlar::crypto::ec
