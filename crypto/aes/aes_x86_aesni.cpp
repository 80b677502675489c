// SPDX-License-Identifier: Apache-2.0
// AES with the AES instructions, one block per xmm register.
//
// An aesenc takes 3 to 4 cycles and one or two start per cycle, so eight blocks are in flight at once: eight
// registers of state, and one for the shared round key. Bound at two per cycle: 10 rounds x 8 / 2 = 40 cycles
// for 128 bytes, 0.31 cycles per byte for AES-128. CBC encryption is a chain of 10 x 3 or 4 cycles per
// block. The next block's text and its first round key are added to the last round key beforehand, so that
// the chain has only rounds. The ciphertext is computed beside it. The decryption schedule is that of the
// equivalent inverse cipher (FIPS 197 §5.3.5): the encryption keys in reverse order, the inner ones after
// InvMixColumns.
#include "aes/aesni.hpp"

#if ASHLAR_X86_KERNELS

#include <ashlar/base/endian.hpp>

namespace ashlar::crypto::aes {

// Word by word, in place: a copy by the C library would leave key bytes in wide registers.
ASHLAR_TARGET(ASHLAR_AESNI_TARGET) void expand_192(std::uint8_t* keys, const std::uint8_t* key) {
  std::memcpy(keys, key, 24);
  std::uint32_t word = load_le32(key + 20);
  std::uint32_t rcon = 1;
  for (std::size_t i = 6; i < 52; ++i) {
    if (i % 6 == 0) {
      const __m128i columns = _mm_set1_epi32(static_cast<int>((word >> 8) | (word << 24)));
      const __m128i substituted = _mm_aesenclast_si128(columns, _mm_setzero_si128());
      word = static_cast<std::uint32_t>(_mm_cvtsi128_si32(substituted)) ^ rcon;
      rcon <<= 1;
    }
    word ^= load_le32(keys + 4 * (i - 6));
    store_le32(keys + 4 * i, word);
  }
}

// Once for all rows: each would have 1.4 kB of it.
ASHLAR_TARGET(ASHLAR_AESNI_TARGET)
__m128i expand_beside_zeros(std::uint8_t* keys, Bytes key) {
  __m128i b = _mm_setzero_si128();
  if (key.size() == 16) {
    expand_128(
        keys,
        load(key.data()), [&](int r, __m128i k) __attribute__((target(ASHLAR_AESNI_TARGET), always_inline)) {
          b = r == 0 ? k : r < 10 ? _mm_aesenc_si128(b, k) : _mm_aesenclast_si128(b, k);
        });
  } else if (key.size() == 24) {
    expand_192(keys, key.data());
    b = encrypt_one(keys, rounds_for(key.size()), b);
  } else {
    expand_256(
        keys, load(key.data()), load(key.data() + 16),
        [&](int r, __m128i k) __attribute__((target(ASHLAR_AESNI_TARGET), always_inline)) {
          b = r == 0 ? k : r < 14 ? _mm_aesenc_si128(b, k) : _mm_aesenclast_si128(b, k);
        });
  }
  return b;
}

ASHLAR_TARGET(ASHLAR_AESNI_TARGET) std::uint32_t expand_aesni(std::uint8_t* keys, Bytes key) {
  expand_beside_zeros(keys, key);
  clear_vectors_sse();
  return rounds_for(key.size());
}

namespace {

constexpr std::size_t kLanes = 8;

enum class Direction { encrypt, decrypt };

// N blocks side by side.
template <Direction direction, std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
void crypt(const AesSchedule& schedule, __m128i (&b)[N]) {
  const std::uint8_t* const keys = schedule.round_keys;
  __m128i k = round_key(keys, 0);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = _mm_xor_si128(b[i], k);
  }
  const auto round = [&](std::uint32_t r) __attribute__((target(ASHLAR_AESNI_TARGET), always_inline)) {
    const __m128i key = round_key(keys, r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < N; ++i) {
      b[i] = direction == Direction::encrypt ? _mm_aesenc_si128(b[i], key) : _mm_aesdec_si128(b[i], key);
    }
  };
  if constexpr (N < kLanes) {
    inner_rounds(schedule.rounds, round);
  } else {
    for (std::uint32_t r = 1; r < schedule.rounds; ++r) {
      round(r);
    }
  }
  k = round_key(keys, schedule.rounds);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = direction == Direction::encrypt ? _mm_aesenclast_si128(b[i], k) : _mm_aesdeclast_si128(b[i], k);
  }
}

template <Direction direction, std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
void ecb_step(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out) {
  __m128i b[N];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = load(in + 16 * i);
  }
  crypt<direction>(schedule, b);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    store(out + 16 * i, b[i]);
  }
}

template <Direction direction>
ASHLAR_TARGET(ASHLAR_AESNI_TARGET)
void ecb(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  for (; blocks >= kLanes; blocks -= kLanes, in += 16 * kLanes, out += 16 * kLanes) {
    ecb_step<direction, kLanes>(schedule, in, out);
  }
  for (; blocks != 0; --blocks, in += 16, out += 16) {
    ecb_step<direction, 1>(schedule, in, out);
  }
  clear_vectors_sse();
}

template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
void cbc_decrypt_step(const AesSchedule& schedule, __m128i& chain, const std::uint8_t* in,
                      std::uint8_t* out) {
  __m128i b[N];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = load(in + 16 * i);
  }
  crypt<Direction::decrypt>(schedule, b);
  // When working in place, each ciphertext block is read again before its place is overwritten.
  const __m128i last = load(in + 16 * (N - 1));
  ASHLAR_UNROLL
  for (std::size_t i = 1; i < N; ++i) {
    const std::size_t j = N - i;
    store(out + 16 * j, _mm_xor_si128(b[j], load(in + 16 * (j - 1))));
  }
  store(out, _mm_xor_si128(b[0], chain));
  chain = last;
}

// counter: of the first block, bytes reversed.
template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
void ctr_step(const AesSchedule& schedule, __m128i& counter, const std::uint8_t* in, std::uint8_t* out) {
  const __m128i reversal = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
  __m128i b[N];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = _mm_shuffle_epi8(counter, reversal);
    counter = _mm_add_epi64(counter, _mm_set_epi64x(0, 1));
  }
  crypt<Direction::encrypt>(schedule, b);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    store(out + 16 * i, _mm_xor_si128(b[i], load(in + 16 * i)));
  }
}

}  // namespace

void Aesni::expand_encrypt(AesSchedule& schedule, Bytes key) {
  schedule.rounds = expand_aesni(schedule.round_keys, key);
}

ASHLAR_TARGET(ASHLAR_AESNI_TARGET) void Aesni::expand_decrypt(AesSchedule& schedule, Bytes key) {
  alignas(16) std::uint8_t forward[15 * 16];
  const std::uint32_t rounds = expand_aesni(forward, key);
  schedule.rounds = rounds;
  __m128i* const out = reinterpret_cast<__m128i*>(schedule.round_keys);
  for (std::uint32_t r = 0; r <= rounds; ++r) {
    const __m128i k = round_key(forward, rounds - r);
    out[r] = r == 0 || r == rounds ? k : _mm_aesimc_si128(k);
  }
  wipe(forward, sizeof forward);
  clear_vectors_sse();
}

void Aesni::encrypt_blocks(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out,
                           std::size_t blocks) {
  ecb<Direction::encrypt>(schedule, in, out, blocks);
}

void Aesni::decrypt_blocks(const AesSchedule& schedule, const std::uint8_t* in, std::uint8_t* out,
                           std::size_t blocks) {
  ecb<Direction::decrypt>(schedule, in, out, blocks);
}

ASHLAR_TARGET(ASHLAR_AESNI_TARGET)
void Aesni::cbc_encrypt(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in,
                        std::uint8_t* out, std::size_t blocks) {
  if (blocks == 0) {
    return;
  }
  const std::uint8_t* const keys = schedule.round_keys;
  const std::uint32_t rounds = schedule.rounds;
  const __m128i first = round_key(keys, 0);
  const __m128i both = _mm_xor_si128(first, round_key(keys, rounds));
  __m128i text = load(in);
  __m128i block = _mm_xor_si128(load(iv), _mm_xor_si128(text, first));
  const auto round = [&](std::uint32_t r) __attribute__((target(ASHLAR_AESNI_TARGET), always_inline)) {
    block = _mm_aesenc_si128(block, round_key(keys, r));
  };
  for (; blocks != 0; --blocks, out += 16) {
    inner_rounds(rounds, round);
    // Nothing follows the last block, so it is read twice; its second use is removed below.
    in += blocks == 1 ? 0 : 16;
    text = load(in);
    block = _mm_aesenclast_si128(block, _mm_xor_si128(text, both));
    store(out, _mm_xor_si128(block, _mm_xor_si128(text, first)));
  }
  store(iv, load(out - 16));
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_AESNI_TARGET)
void Aesni::cbc_decrypt(const AesSchedule& schedule, std::uint8_t iv[16], const std::uint8_t* in,
                        std::uint8_t* out, std::size_t blocks) {
  __m128i chain = load(iv);
  for (; blocks >= kLanes; blocks -= kLanes, in += 16 * kLanes, out += 16 * kLanes) {
    cbc_decrypt_step<kLanes>(schedule, chain, in, out);
  }
  if (blocks >= 4) {
    cbc_decrypt_step<4>(schedule, chain, in, out);
    blocks -= 4;
    in += 64;
    out += 64;
  }
  if (blocks >= 2) {
    cbc_decrypt_step<2>(schedule, chain, in, out);
    blocks -= 2;
    in += 32;
    out += 32;
  }
  if (blocks != 0) {
    cbc_decrypt_step<1>(schedule, chain, in, out);
  }
  store(iv, chain);
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_AESNI_TARGET)
void Aesni::ctr(const AesSchedule& schedule, std::uint8_t counter_block[16], const std::uint8_t* in,
                std::uint8_t* out, std::size_t blocks) {
  while (blocks != 0) {
    const CounterRun run = counter_run(counter_block, blocks);
    __m128i counter = first_of(run);
    std::size_t left = run.blocks;
    for (; left >= kLanes; left -= kLanes, in += 16 * kLanes, out += 16 * kLanes) {
      ctr_step<kLanes>(schedule, counter, in, out);
    }
    for (; left != 0; --left, in += 16, out += 16) {
      ctr_step<1>(schedule, counter, in, out);
    }
    advance(counter_block, run);
    blocks -= run.blocks;
  }
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::aes

#endif
