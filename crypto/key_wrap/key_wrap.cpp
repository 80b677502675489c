// SPDX-License-Identifier: Apache-2.0
// The wrapping function W of SP 800-38F §6.1 and its inverse, over the block functions of AES's rows, and the
// two modes based on it. A semiblock is half a block, 8 bytes. Each of W's steps needs the one before, so
// nothing runs side by side: 6 steps for each semiblock at the latency of AES.
#include <ashlar/crypto/key_wrap.hpp>

#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

#include "cpu/dead_stack.hpp"
#include "cpu/forget.hpp"

namespace ashlar::crypto {
namespace {

constexpr std::size_t kSemiblock = 8;
// SP 800-38F §6.2: the integrity value of KW. The low half of KWP's is the key's size.
constexpr std::uint64_t kIntegrity = 0xa6a6a6a6a6a6a6a6;
constexpr std::uint64_t kPaddedIntegrity = 0xa65959a6;
// SP 800-38F §5.3.1, in bytes.
constexpr std::uint64_t kMaxKey = (std::uint64_t{1} << 57) - 8;
constexpr std::uint64_t kMaxPaddedKey = 0xffffffff;

// One block of A and another semiblock, as in memory; wiped. It is written as a whole: a load of 16 bytes
// from two stores would wait until both have reached the cache, a dozen cycles for each step.
struct Block {
  using Halves = std::uint64_t __attribute__((vector_size(kAesBlockSize)));

  alignas(16) std::uint8_t bytes[kAesBlockSize];
  ~Block() { wipe(bytes, sizeof bytes); }

  void set(std::uint64_t a, const std::uint8_t* semiblock) {
    std::uint64_t low;
    std::memcpy(&low, semiblock, sizeof low);
    const Halves halves = {a, low};
    std::memcpy(bytes, &halves, sizeof halves);
  }
  std::uint64_t a() const {
    std::uint64_t high;
    std::memcpy(&high, bytes, sizeof high);
    return high;
  }
  std::uint8_t* low() { return bytes + kSemiblock; }
};

// A big-endian number in memory order.
std::uint64_t in_memory(std::uint64_t value) {
  return kLittleEndianHost ? byteswap(value) : value;
}

// Moves semiblocks of a key between buffers that may overlap, through general registers: the C library's copy
// leaves them in vector registers.
void move_semiblocks(std::uint8_t* to, const std::uint8_t* from, std::size_t count) {
  const bool upwards = reinterpret_cast<std::uintptr_t>(to) <= reinterpret_cast<std::uintptr_t>(from);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = kSemiblock * (upwards ? i : count - 1 - i);
    store_be64(to + at, ct::barrier(load_be64(from + at)));
  }
}

// W, in place: s is the integrity value and then the semiblocks of a key.
void wrap_in_place(const AesKey& key, MutBytes s) {
  const AesKernel& kernel = key.kernel();
  std::uint8_t* const r = s.data() + kSemiblock;
  const std::size_t semiblocks = s.size() / kSemiblock - 1;
  Block block;
  std::uint64_t a;
  std::memcpy(&a, s.data(), sizeof a);
  std::uint64_t step = 0;
  for (int j = 0; j < 6; ++j) {
    for (std::size_t i = 0; i < semiblocks; ++i) {
      block.set(a, r + kSemiblock * i);
      kernel.encrypt_blocks(key.schedule(), block.bytes, block.bytes, 1);
      a = block.a() ^ in_memory(++step);
      std::memcpy(r + kSemiblock * i, block.low(), kSemiblock);
    }
  }
  std::memcpy(s.data(), &a, sizeof a);
}

// W's inverse, from `wrapped` to the semiblocks of a key. Returns the integrity value.
std::uint64_t unwrap_to(const AesKey& key, Bytes wrapped, MutBytes out) {
  const AesKernel& kernel = key.kernel();
  std::uint64_t a;
  std::memcpy(&a, wrapped.data(), sizeof a);
  std::uint8_t* const r = out.data();
  const std::size_t semiblocks = out.size() / kSemiblock;
  move_semiblocks(r, wrapped.data() + kSemiblock, semiblocks);
  Block block;
  std::uint64_t step = 6 * std::uint64_t{semiblocks};
  for (int j = 0; j < 6; ++j) {
    for (std::size_t i = semiblocks; i-- != 0;) {
      block.set(a ^ in_memory(step--), r + kSemiblock * i);
      kernel.decrypt_blocks(key.schedule(), block.bytes, block.bytes, 1);
      a = block.a();
      std::memcpy(r + kSemiblock * i, block.low(), kSemiblock);
    }
  }
  return in_memory(a);
}

// Writes KWP's integrity value, the key and zeros up to a whole semiblock to where they are wrapped.
void place_padded(Bytes key, MutBytes wrapped) {
  const std::size_t size = key.size();
  std::uint64_t last = 0;  // the rest, then zeros
  for (std::size_t i = size / kSemiblock * kSemiblock; i < size; ++i) {
    last |= std::uint64_t{key[i]} << (56 - 8 * (i % kSemiblock));
  }
  move_semiblocks(wrapped.data() + kSemiblock, key.data(), size / kSemiblock);
  if (size % kSemiblock != 0) {
    store_be64(wrapped.data() + wrapped.size() - kSemiblock, last);
  }
  store_be64(wrapped.data(), kPaddedIntegrity << 32 | size);
}

// Stack that wrapping takes besides AES, with semiblocks of the key in it.
constexpr std::size_t kStack = 256;

Error bad_size(std::size_t size) {
  return {ErrorCode::bad_data_size, Place::none, static_cast<std::uint32_t>(size)};
}

// Yes if `padded`, whose last semiblock holds the padding, is a key of `size` bytes and then zeros (SP
// 800-38F §6.3, steps 6 to 8 of KWP-AD).
ct::Mask padding_is_right(Bytes padded, std::uint64_t size) {
  const std::uint64_t all = padded.size();
  ct::Mask right = ct::less(all - kSemiblock, size) & ~ct::less(all, size);
  for (std::uint64_t i = all - kSemiblock; i < all; ++i) {
    right &= ct::less(i, size) | ct::is_zero(padded[static_cast<std::size_t>(i)]);
  }
  return right;
}

}  // namespace

Result<AesKeyWrapper> AesKeyWrapper::create(Bytes key, const AesKernel* kernel) {
  // Only one variable is returned, so the key is made in the caller's place and never copied.
  Result<AesKeyWrapper> made{AesKeyWrapper()};
  if (const auto expanded = made->key_.expand_encrypt(key, kernel); !expanded) {
    made = expanded.error();
  }
  return made;
}

Result<void> AesKeyWrapper::wrap(Bytes key, MutBytes wrapped) const {
  const ForgetVectors forget;
  if (key.size() < 2 * kSemiblock || key.size() % kSemiblock != 0 || std::uint64_t{key.size()} > kMaxKey) {
    return bad_size(key.size());
  }
  if (wrapped.size() != key.size() + kKeyWrapOverhead) {
    return ErrorCode::invalid_argument;
  }
  move_semiblocks(wrapped.data() + kSemiblock, key.data(), key.size() / kSemiblock);
  store_be64(wrapped.data(), kIntegrity);
  call_and_wipe_spills<kStack>(wrap_in_place, key_, wrapped);
  return {};
}

Result<void> AesKeyWrapper::wrap_padded(Bytes key, MutBytes wrapped) const {
  const ForgetVectors forget;
  const std::size_t size = key.size();
  if (size == 0 || std::uint64_t{size} > kMaxPaddedKey) {
    return bad_size(size);
  }
  if (wrapped.size() != padded_wrapped_size(size)) {
    return ErrorCode::invalid_argument;
  }
  call_and_wipe_spills<kStack>(place_padded, key, wrapped);
  if (wrapped.size() == kAesBlockSize) {
    key_.kernel().encrypt_blocks(key_.schedule(), wrapped.data(), wrapped.data(), 1);
  } else {
    call_and_wipe_spills<kStack>(wrap_in_place, key_, wrapped);
  }
  return {};
}

Result<AesKeyUnwrapper> AesKeyUnwrapper::create(Bytes key, const AesKernel* kernel) {
  Result<AesKeyUnwrapper> made{AesKeyUnwrapper()};
  if (const auto expanded = made->key_.expand_decrypt(key, kernel); !expanded) {
    made = expanded.error();
  }
  return made;
}

Result<void> AesKeyUnwrapper::unwrap(Bytes wrapped, MutBytes key) const {
  const ForgetVectors forget;
  if (wrapped.size() < 3 * kSemiblock || wrapped.size() % kSemiblock != 0 ||
      std::uint64_t{wrapped.size()} > kMaxKey + kKeyWrapOverhead) {
    return bad_size(wrapped.size());
  }
  if (key.size() != wrapped.size() - kKeyWrapOverhead) {
    return ErrorCode::invalid_argument;
  }
  const std::uint64_t integrity = unwrap_to(key_, wrapped, key);
  // Public: the caller is told whether it unwraps.
  if (!ct::equal(integrity, kIntegrity).declassify()) {
    wipe(key);
    return ErrorCode::key_unwrap_failed;
  }
  return {};
}

Result<MutBytes> AesKeyUnwrapper::unwrap_padded(Bytes wrapped, MutBytes key) const {
  const ForgetVectors forget;
  if (wrapped.size() < 2 * kSemiblock || wrapped.size() % kSemiblock != 0 ||
      std::uint64_t{wrapped.size()} > kMaxPaddedKey + 1 + kKeyWrapOverhead) {
    return bad_size(wrapped.size());
  }
  const std::size_t room = wrapped.size() - kKeyWrapOverhead;
  if (key.size() < room) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(key.size())};
  }
  const MutBytes padded = key.first(room);
  std::uint64_t integrity;
  if (room == kSemiblock) {
    Block block;
    key_.kernel().decrypt_blocks(key_.schedule(), wrapped.data(), block.bytes, 1);
    integrity = load_be64(block.bytes);
    move_semiblocks(padded.data(), block.low(), 1);
  } else {
    integrity = unwrap_to(key_, wrapped, padded);
  }
  const std::uint64_t size = integrity & 0xffffffff;
  const ct::Mask right = ct::equal(integrity >> 32, kPaddedIntegrity) & padding_is_right(padded, size);
  // Public: the caller is told whether it unwraps, and the size of the key.
  if (!right.declassify()) {
    wipe(padded);
    return ErrorCode::key_unwrap_failed;
  }
  ct::declassify(&size, sizeof size);
  return key.first(static_cast<std::size_t>(size));
}

}  // namespace ashlar::crypto
