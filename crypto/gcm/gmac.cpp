// SPDX-License-Identifier: Apache-2.0
// GMAC: a message is GCM's additional data, absorbed as it comes.
#include <ashlar/crypto/gmac.hpp>

#include <ashlar/base/endian.hpp>

#include "aead/last_block.hpp"
#include "aead/tag.hpp"
#include "cpu/forget.hpp"
#include "gcm/gcm_kernels.hpp"

namespace ashlar::crypto {

Result<AesGmacKey> AesGmacKey::create(Bytes key, const GcmKernel* kernel) {
  const ForgetVectors forget;
  ASHLAR_TRY(AesGcmKey made, AesGcmKey::create(key, kernel));
  return AesGmacKey(std::move(made));
}

Result<void> AesGmac::start(Bytes nonce) {
  end();
  if (nonce.size() == 12) {
    std::memcpy(j0_, nonce.data(), 12);
    store_be32(j0_ + 12, 1);
  } else {
    ASHLAR_CHECK(gcm::hash_nonce(key_.room_.data(), nonce, j0_));
  }
  std::memset(hash_, 0, sizeof hash_);
  started_ = true;
  return {};
}

AesGmac& AesGmac::update(Bytes data) {
  if (size_ <= gcm::kMaxAad && std::uint64_t{data.size()} <= gcm::kMaxAad - size_) {
    size_ += data.size();
    hold_last(held_, held_size_, data, [this](const std::uint8_t* in, std::size_t blocks) {
      const GcmKeyData& key = key_.room_.data();
      key.kernel->ghash(key, hash_, in, blocks);
    });
  } else {
    size_ = gcm::kMaxAad + 1;
  }
  return *this;
}

Result<void> AesGmac::finish(MutBytesOf<16> mac) {
  if (!started_) {
    return ErrorCode::invalid_argument;
  }
  const bool fits = size_ <= gcm::kMaxAad;
  if (fits) {
    const GcmCall call = {j0_, false, hash_, held_, held_size_, size_, nullptr, nullptr, 0};
    const GcmKeyData& key = key_.room_.data();
    key.kernel->seal(key, call, mac.data());
  }
  end();
  if (!fits) {
    return ErrorCode::message_too_long;
  }
  return {};
}

Result<void> AesGmac::verify(BytesOf<16> mac) {
  std::uint8_t expected[16];
  ASHLAR_CHECK(finish(expected));
  return judge_tag(expected, mac, {});
}

void AesGmac::end() {
  wipe(j0_, sizeof j0_);
  wipe(hash_, sizeof hash_);
  wipe(held_, sizeof held_);
  held_size_ = 0;
  size_ = 0;
  started_ = false;
}

}  // namespace ashlar::crypto
