// SPDX-License-Identifier: Apache-2.0
// AES with byte shuffles, bitsliced over eight blocks (bitslice_x86_ssse3.hpp). CBC encryption has one block
// at a time, and seven eighths of its work are unused.
#include "aes/bitslice_x86_ssse3.hpp"

#include "aes/bitslice.hpp"
#include "cpu/dead_stack.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::aes {
namespace {

// N times eight blocks. A round of one runs while that of the other waits: it is a chain of some forty
// instructions.
template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET)
void encrypt_sliced(Slices8* first, const SlicedKeys& keys, std::uint32_t rounds) {
  const std::span<Slices8, N> all(first, N);
  for (Slices8& s : all) {
    transpose(s);
    add_key(s, keys.round[0]);
  }
  for (std::uint32_t r = 1; r < rounds; ++r) {
    for (Slices8& each : all) {
      Slices8 s = each;
      sub_bytes<false>(s);
      mix_columns(s, r & 3);
      add_key(s, keys.round[r]);
      each = s;
    }
  }
  for (Slices8& each : all) {
    Slices8 s = each;
    sub_bytes<false>(s);
    add_key(s, keys.round[rounds]);
    transpose(s);
    ASHLAR_UNROLL
    for (int i = 0; i < 8; ++i) {
      each.w[i] = moved(s.w[i], kPutBack[rounds & 3]);
    }
  }
}

template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET)
void decrypt_sliced(Slices8* first, const SlicedKeys& keys, std::uint32_t rounds) {
  const std::span<Slices8, N> all(first, N);
  for (Slices8& each : all) {
    Slices8 s;
    ASHLAR_UNROLL
    for (int i = 0; i < 8; ++i) {
      s.w[i] = moved(each.w[i], kLeaveOut[rounds & 3]);
    }
    transpose(s);
    add_key(s, keys.round[rounds]);
    each = s;
  }
  for (std::uint32_t r = rounds - 1; r != 0; --r) {
    for (Slices8& each : all) {
      Slices8 s = each;
      inv_sub_bytes<false>(s);
      add_key(s, keys.round[r]);
      inv_mix_columns(s, r & 3);
      each = s;
    }
  }
  for (Slices8& each : all) {
    Slices8 s = each;
    inv_sub_bytes<false>(s);
    add_key(s, keys.round[0]);
    transpose(s);
    each = s;
  }
}

void expand_schedule(AesSchedule& schedule, Bytes key) {
  schedule.rounds = expand_ssse3(schedule.round_keys, key);
}

// Calls step(blocks before, number of blocks).
template <class Step>
ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET)
void in_batches(std::size_t blocks, const Step& step) {
  for (std::size_t at = 0; at < blocks; at += kBatchBlocks) {
    step(at, blocks - at < kBatchBlocks ? blocks - at : kBatchBlocks);
  }
}

template <bool encrypts>
ASHLAR_TARGET(ASHLAR_SLICE_TARGET)
void ecb_sliced(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  SlicedKeys keys;
  slice_keys(keys, schedule.round_keys, schedule.rounds);
  in_batches(
      blocks, [&](std::size_t at, std::size_t count) __attribute__((target(ASHLAR_SLICE_TARGET))) {
        Slices8 all[kSlices] = {};
        for (std::size_t i = 0; i < count; ++i) {
          block(all, i) = load(in + 16 * (at + i));
        }
        (encrypts ? encrypt_slices : decrypt_slices)(all, keys, schedule.rounds, count);
        for (std::size_t i = 0; i < count; ++i) {
          store(out + 16 * (at + i), block(all, i));
        }
      });
}

ASHLAR_TARGET(ASHLAR_SLICE_TARGET)
void cbc_encrypt_sliced(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in,
                        std::uint8_t* out, std::size_t blocks) {
  SlicedKeys keys;
  slice_keys(keys, schedule.round_keys, schedule.rounds);
  Slices8 one = {};
  one.w[0] = load(iv);
  for (; blocks != 0; --blocks, in += 16, out += 16) {
    one.w[0] = _mm_xor_si128(one.w[0], load(in));
    encrypt_slice(one, keys, schedule.rounds);
    store(out, one.w[0]);
  }
  store(iv, one.w[0]);
}

ASHLAR_TARGET(ASHLAR_SLICE_TARGET)
void cbc_decrypt_sliced(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in,
                        std::uint8_t* out, std::size_t blocks) {
  SlicedKeys keys;
  slice_keys(keys, schedule.round_keys, schedule.rounds);
  __m128i before = load(iv);
  in_batches(
      blocks, [&](std::size_t at, std::size_t count) __attribute__((target(ASHLAR_SLICE_TARGET))) {
        Slices8 all[kSlices] = {};
        for (std::size_t i = 0; i < count; ++i) {
          block(all, i) = load(in + 16 * (at + i));
        }
        decrypt_slices(all, keys, schedule.rounds, count);
        // In place the ciphertext is read before it is overwritten.
        for (std::size_t i = 0; i < count; ++i) {
          const __m128i text = load(in + 16 * (at + i));
          store(out + 16 * (at + i), _mm_xor_si128(block(all, i), before));
          before = text;
        }
      });
  store(iv, before);
}

ASHLAR_TARGET(ASHLAR_SLICE_TARGET)
void ctr_sliced(const AesSchedule& schedule, std::uint8_t counter[16], const std::uint8_t* in,
                std::uint8_t* out, std::size_t blocks) {
  SlicedKeys keys;
  slice_keys(keys, schedule.round_keys, schedule.rounds);
  std::uint64_t high = load_be64(counter);
  std::uint64_t low = load_be64(counter + 8);
  in_batches(
      blocks, [&](std::size_t at, std::size_t count) __attribute__((target(ASHLAR_SLICE_TARGET))) {
        Slices8 all[kSlices];
        for (std::size_t i = 0; i < kBatchBlocks; ++i) {
          const std::uint64_t here = low + i;
          const std::uint64_t carried = high + (here < low ? 1 : 0);
          block(all, i) = _mm_set_epi64x(static_cast<long long>(byteswap(here)),
                                         static_cast<long long>(byteswap(carried)));
        }
        high += low + count < low ? 1 : 0;
        low += count;
        encrypt_slices(all, keys, schedule.rounds, count);
        for (std::size_t i = 0; i < count; ++i) {
          store(out + 16 * (at + i), _mm_xor_si128(block(all, i), load(in + 16 * (at + i))));
        }
      });
  store_be64(counter, high);
  store_be64(counter + 8, low);
}

// More stack than any of these functions takes: the round keys as slices, and slices that found no register.
constexpr std::size_t kSlicedStack = 4096;

}  // namespace

[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_SLICE_TARGET) void encrypt_slice(Slices8& eight,
                                                                        const SlicedKeys& keys,
                                                                        std::uint32_t rounds) {
  encrypt_sliced<1>(&eight, keys, rounds);
}

[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_SLICE_TARGET) void encrypt_slices(Slices8 (&all)[kSlices],
                                                                         const SlicedKeys& keys,
                                                                         std::uint32_t rounds,
                                                                         std::size_t count) {
  if (count > 8) {
    encrypt_sliced<kSlices>(all, keys, rounds);
  } else {
    encrypt_slice(all[0], keys, rounds);
  }
}

[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_SLICE_TARGET) void decrypt_slices(Slices8 (&all)[kSlices],
                                                                         const SlicedKeys& keys,
                                                                         std::uint32_t rounds,
                                                                         std::size_t count) {
  if (count > 8) {
    decrypt_sliced<kSlices>(all, keys, rounds);
  } else {
    decrypt_sliced<1>(all, keys, rounds);
  }
}

std::uint32_t expand_ssse3(std::uint8_t* keys, Bytes key) {
  std::uint8_t bytes[16 * kRoundKeyRoom];
  const std::uint32_t rounds = expand_key(bytes, key);
  std::memcpy(keys, bytes, 16);
  for (std::size_t i = 16; i < 16 * (rounds + std::size_t{1}); ++i) {
    // SubBytes' constant.
    keys[i] = bytes[i] ^ 0x63;
  }
  wipe(bytes, sizeof bytes);
  return rounds;
}

void Ssse3::expand_encrypt(AesSchedule& schedule, Bytes key) {
  call_and_wipe<kSlicedStack>(expand_schedule, schedule, key);
}

void Ssse3::expand_decrypt(AesSchedule& schedule, Bytes key) {
  call_and_wipe<kSlicedStack>(expand_schedule, schedule, key);
}

void Ssse3::encrypt_blocks(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out,
                           std::size_t blocks) {
  call_and_wipe_sse<kSlicedStack>(ecb_sliced<true>, schedule, in, out, blocks);
  clear_vectors_sse();
}

void Ssse3::decrypt_blocks(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out,
                           std::size_t blocks) {
  call_and_wipe_sse<kSlicedStack>(ecb_sliced<false>, schedule, in, out, blocks);
  clear_vectors_sse();
}

void Ssse3::cbc_encrypt(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in,
                        std::uint8_t* out, std::size_t blocks) {
  call_and_wipe_sse<kSlicedStack>(cbc_encrypt_sliced, schedule, iv, in, out, blocks);
  clear_vectors_sse();
}

void Ssse3::cbc_decrypt(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in,
                        std::uint8_t* out, std::size_t blocks) {
  call_and_wipe_sse<kSlicedStack>(cbc_decrypt_sliced, schedule, iv, in, out, blocks);
  clear_vectors_sse();
}

void Ssse3::ctr(const AesSchedule& schedule, std::uint8_t counter[16], const std::uint8_t* in,
                std::uint8_t* out, std::size_t blocks) {
  call_and_wipe_sse<kSlicedStack>(ctr_sliced, schedule, counter, in, out, blocks);
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::aes

#endif
