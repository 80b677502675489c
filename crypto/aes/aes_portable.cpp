// SPDX-License-Identifier: Apache-2.0
// AES in plain 64-bit arithmetic, bitsliced over four blocks (see bitslice.hpp). Modes work on four blocks at
// a time if they can. CBC encryption cannot, and three quarters of its work are unused.
#include "aes/aes_kernels.hpp"
#include "aes/bitslice.hpp"
#include "aes/xor_bytes.hpp"
#include "cpu/dead_stack.hpp"

namespace ashlar::crypto::aes {
namespace {

constexpr std::size_t kBatch = 16 * kSlicedBlocks;

const std::uint64_t* keys_of(const AesSchedule& schedule) {
  return reinterpret_cast<const std::uint64_t*>(schedule.round_keys);
}

void expand(AesSchedule& schedule, Bytes key) {
  std::uint8_t keys[16 * kRoundKeyRoom];
  schedule.rounds = expand_key(keys, key);
  slice_round_keys(reinterpret_cast<std::uint64_t*>(schedule.round_keys), keys, schedule.rounds);
  wipe(keys, sizeof keys);
}

// Calls step(block index, count) for batches of up to four blocks.
template <class Step>
void in_batches(std::size_t blocks, Step step) {
  for (std::size_t done = 0; done < blocks; done += kSlicedBlocks) {
    step(done, blocks - done < kSlicedBlocks ? blocks - done : kSlicedBlocks);
  }
}

using Crypt = void (*)(Sliced&, const std::uint64_t*, std::uint32_t);

// One batch through the cipher; in and out have `count` blocks.
template <Crypt crypt>
void batch(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out, std::size_t count) {
  std::uint8_t buffer[kBatch] = {};
  std::memcpy(buffer, in, 16 * count);
  Sliced s;
  pack(s, buffer);
  crypt(s, keys_of(schedule), schedule.rounds);
  unpack(s, buffer);
  std::memcpy(out, buffer, 16 * count);
  wipe(buffer, sizeof buffer);
  wipe(&s, sizeof s);
}

template <Crypt crypt>
void ecb(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  in_batches(blocks, [&](std::size_t at, std::size_t count) {
    batch<crypt>(schedule, in + 16 * at, out + 16 * at, count);
  });
}

void cbc_encrypt(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in, std::uint8_t* out,
                 std::size_t blocks) {
  for (std::size_t i = 0; i < blocks; ++i) {
    xor_bytes(iv, iv, in + 16 * i, 16);
    batch<encrypt>(schedule, iv, iv, 1);
    std::memcpy(out + 16 * i, iv, 16);
  }
}

void cbc_decrypt(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in, std::uint8_t* out,
                 std::size_t blocks) {
  std::uint8_t chain[kBatch + 16];
  std::uint8_t plain[kBatch];
  std::memcpy(chain, iv, 16);
  in_batches(blocks, [&](std::size_t at, std::size_t count) {
    std::memcpy(chain + 16, in + 16 * at, 16 * count);
    batch<decrypt>(schedule, in + 16 * at, plain, count);
    xor_bytes(out + 16 * at, plain, chain, 16 * count);
    std::memcpy(chain, chain + 16 * count, 16);
  });
  std::memcpy(iv, chain, 16);
  wipe(plain, sizeof plain);
}

void ctr(const AesSchedule& schedule, std::uint8_t counter[16], const std::uint8_t* in, std::uint8_t* out,
         std::size_t blocks) {
  std::uint64_t high = load_be64(counter);
  std::uint64_t low = load_be64(counter + 8);
  std::uint8_t stream[kBatch];
  in_batches(blocks, [&](std::size_t at, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      store_be64(stream + 16 * i, high);
      store_be64(stream + 16 * i + 8, low);
      ++low;
      high += low == 0 ? 1 : 0;
    }
    batch<encrypt>(schedule, stream, stream, count);
    xor_bytes(out + 16 * at, in + 16 * at, stream, 16 * count);
  });
  store_be64(counter, high);
  store_be64(counter + 8, low);
  wipe(stream, sizeof stream);
}

// More stack than any of these functions takes; they spill slices and round keys.
constexpr std::size_t kStack = 2048;

}  // namespace

void Portable::expand_encrypt(AesSchedule& schedule, Bytes key) {
  call_and_wipe<kStack>(expand, schedule, key);
}

void Portable::expand_decrypt(AesSchedule& schedule, Bytes key) {
  call_and_wipe<kStack>(expand, schedule, key);
}

void Portable::encrypt_blocks(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out,
                              std::size_t blocks) {
  call_and_wipe<kStack>(ecb<encrypt>, schedule, in, out, blocks);
}

void Portable::decrypt_blocks(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out,
                              std::size_t blocks) {
  call_and_wipe<kStack>(ecb<decrypt>, schedule, in, out, blocks);
}

void Portable::cbc_encrypt(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in,
                           std::uint8_t* out, std::size_t blocks) {
  call_and_wipe<kStack>(aes::cbc_encrypt, schedule, iv, in, out, blocks);
}

void Portable::cbc_decrypt(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in,
                           std::uint8_t* out, std::size_t blocks) {
  call_and_wipe<kStack>(aes::cbc_decrypt, schedule, iv, in, out, blocks);
}

void Portable::ctr(const AesSchedule& schedule, std::uint8_t counter[16], const std::uint8_t* in,
                   std::uint8_t* out, std::size_t blocks) {
  call_and_wipe<kStack>(aes::ctr, schedule, counter, in, out, blocks);
}

}  // namespace ashlar::crypto::aes
