// SPDX-License-Identifier: Apache-2.0
// AES key wrap: every row unwraps exactly what the standard calls intact, to what was wrapped
//
// Input: the key-encryption key's size (2 bits); the integrity value (2 bits: KW's; KWP's with the second
// byte as the size; KWP's with the size that fits; or 8 bytes of the input); the bit of the wrapped key to
// flip, 0 for none (the 4 bits left and the second byte). Then the key-encryption key and the data behind the
// integrity value.
#include "crypto/every_row.hpp"
#include "support/check.hpp"

#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/key_wrap.hpp>

#include <vector>

using namespace ashlar;
using namespace ashlar::crypto;

namespace {

constexpr std::size_t kMaxInput = 1024;
constexpr std::size_t kKeySizes[] = {16, 24, 32, 16};
constexpr std::uint64_t kPlain = 0xa6a6a6a6a6a6a6a6;
constexpr std::uint64_t kPadded = 0xa65959a600000000;

using Buffer = std::vector<std::uint8_t>;

// SP 800-38F §6.1 and, for a single block, §6.3, as they are written.
Buffer wrap_frame(Bytes key, Buffer s) {
  const AesKernel& aes = aes_kernels().back();
  AesSchedule schedule;
  aes.expand_encrypt(schedule, key);
  const std::size_t n = s.size() / 8;
  if (n == 2) {
    aes.encrypt_blocks(schedule, s.data(), s.data(), 1);
    return s;
  }
  for (std::uint64_t t = 1; t <= 6 * (n - 1); ++t) {
    Buffer block(s.begin(), s.begin() + 16);
    aes.encrypt_blocks(schedule, block.data(), block.data(), 1);
    s.erase(s.begin() + 8, s.begin() + 16);
    s.insert(s.end(), block.begin() + 8, block.end());
    store_be64(s.data(), load_be64(block.data()) ^ t);
  }
  return s;
}

// The size of the key in a frame; 0 if the frame is not intact.
std::size_t padded_size(const Buffer& frame) {
  const std::size_t room = frame.size() - 8;
  const std::uint64_t size = load_be64(frame.data()) - kPadded;
  if (size > room || size + 8 <= room) {
    return 0;
  }
  for (std::size_t i = static_cast<std::size_t>(size); i < room; ++i) {
    if (frame[8 + i] != 0) {
      return 0;
    }
  }
  return static_cast<std::size_t>(size);
}

void check_row(const AesKernel& row, Bytes kek, const Buffer& frame, const Buffer& wrapped, bool intact) {
  const auto wrapper = AesKeyWrapper::create(kek, &row);
  const auto unwrapper = AesKeyUnwrapper::create(kek, &row);
  FUZZ_CHECK(wrapper.ok() && unwrapper.ok());
  const Bytes key = Bytes(frame).subspan(8);
  Buffer out(key.size());
  Buffer again(wrapped.size());

  const auto plain = unwrapper->unwrap(wrapped, out);
  FUZZ_CHECK(plain.ok() == (intact && key.size() >= 16 && load_be64(frame.data()) == kPlain));
  if (plain) {
    FUZZ_CHECK(equal_public(out, key));
    FUZZ_CHECK(wrapper->wrap(key, again).ok() && again == wrapped);
  }
  const std::size_t size = intact ? padded_size(frame) : 0;
  out.assign(out.size(), 0xee);
  const auto padded = unwrapper->unwrap_padded(wrapped, out);
  FUZZ_CHECK(padded.ok() == (size != 0));
  if (padded) {
    FUZZ_CHECK(equal_public(*padded, key.first(size)));
    FUZZ_CHECK(wrapper->wrap_padded(key.first(size), again).ok() && again == wrapped);
  } else {
    FUZZ_CHECK(padded.error() == ErrorCode::key_unwrap_failed);
    FUZZ_CHECK(out == Buffer(out.size(), 0));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::size_t key_size = size == 0 ? 0 : kKeySizes[data[0] & 3];
  const std::size_t choice = size == 0 ? 0 : data[0] >> 2 & 3;
  const std::size_t head = 2 + key_size + (choice == 3 ? 8 : 0);
  if (size < head + 8 || size > kMaxInput) {
    return -1;
  }
  const Bytes input(data, size);
  const Bytes kek = input.subspan(2, key_size);
  const Bytes key = input.subspan(head);
  Buffer frame(8);
  // If the size fits, the last semiblock is the rest of the input, and zeros.
  const std::size_t room = choice == 2 ? (key.size() + 7) / 8 * 8 : key.size() / 8 * 8;
  const Bytes used = key.first(choice == 2 ? key.size() : room);
  frame.insert(frame.end(), used.begin(), used.end());
  frame.resize(8 + room);
  store_be64(frame.data(), choice == 0   ? kPlain
                           : choice == 1 ? kPadded | data[1]
                           : choice == 2 ? kPadded | used.size()
                                         : load_be64(data + 2 + key_size));
  Buffer wrapped = wrap_frame(kek, frame);
  std::size_t flip = std::size_t{data[0]} >> 4 << 8 | data[1];
  const bool intact = choice == 1 || flip == 0;
  if (!intact) {
    flip %= 8 * wrapped.size();
    wrapped[flip / 8] ^= static_cast<std::uint8_t>(1 << flip % 8);
  }
  fuzz::on_every_row(aes_kernels(),
                     [&](const AesKernel& row) { check_row(row, kek, frame, wrapped, intact); });
  return 0;
}
