// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hmac.hpp>

namespace ashlar::crypto {

HmacKey::HmacKey(const HashAlgorithm& algorithm, Bytes key, const HashKernel* kernel)
    : inner_(algorithm, kernel), outer_(algorithm, kernel) {
  const std::size_t block = algorithm.block_size;
  std::uint8_t pad[kMaxHashBlockSize] = {};
  if (key.size() > block) {
    Hash hash(algorithm, kernel);
    hash.update(key).finish(pad);
  } else {
    copy_bytes(pad, key);
  }
  for (std::size_t i = 0; i < block; ++i) {
    pad[i] ^= 0x36;
  }
  inner_.update({pad, block});
  for (std::size_t i = 0; i < block; ++i) {
    pad[i] ^= 0x36 ^ 0x5c;
  }
  outer_.update({pad, block});
  wipe(pad, sizeof pad);
}

MutBytes HmacKey::mac(std::span<const Bytes> message, MutBytes mac) const {
  Hmac running(*this);
  for (const Bytes part : message) {
    running.update(part);
  }
  return running.finish(mac);
}

MutBytes Hmac::finish(MutBytes mac) {
  std::uint8_t inner[kMaxDigestSize];
  const Bytes inner_digest = hash_.finish(inner);
  hash_ = key_->outer_;
  const MutBytes out = hash_.update(inner_digest).finish(mac);
  hash_ = key_->inner_;
  wipe(inner, inner_digest.size());
  return out;
}

}  // namespace ashlar::crypto
