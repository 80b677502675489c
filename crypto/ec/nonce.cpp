// SPDX-License-Identifier: Apache-2.0
#include "ec/nonce.hpp"

#include <ashlar/crypto/hmac.hpp>

namespace ashlar::crypto::ec {

NonceGenerator::NonceGenerator(const HashAlgorithm& hash, Bytes scalar, Bytes digest, Bytes extra)
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

void NonceGenerator::fill(MutBytes candidate) {
  if (used_) {
    update(0, {});  // step h.3: the last candidate was thrown away
  }
  used_ = true;
  const HmacKey key(*hash_, key_.reveal());
  while (!candidate.empty()) {
    key.mac(value_.reveal(), value_.reveal_mut());
    const std::size_t size = value_.size() < candidate.size() ? value_.size() : candidate.size();
    copy_bytes(candidate, value_.reveal().first(size));
    candidate = candidate.subspan(size);
  }
}

}  // namespace ashlar::crypto::ec
