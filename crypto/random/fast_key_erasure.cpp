// SPDX-License-Identifier: Apache-2.0
#include "random/fast_key_erasure.hpp"

#include "aes/key_stream.hpp"
#include "cpu/forget.hpp"

namespace ashlar::crypto {

// Key stream under the present key: 32 bytes that become the next key, then `out`.
void FastKeyErasure::stream(MutBytes out) {
  std::uint8_t counter[16] = {};
  aes::KeyStream stream{Bytes(key_)};
  stream.fill(counter, key_);
  stream.fill(counter, out);
}

void FastKeyErasure::refill() {
  stream(pool_);
  left_ = kPoolSize;
}

// The old key is mixed in too, so a source that fails silently cannot make the key worse.
Result<void> FastKeyErasure::seed(EntropySource source) {
  std::uint8_t fresh[sizeof key_];
  ASHLAR_CHECK(source(MutBytes(fresh)));
  for (std::size_t i = 0; i < sizeof key_; ++i) {
    key_[i] ^= fresh[i];
  }
  wipe(fresh, sizeof fresh);
  seeded_ = 1;
  given_ = 0;
  left_ = 0;
  return {};
}

Result<void> FastKeyErasure::fill(MutBytes out, EntropySource source, bool fresh) {
  const ForgetVectors forget;
  if (fresh || seeded_ == 0 || given_ >= kReseedInterval) {
    if (const Result<void> seeding = seed(source); !seeding) {
      wipe(out);
      return seeding.error();
    }
  }
  given_ += out.size();
  if (out.size() > kPoolSize) {
    stream(out);
    return {};
  }
  if (out.size() > left_) {
    wipe(pool_, sizeof pool_);
    refill();
  }
  const MutBytes taken(pool_ + (kPoolSize - left_), out.size());
  copy_bytes(out, taken);
  wipe(taken);
  left_ -= out.size();
  return {};
}

}  // namespace ashlar::crypto
