// SPDX-License-Identifier: Apache-2.0
// CCM in plain arithmetic. The bitsliced AES does four blocks in the time of one, and CBC-MAC can use
// only one at a time. So the counter blocks go in the second place. Each is encrypted one CBC-MAC
// block before it is needed, so that both directions work in the same way. The last one is that of the
// tag.
#include "aes/bitslice.hpp"
#include "ccm/ccm_kernels.hpp"
#include "cpu/dead_stack.hpp"

#include <ashlar/base/endian.hpp>

namespace ashlar::crypto::ccm {
namespace {

// A CBC-MAC and a key stream.
class Pair {
 public:
  Pair(const AesSchedule& schedule, const CcmCall& call) : schedule_(schedule), call_(call) {}
  ~Pair() { wipe(blocks_, sizeof blocks_); }

  std::uint8_t* mac() { return blocks_; }
  const std::uint8_t* stream() const { return blocks_ + 16; }
  void absorb(const std::uint8_t* in, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      blocks_[i] ^= in[i];
    }
  }
  // Advances the CBC-MAC by the absorbed block, and makes the key stream of counter `number`.
  void encrypt(std::uint64_t number) {
    store_be64(blocks_ + 16, call_.counter_high);
    store_be64(blocks_ + 24, call_.counter_low + number);
    aes::encrypt_blocks(blocks_, reinterpret_cast<const std::uint64_t*>(schedule_.round_keys),
                        schedule_.rounds);
  }

 private:
  const AesSchedule& schedule_;
  const CcmCall& call_;
  std::uint8_t blocks_[16 * aes::kSlicedBlocks] = {};
};

template <Direction direction>
void run(const AesSchedule& schedule, const CcmCall& call, std::uint8_t tag[16]) {
  Pair pair(schedule, call);
  const std::uint64_t first = call.size != 0 ? 1 : 0;
  if (call.mac != nullptr) {
    std::memcpy(pair.mac(), call.mac, 16);
  } else {
    store_be64(pair.mac(), call.first_high);
    store_be64(pair.mac() + 8, call.first_low);
    pair.encrypt(first);
  }
  for (std::size_t i = 0; i < call.aad_blocks; ++i) {
    pair.absorb(call.aad + 16 * i, 16);
    pair.encrypt(first);
  }
  std::uint64_t number = first;
  for (std::size_t at = 0; at < call.size; at += 16) {
    const std::uint8_t* const in = call.in + at;
    std::uint8_t* const out = call.out + at;
    const std::size_t size = call.size - at < 16 ? call.size - at : 16;
    if (direction == Direction::seal) {
      pair.absorb(in, size);
    }
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = in[i] ^ pair.stream()[i];
    }
    if (direction == Direction::open) {
      pair.absorb(out, size);
    }
    number = call.size - at > 16 ? number + 1 : 0;
    pair.encrypt(number);
  }
  for (std::size_t i = 0; i < 16; ++i) {
    tag[i] = pair.mac()[i] ^ pair.stream()[i];
  }
}

// More stack than any of these functions takes; they spill slices and round keys.
constexpr std::size_t kStack = 2048;

}  // namespace

void Portable::seal(const AesSchedule& schedule, const CcmCall& call, std::uint8_t tag[16]) {
  call_and_wipe<kStack>(run<Direction::seal>, schedule, call, tag);
}

void Portable::open(const AesSchedule& schedule, const CcmCall& call, std::uint8_t expected_tag[16]) {
  call_and_wipe<kStack>(run<Direction::open>, schedule, call, expected_tag);
}

}  // namespace ashlar::crypto::ccm
