// SPDX-License-Identifier: Apache-2.0
// XTS in plain arithmetic: bitsliced AES on four blocks at a time, each between two additions of its tweak.
#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

#include "aes/bitslice.hpp"
#include "cpu/dead_stack.hpp"
#include "xts/xts_kernels.hpp"

namespace ashlar::crypto::xts {
namespace {

constexpr std::size_t kBatch = 16 * aes::kSlicedBlocks;

// An element of GF(2^128) as IEEE 1619 §5.2 writes it: the coefficient of x^0 is the lowest bit of the first
// byte.
struct Tweak {
  std::uint64_t low;
  std::uint64_t high;

  // By x, modulo x^128 + x^7 + x^2 + x + 1.
  void double_it() {
    const std::uint64_t carry = ct::Mask::from_bit(high >> 63).bits();
    high = high << 1 | low >> 63;
    low = low << 1 ^ (carry & 0x87);
  }
  void add_to(std::uint8_t block[16]) const {
    store_le64(block, load_le64(block) ^ low);
    store_le64(block + 8, load_le64(block + 8) ^ high);
  }
};

using Crypt = void (*)(aes::Sliced&, const std::uint64_t*, std::uint32_t);

// A batch in place.
template <Crypt crypt>
void batch(const AesSchedule& schedule, std::uint8_t buffer[kBatch]) {
  aes::Sliced s;
  aes::pack(s, buffer);
  crypt(s, reinterpret_cast<const std::uint64_t*>(schedule.round_keys), schedule.rounds);
  aes::unpack(s, buffer);
  wipe(&s, sizeof s);
}

// Up to four blocks. The first has the tweak, which then becomes that of the block after them.
template <Crypt crypt>
void blocks(const AesSchedule& schedule, Tweak& tweak, const std::uint8_t* in, std::uint8_t* out,
            std::size_t count) {
  std::uint8_t buffer[kBatch] = {};
  std::memcpy(buffer, in, 16 * count);
  Tweak tweaks[aes::kSlicedBlocks];
  for (std::size_t i = 0; i < count; ++i) {
    tweaks[i] = tweak;
    tweak.add_to(buffer + 16 * i);
    tweak.double_it();
  }
  batch<crypt>(schedule, buffer);
  for (std::size_t i = 0; i < count; ++i) {
    tweaks[i].add_to(buffer + 16 * i);
  }
  std::memcpy(out, buffer, 16 * count);
  wipe(buffer, sizeof buffer);
  wipe(tweaks, sizeof tweaks);
}

// By specialisation: with UBSan, g++ does not accept a comparison of functions as a constant.
template <Crypt>
constexpr bool kEncrypts = false;
template <>
constexpr bool kEncrypts<aes::encrypt> = true;

// Stealing is the same in both directions, except for the order of the last two tweaks. The last whole
// block goes through the cipher. The bytes after it, with the end of the result appended, go through it
// too.
template <Crypt crypt>
void run(const XtsSchedules& schedules, XtsTweak number, const std::uint8_t* in, std::uint8_t* out,
         std::size_t size) {
  const AesSchedule& schedule = kEncrypts<crypt> ? schedules.encrypt : schedules.decrypt;
  std::uint8_t buffer[kBatch] = {};
  store_le64(buffer, number.low);
  store_le64(buffer + 8, number.high);
  batch<aes::encrypt>(schedules.tweak, buffer);
  Tweak tweak = {load_le64(buffer), load_le64(buffer + 8)};

  const std::size_t rest = size % 16;
  std::size_t whole = size / 16 - (rest != 0 ? 1 : 0);
  while (whole != 0) {
    const std::size_t now = whole < aes::kSlicedBlocks ? whole : aes::kSlicedBlocks;
    blocks<crypt>(schedule, tweak, in, out, now);
    in += 16 * now;
    out += 16 * now;
    whole -= now;
  }
  if (rest != 0) {
    Tweak after = tweak;
    after.double_it();
    Tweak& first = kEncrypts<crypt> ? tweak : after;
    Tweak& second = kEncrypts<crypt> ? after : tweak;
    blocks<crypt>(schedule, first, in, buffer, 1);
    for (std::size_t i = 0; i < rest; ++i) {
      const std::uint8_t last = in[16 + i];
      out[16 + i] = buffer[i];
      buffer[i] = last;
    }
    blocks<crypt>(schedule, second, buffer, out, 1);
  }
  wipe(buffer, sizeof buffer);
  wipe(&tweak, sizeof tweak);
}

// More stack than any of these functions takes; they spill slices, round keys and tweaks.
constexpr std::size_t kStack = 3072;

}  // namespace

void Portable::encrypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in,
                       std::uint8_t* out, std::size_t size) {
  call_and_wipe<kStack>(run<aes::encrypt>, schedules, tweak, in, out, size);
}

void Portable::decrypt(const XtsSchedules& schedules, XtsTweak tweak, const std::uint8_t* in,
                       std::uint8_t* out, std::size_t size) {
  call_and_wipe<kStack>(run<aes::decrypt>, schedules, tweak, in, out, size);
}

}  // namespace ashlar::crypto::xts
